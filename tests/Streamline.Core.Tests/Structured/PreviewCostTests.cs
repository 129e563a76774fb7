using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Tests.Structured;

/// <summary>Asking for the value at every snapshot costs in proportion to what is new.</summary>
public sealed class PreviewCostTests
{
    private const int Items = 10_000;
    private const int FewItems = 100;
    private const long MostBytes = 10_000_000;
    private const double LeastShown = 0.7;

    [Fact]
    public Task Value_OfEverySnapshotOfALongListInterface_AllocatesInProportionToWhatIsNew() =>
        ShouldCostLittleAsync(PlanContext.Default.Log, "[", "]", Entry, log => log.Entries.Count, leastShown: 1);

    [Fact]
    public Task Value_OfEverySnapshotOfALongList_AllocatesInProportionToWhatIsNew() =>
        ShouldCostLittleAsync(PlanContext.Default.LogOfListLogEntry, "[", "]", Entry, log => log.Entries.Count, LeastShown);

    [Fact]
    public Task Value_OfEverySnapshotOfALongArray_AllocatesInProportionToWhatIsNew() =>
        ShouldCostLittleAsync(PlanContext.Default.LogOfLogEntryArray, "[", "]", Entry, log => log.Entries.Length, LeastShown);

    [Fact]
    public Task Value_OfEverySnapshotOfALargeDictionary_AllocatesInProportionToWhatIsNew() => ShouldCostLittleAsync(
        PlanContext.Default.LogOfDictionaryStringLogEntry, "{", "}", NamedEntry, log => log.Entries.Count, leastShown: 0.4);

    [Fact]
    public async Task Value_OfEverySnapshotOfAShortList_ShowsAllThatHasArrived()
    {
        var text = Text("[", "]", Entry, FewItems);
        await foreach (var partial in new SynchronousClient(Answers.Text(text, 32)).StreamObjectAsync("?", PlanContext.Default.LogOfListLogEntry))
        {
            if (partial.Element.TryGetProperty("entries", out var entries))
            {
                partial.Value!.Entries.Count.Should().BeGreaterThanOrEqualTo(entries.EnumerateArray().Count(entry => entry.IsComplete));
            }
        }
    }

    private static string Entry(int id) => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"text":"text {{id}}"}""");

    // About as long as an entry of a list.
    private static string NamedEntry(int id) => string.Create(CultureInfo.InvariantCulture, $$"""
        "n{{id}}":{"id":{{id}},"text":"x"}
        """);

    private static string Text(string start, string end, Func<int, string> entry, int count) =>
        $$"""{"entries":{{start}}{{string.Join(',', Enumerable.Range(0, count).Select(entry))}}{{end}},"summary":"done"}""";

    private static async Task ShouldCostLittleAsync<T>(JsonTypeInfo<T> type, string start, string end, Func<int, string> entry, Func<T, int> count, double leastShown)
    {
        await ReadAsync(type, Text(start, end, entry, 1), count); // warms up
        var (snapshots, bytes, shown) = await ReadAsync(type, Text(start, end, entry, Items), count);

        snapshots.Should().BeGreaterThan(Items * 9 / 10);
        bytes.Should().BeLessThan(MostBytes, $"{snapshots} snapshots");
        shown.Should().BeGreaterThanOrEqualTo((int)(leastShown * (Items - 1)));
    }

    // What the value costs, without the stream and its snapshots, and how much it showed before the list ended.
    private static async Task<(int Snapshots, long Bytes, int Shown)> ReadAsync<T>(JsonTypeInfo<T> type, string text, Func<T, int> count)
    {
        var (snapshots, bytes, shown) = (0, 0L, 0);
        await foreach (var partial in new SynchronousClient(Answers.Text(text, 32)).StreamObjectAsync("?", type))
        {
            if (partial.IsComplete)
            {
                continue;
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            var value = partial.Value;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            snapshots++;
            if (value is not null && !partial.IsMemberComplete("entries"))
            {
                count(value).Should().BeGreaterThanOrEqualTo(shown, "nothing is taken back");
                shown = count(value);
            }
        }

        return (snapshots, bytes, shown);
    }
}
