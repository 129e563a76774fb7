using System.Text.Json;

namespace Streamline.Protocols.Gemini;

/// <summary>Writes token counts as the value of <c>usageMetadata</c>.</summary>
internal static class GeminiUsageWriter
{
    private const string Prompt = "promptTokenCount";
    private const string Candidates = "candidatesTokenCount";
    private const string Thoughts = "thoughtsTokenCount";
    private const string Cached = "cachedContentTokenCount";
    private const string Total = "totalTokenCount";
    private const string Modality = "modality";
    private const string TokenCount = "tokenCount";

    /// <summary>Writes the counts, as the value of <c>usageMetadata</c>.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject();
        WriteCount(writer, Prompt, usage.InputTokens);
        WriteCount(writer, Candidates, usage.OutputTokens - (usage.ReasoningTokens ?? 0));
        WriteCount(writer, Thoughts, usage.ReasoningTokens);
        WriteCount(writer, Cached, usage.CachedInputTokens);
        WriteCount(writer, Total, usage.TotalTokens);
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
            WriteCount(writer, group.Key, group.First().Value);
            return;
        }

        writer.WriteStartArray(group.Key);
        foreach (var (path, count) in details)
        {
            writer.WriteStartObject();
            writer.WriteString(Modality, path[(group.Key.Length + 1)..]);
            writer.WriteNumber(TokenCount, count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCount(Utf8JsonWriter writer, string name, long? count)
    {
        if (count is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }
}
