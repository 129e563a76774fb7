using System.Text;
using Streamline.TestSupport;
using Streamline.TestSupport.Sse;

namespace Streamline.Tests.Sse;

/// <summary>The reader beside the in-box parser, and the places where the two must differ.</summary>
public class SseDifferentialTests
{
    public static TheoryData<string> Names => new(SseFixtures.All
        .Where(fixture => !SseOracle.Run(fixture.Bytes).InBoxDeviates)
        .Select(fixture => fixture.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void MoveNext_Fixture_AgreesWithTheInBoxParser(string name)
    {
        var bytes = SseFixtures.All.Single(fixture => fixture.Name == name).Bytes;

        EventsOf(bytes).Should().Equal(InBoxParser.Parse(bytes));
    }

    [Fact]
    public void MoveNext_NamedEventWithoutData_DoesNotLeakItsNameAsTheInBoxParserDoes()
    {
        var bytes = "event: x\n\ndata: 1\n\n"u8.ToArray();

        EventsOf(bytes).Should().Equal(("message", "1"));
        InBoxParser.Parse(bytes).Should().Equal([("x", "1")], "once this fails, the deviation is gone and the exclusion of these streams can go too");
    }

    [Fact]
    public void MoveNext_EmptyEventName_IsMessageWhereTheInBoxParserSaysNothing()
    {
        var bytes = "event:\ndata: 1\n\n"u8.ToArray();

        EventsOf(bytes).Should().Equal(("message", "1"));
        InBoxParser.Parse(bytes).Should().Equal([("", "1")], "once this fails, the deviation is gone and the exclusion of these streams can go too");
    }

    [CorpusFact("pydantic-ai-raw-sse")]
    [Trait("Law", "1")]
    public void MoveNext_StreamsOfManyProviders_AgreeWithTheInBoxParserInAnyChunks() => CompareRecorded("pydantic-ai-raw-sse");

    [CorpusFact("anthropic-sdk-sse")]
    [Trait("Law", "1")]
    public void MoveNext_StreamsOfAnthropic_AgreeWithTheInBoxParserInAnyChunks() => CompareRecorded("anthropic-sdk-sse");

    internal static List<(string EventType, string Data)> EventsOf(byte[] bytes) =>
        [.. SseRun.Parse(bytes).Items.Select(item => (item.EventType, item.Data))];

    private static void CompareRecorded(string corpus)
    {
        var compared = 0;
        foreach (var file in Corpora.Files(corpus))
        {
            var bytes = Corpora.ReadBytes(file);
            if (SseOracle.Run(bytes).InBoxDeviates)
            {
                continue;
            }

            var whole = SseRun.Parse(bytes);
            whole.Items.Select(item => (item.EventType, item.Data)).Should().Equal(InBoxParser.Parse(bytes), "{0}", file);
            foreach (var size in new[] { 1, 7, 64, 4096 })
            {
                var run = SseRun.Parse(ChunkedStream.Cut(bytes, size));
                run.Items.SequenceEqual(whole.Items).Should().BeTrue($"{file} in chunks of {size} is the same stream");
                run.Offsets.SequenceEqual(whole.Offsets).Should().BeTrue($"{file} in chunks of {size} has the same offsets");
            }

            compared++;
        }

        compared.Should().BePositive();
    }
}
