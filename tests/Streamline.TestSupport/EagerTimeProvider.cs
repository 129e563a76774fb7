namespace Streamline.TestSupport;

/// <summary>A clock whose timers are due as soon as they are set, on the thread pool: whatever a timer can meet, it meets.</summary>
public sealed class EagerTimeProvider : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new EagerTimer(callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class EagerTimer(TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) =>
            dueTime == Timeout.InfiniteTimeSpan || ThreadPool.QueueUserWorkItem(_ => callback(state));

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
