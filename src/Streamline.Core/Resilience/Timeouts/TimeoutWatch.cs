namespace Streamline.Resilience;

/// <summary>Watches the time limits of one enumeration and cancels <see cref="Token"/> when one of them passes.</summary>
/// <remarks>
/// The enumeration calls <see cref="BeginWait"/> and <see cref="EndWait"/> around each wait; timers call in from any thread. One timer serves all waits and is
/// armed only during them.
/// </remarks>
internal sealed class TimeoutWatch : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeoutOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer? _totalTimer;
    private readonly ThroughputMeter? _throughput;
    private ITimer? _waitTimer;
    private (StreamTimeoutPhase Phase, TimeSpan Limit) _reported;
    private TimeSpan _limit;
    private TimeSpan _silence;
    private long _waitingSince;
    private bool _isWaiting;
    private bool _hasBegun; // an event other than a sign of life has come

    public TimeoutWatch(TimeoutOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        _options = options;
        _time = time;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _throughput = options.MinThroughput is { } minimum ? new ThroughputMeter(minimum, options.MaxLag) : null;
        if (options.Total is { } total)
        {
            _totalTimer = time.CreateTimer(static watch => ((TimeoutWatch)watch!).OnTotalTimer(), this, total, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Cancelled by the caller and by the first limit that passes.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The first limit that has passed; null when none has.</summary>
    public (StreamTimeoutPhase Phase, TimeSpan Limit)? Passed
    {
        get
        {
            lock (_lock)
            {
                return field;
            }
        }

        private set;
    }

    /// <summary>Begins to wait for the next event.</summary>
    public void BeginWait()
    {
        var (phase, limit, left) = FindShortest();
        if (limit is null)
        {
            return;
        }

        lock (_lock)
        {
            _reported = (phase, limit.Value);
            _limit = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            _waitingSince = _time.GetTimestamp();
            _isWaiting = true;
            _waitTimer ??= _time.CreateTimer(static watch => ((TimeoutWatch)watch!).OnWaitTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _waitTimer.Change(_limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Finds the limit that passes first; of two that pass together, the one that says more.</summary>
    private (StreamTimeoutPhase Phase, TimeSpan? Limit, TimeSpan Left) FindShortest()
    {
        var found = _hasBegun ? (StreamTimeoutPhase.Idle, _options.Idle, _options.Idle ?? default) : (StreamTimeoutPhase.FirstEvent, _options.FirstEvent, _options.FirstEvent - _silence ?? default);
        if (_options.Progress is { } progress && (found.Item2 is null || progress - _silence < found.Item3))
        {
            found = (StreamTimeoutPhase.Progress, progress, progress - _silence);
        }

        return _throughput?.Left is { } lag && (found.Item2 is null || lag < found.Item3) ? (StreamTimeoutPhase.Throughput, _options.MaxLag, lag) : found;
    }

    /// <summary>Ends a wait; does nothing when there is none.</summary>
    public void EndWait()
    {
        // Only the enumeration writes the flag, so it may read it without the lock.
        if (!_isWaiting)
        {
            return;
        }

        lock (_lock)
        {
            _isWaiting = false;
            var waited = _time.GetElapsedTime(_waitingSince);
            _silence += waited;
            _throughput?.NoteWait(waited);
            _waitTimer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Notes an event: any but a <see cref="KeepAlive"/> is progress. A response begins with an event of its own, and begins again when another request is made for it.</summary>
    public void Note(StreamEvent streamEvent)
    {
        if (streamEvent is not KeepAlive)
        {
            _silence = TimeSpan.Zero;
            _hasBegun = streamEvent is not (RetryScheduled or ClientChanged) && (_hasBegun || !streamEvent.IsNotice);
            _throughput?.Note(streamEvent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Waits for callbacks that are under way: none of them may find the source disposed.
        if (_waitTimer is not null)
        {
            await _waitTimer.DisposeAsync().ConfigureAwait(false);
        }

        if (_totalTimer is not null)
        {
            await _totalTimer.DisposeAsync().ConfigureAwait(false);
        }

        _cancellation.Dispose();
    }

    private void OnWaitTimer()
    {
        lock (_lock)
        {
            if (!_isWaiting)
            {
                return;
            }

            // The callback of an earlier wait may come late, and a timer may fire a little early by the clock of the timestamps.
            var left = _limit - _time.GetElapsedTime(_waitingSince);
            if (left > TimeSpan.Zero)
            {
                _waitTimer!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }

            Passed ??= _reported;
        }

        _cancellation.CancelSafely();
    }

    private void OnTotalTimer()
    {
        lock (_lock)
        {
            Passed ??= (StreamTimeoutPhase.Total, _options.Total!.Value);
        }

        _cancellation.CancelSafely();
    }
}
