using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using Streamline.Framing;
using Streamline.TestSupport;

namespace Streamline.Tests.Framing;

public class FrameReaderTests
{
    public static TheoryData<string> Formats => [.. Enum.GetNames<FrameFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Law", "9")]
    public async Task Dispose_OverAStream_ClosesIt(string format)
    {
        var body = ChunkedStream.Every(Body(Parse(format), 3), 5);
        var reader = FrameReader.Create(Parse(format), body, 1024);
        await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None).AsTask().OrFail();

        await reader.DisposeAsync();
        await reader.DisposeAsync();

        body.IsDisposed.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Law", "9")]
    public async Task Dispose_OverAPipe_CompletesIt(string format)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Body(Parse(format), 3));
        await using (var reader = FrameReader.Create(Parse(format), pipe.Reader, 1024))
        {
            (await CountAsync(reader, upTo: 3)).Should().Be(3);
        }

        (await pipe.Writer.FlushAsync()).IsCompleted.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Law", "9")]
    public async Task Receive_Cancelled_CarriesTheTokenOrTheReadersOwn(string format)
    {
        using var cancellation = new CancellationTokenSource();
        var pipe = new Pipe();
        await using var reader = FrameReader.Create(Parse(format), pipe.Reader, 1024);

        var waiting = reader.ReceiveAsync(FrameReader.MaxReadBytes, cancellation.Token).AsTask();
        await cancellation.CancelAsync();

        await FluentActions.Awaiting(() => waiting.OrFail()).Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Create_StreamThatCannotBeRead_Throws(string format)
    {
        using var closed = new MemoryStream();
        closed.Close();

        FluentActions.Invoking(() => FrameReader.Create(Parse(format), closed, 1024)).Should().Throw<ArgumentException>();
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Read_ManyFramesAndOneOf10Megabytes_IsLinear(string format)
    {
        var large = Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', 10 * 1024 * 1024)}\"}}");
        var body = Body(Parse(format), 50_000, large);
        await using var reader = FrameReader.Create(Parse(format), ChunkedStream.Every(body, 1000), 16 * 1024 * 1024);

        // A search that begins anew with each chunk would look at 50 GB here.
        (await CountAsync(reader)).Should().Be(50_001);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Law", "8")]
    public async Task Read_AfterALargeFrame_ItsMemoryIsNotKept(string format)
    {
        var large = Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', 1024 * 1024)}\"}}");
        var small = Body(Parse(format), 100_000);
        byte[] body = [.. Body(Parse(format), 1, large)[..^(Parse(format) == FrameFormat.JsonArray ? 1 : 0)], .. Parse(format) == FrameFormat.JsonArray ? [(byte)',', .. small[1..]] : small];

        // Small frames that no chunk ends with: something is always left of one when the next is read.
        var stream = new MeasuringStream(ChunkedStream.Every(body, 1000));
        await using var reader = FrameReader.Create(Parse(format), stream, 16 * 1024 * 1024);

        (await CountAsync(reader)).Should().Be(100_002);
        stream.LargestArray.Should().BeGreaterThan(1024 * 1024);
        stream.LatestArray.Should().BeLessThanOrEqualTo(64 * 1024);
        stream.LargestRoom.Should().BeLessThanOrEqualTo(FrameReader.MaxReadBytes);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Law", "8")]
    public async Task Receive_SlowBody_HoldsASmallArrayAndAFastOneALargeOne(string format)
    {
        // One read that fills every array, again and again, and then a frame at a time, as an idle stream has them.
        var fast = Body(Parse(format), 20_000);
        var slow = Body(Parse(format), 2);
        if (Parse(format) == FrameFormat.JsonArray)
        {
            fast = fast[..^1];
            slow[0] = (byte)',';
        }

        var stream = new MeasuringStream(new ChunkedStream([fast, .. ChunkedStream.Cut(slow, 8)]));
        await using var reader = FrameReader.Create(Parse(format), stream, 1024);

        while (await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None))
        {
            while (reader.TryRead(out _))
            {
            }
        }

        stream.LargestArray.Should().BeInRange(16 * 1024, 64 * 1024);
        stream.LatestArray.Should().BeLessThanOrEqualTo(1024);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Law", "8")]
    public async Task Read_ManyFrames_AllocatesNothingForThem(string format)
    {
        const int Count = 20_000;
        var body = Body(Parse(format), Count);
        await ReadAllAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();

        await ReadAllAsync();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(Count);

        async Task ReadAllAsync()
        {
            await using var reader = FrameReader.Create(Parse(format), new MemoryStream(body), 1024);
            (await CountAsync(reader)).Should().Be(Count);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Receive_AfterDispose_Throws(string format)
    {
        var reader = FrameReader.Create(Parse(format), new MemoryStream(), 1024);
        await reader.DisposeAsync();

        await FluentActions.Awaiting(async () => await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None)).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Theory]
    [InlineData(nameof(FrameFormat.Ndjson))]
    [InlineData(nameof(FrameFormat.JsonArray))]
    [InlineData(nameof(FrameFormat.EventStream))]
    [Trait("Law", "9")]
    public async Task Dispose_ReadThatMayStillWrite_KeepsItsArrayFromThePool(string format)
    {
        foreach (var isCancelled in new[] { false, true })
        {
            using var cancellation = new CancellationTokenSource();
            var body = new StallingStream();
            var reader = FrameReader.Create(Parse(format), body, 1024);
            var waiting = reader.ReceiveAsync(FrameReader.MaxReadBytes, cancellation.Token).AsTask();
            if (isCancelled)
            {
                await cancellation.CancelAsync();
                await FluentActions.Awaiting(() => waiting.OrFail()).Should().ThrowAsync<OperationCanceledException>();
            }

            // The pool gives back first what its own thread returned last.
            var disposing = reader.DisposeAsync();
            disposing.IsCompletedSuccessfully.Should().BeTrue();
            var rented = ArrayPool<byte>.Shared.Rent(body.Array.Length);
            rented.Should().NotBeSameAs(body.Array);
            ArrayPool<byte>.Shared.Return(rented);
            body.End();
            await waiting.ContinueWith(static _ => { }, TaskScheduler.Default).OrFail();
        }
    }

    private static FrameFormat Parse(string format) => Enum.Parse<FrameFormat>(format);

    private static async Task<int> CountAsync(FrameReader reader, int upTo = int.MaxValue)
    {
        var count = 0;
        while (count < upTo && await reader.ReceiveAsync(FrameReader.MaxReadBytes, CancellationToken.None))
        {
            while (reader.TryRead(out var frame))
            {
                count += frame.Data.IsEmpty ? 0 : 1;
            }
        }

        return count;
    }

    private static byte[] Body(FrameFormat format, int count, byte[]? last = null)
    {
        var output = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            Write(output, format, "{\"n\":1}"u8, isFirst: i == 0);
        }

        if (last is not null)
        {
            Write(output, format, last, isFirst: false);
        }

        output.Write(format == FrameFormat.JsonArray ? "]"u8 : default);
        return output.ToArray();
    }

    private static void Write(Stream output, FrameFormat format, ReadOnlySpan<byte> payload, bool isFirst)
    {
        if (format == FrameFormat.EventStream)
        {
            output.Write(EventStreamMessage.Event("chunk", payload));
            return;
        }

        output.Write(format switch { FrameFormat.Sse => "data: "u8, FrameFormat.JsonArray => isFirst ? "["u8 : ","u8, _ => default });
        output.Write(payload);
        output.Write(format switch { FrameFormat.Sse => "\n\n"u8, FrameFormat.Ndjson => "\n"u8, _ => default });
    }

    /// <summary>Never reads anything, and lets a cancelled caller go without leaving its memory.</summary>
    private sealed class StallingStream : MemoryStream
    {
        private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Array { get; private set; } = [];

        public void End() => _end.TrySetResult(1);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            MemoryMarshal.TryGetArray<byte>(buffer, out var segment);
            Array = segment.Array!;
            return new ValueTask<int>(_end.Task.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Records the size of the arrays and of the memory that its reader gives it.</summary>
    private sealed class MeasuringStream(Stream inner) : MemoryStream
    {
        public int LargestArray { get; private set; }

        public int LatestArray { get; private set; }

        public int LargestRoom { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            MemoryMarshal.TryGetArray<byte>(buffer, out var segment);
            LatestArray = segment.Array!.Length;
            LargestArray = Math.Max(LargestArray, LatestArray);
            LargestRoom = Math.Max(LargestRoom, buffer.Length);
            return inner.ReadAsync(buffer, cancellationToken);
        }
    }
}
