using System.Text;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Framing;

public class NdjsonTests
{
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    [Fact]
    [Trait("Law", "1")]
    public async Task Read_Lines_AreFramesHoweverTheBytesAreCut()
    {
        var result = await ReadAsync("{\"a\":\"é😀\"}\n{\"b\":[1,\n");

        result.Frames.Should().Equal("0 Message : {\"a\":\"é😀\"}", "15 Message : {\"b\":[1,");
        result.StrayText.Should().BeEmpty();
        result.BytesConsumed.Should().Be(24);
    }

    [Fact]
    public async Task Read_CarriageReturnsBlanksAndEmptyLines_AreNoPartOfAFrame() =>
        (await ReadAsync("\n\r\n {\"a\":1}\r\n\n \t\n{\"b\":2} \r\n\r\n")).Frames.Should().Equal("4 Message : {\"a\":1}", "17 Message : {\"b\":2}");

    [Fact]
    public async Task Read_ByteOrderMarkAtTheBeginning_IsSkipped()
    {
        var result = await FrameRun.ReadAllWaysAsync(FrameFormat.Ndjson, [.. Mark, .. "{\"a\":1}\n"u8]);

        result.Frames.Should().Equal("3 Message : {\"a\":1}");
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":\"}\\\"\"}")]
    [InlineData("{\"a\":1}\n{\"b\":\"}\\\"\"} \r")]
    public async Task Read_LastLineWithoutItsEnd_IsAFrameWhenItIsWhole(string body) =>
        (await ReadAsync(body)).Frames.Should().Equal("0 Message : {\"a\":1}", "8 Message : {\"b\":\"}\\\"\"}");

    [Fact]
    public async Task Read_LastLineWithoutItsEnd_MayBeDeep()
    {
        var deep = $"{{\"a\":{new string('[', 200)}{new string(']', 200)}}}";

        (await ReadAsync(deep)).Frames.Should().Equal("0 Message : " + deep);
        (await ReadAsync(deep[..^1])).Frames.Should().BeEmpty();
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":", "")]
    [InlineData("<html>Bad gateway</html>", "<html>Bad gateway</html>")]
    [InlineData("{} {}", "{} {}")]
    [InlineData("{\"a\":1}\n ", "")]
    [Trait("Law", "4")]
    public async Task Read_LastLineThatIsNotWhole_IsStrayTextUnlessItIsACutObject(string body, string rest)
    {
        var result = await ReadAsync(body);

        result.Frames.Should().HaveCount(body.Contains('\n', StringComparison.Ordinal) ? 1 : 0);
        result.StrayText.Should().Be(rest);
        result.BytesConsumed.Should().Be(Encoding.UTF8.GetByteCount(body));
    }

    [Fact]
    public async Task Read_EmptyBody_HasNoFrames() => (await ReadAsync("")).Frames.Should().BeEmpty();

    [Theory]
    [InlineData("{\"a\":12}\n", true)]
    [InlineData("{\"a\":123}\n", false)]
    [InlineData("{\"a\":12}\n{\"a\":123}", false)]
    [InlineData("{\"a\":12}\r\n", true)]
    [InlineData("{\"a\":12}\r", true)]
    [InlineData(" {\"a\":1}\r\n", true)]
    [InlineData("{\"a\":12} \r\n", false)]
    [InlineData("{\"a\":12}\r\r\n", false)]
    [InlineData(" {\"a\":12}\n", false)]
    [InlineData("         \n", false)]
    [Trait("Law", "1")]
    [Trait("Law", "8")]
    public async Task Read_LineAtTheLimit_IsReadAndOnePastItIsNotHoweverTheBytesAreCut(string body, bool isRead)
    {
        var result = await FrameRun.ReadAllWaysAsync(FrameFormat.Ndjson, Encoding.UTF8.GetBytes(body), maxFrameBytes: 8);

        (result.Exception is null).Should().Be(isRead);
        if (!isRead)
        {
            result.Exception.Should().BeOfType<StreamLimitException>().Which.Should().BeEquivalentTo(new { LimitName = "MaxEventBytes", Limit = 8L, Actual = 9L });
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Read_LineWithoutEnd_IsGivenUpAtTheLimitHoweverTheBytesAreCut()
    {
        var body = Encoding.UTF8.GetBytes("{\"a\":1}\n" + new string('x', 64));

        var result = await FrameRun.ReadAllWaysAsync(FrameFormat.Ndjson, body, maxFrameBytes: 20);

        result.Frames.Should().ContainSingle();
        result.Exception.Should().BeOfType<StreamLimitException>().Which.Actual.Should().BeGreaterThan(20);
    }

    private static Task<FrameRunResult> ReadAsync(string body) => FrameRun.ReadAllWaysAsync(FrameFormat.Ndjson, Encoding.UTF8.GetBytes(body));
}
