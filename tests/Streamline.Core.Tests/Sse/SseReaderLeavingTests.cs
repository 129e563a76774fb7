using System.IO.Pipelines;
using System.Text;
using Streamline.Protocols.Shared;
using Streamline.Sse;
using Streamline.TestSupport;

namespace Streamline.Tests.Sse;

/// <summary>Cancelling and disposing at every moment.</summary>
[Trait("Law", "9")]
public class SseReaderLeavingTests
{
    [Fact]
    public async Task WaitToReadAsync_TokenAlreadyCancelled_CarriesTheToken()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await using var reader = new SseReader(new ReplayPipeReader("data: 1\n\n"u8.ToArray()));

        var thrown = await reader.Awaiting(r => r.WaitToReadAsync(source.Token).AsTask()).Should().ThrowAsync<OperationCanceledException>();

        thrown.Which.CancellationToken.Should().Be(source.Token);
        (await reader.WaitToReadAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task WaitToReadAsync_CancelledWhileWaitingForAPipe_CarriesTheTokenAndCanGoOn()
    {
        using var source = new CancellationTokenSource();
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        await pipe.Writer.WriteAsync("data: "u8.ToArray());
        var waiting = reader.WaitToReadAsync(source.Token).AsTask();

        await source.CancelAsync();

        var thrown = await waiting.Awaiting(w => w.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(source.Token);
        await pipe.Writer.WriteAsync("1\n\n"u8.ToArray());
        (await reader.WaitToReadAsync()).Should().BeTrue();
        DataOf(reader).Should().Be("1");
    }

    [Fact]
    public async Task WaitToReadAsync_CancelledWhileWaitingForAStream_CarriesTheToken()
    {
        using var source = new CancellationTokenSource();
        await using var reader = SseReader.Create(new Pipe().Reader.AsStream());
        var waiting = reader.WaitToReadAsync(source.Token).AsTask();

        await source.CancelAsync();

        var thrown = await waiting.Awaiting(w => w.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(source.Token);
    }

    [Fact]
    public async Task WaitToReadAsync_AfterACancelledWaitForAStream_GoesOnWithoutLoss()
    {
        var pipe = new Pipe();
        await using var reader = SseReader.Create(pipe.Reader.AsStream());
        await pipe.Writer.WriteAsync("data: "u8.ToArray());
        for (var i = 0; i < 3; i++)
        {
            using var source = new CancellationTokenSource();
            var cancelled = reader.WaitToReadAsync(source.Token).AsTask();
            await source.CancelAsync();
            await cancelled.Awaiting(w => w.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<OperationCanceledException>();
            await pipe.Writer.WriteAsync("x"u8.ToArray());
        }

        var waiting = reader.WaitToReadAsync().AsTask();
        await pipe.Writer.WriteAsync("\n\n"u8.ToArray());

        (await waiting.WaitAsync(EventCollector.Patience)).Should().BeTrue();
        DataOf(reader).Should().Be("xxx");
    }

    [Fact]
    public async Task ReadAllAsync_CancelledWhileWaiting_CarriesTheToken()
    {
        using var source = new CancellationTokenSource();
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("data: 1\n\n"u8.ToArray());
        await using var reader = SseReader.Create(pipe.Reader.AsStream());
        var events = reader.ReadAllAsync(source.Token).GetAsyncEnumerator(CancellationToken.None);
        (await events.MoveNextAsync()).Should().BeTrue();
        var moving = events.MoveNextAsync().AsTask();

        await source.CancelAsync();

        var thrown = await moving.Awaiting(m => m.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(source.Token);
        await events.DisposeAsync();
    }

    [Fact]
    public async Task WaitToReadAsync_PendingReadOfThePipeCancelled_ThrowsAndLosesNothing()
    {
        var pipe = new ReplayPipeReader("data: 1\n\n"u8.ToArray(), chunkSize: 4);
        await using var reader = new SseReader(pipe);
        pipe.CancelPendingRead();

        await reader.Awaiting(r => r.WaitToReadAsync().AsTask()).Should().ThrowAsync<OperationCanceledException>();

        (await reader.WaitToReadAsync()).Should().BeTrue();
        DataOf(reader).Should().Be("1");
    }

    [Fact]
    public async Task WaitToReadAsync_PendingReadCancelledWithBytesInThePipe_ThrowsAndLosesNothing()
    {
        var pipe = new Pipe();
        await using var reader = new SseReader(pipe.Reader);
        await pipe.Writer.WriteAsync("data: 1\n\n"u8.ToArray());
        pipe.Reader.CancelPendingRead();

        await reader.Awaiting(r => r.WaitToReadAsync().AsTask()).Should().ThrowAsync<OperationCanceledException>();

        (await reader.WaitToReadAsync()).Should().BeTrue();
        DataOf(reader).Should().Be("1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_ReaderOverAStream_ClosesItUnlessItIsLeftOpen(bool leaveOpen)
    {
        foreach (var asynchronously in new[] { true, false })
        {
            var stream = ChunkedStream.Every("data: 1\n\n"u8.ToArray(), 3);
            var reader = SseReader.Create(stream, leaveOpen: leaveOpen);
            await reader.WaitToReadAsync();

            await DisposeAsync(reader, asynchronously);

            stream.IsDisposed.Should().Be(!leaveOpen);
        }
    }

    [Fact]
    public async Task Dispose_ReaderOverAPipe_LeavesItStandingAfterTheLastEvent()
    {
        foreach (var asynchronously in new[] { true, false })
        {
            var pipe = new ReplayPipeReader("data: 1\n\ndata: 2\n\nrest"u8.ToArray());
            var reader = new SseReader(pipe);
            await reader.WaitToReadAsync();
            reader.TryRead(out _);

            await DisposeAsync(reader, asynchronously);
            await DisposeAsync(reader, !asynchronously);

            pipe.BytesLeft.Should().Be("data: 2\n\nrest".Length);
            pipe.Completions.Should().Be(0);
        }
    }

    [Fact]
    public async Task Dispose_InALaterSegment_LeavesThePipeStandingAfterTheLastEvent()
    {
        var pipe = Segments.Pipe(["data: 1\n\nda"u8.ToArray(), "ta: 2\n\ndata: 3\n\nrest"u8.ToArray()]);
        var reader = new SseReader(pipe);
        await reader.WaitToReadAsync();
        DataOf(reader).Should().Be("1");
        await reader.WaitToReadAsync();
        DataOf(reader).Should().Be("2");

        await reader.DisposeAsync();

        var left = await pipe.ReadAsync();
        left.Buffer.Length.Should().Be("data: 3\n\nrest".Length);
    }

    [Fact]
    public async Task AnyMethod_AfterDisposal_Throws()
    {
        var reader = new SseReader(new ReplayPipeReader("id: 5\ndata: 1\n\nhuh\ndata: 2\n\n"u8.ToArray(), chunkSize: 20));
        (await reader.WaitToReadAsync()).Should().BeTrue();
        DataOf(reader).Should().Be("1");
        reader.TryRead(out _).Should().BeFalse();
        (await reader.WaitToReadAsync()).Should().BeTrue();
        await reader.DisposeAsync();

        reader.Invoking(r => r.TryRead(out _)).Should().Throw<ObjectDisposedException>();
        await reader.Awaiting(r => r.WaitToReadAsync().AsTask()).Should().ThrowAsync<ObjectDisposedException>();
        reader.Invoking(r => r.ReadAllAsync()).Should().Throw<ObjectDisposedException>();

        // What explains a broken stream is still there.
        reader.LastEventId.Should().Be("5");
        reader.UnrecognizedText.Should().Be("huh");
    }

    [Fact]
    public async Task Dispose_WhileAWaitForACallersPipeIsUnderWay_LeavesThePipeUsable()
    {
        var pipe = new Pipe();
        var reader = new SseReader(pipe.Reader);
        await pipe.Writer.WriteAsync("data: 1\n\ndata: "u8.ToArray());
        (await reader.WaitToReadAsync()).Should().BeTrue();
        DataOf(reader).Should().Be("1");
        reader.TryRead(out _).Should().BeFalse();
        var waiting = reader.WaitToReadAsync().AsTask();

        await reader.DisposeAsync();

        await waiting.Awaiting(w => w.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<ObjectDisposedException>();
        await pipe.Writer.WriteAsync("next"u8.ToArray());
        var left = await pipe.Reader.ReadAsync();
        Encoding.UTF8.GetString(left.Buffer).Should().Be("next");
    }

    [Theory]
    [InlineData("data: 2\n\ndata: 3", true)]
    [InlineData("data: 2", false)]
    public async Task Dispose_WithBytesThatWereReadAhead_LeavesThemInThePipe(string rest, bool hasNext)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes("data: 1\n\n" + rest));
        var reader = new SseReader(pipe.Reader);
        (await reader.WaitToReadAsync()).Should().BeTrue();
        DataOf(reader).Should().Be("1");
        if (hasNext)
        {
            (await reader.WaitToReadAsync()).Should().BeTrue();
        }
        else
        {
            reader.TryRead(out _).Should().BeFalse();
        }

        reader.Dispose();

        pipe.Reader.TryRead(out var left).Should().BeTrue();
        Encoding.UTF8.GetString(left.Buffer).Should().Be(rest);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Dispose_WhileAWaitStartsARead_EndsTheWaitAndClosesTheStreamAfterIt(int read)
    {
        SseReader? reader = null;
        await using var stream = new DisposingStream(read, () => reader!.Dispose());
        reader = SseReader.Create(stream);

        var waiting = reader.WaitToReadAsync().AsTask();
        stream.AnswerFirst();

        await waiting.Awaiting(w => w.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<ObjectDisposedException>();
        (stream.WasClosedDuringARead, stream.IsClosed).Should().Be((false, true));
    }

    [Fact]
    public async Task Dispose_InTheMiddleOfAnEvent_IsQuiet()
    {
        var stream = ChunkedStream.Every("event: e\nid: 1\ndata: abc\ndata: d"u8.ToArray(), 5);
        var reader = SseReader.Create(stream);
        (await reader.WaitToReadAsync()).Should().BeFalse();

        await reader.DisposeAsync();

        stream.IsDisposed.Should().BeTrue();
        reader.LastEventId.Should().BeEmpty();
    }

    [Fact]
    public async Task Dispose_BeforeAnyRead_IsQuiet()
    {
        await using var overPipe = new SseReader(new Pipe().Reader);
        using var overStream = SseReader.Create(Stream.Null);
    }

    [Fact]
    public async Task Dispose_WhileAWaitIsUnderWay_EndsTheWaitAndThenClosesTheStream()
    {
        foreach (var asynchronously in new[] { true, false })
        {
            var source = new Pipe();
            var reader = SseReader.Create(source.Reader.AsStream());
            await source.Writer.WriteAsync("data: 1\n\ndata: 2"u8.ToArray());
            await reader.WaitToReadAsync();
            reader.TryRead(out _);
            reader.TryRead(out _);
            var waiting = reader.WaitToReadAsync().AsTask();

            await DisposeAsync(reader, asynchronously);

            await waiting.Awaiting(w => w.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<ObjectDisposedException>();

            // Closing the stream completes the pipe behind it, which its writer sees.
            (await source.Writer.FlushAsync()).IsCompleted.Should().BeTrue();
        }
    }

    [Fact]
    public async Task Dispose_AfterTheCallerCancelled_TheWaitCarriesTheCallersToken()
    {
        using var source = new CancellationTokenSource();
        var stream = new HeldStream();
        var reader = SseReader.Create(stream);
        var waiting = reader.WaitToReadAsync(source.Token).AsTask();

        await source.CancelAsync();
        await reader.DisposeAsync();
        stream.Answer.SetException(new OperationCanceledException());

        var thrown = await waiting.Awaiting(w => w.WaitAsync(EventCollector.Patience)).Should().ThrowAsync<OperationCanceledException>();
        thrown.Which.CancellationToken.Should().Be(source.Token);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("garbage\n")]
    [InlineData(": comment\n")]
    [InlineData("event: x\n\n")]
    [InlineData("data: y")]
    public async Task WaitToReadAsync_BytesThatMakeNoEvent_YieldTheThreadAndHeedTheToken(string pattern)
    {
        const int mark = 1024 * 1024;
        using var source = new CancellationTokenSource();
        using var hasReturned = new ManualResetEventSlim();
        var body = new FloodStream(default, Encoding.UTF8.GetBytes(pattern)) { Mark = mark };

        // Blocks the read until the wait has returned to its caller, which it cannot without yielding.
        body.AtMark = () =>
        {
            hasReturned.Wait(EventCollector.Patience).Should().BeTrue();
            source.Cancel();
        };
        await using var reader = SseReader.Create(body);

        var waiting = reader.WaitToReadAsync(source.Token).AsTask();
        hasReturned.Set();

        (await waiting.Awaiting(w => w.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(source.Token);
        body.BytesRead.Should().BeLessThan(mark + (64 * 1024));
    }

    private static async Task DisposeAsync(SseReader reader, bool asynchronously)
    {
        if (asynchronously)
        {
            await reader.DisposeAsync();
        }
        else
        {
            reader.Dispose();
        }
    }

    private static string DataOf(SseReader reader)
    {
        reader.TryRead(out var e).Should().BeTrue();
        return Encoding.UTF8.GetString(e.Data);
    }

    /// <summary>Reads when the test says so, whatever is cancelled.</summary>
    private sealed class HeldStream : MemoryStream
    {
        public TaskCompletionSource<int> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Answer.Task);
    }
}
