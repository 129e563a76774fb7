using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Streamline.Benchmarks.Compare;

/// <summary>Draws how many times as fast this library is: bars to the right of 1, or to the left where the peer is faster, on a logarithmic scale.</summary>
internal static class CompareChart
{
    private const int Width = 980;
    private const int RowHeight = 46;
    private const int FrameHeight = 120;
    private const double Room = 0.28;
    private const double BarWidth = 0.6;

    private static readonly double[] Ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
    private static readonly Color Faster = Color.FromHex("#3b82c4");
    private static readonly Color Slower = Color.FromHex("#c4453b");

    /// <summary>Writes the chart as <paramref name="path"/> with the endings .svg and .png.</summary>
    public static void Write(string path, string title, IReadOnlyList<Comparison> comparisons)
    {
        using var plot = new Plot();
        List<Comparison> rows = [.. comparisons.Reverse()];
        var bars = plot.Add.Bars(rows.Select((row, index) => new Bar
        {
            Position = index,
            Value = Math.Log10(row.Ratio),
            Size = BarWidth,
            Orientation = Orientation.Horizontal,
            FillColor = row.Ratio >= 1 ? Faster : Slower,
            LineWidth = 0,
            Label = Number(row.Ratio),
        }).ToList());
        bars.Horizontal = true;
        plot.Axes.Left.TickGenerator = new NumericManual(
            [.. rows.Select((_, index) => (double)index)], [.. rows.Select(row => $"{row.Task}\nbeside {row.Peer}")]);
        var (least, most) = (Math.Min(-Room, rows.Min(row => Math.Log10(row.Ratio)) - Room), rows.Max(row => Math.Log10(row.Ratio)) + Room);
        var shown = Ticks.Where(tick => Math.Log10(tick) >= least && Math.Log10(tick) <= most).ToArray();
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. shown.Select(Math.Log10)], [.. shown.Select(tick => Number(tick))]);
        plot.Axes.SetLimits(least, most, -1 + (BarWidth / 2), rows.Count - (BarWidth / 2));
        plot.Add.VerticalLine(0, 1, Colors.Black);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Axes.Title.Label.Text = title;
        plot.Axes.Bottom.Label.Text = "times as fast as the peer (logarithmic; red: the peer is faster)";
        plot.Font.Set("DejaVu Sans");
        var height = FrameHeight + (rows.Count * RowHeight);
        plot.SaveSvg(path + ".svg", Width, height);
        plot.SavePng(path + ".png", Width, height);
    }

    public static string Number(double ratio) => ratio.ToString(ratio >= 10 ? "0" : "0.0#", CultureInfo.InvariantCulture);
}
