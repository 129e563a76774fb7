using System.Buffers;
using System.Text;
using Streamline.Sse;

namespace Streamline.Tests.Sse;

public class SseWriterTests
{
    [Theory]
    [InlineData("", "hi", "", "data: hi\n\n")]
    [InlineData("tick", "hi", "", "event: tick\ndata: hi\n\n")]
    [InlineData("tick", "hi", "7", "event: tick\nid: 7\ndata: hi\n\n")]
    [InlineData("", "", "", "data: \n\n")]
    [InlineData("", " led by a space", "", "data:  led by a space\n\n")]
    [InlineData("", "a\nb", "", "data: a\ndata: b\n\n")]
    [InlineData("", "a\rb", "", "data: a\ndata: b\n\n")]
    [InlineData("", "a\r\nb", "", "data: a\ndata: b\n\n")]
    [InlineData("", "a\n\rb", "", "data: a\ndata: \ndata: b\n\n")]
    [InlineData("", "a\r\n", "", "data: a\ndata: \n\n")]
    [InlineData("", "\n", "", "data: \ndata: \n\n")]
    [InlineData("", "a\r", "", "data: a\ndata: \n\n")]
    [InlineData("ü", "🙂\u2028", "€", "event: ü\nid: €\ndata: 🙂\u2028\n\n")]
    public void WriteEvent_BytesOrCharacters_WritesTheSame(string eventType, string data, string id, string expected)
    {
        Written(writer => writer.WriteEvent(eventType, data, id)).Should().Be(expected);
        Written(writer => writer.WriteEvent(Utf8(eventType), Utf8(data), Utf8(id))).Should().Be(expected);
    }

    [Theory]
    [InlineData("ping", ": ping\n\n")]
    [InlineData("", ": \n\n")]
    [InlineData("a\r\nb\rc", ": a\n: b\n: c\n\n")]
    public void WriteComment_BytesOrCharacters_WritesTheSame(string text, string expected)
    {
        Written(writer => writer.WriteComment(text)).Should().Be(expected);
        Written(writer => writer.WriteComment(Utf8(text))).Should().Be(expected);
    }

    [Theory]
    [InlineData("7", "id: 7\n\n")]
    [InlineData("", "id: \n\n")]
    public void WriteId_BytesOrCharacters_WritesTheSame(string id, string expected)
    {
        Written(writer => writer.WriteId(id)).Should().Be(expected);
        Written(writer => writer.WriteId(Utf8(id))).Should().Be(expected);
    }

    [Fact]
    public void WriteId_ThenAnEmptyOne_ResetsTheReadersId()
    {
        var stream = Written(writer =>
        {
            writer.WriteId("7");
            writer.WriteEvent("", "a");
            writer.WriteId("");
            writer.WriteEvent("", "b");
        });

        SseRun.Parse(stream).Items.Should().Equal(new SseItem("message", "a", "7"), new SseItem("message", "b", ""));
    }

    [Theory]
    [InlineData(0, "retry: 0\n\n")]
    [InlineData(1500, "retry: 1500\n\n")]
    [InlineData(1500.9, "retry: 1500\n\n")]
    public void WriteRetry_Interval_WritesWholeMilliseconds(double milliseconds, string expected) =>
        Written(writer => writer.WriteRetry(TimeSpan.FromMilliseconds(milliseconds))).Should().Be(expected);

    [Fact]
    public void WriteRetry_LongestAndNegative()
    {
        SseRun.Parse(Written(writer => writer.WriteRetry(TimeSpan.MaxValue))).ReconnectionInterval.Should().Be(TimeSpan.FromMilliseconds(int.MaxValue));
        FluentActions.Invoking(() => Written(writer => writer.WriteRetry(TimeSpan.FromTicks(-1)))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData("a\nb", "", "eventType")]
    [InlineData("a\r", "", "eventType")]
    [InlineData("", "1\n", "id")]
    [InlineData("", "\r1", "id")]
    [InlineData("", "1\0", "id")]
    public void WriteEvent_ValueThatIsNotOneLine_IsRefusedAndWritesNothing(string eventType, string id, string parameter)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new SseWriter(output);

        writer.Invoking(w => w.WriteEvent(eventType, "data", id)).Should().Throw<ArgumentException>().WithParameterName(parameter);
        writer.Invoking(w => w.WriteEvent(Utf8(eventType), Utf8("data"), Utf8(id))).Should().Throw<ArgumentException>().WithParameterName(parameter);

        output.WrittenCount.Should().Be(0);
    }

    [Fact]
    public void WriteId_ValueThatIsNoId_IsRefused()
    {
        FluentActions.Invoking(() => Written(writer => writer.WriteId("a\nb"))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Written(writer => writer.WriteId("a\0b"u8))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void WriteEvent_LoneSurrogate_IsReplaced() =>
        Written(writer => writer.WriteEvent("", "a\uD83Db")).Should().Be("data: a\uFFFDb\n\n");

    [Fact]
    public void Constructor_NoOutput_Throws() =>
        FluentActions.Invoking(() => new SseWriter(null!)).Should().Throw<ArgumentNullException>();

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Written(Action<SseWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new SseWriter(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
