namespace Streamline.Testing;

/// <summary>Passes a body on and writes down each chunk, and how the body ended.</summary>
internal sealed class RecordedBodyStream(Stream inner, RecordingWriter writer) : Stream
{
    private bool _isEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await EndAsync(cancellationToken.IsCancellationRequested ? RecordedEnd.Left : RecordedEnd.Broken, exception.Message).ConfigureAwait(false);
            throw;
        }

        if (count > 0)
        {
            await writer.WriteChunkAsync(buffer[..count], CancellationToken.None).ConfigureAwait(false);
        }
        else if (!buffer.IsEmpty)
        {
            await EndAsync(RecordedEnd.Complete, error: null).ConfigureAwait(false);
        }

        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A recorded body is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await EndAsync(RecordedEnd.Left, error: null).ConfigureAwait(false);
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Files and memory are written to without waiting for anything that needs this thread.
            EndAsync(RecordedEnd.Left, error: null).AsTask().GetAwaiter().GetResult();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask EndAsync(RecordedEnd end, string? error)
    {
        if (!_isEnded)
        {
            _isEnded = true;
            await writer.WriteEndAsync(end, error).ConfigureAwait(false);
            await writer.DisposeAsync().ConfigureAwait(false);
        }
    }
}
