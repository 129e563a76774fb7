using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChatSample;

/// <summary>Draws a timeline: a row for the model and one for each call, so that what runs at the same time is in the same column.</summary>
internal static class TimelineView
{
    private const int MaxNameWidth = 18;
    private const int MaxBarWidth = 72;
    private const int MinBarWidth = 10;
    private const int FigureWidth = 9;

    private static readonly int[] AxisSeconds = [2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];

    private static readonly Style Model = Style.Parse("dodgerblue1");
    private static readonly Style Arguments = Style.Parse("gold3");
    private static readonly Style Approval = Style.Parse("magenta1");
    private static readonly Style Overlapping = Style.Parse("green1");
    private static readonly Style Running = Style.Parse("green4");
    private static readonly Style Failed = Style.Parse("red");
    private static readonly Style Dim = Style.Parse("grey");

    public static IRenderable Render(Timeline timeline, TimeSpan now, int width)
    {
        var nameWidth = Math.Min(MaxNameWidth, timeline.Tools.Select(tool => tool.Name.Length).Append("model".Length).Max()) + 1;
        var barWidth = Math.Clamp(width - nameWidth - FigureWidth - 1, MinBarWidth, MaxBarWidth);
        var axis = Axis(now);
        var rows = new List<IRenderable> { Row("model", timeline.Responses.Aggregate(TimeSpan.Zero, (sum, response) => sum + response.Length(now)), at => timeline.IsModelWriting(at) ? ("█", Model) : Blank) };
        rows.AddRange(timeline.Tools.Select(tool => Row(tool.Name, tool.Run?.Length(now), at => ToolCell(tool, at, timeline.IsModelWriting(at)))));
        rows.Add(new Text(new string(' ', nameWidth) + Scale(axis, barWidth), Dim));
        rows.Add(Legend(nameWidth));
        return new Rows(rows);

        Paragraph Row(string name, TimeSpan? length, Func<TimeSpan, (string Sign, Style Style)> cell)
        {
            var row = new Paragraph { Overflow = Overflow.Crop };
            row.Append(CleanText.Of(name.Length < nameWidth ? name : name[..(nameWidth - 2)] + "…").PadRight(nameWidth), Style.Plain);
            for (var column = 0; column < barWidth; column++)
            {
                var at = axis * ((column + 0.5) / barWidth);
                var (sign, style) = at < now ? cell(at) : Blank;
                row.Append(sign, style);
            }

            return row.Append(length is { } known ? Figures.Milliseconds(known).PadLeft(FigureWidth) : "", Dim);
        }
    }

    /// <summary>The end of the axis: a round figure, so that the bars do not move at every step.</summary>
    public static TimeSpan Axis(TimeSpan now) =>
        TimeSpan.FromSeconds(Array.Find(AxisSeconds, seconds => now <= TimeSpan.FromSeconds(seconds)) is var found and > 0 ? found : Math.Ceiling(now.TotalSeconds));

    private static (string Sign, Style Style) Blank => (" ", Style.Plain);

    private static (string Sign, Style Style) ToolCell(ToolActivity tool, TimeSpan at, bool isModelWriting) => tool.PhaseAt(at) switch
    {
        ToolPhase.Arguments => ("▒", Arguments),
        ToolPhase.Approval => ("?", Approval),
        ToolPhase.Waiting => ("·", Dim),
        ToolPhase.Running => ("█", tool.IsError ? Failed : isModelWriting ? Overlapping : Running),
        _ => Blank,
    };

    private static string Scale(TimeSpan axis, int width)
    {
        var quarters = new[] { 0, 0.5, 1 }.Select(share => (axis * share).TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture) + " s").ToArray();
        var middle = quarters[1].PadLeft((width / 2) - quarters[0].Length + (quarters[1].Length / 2));
        return quarters[0] + middle + quarters[2].PadLeft(width - quarters[0].Length - middle.Length);
    }

    private static Paragraph Legend(int indent) => new Paragraph { Overflow = Overflow.Crop }
        .Append(new string(' ', indent), Style.Plain)
        .Append("█", Model).Append(" writing  ", Dim)
        .Append("▒", Arguments).Append(" arguments  ", Dim)
        .Append("?", Approval).Append(" asks you  ", Dim)
        .Append("█", Overlapping).Append(" runs while the model writes  ", Dim)
        .Append("█", Running).Append(" runs alone", Dim);
}
