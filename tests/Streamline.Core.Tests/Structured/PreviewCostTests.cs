using System.Globalization;

namespace Streamline.Tests.Structured;

/// <summary>Asking for the value at every snapshot costs in proportion to what is new.</summary>
public sealed class PreviewCostTests
{
    private const int Items = 10_000;
    private const long MostBytes = 10_000_000;

    [Fact]
    public async Task Value_OfEverySnapshotOfALongList_AllocatesInProportionToWhatIsNew()
    {
        var items = Enumerable.Range(0, Items).Select(id => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"text":"text {{id}}"}"""));
        var text = $$"""{"entries":[{{string.Join(',', items)}}],"summary":"done"}""";
        await ValuesAsync("""{"entries":[{"id":1,"text":"a"}],"summary":"done"}"""); // warms up
        var (snapshots, bytes) = await ValuesAsync(text);
        snapshots.Should().BeGreaterThan(Items * 9 / 10);
        bytes.Should().BeLessThan(MostBytes, $"{snapshots} snapshots");
    }

    // What the value costs, without the stream and its snapshots.
    private static async Task<(int Snapshots, long Bytes)> ValuesAsync(string text)
    {
        var (snapshots, bytes) = (0, 0L);
        await foreach (var partial in new SynchronousClient(Answers.Text(text, 32)).StreamObjectAsync("?", PlanContext.Default.Log))
        {
            if (partial.IsComplete)
            {
                continue;
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = partial.Value;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            snapshots++;
        }

        return (snapshots, bytes);
    }
}
