using System.Text;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Sse;

[Trait("Law", "8")]
public class SseReaderLimitTests
{
    [Theory]
    [InlineData("data: 1234\n\n")]
    [InlineData("data: 1234\r\n\r\n")]
    [InlineData(":123456789\n\ndata: 1234\n\n")]
    [InlineData("unknown: 8\ndata: 1234\n\n")]
    public void MaxLineBytes_LineAtTheLimit_IsRead(string text)
    {
        var options = new SseReaderOptions { MaxLineBytes = 10 };
        foreach (var chunks in AllCuts(text))
        {
            SseRun.Parse(chunks, options).Items.Should().Equal(new SseItem("message", "1234", ""));
        }
    }

    [Theory]
    [InlineData("data: 1\n\ndata: 12345\n\n")]
    [InlineData("data: 1\n\ndata: 12345678901234567890")]
    [InlineData("data: 1\n\n:0123456789\n")]
    [InlineData("data: 1\n\nunknown-field: x\n")]
    [InlineData("data: 1\n\nevent: name-x\n")]
    [InlineData("data: 1\n\nid:12345678\n")]
    public void MaxLineBytes_OneByteMore_ThrowsAfterTheEventsBefore(string text)
    {
        foreach (var chunks in AllCuts(text))
        {
            var (items, thrown) = ParseUntilLimit(chunks, new SseReaderOptions { MaxLineBytes = 10 });

            items.Should().Equal("1");
            thrown.LimitName.Should().Be("MaxLineBytes");
            thrown.Limit.Should().Be(10);
            thrown.Actual.Should().BeGreaterThan(10);
        }
    }

    [Theory]
    [InlineData("data: 12345\ndata: 6789\n\n", "12345\n6789")]
    [InlineData("data: 1234567890\n\n", "1234567890")]
    [InlineData("event: a-long-name\nid: a-long-id\ndata: 1234567890\n\n", "1234567890")]
    public void MaxEventBytes_DataAtTheLimit_IsRead(string text, string data)
    {
        foreach (var chunks in AllCuts(text))
        {
            SseRun.Parse(chunks, new SseReaderOptions { MaxEventBytes = 10 }).Items.Should().ContainSingle().Which.Data.Should().Be(data);
        }
    }

    [Theory]
    [InlineData("data: 1\n\ndata: 12345\ndata: 67890\n\n")]
    [InlineData("data: 1\n\ndata: 12345678901\n\n")]
    [InlineData("data: 1\n\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata")]
    public void MaxEventBytes_OneByteMore_ThrowsAfterTheEventsBefore(string text)
    {
        text += "\n";
        foreach (var chunks in AllCuts(text))
        {
            var (items, thrown) = ParseUntilLimit(chunks, new SseReaderOptions { MaxEventBytes = 10 });

            items.Should().Equal("1");
            thrown.LimitName.Should().Be("MaxEventBytes");
            thrown.Limit.Should().Be(10);
            thrown.Actual.Should().Be(11);
        }
    }

    [Fact]
    public async Task WaitToReadAsync_AfterALimitWasPassed_ThrowsAgain()
    {
        await using var reader = new SseReader(new ReplayPipeReader("data: 123456789\n\ndata: 1\n\n"u8.ToArray()), new SseReaderOptions { MaxLineBytes = 10 });

        for (var i = 0; i < 2; i++)
        {
            await reader.Awaiting(r => r.WaitToReadAsync().AsTask()).Should().ThrowAsync<StreamLimitException>();
            reader.Invoking(r => r.TryRead(out _)).Should().Throw<StreamLimitException>();
        }
    }

    [Fact]
    public async Task WaitToReadAsync_EndlessLine_IsRefusedAtTheDefaultLimit()
    {
        // 64 MiB without a line end, which is never made in memory: the same chunk again and again.
        var chunk = new byte[64 * 1024].AsMemory();
        chunk.Span.Fill((byte)'x');
        var stream = new ChunkedStream([.. Enumerable.Repeat((ReadOnlyMemory<byte>)chunk, 1024)]);
        await using var reader = SseReader.Create(stream);

        var thrown = await reader.Awaiting(r => r.WaitToReadAsync().AsTask()).Should().ThrowAsync<StreamLimitException>();

        thrown.Which.Limit.Should().Be(16 * 1024 * 1024);
        reader.BytesConsumed.Should().BeLessThanOrEqualTo(16 * 1024 * 1024, "it must not read on once the limit is passed");
    }

    [Fact]
    public async Task WaitToReadAsync_LongLineInDrips_TakesEachByteOnce()
    {
        const int length = 5_000_000;
        var bytes = Encoding.UTF8.GetBytes("data: " + new string('x', length) + "\n\n");
        var pipe = new ReplayPipeReader(bytes, chunkSize: 100);
        await using var reader = new SseReader(pipe);

        (await reader.WaitToReadAsync()).Should().BeTrue();

        reader.TryRead(out var e).Should().BeTrue();
        e.Data.Length.Should().Be(length);
        pipe.BytesPresented.Should().Be(bytes.Length);
        pipe.Reads.Should().Be((bytes.Length / 100) + 1);
    }

    [Fact]
    public void SseBuffer_ManySmallAppends_CopiesEachByteABoundedNumberOfTimes()
    {
        var buffer = default(SseBuffer);
        var growths = 0;
        var capacity = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            buffer.Append("x"u8);
            if (buffer.Capacity != capacity)
            {
                growths++;
                capacity = buffer.Capacity;
            }
        }

        // Doubling: 16 bytes to 1 MiB.
        growths.Should().BeLessThanOrEqualTo(17);
        buffer.Clear();
        buffer.Capacity.Should().Be(0, "one large event must not pin its memory");
    }

    [Fact]
    public void Options_OutOfRange_ThrowInTheSetter()
    {
        var options = new SseReaderOptions();

        options.Invoking(o => o.MaxLineBytes = 0).Should().Throw<ArgumentOutOfRangeException>();
        options.Invoking(o => o.MaxEventBytes = -1).Should().Throw<ArgumentOutOfRangeException>();
        options.Invoking(o => o.MaxUnrecognizedBytes = -1).Should().Throw<ArgumentOutOfRangeException>();
        options.Invoking(o => o.MaxLineBytes = SseReaderOptions.HighestLimit + 1).Should().Throw<ArgumentOutOfRangeException>();
        options.MaxLineBytes.Should().Be(SseReaderOptions.DefaultMaxLineBytes);
        options.MaxEventBytes.Should().Be(SseReaderOptions.DefaultMaxEventBytes);
        options.MaxUnrecognizedBytes.Should().Be(4096);
    }

    private static IEnumerable<ReadOnlyMemory<byte>[]> AllCuts(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text).AsMemory();
        yield return [.. ChunkedStream.Cut(bytes, 1)];
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            yield return [bytes[..cut], bytes[cut..]];
        }
    }

    private static (List<string> Data, StreamLimitException Thrown) ParseUntilLimit(ReadOnlyMemory<byte>[] chunks, SseReaderOptions options)
    {
        var parser = new SseEventParser(options);
        var data = new List<string>();
        try
        {
            foreach (var chunk in chunks)
            {
                for (var rest = chunk.Span; !rest.IsEmpty;)
                {
                    rest = rest[SseRun.Write(parser, rest)..];
                    while (parser.MoveNext())
                    {
                        data.Add(Encoding.UTF8.GetString(parser.Current.Data));
                    }
                }
            }
        }
        catch (StreamLimitException exception)
        {
            return (data, exception);
        }

        throw new InvalidOperationException($"The limit was not noticed; cut after {chunks[0].Length} bytes.");
    }
}
