using System.Buffers;
using Streamline.Framing;

namespace Streamline;

/// <summary>The body of a response whose first bytes were read ahead, to see whether it is a stream.</summary>
internal sealed class PeekedBody : Stream
{
    private const int MaxHeadBytes = 64 * 1024;

    private readonly Stream _rest;
    private ReadOnlyMemory<byte> _head;

    private PeekedBody(Stream rest, ReadOnlyMemory<byte> head, bool isStream)
    {
        _rest = rest;
        _head = head;
        IsStream = isStream;
    }

    /// <summary>Gets a value indicating whether the body begins like a stream of the expected format.</summary>
    public bool IsStream { get; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads until the first bytes show what the body is; at most 64 KiB.</summary>
    /// <param name="body">The body, which is closed with the stream that is returned.</param>
    /// <param name="format">The expected format.</param>
    /// <param name="timeout">How long to wait for what follows the first bytes; for those, the caller's token alone is the limit.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<PeekedBody> ReadAsync(Stream body, FrameFormat format, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = limit.CancelSafelyAfter(Timeout.InfiniteTimeSpan, timeProvider);
        var head = new ArrayBufferWriter<byte>();
        bool? isStream = null;
        try
        {
            while (isStream is null && head.WrittenCount < MaxHeadBytes)
            {
                var count = await body.ReadAsync(head.GetMemory()[..Math.Min(head.FreeCapacity, MaxHeadBytes - head.WrittenCount)], limit.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                if (head.WrittenCount == 0)
                {
                    timer.Change(timeout, Timeout.InfiniteTimeSpan);
                }

                head.Advance(count);
                isStream = FrameFormatHead.IsStream(format, head.WrittenSpan);
            }
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What has arrived must do: the body may stall, be cut, or be corrupt where it was compressed.
        }

        return new PeekedBody(body, head.WrittenMemory, isStream is true);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _head.IsEmpty ? _rest.ReadAsync(buffer, cancellationToken) : new ValueTask<int>(ReadHead(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer) => _head.IsEmpty ? _rest.Read(buffer) : ReadHead(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadHead(Span<byte> buffer)
    {
        var count = Math.Min(_head.Length, buffer.Length);
        _head.Span[..count].CopyTo(buffer);
        _head = _head[count..];
        return count;
    }
}
