namespace Streamline.Resilience;

/// <summary>The stream of one client: holds back what has no content until the first content, so that a failure before it leaves no trace.</summary>
internal sealed class FailoverAttempt(ClientBreaker breaker, long probe, int maxHeldEvents, Func<IAsyncEnumerator<StreamEvent>> open) : IAsyncDisposable
{
    private readonly UncommittedEvents _held = new(maxHeldEvents);
    private IAsyncEnumerator<StreamEvent>? _events;
    private bool _isDecided;
    private bool _hasBegun;
    private bool _hasEnded;

    public StreamEvent? Current { get; private set; }

    /// <summary>Gets what ended the stream; <see langword="null"/> while it lasts, and when it ended properly.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether a part of the response has been shown.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Moves to the next event to show. It does not throw; see <see cref="Failure"/>.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        if (!HasContent || _hasEnded || _held.Count > 0)
        {
            return AdvanceAsync();
        }

        try
        {
            // An event that is there already costs no state machine.
            var moving = _events!.MoveNextAsync();
            return moving.IsCompletedSuccessfully ? new ValueTask<bool>(Show(moving.Result)) : ShowAsync(moving);
        }
        catch (Exception exception)
        {
            Failure = exception;
            return new ValueTask<bool>(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Decide(HasContent ? FailureKind.Other : null);

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
    public void Fail(FailureKind kind) => Decide(kind);

    private async ValueTask<bool> ShowAsync(ValueTask<bool> moving)
    {
        try
        {
            return Show(await moving.ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            Failure = exception;
            return false;
        }
    }

    private bool Show(bool hasMoved)
    {
        if (hasMoved)
        {
            Current = _events!.Current;
        }

        return hasMoved;
    }

    private async ValueTask<bool> AdvanceAsync()
    {
        while (true)
        {
            if ((HasContent || _hasEnded) && _held.TryTake(out var shown))
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
            if (streamEvent.IsNotice)
            {
                Current = streamEvent;
                return true;
            }

            Hold(streamEvent);
        }
    }

    private async ValueTask<bool> TryReadAsync()
    {
        try
        {
            _events ??= open(); // a client may throw out of the call itself
            _hasEnded = !await _events.MoveNextAsync().ConfigureAwait(false);
            if (_hasEnded && !_hasBegun)
            {
                throw new StreamInterruptedException("The stream of the client ended without an event", bytesReceived: null);
            }

            _hasBegun = true;
        }
        catch (Exception exception)
        {
            Failure = exception;
            return false;
        }

        if (_hasEnded)
        {
            Decide(FailureKind.Other);
        }

        return true;
    }

    private void Hold(StreamEvent streamEvent)
    {
        if (_held.Add(streamEvent) || streamEvent is StreamResumed)
        {
            HasContent = true;
            breaker.Answer();
        }
    }

    /// <summary>Counts the request once: at its end, however that comes.</summary>
    /// <param name="kind">What failed; <see langword="null"/> for a request that was left before it had shown what the client is worth.</param>
    private void Decide(FailureKind? kind)
    {
        if (_isDecided)
        {
            return;
        }

        _isDecided = true;
        if (kind is null)
        {
            breaker.Abandon(probe);
        }
        else if (Failure is not null && (!HasContent || kind is FailureKind.Transient or FailureKind.Down))
        {
            breaker.Fail(probe, kind.Value, (Failure as ProviderException)?.RetryAfter);
        }
        else
        {
            breaker.Succeed();
        }
    }
}
