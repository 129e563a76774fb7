namespace Streamline;

/// <summary>The base of the library's middleware: a client whose enumerators are its own, and are returned directly.</summary>
internal abstract class StageClient(IStreamClient inner) : DelegatingStreamClient(inner)
{
    /// <summary>Gets the bound of the fold, which is that of the source.</summary>
    protected long MaxRetainedChars { get; } = BoundOf(inner);

    public sealed override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new Events(this, request, cancellationToken);
    }

    /// <summary>Opens one enumeration. Nothing happens before its first move.</summary>
    protected abstract FoldedEnumerator Open(StreamRequest request, CancellationToken ofCall, CancellationToken ofEnumeration);

    internal static long BoundOf(IStreamClient client) =>
        client.GetService(typeof(StreamClientMetadata)) is StreamClientMetadata metadata ? metadata.MaxRetainedChars : StreamState.DefaultMaxRetainedChars;

    private sealed class Events(StageClient client, StreamRequest request, CancellationToken ofCall) : IAsyncEnumerable<StreamEvent>, IFoldedStream
    {
        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => client.Open(request, ofCall, cancellationToken);
    }
}
