using System.Buffers;
using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <summary>The wire's <c>usageMetadata</c>: cumulative in every chunk, some counts missing in some.</summary>
internal sealed class GeminiUsage
{
    private const string Prompt = "promptTokenCount";
    private const string Candidates = "candidatesTokenCount";
    private const string Thoughts = "thoughtsTokenCount";
    private const string Cached = "cachedContentTokenCount";
    private const string Total = "totalTokenCount";
    private const string Modality = "modality";
    private const string TokenCount = "tokenCount";

    private readonly UsageCounts _counts = new();

    public TokenUsage? Current { get; private set; }

    /// <summary>Takes over a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>Whether it says anything new.</returns>
    public bool Update(JsonElement report)
    {
        _counts.Merge(Flatten(report));
        var usage = new TokenUsage
        {
            InputTokens = _counts[Prompt],

            // Thoughts are no part of the candidates' count.
            OutputTokens = _counts[Candidates] is null && _counts[Thoughts] is null ? null : (_counts[Candidates] ?? 0) + (_counts[Thoughts] ?? 0),
            TotalTokens = _counts[Total],
            CachedInputTokens = _counts[Cached],
            ReasoningTokens = _counts[Thoughts],
            AdditionalCounts = _counts.Except(Prompt, Candidates, Thoughts, Cached, Total),
        };
        if (usage == Current || usage == new TokenUsage())
        {
            return false;
        }

        Current = usage;
        return true;
    }

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

    /// <summary>Whether a member of the report is told by the counts.</summary>
    public static bool IsCount(JsonProperty member) => member.Value.ValueKind is JsonValueKind.Number or JsonValueKind.Array or JsonValueKind.Null;

    // A list of counts by modality becomes an object, so that a count is known by its modality and not by its place.
    private static JsonElement Flatten(JsonElement report)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (var member in report.EnumerateObject().Where(IsCount))
            {
                if (member.Value.ValueKind != JsonValueKind.Array)
                {
                    member.WriteTo(writer);
                    continue;
                }

                writer.WriteStartObject(member.Name);
                foreach (var detail in report.Items(Encoding.UTF8.GetBytes(member.Name)))
                {
                    if (detail.NonEmptyText("modality"u8) is { } modality && detail.Integer("tokenCount"u8) is { } count)
                    {
                        writer.WriteNumber(modality, count);
                    }
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return WireJson.Parse(output.WrittenSpan);
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
