namespace Streamline.Sse;

/// <summary>Where the bytes of a reader come from.</summary>
internal abstract class SseSource : IDisposable, IAsyncDisposable
{
    /// <summary>Reads what there is, or waits for it.</summary>
    /// <param name="buffer">Where to write it; not empty.</param>
    /// <param name="cancellationToken">Ends the wait. Nothing is lost, unless a stream below loses it.</param>
    /// <returns>How many bytes were written; 0 at the end.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the pending read was.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Ends a read that is under way. Callable from any thread.</summary>
    public abstract void CancelPendingRead();

    /// <summary>Gives back what was read but not used, where the source can take it. No read is under way, and none follows.</summary>
    /// <param name="count">How many of the bytes read last.</param>
    public abstract void Return(long count);

    /// <summary>Closes the source where it is owned.</summary>
    public abstract void Dispose();

    /// <inheritdoc cref="Dispose"/>
    public abstract ValueTask DisposeAsync();
}
