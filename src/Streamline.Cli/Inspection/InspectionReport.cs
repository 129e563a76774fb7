using System.Globalization;
using System.Text;

namespace Streamline.Cli.Inspection;

/// <summary>Tells an inspection in words.</summary>
internal static class InspectionReport
{
    private const int MaxShownChars = 120;

    public static string Write(ResponseInspection inspection, bool withEvents)
    {
        var report = new StringBuilder();
        if (inspection.Exchange is { } exchange)
        {
            Line(report, "exchange", exchange.ToString());
        }

        Line(report, "protocol", inspection.Protocol.Name);
        Line(report, "response", Response(inspection));
        Line(report, "body", string.Create(CultureInfo.InvariantCulture, $"{inspection.Bytes} bytes, {inspection.Events.Count} events"));
        if (Timing(inspection) is { } timing)
        {
            Line(report, "timing", timing);
        }

        foreach (var block in Blocks(inspection))
        {
            Line(report, "block", block);
        }

        Line(report, "events", string.Join(", ", inspection.Events.GroupBy(timed => timed.Event.GetType().Name, StringComparer.Ordinal).Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}"))));
        foreach (var oddity in inspection.Oddities)
        {
            Line(report, "odd", oddity);
        }

        if (inspection.Oddities.Count == 0)
        {
            Line(report, "odd", "nothing");
        }

        if (withEvents)
        {
            WriteEvents(report, inspection);
        }

        return report.ToString();
    }

    private static void WriteEvents(StringBuilder report, ResponseInspection inspection)
    {
        foreach (var (at, streamEvent) in inspection.Events)
        {
            report.Append(CultureInfo.InvariantCulture, $"{at.TotalMilliseconds,10:F1} ms  ").Append(Cut(StreamEventJson.Serialize(streamEvent))).Append('\n');
        }
    }

    private static void Line(StringBuilder report, string name, string text) => report.Append(name.PadRight(10)).Append(TerminalText.Clean(text.ReplaceLineEndings(" "))).Append('\n');

    private static string Response(ResponseInspection inspection)
    {
        var parts = new List<string?> { inspection.Started?.ResponseId, inspection.Started?.Model };
        if (inspection.Completed is { } completed)
        {
            parts.Add(completed.RawFinishReason ?? completed.FinishReason.ToString());
            if (completed.Usage is { } usage)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{usage.InputTokens ?? 0} + {usage.OutputTokens ?? 0} tokens"));
            }
        }

        return string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)).DefaultIfEmpty("none"));
    }

    private static string? Timing(ResponseInspection inspection)
    {
        if (inspection.Exchange is not { Chunks.Count: > 0 } exchange)
        {
            return null;
        }

        var parts = new List<string>();
        Add("head", exchange.HeadAt);
        Add("first text", inspection.Events.Where(timed => timed.Event is TextDelta).Select(timed => (TimeSpan?)timed.At).FirstOrDefault());
        Add("end", exchange.EndAt);
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{exchange.Chunks.Count} chunks"));
        var gaps = exchange.Chunks.Zip(exchange.Chunks.Skip(1), (before, after) => after.At - before.At).Order().ToList();
        if (gaps.Count > 0)
        {
            Add("median gap", gaps[gaps.Count / 2]);
            Add("longest gap", gaps[^1]);
        }

        return string.Join(", ", parts);

        void Add(string name, TimeSpan? time)
        {
            if (time is { } value)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {value.TotalMilliseconds:F0} ms"));
            }
        }
    }

    private static IEnumerable<string> Blocks(ResponseInspection inspection)
    {
        var events = inspection.Events.Select(timed => timed.Event).ToList();
        foreach (var group in events.OfType<TextDelta>().GroupBy(delta => delta.Index))
        {
            yield return Describe(group.Key, "text", string.Concat(group.Select(delta => delta.Text)));
        }

        foreach (var group in events.OfType<ReasoningDelta>().GroupBy(delta => delta.Index))
        {
            yield return Describe(group.Key, "reasoning", string.Concat(group.Select(delta => delta.Text)));
        }

        foreach (var call in events.OfType<ToolCallCompleted>())
        {
            yield return Cut(string.Create(CultureInfo.InvariantCulture, $"{call.Index} call {call.Name} {call.ArgumentsText}"));
        }
    }

    private static string Describe(int index, string kind, string text) => Cut(string.Create(CultureInfo.InvariantCulture, $"{index} {kind}, {text.Length} characters: {text}"));

    private static string Cut(string text) => text.Length <= MaxShownChars ? text : text[..(char.IsHighSurrogate(text[MaxShownChars - 1]) ? MaxShownChars - 1 : MaxShownChars)] + "…";
}
