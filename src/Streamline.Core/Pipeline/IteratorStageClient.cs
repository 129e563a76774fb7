namespace Streamline;

/// <summary>The base of middleware that is an async iterator over the events of the client inside of it.</summary>
internal abstract class IteratorStageClient(IStreamClient inner) : StageClient(inner)
{
    protected sealed override FoldedEnumerator Open(StreamRequest request, CancellationToken ofCall, CancellationToken ofEnumeration) =>
        new Enumerator(this, request, MaxRetainedChars, ofCall, ofEnumeration);

    /// <summary>Opens the stream of the client inside of this one; see <see cref="StreamFold.Open"/>.</summary>
    protected IAsyncEnumerator<StreamEvent> OpenInner(StreamRequest request, CancellationToken cancellationToken) =>
        StreamFold.Open(Inner, request, cancellationToken);

    /// <summary>Streams the events of one enumeration.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">The one token that cancels the stream.</param>
    protected abstract IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, CancellationToken cancellationToken);

    private sealed class Enumerator(IteratorStageClient client, StreamRequest request, long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration)
        : FoldedEnumerator(maxRetainedChars, ofCall, ofEnumeration)
    {
        private IAsyncEnumerator<StreamEvent>? _events;

        public override StreamEvent Current => _events?.Current ?? throw new InvalidOperationException("The enumeration has not begun.");

        protected override ValueTask<bool> MoveCoreAsync() => (_events ??= client.IterateAsync(request, Token).GetAsyncEnumerator(Token)).MoveNextAsync();

        protected override ValueTask DisposeCoreAsync() => _events?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
