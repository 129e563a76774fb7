using Streamline.Testing;

namespace Streamline.Cli.Inspection;

/// <summary>A recorded body, read chunk by chunk, so that each event has the time of the chunk that completed it.</summary>
internal sealed class TimedBody(IReadOnlyList<RecordedChunk> chunks) : Stream
{
    private int _next;
    private ReadOnlyMemory<byte> _rest;

    /// <summary>Gets when the bytes that were read last had arrived.</summary>
    public TimeSpan At { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => ReadNext(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(ReadNext(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(ReadNext(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int ReadNext(Span<byte> buffer)
    {
        if (_rest.IsEmpty && _next < chunks.Count)
        {
            (At, _rest) = (chunks[_next].At, chunks[_next].Bytes);
            _next++;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }
}
