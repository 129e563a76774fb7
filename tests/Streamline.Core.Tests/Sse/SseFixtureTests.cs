using Streamline.Sse;
using Streamline.TestSupport;
using Streamline.TestSupport.Sse;

namespace Streamline.Tests.Sse;

/// <summary>Every fixture whole, and then cut in every way: the result may not depend on the cuts.</summary>
[Trait("Law", "1")]
public class SseFixtureTests
{
    // Above this length the number of 3-way splits makes the test slow and finds nothing more.
    private const int LongestForThreeWays = 70;

    public static TheoryData<string> Names => new(SseFixtures.All.Select(fixture => fixture.Name));

    private static IEnumerable<SseReaderOptions> AllOptions =>
    [
        new(),
        new() { ReportComments = true },
        new() { DispatchAtEnd = true, ReportComments = true },
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void MoveNext_WholeStream_GivesTheEventsOfTheSpecification(string name)
    {
        var fixture = Find(name);

        var run = SseRun.Parse(fixture.Bytes);

        run.Items.Should().Equal(fixture.Events);
        run.BytesConsumed.Should().Be(fixture.Bytes.Length);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MoveNext_AnyTwoChunks_GivesTheSame(string name)
    {
        var bytes = Find(name).Bytes.AsMemory();
        foreach (var options in AllOptions)
        {
            var whole = SseRun.Parse(bytes, options);
            for (var cut = 0; cut <= bytes.Length; cut++)
            {
                SseRun.Parse([bytes[..cut], bytes[cut..]], options).MustEqual(whole, $"{name}, cut at {cut}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MoveNext_AnyThreeChunksOfASmallStream_GivesTheSame(string name)
    {
        var bytes = Find(name).Bytes.AsMemory();
        bytes = bytes[..Math.Min(bytes.Length, LongestForThreeWays)];
        foreach (var options in AllOptions)
        {
            var whole = SseRun.Parse(bytes, options);
            for (var first = 0; first <= bytes.Length; first++)
            {
                for (var second = first; second <= bytes.Length; second++)
                {
                    SseRun.Parse([bytes[..first], bytes[first..second], bytes[second..]], options)
                        .MustEqual(whole, $"{name}, cut at {first} and {second}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MoveNext_OneByteAtATime_GivesTheSame(string name)
    {
        var bytes = Find(name).Bytes.AsMemory();
        foreach (var options in AllOptions)
        {
            SseRun.Parse(ChunkedStream.Cut(bytes, 1), options).MustEqual(SseRun.Parse(bytes, options), name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MoveNext_EmptyChunksBetweenBytes_GivesTheSame(string name)
    {
        var bytes = Find(name).Bytes.AsMemory();
        var withEmpty = ChunkedStream.Cut(bytes, 1).SelectMany(chunk => new[] { ReadOnlyMemory<byte>.Empty, chunk, ReadOnlyMemory<byte>.Empty });

        SseRun.Parse(withEmpty).MustEqual(SseRun.Parse(bytes), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task SseReader_StreamOneByteAtATime_GivesTheSame(string name)
    {
        var fixture = Find(name);
        await using var reader = SseReader.Create(ChunkedStream.Every(fixture.Bytes, 1));

        var run = await SseRun.ReadAsync(reader);

        run.MustEqual(SseRun.Parse(fixture.Bytes), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task SseReader_SequenceOfAnySegments_GivesTheSame(string name)
    {
        var fixture = Find(name);
        var whole = SseRun.Parse(fixture.Bytes);
        for (var size = 1; size <= Math.Min(fixture.Bytes.Length, 16); size++)
        {
            await using var reader = new SseReader(Segments.Pipe(ChunkedStream.Cut(fixture.Bytes, size)));
            (await SseRun.ReadAsync(reader)).MustEqual(whole, $"{name}, segments of {size}");
        }
    }

    private static SseFixture Find(string name) => SseFixtures.All.Single(fixture => fixture.Name == name);
}
