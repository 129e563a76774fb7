namespace Streamline;

/// <summary>Watches the time limits of one enumeration and cancels <see cref="Token"/> when one of them passes.</summary>
/// <remarks>
/// The enumeration calls <see cref="BeginWait"/> and <see cref="EndWait"/> around each wait; timers call in from any thread. One timer serves
/// all waits and is armed only while one goes on.
/// </remarks>
internal sealed class TimeoutWatch : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer _waitTimer;
    private readonly ITimer? _totalTimer;
    private readonly TimeSpan _total;
    private TimeSpan _limit;
    private StreamTimeoutPhase _phase;
    private long _waitingSince;
    private bool _isWaiting;

    public TimeoutWatch(TimeoutOptions options, CancellationToken cancellationToken)
    {
        _time = options.TimeProvider;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _waitTimer = _time.CreateTimer(static watch => ((TimeoutWatch)watch!).OnWaitTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (options.Total is { } total)
        {
            _total = total;
            _totalTimer = _time.CreateTimer(
                static watch => ((TimeoutWatch)watch!).OnTotalTimer(), this, total, Timeout.InfiniteTimeSpan);
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

    public void BeginWait(StreamTimeoutPhase phase, TimeSpan? limit)
    {
        if (limit is null)
        {
            return;
        }

        lock (_lock)
        {
            _phase = phase;
            _limit = limit.Value;
            _waitingSince = _time.GetTimestamp();
            _isWaiting = true;
            _waitTimer.Change(limit.Value, Timeout.InfiniteTimeSpan);
        }
    }

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
            _waitTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Waits for callbacks that are under way: none of them may find the source disposed.
        await _waitTimer.DisposeAsync().ConfigureAwait(false);
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
                _waitTimer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }

            Passed ??= (_phase, _limit);
        }

        _cancellation.Cancel();
    }

    private void OnTotalTimer()
    {
        lock (_lock)
        {
            Passed ??= (StreamTimeoutPhase.Total, _total);
        }

        _cancellation.Cancel();
    }
}
