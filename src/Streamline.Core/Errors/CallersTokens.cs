namespace Streamline;

/// <summary>
/// A stream that was given a token by the call. Given another one by <c>WithCancellation</c>, an async iterator knows only a token that the
/// compiler linked to both; here the caller gets back the one of the two that was cancelled.
/// </summary>
/// <typeparam name="T">What is streamed.</typeparam>
internal sealed class CallersTokens<T> : IAsyncEnumerable<T>
{
    private readonly IAsyncEnumerable<T> _items;
    private readonly CancellationToken _ofCall;

    public CallersTokens(IAsyncEnumerable<T> items, CancellationToken ofCall)
    {
        _items = items;
        _ofCall = ofCall;
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var items = _items.GetAsyncEnumerator(cancellationToken);
        return cancellationToken.CanBeCanceled && cancellationToken != _ofCall ? new Enumerator(items, _ofCall, cancellationToken) : items;
    }

    private sealed class Enumerator(IAsyncEnumerator<T> items, CancellationToken ofCall, CancellationToken ofEnumeration) : IAsyncEnumerator<T>
    {
        public T Current => items.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await items.MoveNextAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (ofCall.IsCancellationRequested || ofEnumeration.IsCancellationRequested)
            {
                throw CallerCancellation.ToException(exception, ofCall.IsCancellationRequested ? ofCall : ofEnumeration);
            }
        }

        public ValueTask DisposeAsync() => items.DisposeAsync();
    }
}

/// <summary>Makes a stream's cancellation carry the caller's own token.</summary>
internal static class CallersTokens
{
    /// <summary>Wraps a stream that was made with a token of the call.</summary>
    /// <param name="items">The stream.</param>
    /// <param name="ofCall">The token of the call.</param>
    public static IAsyncEnumerable<T> Restore<T>(IAsyncEnumerable<T> items, CancellationToken ofCall) =>
        ofCall.CanBeCanceled ? new CallersTokens<T>(items, ofCall) : items;
}
