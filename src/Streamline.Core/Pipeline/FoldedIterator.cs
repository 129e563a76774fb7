namespace Streamline;

/// <summary>An async iterator with the state of its own events; see <see cref="StreamFold.Create"/>.</summary>
internal sealed class FoldedIterator(
    Func<StreamState, CancellationToken, IAsyncEnumerable<StreamEvent>> stream, long maxRetainedChars, CancellationToken ofCall) : IAsyncEnumerable<StreamEvent>, IFoldedStream
{
    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(stream, maxRetainedChars, ofCall, cancellationToken);

    private sealed class Enumerator : FoldedEnumerator
    {
        private readonly IAsyncEnumerator<StreamEvent> _events;

        public Enumerator(
            Func<StreamState, CancellationToken, IAsyncEnumerable<StreamEvent>> stream, long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration)
            : base(maxRetainedChars, ofCall, ofEnumeration) => _events = stream(State!, Token).GetAsyncEnumerator(Token);

        public override StreamEvent Current => _events.Current;

        public override void StopFolding()
        {
            // The iterator reads the state.
        }

        protected override ValueTask<bool> MoveCoreAsync() => _events.MoveNextAsync();

        protected override ValueTask DisposeCoreAsync() => _events.DisposeAsync();
    }
}
