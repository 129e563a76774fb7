using System.Globalization;

namespace ChatSample;

/// <summary>What is said about an answer when it has ended.</summary>
internal static class Figures
{
    public static string Of(Answer answer, Prices? prices)
    {
        var now = answer.Elapsed;
        var usage = answer.State.ToPartialResponse().Usage;
        List<string> figures = [$"first content after {(answer.FirstContent is { } first ? Milliseconds(first) : "never")}"];
        figures.Add(usage is null ? "tokens not reported" : string.Create(CultureInfo.InvariantCulture, $"{usage.InputTokenCount ?? 0:N0} tokens in, {usage.OutputTokenCount ?? 0:N0} out"));
        if (usage is not null && prices is not null)
        {
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"${prices.CostOf(usage):0.0000}"));
        }

        if (answer.Timeline.Tools.Count > 0)
        {
            figures.Add($"tools {Milliseconds(answer.Timeline.ToolTime(now))}");
            figures.Add($"overlap saved {Milliseconds(answer.Timeline.Saved(now))}");
        }

        figures.Add($"{Milliseconds(now)} in all");
        return string.Join(" · ", figures);
    }

    public static string Milliseconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:N0} ms");
}
