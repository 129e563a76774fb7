namespace Streamline;

/// <summary>The stream of one client: holds back what has no content until the first content, so that a failure before it leaves no trace.</summary>
internal sealed class FailoverAttempt(FailoverCandidate candidate, IAsyncEnumerator<StreamEvent> events, int maxHeldEvents) : IAsyncDisposable
{
    private readonly Queue<StreamEvent> _held = [];
    private bool _isDecided;
    private bool _hasEnded;

    public StreamEvent? Current { get; private set; }

    /// <summary>Gets what ended the stream; <see langword="null"/> while it goes on, and when it ended properly.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether a part of the response has been shown.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Moves to the next event to show. It does not throw; see <see cref="Failure"/>.</summary>
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

            if (HasContent || events.Current.IsNotice)
            {
                Current = events.Current;
                return true;
            }

            Hold(events.Current);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_isDecided)
        {
            candidate.Breaker.Abandon();
        }

        return events.DisposeAsync();
    }

    /// <summary>Decides what the failure says about the client.</summary>
    public void Fail(FailureKind kind)
    {
        _isDecided = true;
        candidate.Breaker.Fail(kind, (Failure as ProviderException)?.RetryAfter);
    }

    private async ValueTask<bool> TryReadAsync()
    {
        try
        {
            _hasEnded = !await events.MoveNextAsync().ConfigureAwait(false);
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
        if (streamEvent.CommitsResponse || _held.Count >= maxHeldEvents)
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
            candidate.Breaker.Succeed();
        }
    }
}
