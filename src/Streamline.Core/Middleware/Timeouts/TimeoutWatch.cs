namespace Streamline;

/// <summary>Watches the time limits of one enumeration and cancels <see cref="Token"/> when one of them passes.</summary>
/// <remarks>
/// The enumeration calls <see cref="BeginWait"/> and <see cref="EndWait"/> around each wait; timers call in from any thread. One timer serves
/// all waits: it is not moved with each event but finds out, when it fires, how much of the wait that then goes on is left.
/// </remarks>
internal sealed class TimeoutWatch : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer _waitTimer;
    private readonly ITimer? _totalTimer;
    private readonly TimeSpan _total;
    private TimeSpan? _limit;
    private StreamTimeoutPhase _phase;
    private long _waitingSince;
    private bool _isWaiting;
    private bool _isTimerRunning;

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
            // A limit shorter than the one that the timer runs for would be noticed too late.
            var isTimerLate = !_isTimerRunning || limit < _limit;
            _phase = phase;
            _limit = limit;
            _waitingSince = _time.GetTimestamp();
            _isWaiting = true;
            if (isTimerLate)
            {
                Start(limit.Value);
            }
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
            _isTimerRunning = false;
            if (!_isWaiting)
            {
                return;
            }

            // The timer was set for an earlier wait, or fired a little early by the clock of the timestamps.
            var left = _limit!.Value - _time.GetElapsedTime(_waitingSince);
            if (left > TimeSpan.Zero)
            {
                Start(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)));
                return;
            }

            Passed ??= (_phase, _limit.Value);
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

    private void Start(TimeSpan due)
    {
        _isTimerRunning = true;
        _waitTimer.Change(due, Timeout.InfiniteTimeSpan);
    }
}
