namespace Streamline.Protocols.Anthropic;

/// <summary>The usage object of the Messages API and <see cref="TokenUsage"/>.</summary>
internal static class AnthropicUsage
{
    /// <summary>What the names of metadata begin with that came among the counts, such as a tier.</summary>
    public const string MetadataPrefix = "usage.";

    /// <summary>Tells whether all counts are zero, as in the placeholder that begins some responses.</summary>
    public static bool IsZero(TokenUsage usage) =>
        (usage.InputTokens ?? 0) == 0
        && (usage.OutputTokens ?? 0) == 0
        && (usage.ReasoningTokens ?? 0) == 0
        && (usage.AdditionalCounts?.Values.All(count => count == 0) ?? true);

    /// <summary>Writes the usage object. The two counts that the protocol requires are zero where they are unknown.</summary>
    /// <param name="writer">The writer, after the name of a member.</param>
    /// <param name="usage">The counts; <see langword="null"/> when there are none.</param>
    /// <param name="metadata">Metadata, of which what came among the counts is written back.</param>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage, IEnumerable<ProviderMetadata> metadata) => new UsageTree()
        .Set("input_tokens", (usage?.InputTokens).Without(usage?.CachedInputTokens, usage?.CacheWriteTokens) ?? 0)
        .Set("output_tokens", usage?.OutputTokens ?? 0)
        .Set("cache_creation_input_tokens", usage?.CacheWriteTokens)
        .Set("cache_read_input_tokens", usage?.CachedInputTokens)
        .Set("output_tokens_details.thinking_tokens", usage?.ReasoningTokens)
        .SetAdditional(usage)
        .SetMetadata(metadata, MetadataPrefix)
        .WriteTo(writer);
}
