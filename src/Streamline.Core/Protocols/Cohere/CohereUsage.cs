namespace Streamline.Protocols.Cohere;

/// <summary>Writes token counts as the Chat API does.</summary>
internal static class CohereUsage
{
    /// <summary>Writes the usage object.</summary>
    /// <param name="writer">The writer, after the name of a member.</param>
    /// <param name="usage">The counts; <see langword="null"/> when there are none.</param>
    /// <param name="isOwn">Whether they came over this protocol, so that the names of further counts mean something here.</param>
    /// <param name="metadata">Metadata, of which what came among the counts is written back.</param>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage, bool isOwn, IEnumerable<ProviderMetadata> metadata) => new UsageTree()
        .SetAdditional(isOwn ? usage : null)
        .Set("tokens.input_tokens", usage?.InputTokens)
        .Set("tokens.output_tokens", usage?.OutputTokens)
        .Set("tokens.reasoning_tokens", usage?.ReasoningTokens)
        .Set("cached_tokens", usage?.CachedInputTokens)
        .SetMetadata(metadata, CohereMemberReporter.UsagePrefix)
        .WriteTo(writer);
}
