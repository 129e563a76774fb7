using System.Text;
using Streamline.Protocols.Shared;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Sse;

/// <summary>Rules of the state machine that the items alone do not show.</summary>
public class SseEventParserTests
{
    private static readonly SseReaderOptions WithComments = new() { ReportComments = true };
    private static readonly SseReaderOptions AtEnd = new() { DispatchAtEnd = true };

    public static TheoryData<string, double?> RetryLines => new()
    {
        { "retry: 1500\n", 1500 },
        { "retry:0\n", 0 },
        { "retry: 007\n", 7 },
        { "retry: 10\nretry: 12a\n", 10 },
        { "retry: 10\nretry:\n", 10 },
        { "retry: 10\nretry\n", 10 },
        { "retry: 10\nretry: -5\n", 10 },
        { "retry: 10\nretry: +5\n", 10 },
        { "retry: 10\nretry: 5 \n", 10 },
        { "retry: 10\nretry:  5\n", 10 },
        { "retry: 10\nretry: 5.0\n", 10 },
        { "retry: 10\nretry: ٣\n", 10 },
        { "retry: 2147483647\n", int.MaxValue },
        { "retry: 2147483648\n", int.MaxValue },
        { "retry: 99999999999999999999999999999999\n", int.MaxValue },
        { "retry: 10\nretry: 20\n", 20 },
        { "retry: 10", null },
        { "data: 1\n\n", null },
    };

    [Theory]
    [MemberData(nameof(RetryLines))]
    public void ReconnectionInterval_RetryLines_TakesDigitsOnlyAndClamps(string text, double? milliseconds) =>
        (SseRun.Parse(text).ReconnectionInterval?.TotalMilliseconds).Should().Be(milliseconds);

    [Theory]
    [InlineData("id: 1\n\n", "1")]
    [InlineData("id: 1\ndata: x\n\n", "1")]
    [InlineData("id: 1\ndata: x\n\nid: 2\ndata: y\n", "1")]
    [InlineData("id: 1\n", "")]
    [InlineData("id: 1\n\nid\n\n", "")]
    [InlineData("id: 1\n\nid: 2\nid: a\0b\n\n", "2")]
    [InlineData("id: 1\nid: 2\n\n", "2")]
    [InlineData("id: 1\n\n\n\ndata: x\n\n", "1")]
    [InlineData(": none\n\n", "")]
    public void LastEventId_AfterTheStream_IsThatOfTheLastEndedEvent(string text, string expected) =>
        SseRun.Parse(text).LastEventId.Should().Be(expected);

    [Fact]
    public void MoveNext_CommentsReported_GivesThemWhereTheyStand()
    {
        var run = SseRun.Parse(": a\n:b\n:\n\ndata: 1\n:  within\ndata: 2\n\n", WithComments);

        run.Items.Should().Equal(Comment("a"), Comment("b"), Comment(""), Comment(" within"), new SseItem("message", "1\n2", ""));
        run.Offsets.Should().Equal(0, 4, 7, 18, 10);
    }

    [Theory]
    [Trait("Law", "1")]
    [SplitData(": a\r\ndata: 1\r\n:  within\r\nid: 9\r\nevent: e\r\ndata: 2\r\n: late\r\n\r\n: cut")]
    public void MoveNext_CommentsReportedAtAnySplit_GivesTheSame(string text, int cut) =>
        SseRun.Parse(SplitDataAttribute.Chunks(text, cut), WithComments).MustEqual(SseRun.Parse(text, WithComments), $"cut at {cut}");

    [Theory]
    [InlineData("data: 1", "1")]
    [InlineData("data: 1\n", "1")]
    [InlineData("data: 1\r", "1")]
    [InlineData("data", "")]
    [InlineData("data: 1\ndata: 2", "1\n2")]
    [InlineData("data: 1\n: comment", "1")]
    [InlineData("data: 1\nnonsense", "1")]
    public void Complete_DispatchAtEnd_DispatchesWhatIsPending(string text, string data)
    {
        SseRun.Parse(text, AtEnd).Items.Should().Equal(new SseItem("message", data, ""));
        SseRun.Parse(text).Items.Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("event: x")]
    [InlineData("id: 1\n")]
    [InlineData(": comment")]
    [InlineData("data: 1\n\n")]
    public void Complete_DispatchAtEndWithoutPendingData_AddsNothing(string text) =>
        SseRun.Parse(text, AtEnd).Items.Should().Equal(SseRun.Parse(text).Items);

    [Fact]
    public void Complete_DispatchAtEnd_AppliesTheCutLinesOfTheEvent()
    {
        var run = SseRun.Parse("data: 1\nid: 5\nevent: e", AtEnd);

        run.Items.Should().Equal(new SseItem("e", "1", "5"));
        run.LastEventId.Should().Be("5");
    }

    [Fact]
    [Trait("Law", "1")]
    public void Offset_EventsAfterCommentsAndBlankLines_IsThatOfTheirFirstLine()
    {
        const string text = "\uFEFFdata: 1\r\n\r\n\r\n: note\r\nevent: e\r\ndata: 2\r\n\r\nspeed: 1\ndata: 3\n\n";

        SseRun.Parse(text).Offsets.Should().Equal(3, text.IndexOf("event", StringComparison.Ordinal) + 2, text.IndexOf("speed", StringComparison.Ordinal) + 2);
    }

    [Fact]
    public void UnrecognizedText_BareJsonError_IsKept()
    {
        const string json = "{\n  \"error\": {\n    \"code\": 429\n  }\n}";

        SseRun.Parse(json).UnrecognizedText.Should().Be(json);
        SseRun.Parse(json + "\n").UnrecognizedText.Should().Be(json);
        SseRun.Parse("data: 1\n\n" + json.ReplaceLineEndings("\r\n")).UnrecognizedText.Should().Be(json);
    }

    [Theory]
    [InlineData("data: 1\n\nevent\nid:3\nretry: x\n: comment\n\n")]
    [InlineData("data: cut")]
    [InlineData("retry")]
    [InlineData(": cut")]
    public void UnrecognizedText_FieldsAndComments_AreNotKept(string text) => SseRun.Parse(text).UnrecognizedText.Should().BeEmpty();

    [Theory]
    [Trait("Law", "8")]
    [InlineData(0, "")]
    [InlineData(1, "a")]
    [InlineData(3, "abc")]
    [InlineData(4, "abc")]
    [InlineData(5, "abc\nd")]
    [InlineData(6, "abc\nd")]
    [InlineData(7, "abc\ndü")]
    [InlineData(8, "abc\ndü")]
    [InlineData(9, "abc\ndü\ne")]
    [InlineData(100, "abc\ndü\ne")]
    public void UnrecognizedText_Limit_KeepsTheBeginningInWholeCharacters(int limit, string expected) =>
        SseRun.Parse("abc\ndü\ne\n", new SseReaderOptions { MaxUnrecognizedBytes = limit }).UnrecognizedText.Should().Be(expected);

    [Fact]
    public void MoveNext_CarriageReturnAtTheEndOfAChunk_DispatchesAtOnce()
    {
        var parser = new SseEventParser(new SseReaderOptions());
        SseRun.Write(parser, "data: now\r\r"u8).Should().Be(11);

        parser.MoveNext().Should().BeTrue();

        Encoding.UTF8.GetString(parser.Current.Data).Should().Be("now");
        parser.MoveNext().Should().BeFalse();
        SseRun.Write(parser, "\n"u8).Should().Be(1);
        parser.MoveNext().Should().BeFalse();
        parser.BytesConsumed.Should().Be(12);
    }

    [Fact]
    public void Current_SingleLineEvent_IsNotCopied()
    {
        var parser = new SseEventParser(new SseReaderOptions());
        var room = parser.GetMemory();
        "data: whole\n\n"u8.CopyTo(room.Span);
        parser.Advance(13);

        parser.MoveNext().Should().BeTrue();

        parser.Current.Data.Overlaps(room.Span).Should().BeTrue();
    }

    private static SseItem Comment(string text) => new("", text, "", SseEventKind.Comment);
}
