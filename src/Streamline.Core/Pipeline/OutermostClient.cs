namespace Streamline;

/// <summary>The outside of a pipeline whose outermost middleware is the application's, so that such middleware need not think of folding and of callers with two tokens.</summary>
internal sealed class OutermostClient(IStreamClient inner) : DelegatingStreamClient(inner)
{
    private readonly long _maxRetainedChars = StageClient.BoundOf(inner);

    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var events = Inner.StreamAsync(request, cancellationToken);
        return events is IFoldedStream ? events : new Events(events, _maxRetainedChars, cancellationToken);
    }

    private sealed class Events(IAsyncEnumerable<StreamEvent> events, long maxRetainedChars, CancellationToken ofCall) : IAsyncEnumerable<StreamEvent>, IFoldedStream
    {
        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new Enumerator(StreamFold.GetUnfoldedEnumerator(events, cancellationToken), maxRetainedChars, ofCall, cancellationToken);
    }

    private sealed class Enumerator(IAsyncEnumerator<StreamEvent> events, long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration)
        : FoldedEnumerator(maxRetainedChars, ofCall, ofEnumeration)
    {
        public override StreamEvent Current => events.Current;

        protected override ValueTask<bool> MoveCoreAsync() => Move(events);

        protected override ValueTask DisposeCoreAsync() => events.DisposeAsync();
    }
}
