using System.Buffers;
using System.Text;
using Streamline.Framing;
using Streamline.TestSupport;

namespace Streamline.Tests.Framing;

public class EventStreamWriterTests
{
    [Fact]
    public async Task Write_Messages_AreReadBack()
    {
        var output = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteEvent(output, "messageStop", "{\"é\":1}"u8);
        EventStreamWriter.WriteEvent(output, "", default);
        EventStreamWriter.WriteException(output, "throttlingException", "{}"u8);

        var result = await FrameRun.ReadAllWaysAsync(FrameFormat.EventStream, output.WrittenMemory.ToArray());

        result.Exception.Should().BeNull();
        result.Frames.Select(frame => frame[(frame.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Should().Equal(
            "Message messageStop: {\"é\":1}", "Message : ", "Error throttlingException: {}");
    }

    [Fact]
    public void WriteEvent_HeadersAndChecksums_StandWhereTheFormatHasThem()
    {
        var output = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteEvent(output, "chunk", "{}"u8);

        output.WrittenSpan.ToArray().Should().Equal(EventStreamMessage.Write(
            [
                .. EventStreamMessage.Text(":event-type", "chunk"),
                .. EventStreamMessage.Text(":content-type", "application/json"),
                .. EventStreamMessage.Text(":message-type", "event"),
            ],
            "{}"u8));
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Write_TypeAtTheLimitOfAHeader_IsReadBackAndOnePastItIsRefused()
    {
        var longest = new string('é', 32_767) + "x";
        var output = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteEvent(output, longest, "{}"u8);
        EventStreamWriter.WriteException(output, longest, "{}"u8);
        var written = output.WrittenCount;

        FluentActions.Invoking(() => EventStreamWriter.WriteEvent(output, longest + "x", "{}"u8)).Should().Throw<ArgumentException>().WithMessage("*:event-type*65536*");
        FluentActions.Invoking(() => EventStreamWriter.WriteException(output, longest + "x", "{}"u8)).Should().Throw<ArgumentException>().WithMessage("*:exception-type*65536*");

        output.WrittenCount.Should().Be(written, "nothing is written of what is refused");
        var result = await FrameRun.ReadAsync(FrameFormat.EventStream, output.WrittenMemory.ToArray(), int.MaxValue);
        result.Frames.Should().HaveCount(2).And.OnlyContain(frame => frame.Contains(longest, StringComparison.Ordinal));
    }

    [CorpusFact("pydantic-ai-raw-sse")]
    public async Task WriteEvent_RecordedMessages_AreWrittenByteByByteAsTheServiceDoes()
    {
        foreach (var file in Corpora.Files("pydantic-ai-raw-sse", "*.bin"))
        {
            var recorded = Corpora.ReadBytes(file);
            var output = new ArrayBufferWriter<byte>();
            var reader = FrameReader.Create(FrameFormat.EventStream, new MemoryStream(recorded), int.MaxValue);
            await using (reader)
            {
                while (await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None))
                {
                    while (reader.TryRead(out var frame))
                    {
                        EventStreamWriter.WriteEvent(output, Encoding.UTF8.GetString(frame.Name), frame.Data);
                    }
                }
            }

            output.WrittenSpan.SequenceEqual(recorded).Should().BeTrue(file);
        }
    }
}
