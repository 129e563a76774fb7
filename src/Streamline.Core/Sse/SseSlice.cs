namespace Streamline.Sse;

/// <summary>A value of the event that is being read: a piece of the current input, or of a buffer once it had to be copied.</summary>
internal readonly struct SseSlice(byte[]? buffer, int start, int length)
{
    public int Length => length;

    public bool IsInInput => buffer is null;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> input) =>
        buffer is null ? input.Slice(start, length) : buffer.AsSpan(start, length);
}
