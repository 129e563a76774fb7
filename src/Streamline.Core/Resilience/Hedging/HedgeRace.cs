namespace Streamline.Resilience;

/// <summary>The time until the first content of one answer: one request, and a second one when the first is late.</summary>
internal sealed class HedgeRace(IStreamClient inner, StreamRequest request, HedgingOptions options, HedgeGovernor governor, TimeProvider time, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly long _start = time.GetTimestamp();
    private readonly double _tokens = RequestSize.EstimateTokens(request);
    private readonly HedgeContender _primary = new(options.PrimaryName, inner, request, cancellationToken);
    private HedgeContender? _hedge;
    private HedgeContender? _winner;
    private Task _closing = Task.CompletedTask;
    private TimeSpan? _delay;
    private bool _isDelayKnown;
    private bool _hasWaited;

    /// <summary>Gets the event to show.</summary>
    public StreamEvent? Current { get; private set; }

    /// <summary>Gets the one that answers, once it is known.</summary>
    public HedgeContender? Winner => _winner;

    /// <summary>Gets the failure that ends the answer: that of the first request, if both have failed.</summary>
    public Exception? Failure { get; private set; }

    public double Tokens => _tokens;

    /// <summary>Moves on to the next event to show, until there is a winner or a failure.</summary>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (_winner is null && Failure is null)
        {
            if (await StepAsync().ConfigureAwait(false) is { } shown)
            {
                Current = shown;
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _closing.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The answer is that of the winner, whatever becomes of the loser.
        }

        try
        {
            await _primary.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            if (_hedge is not null)
            {
                await _hedge.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<StreamEvent?> StepAsync()
    {
        if (_hedge is null)
        {
            if (!await IsReadBeforeItIsLateAsync().ConfigureAwait(false))
            {
                return Start();
            }

            return await TakeAsync(_primary).ConfigureAwait(false);
        }

        var first = _primary.HasEnded ? _hedge
            : _hedge.HasEnded ? _primary
            : await Task.WhenAny(_primary.ReadAsync(), _hedge.ReadAsync()).ConfigureAwait(false) is var read && read == _primary.ReadAsync() ? _primary
            : _hedge;
        await first.ReadAsync().ConfigureAwait(false);
        return await TakeAsync(first).ConfigureAwait(false);
    }

    private async ValueTask<StreamEvent?> TakeAsync(HedgeContender contender)
    {
        var shown = await contender.TakeAsync().ConfigureAwait(false);
        _hasWaited |= shown is RateLimitWait or RetryScheduled;
        if (contender.HasWon)
        {
            return Win(contender);
        }

        if (_primary.HasEnded && _hedge?.HasEnded != false)
        {
            Failure = _primary.Failure;
        }

        return shown;
    }

    private HedgeEnded? Win(HedgeContender contender)
    {
        _winner = contender;
        if (!_hasWaited)
        {
            governor.NoteTime(request, _tokens, contender == _primary ? time.GetElapsedTime(_start) : null);
        }

        if (_hedge is null)
        {
            return null;
        }

        // Closing the loser makes it fail too.
        var loser = contender == _primary ? _hedge : _primary;
        var ended = new HedgeEnded { Winner = contender.Name, Loser = loser.Name, LoserFailed = loser.Failure is not null, LoserUsage = loser.Usage };
        governor.NoteLoser(loser.Usage);
        _closing = loser.DisposeAsync().AsTask();
        return ended;
    }

    private HedgeStarted? Start()
    {
        var delay = time.GetElapsedTime(_start);
        _delay = null; // once for each answer
        if (!governor.TryTake(_tokens))
        {
            return null;
        }

        _hedge = new HedgeContender(options.HedgeName, options.Client ?? inner, request, cancellationToken);
        _ = _hedge.ReadAsync();
        return new HedgeStarted { Client = options.HedgeName, Delay = delay };
    }

    // A request that its own pipeline holds back is not late.
    private async ValueTask<bool> IsReadBeforeItIsLateAsync()
    {
        var read = _primary.ReadAsync();
        if (!_isDelayKnown)
        {
            (_isDelayKnown, _delay) = (true, governor.IsAllowed(request) ? governor.DelayOf(request, _tokens) : null);
        }

        if (_delay is not { } delay || _hasWaited)
        {
            await read.ConfigureAwait(false);
            return true;
        }

        var due = delay - time.GetElapsedTime(_start);
        if (due > TimeSpan.Zero && !read.IsCompleted)
        {
            var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), late, due, Timeout.InfiniteTimeSpan);
            await using (timer.ConfigureAwait(false))
            {
                await Task.WhenAny(read, late.Task).ConfigureAwait(false);
            }
        }

        return read.IsCompleted;
    }
}
