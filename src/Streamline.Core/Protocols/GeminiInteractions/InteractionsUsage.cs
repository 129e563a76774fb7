using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes token counts as the object <c>usage</c>. Thoughts are counted beside the output.</summary>
internal static class InteractionsUsage
{
    private const string ModalityEnding = "_by_modality";

    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject("usage"u8);
        WriteCount(writer, "total_tokens", usage.TotalTokens);
        WriteCount(writer, "total_input_tokens", usage.InputTokens);
        WriteCount(writer, "total_cached_tokens", usage.CachedInputTokens);
        WriteCount(writer, "total_output_tokens", usage.OutputTokens - (usage.ReasoningTokens ?? 0));
        WriteCount(writer, "total_thought_tokens", usage.ReasoningTokens);
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

    private static void WriteCount(Utf8JsonWriter writer, string name, long? count)
    {
        if (count is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }
}
