using System.Text;
using Streamline.Framing;
using Streamline.TestSupport;

namespace Streamline.Tests.Framing;

/// <summary>Text of a body that belongs to no frame is kept for the error reader, whatever else the body holds.</summary>
[Trait("Law", "14")]
public sealed class StrayTextTests
{
    [Theory]
    [InlineData("error: {\"code\":400}\n\ndata: [DONE]\n\n", "error: {\"code\":400}")]
    [InlineData("data: 1\n\n{\"error\":\"late\"}\ndata: 2\n\n", "{\"error\":\"late\"}")]
    [InlineData("first\n\ndata: 1\n\nsecond\n: comment\nid: 1\n\ndata: 2\n\n", "first\nsecond")]
    [InlineData("data: 1\n\nInternal Server Error", "Internal Server Error")]
    [InlineData("data: 1\n\n: comment\nevent: x\nretry: 5\n\n", "")]
    public async Task Read_SseLinesThatAreNoFields_AreKept(string body, string expected) =>
        (await FrameRun.ReadAllWaysAsync(FrameFormat.Sse, Encoding.UTF8.GetBytes(body))).StrayText.Should().Be(expected);

    [Theory]
    [InlineData("d")]
    [InlineData("data")]
    [InlineData("data: 1\n\neve")]
    [InlineData("i")]
    [InlineData("retr")]
    [InlineData("id: 1")]
    [InlineData(": comm")]
    public async Task Read_SseCutInAField_LeavesNoStrayText(string body) =>
        (await FrameRun.ReadAllWaysAsync(FrameFormat.Sse, Encoding.UTF8.GetBytes(body))).StrayText.Should().BeEmpty();

    [Fact]
    public async Task StrayText_AtATerminalFrame_HoldsWhatCameBeforeIt()
    {
        var body = "error: overloaded\n\ndata: [DONE]\n\nlater\n"u8.ToArray();
        await using var reader = FrameReader.Create(FrameFormat.Sse, new MemoryStream(body), 1024);
        await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None);
        while (!reader.TryRead(out _))
        {
            await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None);
        }

        Encoding.UTF8.GetString(reader.StrayText).Should().Be("error: overloaded");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StrayText_OfALongBody_IsBounded()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("stray\n", 100_000)));

        var result = await FrameRun.ReadAsync(FrameFormat.Sse, body, 4096);

        result.StrayText.Length.Should().BeInRange(60 * 1024, 64 * 1024);
    }

    [Theory]
    [InlineData("data: {\"a\":1}", "{\"a\":1}")]
    [InlineData("data: {\"a\":1}\n", "{\"a\":1}")]
    [InlineData("data: {\"a\":1}\r", "{\"a\":1}")]
    [InlineData("data: {\"a\":1}\nid: 12", "{\"a\":1}")]
    [InlineData("data: {\ndata: \"a\":1}", "{\n\"a\":1}")]
    [InlineData("data: [DONE]", "[DONE]")]
    [InlineData("data:[DONE]\r\n", "[DONE]")]
    [Trait("Law", "4")]
    public async Task Read_LastSseEventWithoutItsBlankLine_CountsWhenItsDataIsWhole(string body, string data)
    {
        var result = await FrameRun.ReadAllWaysAsync(FrameFormat.Sse, Encoding.UTF8.GetBytes(body));

        result.Frames.Should().ContainSingle().Which.Should().EndWith(": " + data);
        result.StrayText.Should().BeEmpty();
    }

    [Theory]
    [InlineData("data: {\"a\":1")]
    [InlineData("data: [DON")]
    [InlineData("data: ")]
    [InlineData("data:")]
    [InlineData("data: {\"a\":1}\ndata: {\"b\"")]
    [InlineData("event: ping\n")]
    [InlineData("id: 1\n")]
    [Trait("Law", "4")]
    public async Task Read_LastSseEventThatIsCut_DoesNotCount(string body)
    {
        var result = await FrameRun.ReadAllWaysAsync(FrameFormat.Sse, Encoding.UTF8.GetBytes(body));

        result.Frames.Should().BeEmpty();
        result.StrayText.Should().BeEmpty();
    }

    [Theory]
    [InlineData("id: 1\ndata: {}\n\nid: 2\ndata: {\"a\"", "1")]
    [InlineData("id: 1\ndata: {}\n\nid: 2\ndata: {}", "2")]
    [InlineData("id: 1\ndata: {}\n\ndata: {}\nid: 2", "1")]
    [Trait("Law", "4")]
    public async Task LastEventId_OfACutEvent_DoesNotCount(string body, string expected)
    {
        await using var reader = FrameReader.Create(FrameFormat.Sse, new MemoryStream(Encoding.UTF8.GetBytes(body)), 1024);
        while (await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None))
        {
            while (reader.TryRead(out _))
            {
            }
        }

        reader.LastEventId.Should().Be(expected);
    }
}
