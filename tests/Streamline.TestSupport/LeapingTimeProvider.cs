namespace Streamline.TestSupport;

/// <summary>A clock that leaps to the due time of each timer as soon as it is armed, so that every wait ends at once and still counts. For one thing that waits at a time.</summary>
public sealed class LeapingTimeProvider : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _ticks;

    /// <summary>Gets the longest wait that ends; longer ones, such as time limits, never do.</summary>
    public TimeSpan MaxLeap { get; init; } = TimeSpan.MaxValue;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new LeapingTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class LeapingTimer(LeapingTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.Zero && dueTime <= clock.MaxLeap)
            {
                Interlocked.Add(ref clock._ticks, dueTime.Ticks);
                ThreadPool.QueueUserWorkItem(_ => callback(state));
            }

            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
