namespace Streamline;

/// <summary>The stream of one client: holds back what has no content until the first content, so that a failure before it leaves no trace.</summary>
internal sealed class FailoverAttempt(ClientBreaker breaker, long probe, int maxHeldEvents) : IAsyncDisposable
{
    private readonly Queue<StreamEvent> _held = [];
    private IAsyncEnumerator<StreamEvent>? _events;
    private bool _isDecided;
    private bool _hasEnded;

    public StreamEvent? Current { get; private set; }

    /// <summary>Gets what ended the stream; <see langword="null"/> while it lasts, and when it ended properly.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether a part of the response has been shown.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Begins to read the stream of the client.</summary>
    public void Open(IAsyncEnumerator<StreamEvent> events) => _events = events;

    /// <summary>Moves to the next event to show. <see cref="Open"/> comes first. It does not throw; see <see cref="Failure"/>.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (true)
        {
            if ((HasContent || _hasEnded) && _held.TryDequeue(out var shown))
            {
                Current = shown;
                return true;
            }

            if (_hasEnded || !await TryReadAsync().ConfigureAwait(false))
            {
                return false;
            }

            if (_hasEnded)
            {
                continue;
            }

            var streamEvent = _events!.Current;
            if (HasContent || streamEvent.IsNotice)
            {
                Current = streamEvent;
                return true;
            }

            Hold(streamEvent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDecided)
        {
            breaker.Abandon(probe);
        }

        try
        {
            if (_events is not null)
            {
                await _events.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception) when (Failure is not null)
        {
            // The stream has failed already. The next client is asked although it cannot be closed either.
        }
    }

    /// <summary>Decides what the failure says about the client. To be called before the stream is disposed, so that nobody else probes the client meanwhile.</summary>
    public void Fail(FailureKind kind)
    {
        _isDecided = true;
        breaker.Fail(probe, kind, (Failure as ProviderException)?.RetryAfter);
    }

    private async ValueTask<bool> TryReadAsync()
    {
        try
        {
            _hasEnded = !await _events!.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Failure = exception;
            return false;
        }

        if (_hasEnded)
        {
            Succeed();
        }

        return true;
    }

    private void Hold(StreamEvent streamEvent)
    {
        _held.Enqueue(streamEvent);
        if (streamEvent.CommitsResponse || streamEvent is StreamResumed || _held.Count >= maxHeldEvents)
        {
            HasContent = true;
            Succeed();
        }
    }

    private void Succeed()
    {
        if (!_isDecided)
        {
            _isDecided = true;
            breaker.Succeed();
        }
    }
}
