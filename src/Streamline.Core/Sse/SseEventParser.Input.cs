using System.Buffers;
using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <content>The bytes: what was received and is still needed, in one buffer from the pool.</content>
internal sealed partial class SseEventParser
{
#if DEBUG
    // The smallest array that the pool has, so that every test run exercises growth.
    private const int InitialSize = 16;
#else
    // Small, because it is what a stream holds while it waits; a source that fills it gets a larger one.
    private const int InitialSize = 1024;
#endif

    // How large the buffer grows for a source that always fills it.
    private const int LargestForReading = 16 * 1024;

    // One large event must not pin its memory for the life of a stream.
    private const int LargestKept = 64 * 1024;

    private byte[] _buffer = [];

    // The offset in the stream of the buffer's first byte, if all that was received still lay where it was written.
    private long _offset;

    // The line that is being received: its start, how far it is known to hold no line end, and the end of all that was received.
    private int _line;
    private int _searched;
    private int _end;
    private int _lastCount;

    private ReadOnlySpan<byte> Received => _buffer.AsSpan(0, _end);

    /// <summary>Gets room for the next bytes of the stream. The spans of the events so far are no longer valid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Memory<byte> GetMemory()
    {
        var kept = _data.Length + _end - _line;
        var isFull = _buffer.Length - _end <= _buffer.Length / 8;
        var isTooLarge = _buffer.Length > LargestKept && kept < _buffer.Length / 4;
        if (kept == 0 || isFull || isTooLarge)
        {
            MakeRoom(kept);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Says how many bytes were written to the memory that <see cref="GetMemory"/> gave.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        _end += count;
        _lastCount = count;
    }

    /// <summary>Moves what is kept to the front, of this buffer or of another one.</summary>
    private void MakeRoom(int kept)
    {
        // At least half of the buffer is free afterwards, so that a byte is moved a bounded number of times, however long its event is.
        var current = _buffer.Length;
        var grows = _end == current && current < LargestForReading;
        var shrinks = kept == 0 && current > InitialSize && _lastCount < current / 8;
        var isReused = !grows && !shrinks && kept <= current / 2 && current <= LargestKept;
        var least = grows ? Math.Max(InitialSize, 2 * current) : InitialSize;
        var size = Math.Max(Math.Clamp(2L * kept, least, Array.MaxLength), kept + 1L);
        var target = isReused ? _buffer : ArrayPool<byte>.Shared.Rent((int)size);
        _data.In(_buffer).CopyTo(target);
        _data = new SseSlice(0, _data.Length);
        Received[_line..].CopyTo(target.AsSpan(_data.Length));
        var distance = _line - _data.Length;
        _offset += distance;
        _line -= distance;
        _searched -= distance;
        _end -= distance;
        if (!isReused && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = target;
    }

    private void ReleaseInput()
    {
        // What was consumed is still asked for when the reader has been disposed.
        _offset += _searched;
        _line = _searched = _end = 0;
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
