using System.Buffers;
using System.IO.Compression;
using System.Text;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Tests.Http;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>How a body ends: without its last line end, cut, or with a failure of the stream below.</summary>
[Trait("Law", "4")]
public sealed class BodyEndTests
{
    public static TheoryData<string> OfText => Wires.OfText();

    public static TheoryData<string> OfSse =>
        [.. Wires.Protocols.Where(protocol => protocol.FrameFormat == FrameFormat.Sse).Select(protocol => protocol.Name)];

    [Theory]
    [MemberData(nameof(OfText))]
    public async Task Read_LastPayloadWithoutItsLineEnds_Counts(string protocol)
    {
        var body = Body(Wires.Named(protocol));
        var (expected, none) = await WireRun.ReadAsync(Wires.Named(protocol), body);
        none.Should().BeNull();
        for (var end = body.AsSpan().TrimEnd("\n"u8).Length; end < body.Length; end++)
        {
            var (events, exception) = await WireRun.ReadAllWaysAsync(Wires.Named(protocol), body.AsMemory(0, end), $"when the body ends at {end} of {body.Length}");

            exception.Should().BeNull();
            events.ToLines().Should().Be(expected.ToLines());
        }
    }

    [Theory]
    [MemberData(nameof(OfSse))]
    public async Task Read_SseBodyThatEndsInTheNameOfAField_IsAnInterruption(string protocol)
    {
        foreach (var body in new[] { "d", "dat", "data", "data:", "e", "event", "i", "id", "r", "retr", "retry" })
        {
            var (events, exception) = await WireRun.ReadAsync(Wires.Named(protocol), body);

            events.Should().BeEmpty();
            exception.Should().BeOfType<StreamInterruptedException>("of {0}", body);
        }
    }

    [Fact]
    public async Task Read_JsonArrayCutAnywhere_IsAnInterruption()
    {
        var body = """[{"candidates":[{"content":{"parts":[{"text":"Hello"}],"role":"model"}}],"responseId":"r"}"""u8.ToArray();
        for (var length = 0; length <= body.Length; length++)
        {
            var (_, exception) = await WireRun.ReadAsync(StreamProtocols.GeminiJsonArray, body.AsMemory(0, length));

            exception.Should().BeOfType<StreamInterruptedException>("the body ends at {0}", length);
        }
    }

    [Fact]
    public async Task Read_StreamThatFailsWithInvalidOperation_IsNotAnInterruption()
    {
        var (_, exception) = await StreamProtocols.Anthropic.ReadAsync(new FailingStream()).CatchAsync();

        exception.Should().BeOfType<InvalidOperationException>("it is a defect of the stream, which a retry would repeat");
    }

    [Fact]
    public async Task Read_BrotliStreamWithCorruptBytes_IsAnInterruption()
    {
        var packed = new MemoryStream();
        using (var packing = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $": {Convert.ToHexString(BitConverter.GetBytes(i * 7919))}\n"))));
        }

        var bytes = packed.ToArray();
        bytes.AsSpan(bytes.Length / 2, 200).Fill(0xA5);
        var (_, exception) = await StreamProtocols.Anthropic.ReadAsync(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress)).CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Read_LongLine_NamesALimitThatAnOptionHas()
    {
        var options = new StreamReadOptions { MaxEventBytes = 100 };
        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, Encoding.UTF8.GetBytes(": " + new string('x', 200)), options: options);

        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(StreamReadOptions.MaxEventBytes));
    }

    private static byte[] Body(StreamProtocol protocol)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = protocol.CreateEncoder();
        encoder.Encode(new ResponseStarted { Provider = protocol.Name, ResponseId = "r1", Model = "m" }, output);
        encoder.Encode(new ContentStarted { Index = 0, Kind = ContentKind.Text }, output);
        encoder.Encode(new TextDelta { Index = 0, Text = "Hello" }, output);
        encoder.Encode(new ContentCompleted { Index = 0, Kind = ContentKind.Text }, output);
        encoder.Encode(new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { InputTokens = 3, OutputTokens = 1 } }, output);
        return output.WrittenSpan.ToArray();
    }

    private sealed class FailingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("A defect.");
    }
}
