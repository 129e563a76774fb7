namespace Streamline;

/// <summary>
/// A stream that was given a token by the call. Given another one by <c>WithCancellation</c>, an async iterator knows only a token that the
/// compiler linked to both; here the caller gets back the one of the two that was cancelled.
/// </summary>
internal sealed class CallersTokens : IAsyncEnumerable<StreamEvent>
{
    private readonly IAsyncEnumerable<StreamEvent> _events;
    private readonly CancellationToken _ofCall;

    private CallersTokens(IAsyncEnumerable<StreamEvent> events, CancellationToken ofCall)
    {
        _events = events;
        _ofCall = ofCall;
    }

    /// <summary>Makes a stream's cancellation carry the caller's own token.</summary>
    /// <param name="events">The stream.</param>
    /// <param name="ofCall">The token of the call that made the stream.</param>
    public static IAsyncEnumerable<StreamEvent> Restore(IAsyncEnumerable<StreamEvent> events, CancellationToken ofCall) =>
        ofCall.CanBeCanceled ? new CallersTokens(events, ofCall) : events;

    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var events = _events.GetAsyncEnumerator(cancellationToken);
        return cancellationToken.CanBeCanceled && cancellationToken != _ofCall ? new Enumerator(events, _ofCall, cancellationToken) : events;
    }

    private sealed class Enumerator(IAsyncEnumerator<StreamEvent> events, CancellationToken ofCall, CancellationToken ofEnumeration) : IAsyncEnumerator<StreamEvent>
    {
        public StreamEvent Current => events.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await events.MoveNextAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (ofCall.IsCancellationRequested || ofEnumeration.IsCancellationRequested)
            {
                throw CallerCancellation.ToException(exception, ofCall.IsCancellationRequested ? ofCall : ofEnumeration);
            }
        }

        public ValueTask DisposeAsync() => events.DisposeAsync();
    }
}
