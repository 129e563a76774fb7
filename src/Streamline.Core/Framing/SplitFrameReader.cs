using System.Buffers;
using System.Runtime.CompilerServices;
using Streamline.Protocols.Shared;

namespace Streamline.Framing;

/// <summary>Gathers a body in one growing buffer, in which a splitter finds the frames: a frame is always in one piece.</summary>
internal sealed class SplitFrameReader(Stream body, FrameSplitter splitter) : FrameReader
{
#if DEBUG
    // The smallest array that the pool has, so that every test run exercises growth.
    private const int InitialSize = 16;
#else
    // Small, because it is what a stream holds while it waits; a body that fills it gets a larger one.
    private const int InitialSize = 1024;
#endif

    // How large the buffer grows for a body that always fills it.
    private const int LargestForReading = 16 * 1024;

    // One large frame must not pin its memory for the life of a stream.
    private const int LargestKept = 64 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _lastCount;

    // The offset in the body of the byte at _start.
    private long _offset;
    private bool _isSearched = true;
    private bool _isBodyRead;
    private bool _isReading;
    private bool _isDisposed;

    public override long BytesConsumed => _isSearched ? _offset + Window.Length : _offset;

    public override long BytesReceived => _offset + Window.Length;

    public override ReadOnlySpan<byte> StrayText =>
        _isBodyRead && _isSearched && !splitter.IsCutFrame(Window, _offset) ? Window[..Math.Min(Window.Length, MaxStrayBytes)] : default;

    public override bool IsOpen => splitter.IsOpen;

    private ReadOnlySpan<byte> Window => _buffer.AsSpan(_start.._end);

    public override ValueTask<bool> ReceiveAsync(int maxBytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isBodyRead)
        {
            return new ValueTask<bool>(false);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        MakeRoom();
        var room = Math.Min(_buffer.Length - _end, Math.Min(maxBytes, MaxReadBytes));
        var read = body.ReadAsync(_buffer.AsMemory(_end, room), cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<bool>(Receive(read.Result)) : ReceiveAsync(read);
    }

    public override bool TryRead(out Frame frame)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        frame = default;
        if (_isSearched)
        {
            return false;
        }

        if (splitter.TrySplit(Window, _offset, out frame, out var consumed))
        {
            Consume(consumed);
            return true;
        }

        Consume(consumed);
        _isSearched = true;
        if (!_isBodyRead || !splitter.TryComplete(Window, _offset, out frame))
        {
            return false;
        }

        Consume(Window.Length);
        return true;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        var buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        await body.DisposeAsync().ConfigureAwait(false);

        // A read that was abandoned, or cancelled by its token, may still write to the array.
        if (!_isReading && buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveAsync(ValueTask<int> read)
    {
        _isReading = true;
        var count = await read.ConfigureAwait(false);
        _isReading = false;
        return Receive(count);
    }

    private bool Receive(int count)
    {
        _end += count;
        _lastCount = count;
        _isBodyRead = count == 0;
        _isSearched = false;
        return true;
    }

    private void Consume(int count)
    {
        _start += count;
        _offset += count;
    }

    /// <summary>Makes room for the next read, by moving what is left to the front or by renting another array. Frames are no longer valid.</summary>
    private void MakeRoom()
    {
        var length = Window.Length;
        if (length > 0 && _end < _buffer.Length)
        {
            return;
        }

        var current = _buffer.Length;
        var grows = _end == current && current < LargestForReading;
        var shrinks = length == 0 && current > InitialSize && _lastCount < current / 8;
        var isKept = !grows && !shrinks && current <= LargestKept && length <= current / 2;
        var least = grows ? Math.Max(InitialSize, 2 * current) : InitialSize;
        var target = isKept ? _buffer : ArrayPool<byte>.Shared.Rent((int)Math.Clamp(2L * length, least, Array.MaxLength));
        Window.CopyTo(target);
        (_start, _end) = (0, length);
        Replace(target);
    }

    private void Replace(byte[] buffer)
    {
        if (buffer != _buffer && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = buffer;
    }
}
