namespace Streamline.TestSupport;

/// <summary>A read-only stream that hands out its bytes in chunks of given sizes, yielding before each, as a network does.</summary>
public sealed class ChunkedStream : Stream
{
    private readonly ReadOnlyMemory<byte>[] _chunks;
    private int _index;
    private int _offset;

    public ChunkedStream(params ReadOnlyMemory<byte>[] chunks) => _chunks = chunks;

    /// <summary>How many reads were made, the one that found the end included.</summary>
    public int Reads { get; private set; }

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Cuts <paramref name="bytes"/> into chunks of <paramref name="size"/> bytes.</summary>
    public static ChunkedStream Every(ReadOnlyMemory<byte> bytes, int size) => new([.. Cut(bytes, size)]);

    /// <summary>Cuts <paramref name="bytes"/> at the given offsets, which must ascend.</summary>
    public static ChunkedStream At(ReadOnlyMemory<byte> bytes, params int[] offsets)
    {
        var chunks = new List<ReadOnlyMemory<byte>>();
        var start = 0;
        foreach (var offset in offsets)
        {
            chunks.Add(bytes[start..offset]);
            start = offset;
        }

        chunks.Add(bytes[start..]);
        return new ChunkedStream([.. chunks.Where(chunk => !chunk.IsEmpty)]);
    }

    public static IEnumerable<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> bytes, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        for (var start = 0; start < bytes.Length; start += size)
        {
            yield return bytes.Slice(start, Math.Min(size, bytes.Length - start));
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return ReadNext(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadNext(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private int ReadNext(Span<byte> buffer)
    {
        Reads++;
        if (_index == _chunks.Length)
        {
            return 0;
        }

        var chunk = _chunks[_index].Span[_offset..];
        var count = Math.Min(chunk.Length, buffer.Length);
        chunk[..count].CopyTo(buffer);
        _offset += count;
        if (_offset == _chunks[_index].Length)
        {
            _index++;
            _offset = 0;
        }

        return count;
    }
}
