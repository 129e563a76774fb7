namespace Streamline;

/// <summary>The answers to a request over HTTP: each enumeration sends the request anew.</summary>
/// <param name="open">Sends the request and opens a reader of the response.</param>
/// <param name="maxRetainedChars">The bound of the fold.</param>
/// <param name="ofCall">The token of the call.</param>
internal sealed class HttpEvents(Func<CancellationToken, Task<HttpEventSource>> open, long maxRetainedChars, CancellationToken ofCall) : IAsyncEnumerable<StreamEvent>, IFoldedStream
{
    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(open, maxRetainedChars, ofCall, cancellationToken);

    private sealed class Enumerator(Func<CancellationToken, Task<HttpEventSource>> open, long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration)
        : FoldedEnumerator(maxRetainedChars, ofCall, ofEnumeration)
    {
        private Task<HttpEventSource>? _opening;
        private HttpEventSource? _source;

        public override StreamEvent Current => _source is null ? throw new InvalidOperationException("The enumeration has not begun.") : _source.Current;

        protected override ValueTask<bool> MoveCoreAsync() => _source?.MoveNextAsync() ?? OpenAsync();

        protected override async ValueTask DisposeCoreAsync()
        {
            if (_source is not null)
            {
                await _source.DisposeAsync().ConfigureAwait(false);
            }
        }

        private async ValueTask<bool> OpenAsync()
        {
            _opening ??= open(Token);
            _source = await _opening.ConfigureAwait(false);
            return await _source.MoveNextAsync().ConfigureAwait(false);
        }
    }
}
