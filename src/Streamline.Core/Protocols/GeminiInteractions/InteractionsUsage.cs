namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes token counts as the object <c>usage</c>. Thoughts are counted beside the output.</summary>
internal static class InteractionsUsage
{
    private const string ModalityEnding = "_by_modality";

    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteCount("total_tokens"u8, usage.TotalTokens);
        writer.WriteCount("total_input_tokens"u8, usage.InputTokens);
        writer.WriteCount("total_cached_tokens"u8, usage.CachedInputTokens);
        writer.WriteCount("total_output_tokens"u8, usage.OutputTokens.Without(usage.ReasoningTokens));
        writer.WriteCount("total_thought_tokens"u8, usage.ReasoningTokens);
        var others = new UsageTree();
        foreach (var group in (usage.AdditionalCounts ?? new Dictionary<string, long>()).GroupBy(pair => pair.Key.Split('.')[0], StringComparer.Ordinal))
        {
            if (group.Key.EndsWith(ModalityEnding, StringComparison.Ordinal))
            {
                WriteModalities(writer, group);
                continue;
            }

            foreach (var (path, count) in group)
            {
                others.Set(path, count);
            }
        }

        others.WriteMembersTo(writer);
        writer.WriteEndObject();
    }

    private static void WriteModalities(Utf8JsonWriter writer, IGrouping<string, KeyValuePair<string, long>> group)
    {
        writer.WriteStartArray(group.Key);
        foreach (var (path, count) in group.Where(pair => pair.Key.Length > group.Key.Length))
        {
            writer.WriteStartObject();
            writer.WriteString("modality"u8, path[(group.Key.Length + 1)..]);
            writer.WriteNumber("tokens"u8, count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
