using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>A stream, which is closed in the end unless it is to stay open.</summary>
internal sealed class SseStreamSource(Stream stream, bool leaveOpen) : SseSource
{
    // Every read listens to this one, so that a read can be cancelled without its caller's token. It is never disposed: without a timer it holds
    // nothing, and a late CancelPendingRead stays harmless.
    private CancellationTokenSource _cancellation = new();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_cancellation.IsCancellationRequested)
        {
            _cancellation = new CancellationTokenSource();
        }

        var read = stream.ReadAsync(buffer, _cancellation.Token);
        return read.IsCompletedSuccessfully ? read : AwaitAsync(read, cancellationToken);
    }

    public override void CancelPendingRead() => _cancellation.Cancel();

    public override void Return(long count)
    {
    }

    public override void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    public override ValueTask DisposeAsync() => leaveOpen ? ValueTask.CompletedTask : stream.DisposeAsync();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
        return await read.ConfigureAwait(false);
    }
}
