using System.Buffers;

namespace Streamline.Json;

/// <summary>A part of a text, and the parts before it.</summary>
/// <remarks>
/// <para>
/// A text lies in several arrays, because one that takes all of a long text would lie in the large-object heap, and be copied whenever it is full. Each string, name and number
/// lies in one of them as a whole: a block begins where a token begins, and may repeat bytes of the one before it.
/// </para>
/// <para>Immutable except for bytes after those that a snapshot has shown, so that readers on other threads may hold an older one.</para>
/// </remarks>
/// <param name="start">The offset of the first byte.</param>
/// <param name="bytes">The bytes. Those after the text are room for what comes.</param>
/// <param name="earlier">The block before it.</param>
internal sealed class JsonTextBlock(int start, byte[] bytes, JsonTextBlock? earlier)
{
    public int Start => start;

    public byte[] Bytes => bytes;

    public JsonTextBlock? Earlier => earlier;

    /// <summary>A part of the text, which is copied if it lies in several blocks.</summary>
    public ReadOnlySpan<byte> Slice(int from, int to)
    {
        if (from >= start)
        {
            return bytes.AsSpan(from - start, to - from);
        }

        var (block, end) = Find(from);
        return to <= end ? block.Bytes.AsSpan(from - block.Start, to - from) : Join(from, to);
    }

    /// <summary>Copies a part of the text.</summary>
    public void CopyTo(int from, int to, Span<byte> destination)
    {
        while (from < to)
        {
            var piece = Piece(from, to);
            piece.CopyTo(destination);
            destination = destination[piece.Length..];
            from += piece.Length;
        }
    }

    /// <summary>Writes a part of the text.</summary>
    public void WriteTo(int from, int to, IBufferWriter<byte> destination)
    {
        while (from < to)
        {
            var piece = Piece(from, to);
            destination.Write(piece);
            from += piece.Length;
        }
    }

    private byte[] Join(int from, int to)
    {
        var joined = GC.AllocateUninitializedArray<byte>(to - from);
        CopyTo(from, to, joined);
        return joined;
    }

    private ReadOnlySpan<byte> Piece(int from, int to)
    {
        var (block, end) = Find(from);
        return block.Bytes.AsSpan(from - block.Start, Math.Min(to, end) - from);
    }

    // The block that an offset lies in, and where the next one begins.
    private (JsonTextBlock Block, int End) Find(int offset)
    {
        var (block, end) = (this, int.MaxValue);
        while (offset < block.Start)
        {
            (block, end) = (block.Earlier!, block.Start);
        }

        return (block, end);
    }
}
