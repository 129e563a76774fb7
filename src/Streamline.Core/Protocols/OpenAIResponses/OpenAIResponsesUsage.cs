namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes token counts as the Responses API does.</summary>
internal static class OpenAIResponsesUsage
{
    /// <summary>Writes the member <c>usage</c>. The counts that the protocol requires are zero where they are unknown.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage)
    {
        if (usage is null)
        {
            writer.WriteNull("usage"u8);
            return;
        }

        var input = usage.InputTokens ?? 0;
        var output = usage.OutputTokens ?? 0;
        writer.WritePropertyName("usage"u8);
        new UsageTree()
            .Set("input_tokens", input)
            .AddObject("input_tokens_details")
            .Set("input_tokens_details.cached_tokens", usage.CachedInputTokens)
            .Set("input_tokens_details.cache_write_tokens", usage.CacheWriteTokens)
            .Set("output_tokens", output)
            .AddObject("output_tokens_details")
            .Set("output_tokens_details.reasoning_tokens", usage.ReasoningTokens)
            .Set("total_tokens", usage.TotalTokens ?? (input + output))
            .SetAdditional(usage)
            .WriteTo(writer);
    }
}
