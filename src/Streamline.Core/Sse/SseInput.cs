using System.Buffers;
using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>The bytes of the stream: what was received and is still needed, in one buffer from the pool.</summary>
internal struct SseInput
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
    private int _end;
    private int _lastCount;

    public SseInput()
    {
    }

    /// <summary>Gets or sets the start of the line that is being received.</summary>
    public int Line { readonly get; set; }

    /// <summary>Gets or sets up to where that line is known to hold no line end.</summary>
    public int Searched { readonly get; set; }

    /// <summary>Gets or sets the data of the event that is being received: its lines are joined where they lie, before <see cref="Line"/>.</summary>
    public SseSlice Data { readonly get; set; }

    /// <summary>Gets all that was received and lies in the buffer.</summary>
    public readonly ReadOnlySpan<byte> Received => _buffer.AsSpan(0, _end);

    /// <summary>Gets the offset in the stream up to which the lines were read.</summary>
    public readonly long Consumed => _offset + Searched;

    /// <summary>Gets the offset in the stream of a place in the buffer.</summary>
    public readonly long OffsetOf(int start) => _offset + start;

    /// <summary>Gets the value at a place of the buffer.</summary>
    public readonly ReadOnlySpan<byte> this[SseSlice slice] => slice.In(_buffer);

    /// <summary>Gets room for the next bytes of the stream. What lies in the buffer may move.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Memory<byte> GetMemory()
    {
        var kept = Data.Length + _end - Line;
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

    /// <summary>Says that all lines were read, the last one too.</summary>
    public void Finish() => Line = Searched = _end;

    /// <summary>Joins a further line of data to the data so far.</summary>
    /// <remarks>
    /// The LF that the specification appends to every line and takes from the last is written between lines instead. There is always room for it: the name
    /// of this line's field lies between the two values.
    /// </remarks>
    public void JoinData(SseSlice value)
    {
        _buffer[Data.End] = (byte)'\n';
        value.In(_buffer).CopyTo(_buffer.AsSpan(Data.End + 1));
        Data = new SseSlice(Data.Start, Data.Length + 1 + value.Length);
    }

    public void Release()
    {
        // What was consumed is still asked for when the reader has been disposed.
        _offset += Searched;
        Line = Searched = _end = 0;
        var buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
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
        Data.In(_buffer).CopyTo(target);
        Data = new SseSlice(0, Data.Length);
        Received[Line..].CopyTo(target.AsSpan(Data.Length));
        var distance = Line - Data.Length;
        _offset += distance;
        Line -= distance;
        Searched -= distance;
        _end -= distance;
        if (!isReused && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = target;
    }
}
