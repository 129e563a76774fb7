using System.Text;
using Streamline.Framing;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Framing;

public class EventStreamTests
{
    // From the wire's reference, where they were checked with another implementation.
    private const string MessageStop = """
        0000007a00000051ca2c4665 0d3a6d6573736167652d747970650700056576656e74 0b3a6576656e742d7479706507000b6d65737361676553746f70
        0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e 7b2273746f70526561736f6e223a22656e645f7475726e227d 3dc33bfa
        """;

    private const string Throttling = """
        0000008800000061de0175f4 0d3a6d6573736167652d74797065070009657863657074696f6e 0f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e
        0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e 7b226d657373616765223a22736c6f7720646f776e227d 4e43b958
        """;

    [Fact]
    [Trait("Law", "1")]
    public async Task Read_Messages_AreFramesHoweverTheBytesAreCut()
    {
        var result = await ReadAsync([.. Bytes(MessageStop), .. Bytes("000000100000000005c248eb7d98c8ff"), .. Bytes(Throttling)]);

        result.Frames.Should().Equal(
            "0 Message messageStop: {\"stopReason\":\"end_turn\"}", "122 Message : ", "138 Error throttlingException: {\"message\":\"slow down\"}");
        result.Exception.Should().BeNull();
        result.StrayText.Should().BeEmpty();
    }

    [Fact]
    public async Task Read_ErrorThatIsNoException_HasItsCodeAndWords() => (await ReadAsync(EventStreamMessage.Write(
            [.. EventStreamMessage.Text(":message-type", "error"), .. EventStreamMessage.Text(":error-code", "Gone"), .. EventStreamMessage.Text(":error-message", "No more")], default)))
        .Frames.Should().Equal("0 Error Gone: No more");

    [Fact]
    public async Task Read_HeadersOfEveryType_AreSkipped()
    {
        byte[] headers =
        [
            .. EventStreamMessage.Header("a", 0, []), .. EventStreamMessage.Header("b", 1, []), .. EventStreamMessage.Header("c", 2, [1]),
            .. EventStreamMessage.Header("d", 3, [1, 2]), .. EventStreamMessage.Header("e", 4, [1, 2, 3, 4]), .. EventStreamMessage.Header("f", 5, new byte[8]),
            .. EventStreamMessage.Header("g", 6, [0, 2, 7, 7]), .. EventStreamMessage.Header("h", 8, new byte[8]), .. EventStreamMessage.Header("i", 9, new byte[16]),
            .. EventStreamMessage.Text(":event-type", "chunk"),
        ];

        (await ReadAsync(EventStreamMessage.Write(headers, "{}"u8))).Frames.Should().Equal("0 Message chunk: {}");
    }

    public static TheoryData<string, byte[]> CutHeaders => new()
    {
        { "no name", [0, 1] },
        { "cut name", [9, 65, 1] },
        { "no type", [1, 65] },
        { "unknown type", [1, 65, 10] },
        { "cut number", [1, 65, 4, 0, 0] },
        { "cut length", [1, 65, 7, 0] },
        { "cut text", [1, 65, 7, 0, 2, 66] },
    };

    [Theory]
    [MemberData(nameof(CutHeaders))]
    public async Task Read_HeaderThatIsNotWhole_Fails(string what, byte[] headers)
    {
        var exception = (await ReadAsync(EventStreamMessage.Write(headers, "{}"u8))).Exception.Should().BeOfType<StreamProtocolException>(what).Subject;

        (exception.Error, exception.ByteOffset).Should().Be((StreamProtocolError.InvalidFrame, 12L), what);
    }

    [Theory]
    [InlineData(":message-type")]
    [InlineData(":event-type")]
    [InlineData(":exception-type")]
    [InlineData(":error-code")]
    [InlineData(":error-message")]
    public async Task Read_HeaderThatIsThereTwice_Fails(string name)
    {
        var header = EventStreamMessage.Text(name, "event");

        var once = await ReadAsync(EventStreamMessage.Write(header, "{}"u8));
        var twice = await ReadAsync(EventStreamMessage.Write([.. header, .. header], "{}"u8));

        once.Exception.Should().BeNull();
        var exception = twice.Exception.Should().BeOfType<StreamProtocolException>().Subject;
        (exception.Error, exception.ByteOffset).Should().Be((StreamProtocolError.InvalidFrame, 12L + header.Length));
    }

    [Fact]
    public async Task Read_AnyByteThatIsNotAsItWas_IsNoticed()
    {
        var good = Bytes(MessageStop);
        for (var i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good, .. good];
            bad[good.Length + i] ^= 0x10;

            var result = await FrameRun.ReadAsync(FrameFormat.EventStream, bad, int.MaxValue);

            result.Frames.Should().ContainSingle("byte {0} of the second message was changed", i);
            var exception = result.Exception.Should().BeOfType<StreamProtocolException>("byte {0} was changed", i).Subject;
            (exception.Error, exception.ByteOffset).Should().Be((StreamProtocolError.InvalidFrame, good.Length), "byte {0} was changed", i);
        }
    }

    [Theory]
    [InlineData("0000000f00000000", "a message of 15 bytes")]
    [InlineData("0000001000000001", "headers of 1")]
    public async Task Read_LengthsThatCannotBe_Fail(string prelude, string words)
    {
        var lengths = Bytes(prelude);
        var checksum = Crc32.Compute(lengths);

        var result = await ReadAsync([.. lengths, (byte)(checksum >> 24), (byte)(checksum >> 16), (byte)(checksum >> 8), (byte)checksum, 0, 0, 0, 0]);

        result.Exception.Should().BeOfType<StreamProtocolException>().Which.Message.Should().Contain(words);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Read_MessagePastTheLimit_IsRefusedAtItsPrelude()
    {
        var message = Bytes(MessageStop);
        (await FrameRun.ReadAllWaysAsync(FrameFormat.EventStream, message, maxFrameBytes: message.Length)).Frames.Should().ContainSingle();

        var result = await FrameRun.ReadAsync(FrameFormat.EventStream, message[..12], int.MaxValue, maxFrameBytes: message.Length - 1);

        result.Exception.Should().BeOfType<StreamLimitException>().Which.Should().BeEquivalentTo(new { LimitName = "MaxEventBytes", Limit = 121L, Actual = 122L });
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Read_MessageThatIsCut_IsNoFrame()
    {
        var result = await ReadAsync([.. Bytes(MessageStop), .. Bytes(MessageStop)[..100]]);

        result.Frames.Should().ContainSingle();
        (result.Exception, result.BytesConsumed).Should().Be((null, 222L));
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Crc32_KnownTexts_HaveTheirChecksums(string text, uint expected) => Crc32.Compute(Encoding.ASCII.GetBytes(text)).Should().Be(expected);

    [CorpusFact("pydantic-ai-raw-sse")]
    public Task Read_PydanticRecordings_AreWhole() => VerifyAsync("pydantic-ai-raw-sse");

    [CorpusFact("semantic-kernel-streams")]
    public Task Read_SemanticKernelRecordings_AreWhole() => VerifyAsync("semantic-kernel-streams");

    private static async Task VerifyAsync(string folder)
    {
        var files = Corpora.Files(folder, "*.bin").ToList();
        files.Should().NotBeEmpty();
        foreach (var file in files)
        {
            var bytes = Corpora.ReadBytes(file);
            var whole = await FrameRun.ReadAsync(FrameFormat.EventStream, bytes, int.MaxValue);
            (whole.Exception, whole.StrayText, whole.BytesConsumed).Should().Be((null, "", bytes.Length), file);
            whole.Frames.Should().NotBeEmpty(file);
            foreach (var size in FrameRun.ChunkSizes)
            {
                (await FrameRun.ReadAsync(FrameFormat.EventStream, bytes, size)).ToString().Should().Be(whole.ToString(), "{0} came in chunks of {1}", file, size);
            }
        }
    }

    private static Task<FrameRunResult> ReadAsync(byte[] body) => FrameRun.ReadAllWaysAsync(FrameFormat.EventStream, body);

    private static byte[] Bytes(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));
}
