namespace Streamline.Chaos.Leaks;

/// <summary>
/// The clock of one conversation. Short waits, such as delays between attempts, end at once; longer ones, such as time limits, end when the clock is moved. It counts the timers that
/// were never disposed.
/// </summary>
internal sealed class ChaosClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan LongestLeap = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<ChaosTimer> _armed = [];
    private long _now;
    private int _undisposed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Gets how many timers have been created and not disposed.</summary>
    public int Undisposed => Volatile.Read(ref _undisposed);

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _undisposed);
        var timer = new ChaosTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and fires what is due, in order.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }
    }

    private ChaosTimer? TakeDue(long end)
    {
        lock (_lock)
        {
            var next = _armed.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            _now = Math.Max(_now, next?.Due ?? end);
            if (next is not null)
            {
                _armed.Remove(next);
            }

            return next;
        }
    }

    private void Arm(ChaosTimer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _armed.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            if (dueTime > LongestLeap)
            {
                timer.Due = _now + dueTime.Ticks;
                _armed.Add(timer);
                return;
            }

            _now += dueTime.Ticks;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static due => due.Fire(), timer, preferLocal: false);
    }

    private void Forget(ChaosTimer timer)
    {
        Interlocked.Decrement(ref _undisposed);
        lock (_lock)
        {
            _armed.Remove(timer);
        }
    }

    private sealed class ChaosTimer(ChaosClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly Lock _firing = new();
        private TaskCompletionSource? _idle;
        private int _running;
        private bool _isDisposed;

        public long Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (Volatile.Read(ref _isDisposed))
            {
                return false;
            }

            clock.Arm(this, dueTime);
            return true;
        }

        public void Fire()
        {
            lock (_firing)
            {
                if (_isDisposed)
                {
                    return;
                }

                _running++;
            }

            try
            {
                callback(state);
            }
            finally
            {
                lock (_firing)
                {
                    if (--_running == 0)
                    {
                        _idle?.TrySetResult();
                    }
                }
            }
        }

        public void Dispose()
        {
            lock (_firing)
            {
                if (_isDisposed)
                {
                    return;
                }

                _isDisposed = true;
            }

            clock.Forget(this);
        }

        /// <summary>Completes, as that of the system's timers, when no callback runs any more.</summary>
        public ValueTask DisposeAsync()
        {
            Dispose();
            lock (_firing)
            {
                if (_running == 0)
                {
                    return ValueTask.CompletedTask;
                }

                _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask(_idle.Task);
            }
        }
    }
}
