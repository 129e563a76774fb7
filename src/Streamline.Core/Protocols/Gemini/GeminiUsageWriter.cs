namespace Streamline.Protocols.Gemini;

/// <summary>Writes token counts as the value of <c>usageMetadata</c>.</summary>
internal static class GeminiUsageWriter
{
    /// <summary>Writes the counts, as the value of <c>usageMetadata</c>.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject();
        writer.WriteCount("promptTokenCount"u8, usage.InputTokens);
        writer.WriteCount("candidatesTokenCount"u8, usage.OutputTokens.Without(usage.ReasoningTokens));
        writer.WriteCount("thoughtsTokenCount"u8, usage.ReasoningTokens);
        writer.WriteCount("cachedContentTokenCount"u8, usage.CachedInputTokens);
        writer.WriteCount("totalTokenCount"u8, usage.TotalTokens);
        foreach (var group in (usage.AdditionalCounts ?? new Dictionary<string, long>()).GroupBy(pair => pair.Key.Split('.')[0], StringComparer.Ordinal))
        {
            WriteGroup(writer, group);
        }

        writer.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter writer, IGrouping<string, KeyValuePair<string, long>> group)
    {
        var details = group.Where(pair => pair.Key.Length > group.Key.Length).ToList();
        if (details.Count == 0)
        {
            writer.WriteNumber(group.Key, group.First().Value);
            return;
        }

        writer.WriteStartArray(group.Key);
        foreach (var (path, count) in details)
        {
            writer.WriteStartObject();
            writer.WriteString("modality"u8, path[(group.Key.Length + 1)..]);
            writer.WriteNumber("tokenCount"u8, count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
