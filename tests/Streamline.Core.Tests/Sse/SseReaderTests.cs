using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Sse;

public class SseReaderTests
{
    [Fact]
    public async Task TryRead_BeforeTheFirstWait_FindsNothing()
    {
        await using var reader = ReaderOf("data: 1\n\n");

        reader.TryRead(out _).Should().BeFalse();

        (await SseRun.ReadAsync(reader)).Items.Should().Equal(Message("1"));
    }

    [Fact]
    public async Task WaitToReadAsync_CalledTwice_KeepsTheEvent()
    {
        await using var reader = ReaderOf("data: 1\n\ndata: 2\n\n");

        (await reader.WaitToReadAsync()).Should().BeTrue();
        (await reader.WaitToReadAsync()).Should().BeTrue();

        (await SseRun.ReadAsync(reader)).Items.Should().Equal(Message("1"), Message("2"));
    }

    [Fact]
    public async Task WaitToReadAsync_BetweenEventsOfOneChunk_LosesNone()
    {
        await using var reader = ReaderOf("data: 1\n\ndata: 2\n\ndata: 3\n\n");
        var found = new List<string>();
        while (await reader.WaitToReadAsync())
        {
            reader.TryRead(out var e).Should().BeTrue();
            found.Add(Encoding.UTF8.GetString(e.Data));
        }

        found.Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task WaitToReadAsync_AfterTheEnd_StaysFalse()
    {
        await using var reader = ReaderOf("data: 1\n\ndata: cut");
        await SseRun.ReadAsync(reader);

        for (var i = 0; i < 3; i++)
        {
            (await reader.WaitToReadAsync()).Should().BeFalse();
            reader.TryRead(out _).Should().BeFalse();
        }

        reader.BytesConsumed.Should().Be(18);
    }

    [Fact]
    public async Task WaitToReadAsync_DispatchAtEnd_GivesTheCutEventOnce()
    {
        await using var reader = ReaderOf("data: 1\n\nevent: e\ndata: cut", new SseReaderOptions { DispatchAtEnd = true });

        var run = await SseRun.ReadAsync(reader);

        run.Items.Should().Equal(Message("1"), new SseItem("e", "cut", ""));
        (await reader.WaitToReadAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task WaitToReadAsync_ReadsWithoutBytes_WaitsOn()
    {
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        var waiting = reader.WaitToReadAsync();

        // A flush without bytes completes no event.
        await pipe.Writer.FlushAsync();
        await pipe.Writer.WriteAsync("data: "u8.ToArray());
        await pipe.Writer.FlushAsync();
        waiting.IsCompleted.Should().BeFalse();
        await pipe.Writer.WriteAsync("1\n\n"u8.ToArray());

        (await waiting.AsTask().WaitAsync(EventCollector.Patience)).Should().BeTrue();
        reader.TryRead(out var e).Should().BeTrue();
        Encoding.UTF8.GetString(e.Data).Should().Be("1");
    }

    [Fact]
    public async Task WaitToReadAsync_EventLargerThanTheBoundOfThePipe_DoesNotStall()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64, resumeWriterThreshold: 32, minimumSegmentSize: 16));
        await using var reader = new SseReader(pipe.Reader);
        var data = new string('x', 10_000);
        var writing = Task.Run(async () =>
        {
            foreach (var chunk in ChunkedStream.Cut(Encoding.UTF8.GetBytes($"data: {data}\n\n"), 50))
            {
                await pipe.Writer.WriteAsync(chunk);
            }

            await pipe.Writer.CompleteAsync();
        });

        var run = await SseRun.ReadAsync(reader).WaitAsync(EventCollector.Patience);

        await writing.WaitAsync(EventCollector.Patience);
        run.Items.Should().Equal(Message(data));
    }

    [Theory]
    [Trait("Law", "1")]
    [InlineData(1_000)]
    [InlineData(70_000)]
    [InlineData(1_000_000)]
    public async Task TryRead_LargeAndSmallEventsInTurn_NeverShowsAReusedBuffer(int chunkSize)
    {
        // Buffers above 64 KiB go back to the pool after their event, where others write to them.
        var text = new StringBuilder();
        for (var i = 0; i < 6; i++)
        {
            text.Append("event: e").Append(i).Append("\ndata: ").Append('a', 100_000 + i).Append("\ndata: small\n\n: ").Append('c', 90_000).Append("\ndata: ")
                .Append('b', 80_000).Append("\n\ndata: 1\n\n");
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var expected = SseOracle.Run(bytes).Items;
        await using var reader = new SseReader(new ReplayPipeReader(bytes, chunkSize));
        var index = 0;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out var e))
            {
                OverwritePooledArrays();
                Encoding.UTF8.GetString(e.Data).Should().Be(expected[index].Data);
                Encoding.UTF8.GetString(e.EventType).Should().Be(expected[index].EventType);
                index++;
            }
        }

        index.Should().Be(expected.Count);
    }

    [Fact]
    public void Create_StreamThatCannotBeRead_Throws()
    {
        using var closed = new MemoryStream();
        closed.Dispose();

        FluentActions.Invoking(() => SseReader.Create(closed)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task WaitToReadAsync_WriterFails_ThrowsItsExceptionAfterTheEventsBefore()
    {
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        await pipe.Writer.WriteAsync("data: 1\n\ndata: 2"u8.ToArray());
        (await reader.WaitToReadAsync()).Should().BeTrue();
        await pipe.Writer.CompleteAsync(new IOException("The connection broke."));
        reader.TryRead(out _).Should().BeTrue();
        reader.TryRead(out _).Should().BeFalse();

        for (var i = 0; i < 2; i++)
        {
            await reader.Awaiting(r => r.WaitToReadAsync().AsTask()).Should().ThrowAsync<IOException>().WithMessage("The connection broke.");
        }
    }

    [Fact]
    public async Task WaitToReadAsync_WhileAnotherWaits_Throws()
    {
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        var waiting = reader.WaitToReadAsync().AsTask();

        await reader.Awaiting(r => r.WaitToReadAsync().AsTask()).Should().ThrowAsync<InvalidOperationException>();

        await pipe.Writer.WriteAsync("data: 1\n\n"u8.ToArray());
        (await waiting.WaitAsync(EventCollector.Patience)).Should().BeTrue();
        reader.TryRead(out _).Should().BeTrue();
    }

    [Fact]
    public async Task TryRead_WhileAWaitIsUnderWay_HoldsNothingBack()
    {
        var pipe = new Pipe();
        using var reader = new SseReader(pipe.Reader);
        var waiting = reader.WaitToReadAsync().AsTask();

        // Nothing has come yet. What comes then must be seen without a further byte.
        reader.TryRead(out _).Should().BeFalse();
        await pipe.Writer.WriteAsync("data: a\n\n"u8.ToArray());

        (await waiting.OrFail()).Should().BeTrue();
        reader.TryRead(out var e).Should().BeTrue();
        Encoding.UTF8.GetString(e.Data).Should().Be("a");
    }

    [Fact]
    public async Task TryRead_CommentCutByAChunk_IsGivenWhileItsEventIsOpen()
    {
        var options = new SseReaderOptions { ReportComments = true };
        await using var reader = SseReader.Create(ChunkedStream.At("data: 1\n: still\ndata: 2\n\n"u8.ToArray(), 11, 20), options);

        var run = await SseRun.ReadAsync(reader);

        run.Items.Should().Equal(new SseItem("", "still", "", SseEventKind.Comment), Message("1\n2"));
    }

    [Fact]
    public async Task Properties_BetweenEvents_AreThoseOfTheLastEvent()
    {
        const string first = "retry: 5\nid: a\ndata: 1\n\n";
        await using var reader = ReaderOf(first + "retry: 7\nid: b\ndata: 2\n\n");
        await reader.WaitToReadAsync();
        reader.TryRead(out _);

        reader.LastEventId.Should().Be("a");
        reader.ReconnectionInterval.Should().Be(TimeSpan.FromMilliseconds(5));
        reader.BytesConsumed.Should().Be(first.Length);
        await reader.WaitToReadAsync();
        reader.TryRead(out _);
        reader.LastEventId.Should().Be("b");
        reader.ReconnectionInterval.Should().Be(TimeSpan.FromMilliseconds(7));
    }

    [Fact]
    public void Constructor_OptionsChangedLater_HasNoEffect()
    {
        var options = new SseReaderOptions();
        var parser = new SseEventParser(options);

        options.ReportComments = true;

        SseRun.Write(parser, ": comment\n"u8).Should().Be(10);
        parser.MoveNext().Should().BeFalse();
    }

    [Fact]
    public void Constructor_NoPipeOrStream_Throws()
    {
        FluentActions.Invoking(() => new SseReader(null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => SseReader.Create(null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public async Task ReadAllAsync_WholeStream_GivesOwnedStrings()
    {
        await using var reader = ReaderOf("event: tick\nid: 1\ndata: a\n\nevent: tick\ndata: b\n\ndata: c\n\n: note\n\n", new SseReaderOptions { ReportComments = true });
        var items = new List<SseItem>();

        await foreach (var item in reader.ReadAllAsync())
        {
            items.Add(item);
        }

        items.Should().Equal(
            new SseItem("tick", "a", "1"),
            new SseItem("tick", "b", "1"),
            new SseItem("message", "c", "1"),
            new SseItem("", "note", "1", SseEventKind.Comment));
        items[1].EventType.Should().BeSameAs(items[0].EventType);
        items[1].LastEventId.Should().BeSameAs(items[0].LastEventId);
    }

    [Fact]
    public async Task ReadAllAsync_EnumeratedAgain_Throws()
    {
        await using var reader = ReaderOf("data: 1\n\n");
        var events = reader.ReadAllAsync();
        await foreach (var _ in events)
        {
        }

        await Enumerating(events).Should().ThrowAsync<InvalidOperationException>();
        await Enumerating(reader.ReadAllAsync()).Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task ReadAllAsync_BrokenOff_LeavesTheRestToTheReader()
    {
        await using var reader = ReaderOf("data: 1\n\ndata: 2\n\n");
        await foreach (var _ in reader.ReadAllAsync())
        {
            break;
        }

        (await SseRun.ReadAsync(reader)).Items.Should().Equal(Message("2"));
    }

    [Fact]
    [Trait("Law", "8")]
    public void GetString_ManyNames_KeepsABoundedNumber()
    {
        var table = new SseEventTypeTable();
        var early = table.GetString("early"u8);
        for (var i = 0; i < 1_000; i++)
        {
            table.GetString(Encoding.UTF8.GetBytes($"name-{i}")).Should().Be($"name-{i}");
        }

        table.GetString("early"u8).Should().BeSameAs(early);
        table.GetString("message"u8).Should().BeSameAs("message");
        table.GetString("name-999"u8).Should().NotBeSameAs(table.GetString("name-999"u8));
        var longName = Encoding.UTF8.GetBytes(new string('n', 100));
        new SseEventTypeTable().GetString(longName).Should().Be(new string('n', 100));
    }

    private static void OverwritePooledArrays()
    {
        for (var size = 16; size <= 512 * 1024; size *= 2)
        {
            var array = ArrayPool<byte>.Shared.Rent(size);
            array.AsSpan().Fill(0xFF);
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private static Func<Task> Enumerating(IAsyncEnumerable<SseItem> events) => async () =>
    {
        await foreach (var _ in events)
        {
        }
    };

    private static SseReader ReaderOf(string text, SseReaderOptions? options = null) =>
        new(new ReplayPipeReader(Encoding.UTF8.GetBytes(text)), options);

    private static SseItem Message(string data) => new("message", data, "");
}
