using System.Buffers;

namespace Streamline.Sse;

/// <summary>A growing array from the pool, reused from event to event. It rents nothing before the first byte.</summary>
internal struct SseBuffer
{
#if DEBUG
    // The smallest array that the pool has, so that every test run exercises growth.
    private const int InitialSize = 16;
#else
    private const int InitialSize = 64;
#endif

    // One large event must not pin its memory for the life of a stream.
    private const int LargestKept = 64 * 1024;

    private byte[]? _array;
    private int _length;

    public readonly int Length => _length;

    public readonly int Capacity => _array?.Length ?? 0;

    public readonly ReadOnlySpan<byte> Written => _array.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_array is null || bytes.Length > _array.Length - _length)
        {
            Grow(checked(_length + bytes.Length));
        }

        bytes.CopyTo(_array.AsSpan(_length));
        _length += bytes.Length;
    }

    public void Clear()
    {
        _length = 0;
        if (_array is { Length: > LargestKept })
        {
            Release();
        }
    }

    public void Release()
    {
        var array = _array;
        _array = null;
        _length = 0;
        if (array is not null)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Grow(int needed)
    {
        var doubled = _array is null ? InitialSize : (int)Math.Min(2L * _array.Length, Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));
        Written.CopyTo(larger);
        var length = _length;
        Release();
        _array = larger;
        _length = length;
    }
}
