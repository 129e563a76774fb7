namespace Streamline.Protocols.Bedrock;

/// <summary>Writes token counts as Converse does.</summary>
internal static class BedrockUsage
{
    /// <summary>Writes the usage object. The counts that the protocol requires are zero where they are unknown.</summary>
    /// <param name="writer">The writer, after the name of a member.</param>
    /// <param name="usage">The counts; <see langword="null"/> when there are none.</param>
    /// <param name="metadata">Metadata, of which what came among the counts is written back.</param>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage, IEnumerable<ProviderMetadata> metadata)
    {
        var input = usage?.InputTokens ?? 0;
        var output = usage?.OutputTokens ?? 0;
        new UsageTree()
            .Set("inputTokens", (usage?.InputTokens).Without(usage?.CachedInputTokens, usage?.CacheWriteTokens) ?? 0)
            .Set("outputTokens", output)
            .Set("totalTokens", usage?.TotalTokens ?? (input + output))
            .Set("cacheReadInputTokens", usage?.CachedInputTokens)
            .Set("cacheWriteInputTokens", usage?.CacheWriteTokens)
            .SetAdditional(usage)
            .SetMetadata(metadata, BedrockEventDecoder.UsagePrefix)
            .WriteTo(writer);
    }
}
