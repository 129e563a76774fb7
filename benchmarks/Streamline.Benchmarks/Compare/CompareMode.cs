using System.Globalization;
using Streamline.Benchmarks.Real;
using Streamline.TestSupport;

namespace Streamline.Benchmarks.Compare;

/// <summary><c>-- compare [folder]</c>: measures every peer that is there, in a few minutes, prints a table, and writes the charts into a folder.</summary>
internal static class CompareMode
{
    private const int Rounds = 250;

    public static async Task RunAsync(string folder)
    {
        if (!StreamComparisons.HasRecordings)
        {
            Console.WriteLine($"{Corpora.SkipReason(Recordings.Pydantic)} The streams are generated: each delta has the same form, which is the easiest case for a decoder that predicts it.\n");
        }

        List<Comparison> all = [];
        foreach (var group in new[] { StreamComparisons.MeasureAsync(Rounds), ToolComparisons.MeasureAsync(Rounds), ParserComparisons.MeasureAsync(Rounds) })
        {
            await foreach (var comparison in group)
            {
                Console.Error.WriteLine($"measured: {comparison.Task}");
                all.Add(comparison);
            }
        }

        Directory.CreateDirectory(folder);
        Console.WriteLine(Table(all));
        CompareChart.Write(Path.Combine(folder, "compare"), "Streamline beside other .NET packages", all);

        var (npm, reason) = await NodePeers.MeasureAsync(Repository.Combine("benchmarks", "peers-node"), Rounds);
        if (reason is not null)
        {
            Console.WriteLine($"The npm clients are left out: {reason}.\n");
        }
        else
        {
            Console.WriteLine(Table(npm));
            CompareChart.Write(Path.Combine(folder, "compare-npm"), "Streamline beside npm clients, generated streams", npm);
        }

        Console.WriteLine($"Load of this machine while measuring: {Load()}. Charts: {Path.GetFullPath(folder)}");
    }

    private static ResultTable Table(IReadOnlyList<Comparison> comparisons)
    {
        var table = new ResultTable(2, "task", "peer", "ours µs", "peer µs", "times as fast");
        foreach (var row in comparisons)
        {
            table.Add(row.Task, row.Peer, Micro(row.Ours), Micro(row.Theirs), row.Ratio < 1 ? $"**{CompareChart.Number(row.Ratio)}**" : CompareChart.Number(row.Ratio));
        }

        return table;
    }

    private static string Micro(double nanoseconds) => (nanoseconds / 1000).ToString(nanoseconds >= 100_000 ? "0" : "0.00", CultureInfo.InvariantCulture);

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "not known";
}
