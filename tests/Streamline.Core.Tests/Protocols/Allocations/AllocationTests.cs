using System.Globalization;
using Streamline.TestSupport;
using Xunit.Abstractions;

namespace Streamline.Tests.Protocols.Allocations;

/// <summary>Decoding of recorded streams through the public API stays within the bounds of <see cref="AllocationLimits"/>.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    public static TheoryData<string> Protocols => [.. AllocationLimits.All.Keys];

    [CorpusTheory(Recordings.Pydantic)]
    [MemberData(nameof(Protocols))]
    public async Task ReadAsync_RecordedStreams_AllocatesAtMostTheLimit(string protocol)
    {
        var limits = AllocationLimits.All[protocol];
        var measured = await DecodingAllocations.MeasureAsync(protocol);
        foreach (var (recording, bytes) in measured.OrderBy(result => result.Recording.Frames))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{recording.Frames,5} frames {recording.Body.Length,7} bytes: {bytes,8} allocated, limit {limits.Of(recording),8}, {recording.File}"));
        }

        output.WriteLine(Needed(measured));
        measured.Should().NotBeEmpty();
        measured.Where(result => result.Bytes > limits.Of(result.Recording))
            .Select(result => $"{result.Recording.File}: {result.Bytes} B for {result.Recording.Frames} frames, limit {limits.Of(result.Recording)}")
            .Should().BeEmpty("each stream stays within its limit; the output shows what is needed: {0}", Needed(measured));
    }

    /// <summary>The lowest limits that these recordings keep.</summary>
    private static string Needed(IReadOnlyList<DecodingAllocations> measured)
    {
        var shortest = measured.Where(result => AllocationLimits.IsShort(result.Recording)).DefaultIfEmpty(measured.MinBy(result => result.Recording.Frames)!);
        var perStream = shortest.Max(Own);
        var perFrame = measured.Except(shortest).Select(result => (Own(result) - perStream) / result.Recording.Frames).DefaultIfEmpty().Max();
        return string.Create(CultureInfo.InvariantCulture, $"PerStream {perStream}, then PerFrame {Math.Max(0, perFrame)}");

        static long Own(DecodingAllocations result) => result.Bytes - AllocationLimits.PassedOn(result.Recording);
    }
}
