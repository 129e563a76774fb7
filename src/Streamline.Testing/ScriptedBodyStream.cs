namespace Streamline.Testing;

/// <summary>The body of a response in process. Each read gives one chunk, or what is left of one; nothing is made before it is asked for.</summary>
internal sealed class ScriptedBodyStream(ReplyBody body, ScriptedExchange exchange) : Stream
{
    private ReadOnlyMemory<byte> _rest;

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
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_rest.IsEmpty)
        {
            _rest = await ReadChunkAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..count].CopyTo(buffer.Span);
        _rest = _rest[count..];
        exchange.AddBytes(count);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The body of a scripted response is read asynchronously.");

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
            CloseBody();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadChunkAsync(CancellationToken cancellationToken)
    {
        try
        {
            var chunk = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (chunk.IsEmpty)
            {
                exchange.Complete(ExchangeOutcome.Completed);
            }

            return chunk;
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            exchange.Complete(ExchangeOutcome.ClientGone);
            throw;
        }
        catch (HttpIOException)
        {
            exchange.Complete(ExchangeOutcome.Aborted);
            throw;
        }
        catch (Exception exception)
        {
            exchange.Fail(exception);
            throw;
        }
    }

    private void CloseBody()
    {
        try
        {
            exchange.Complete(body.Close() && _rest.IsEmpty ? ExchangeOutcome.Completed : ExchangeOutcome.ClientGone);
        }
        catch (InvalidOperationException exception)
        {
            exchange.Fail(exception);
        }
    }
}
