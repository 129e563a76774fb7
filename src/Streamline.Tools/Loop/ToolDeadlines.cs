namespace Streamline.Tools;

/// <summary>What is due when: the time limits of the tools of one stream, of grace periods and of approvals. One timer serves all of them.</summary>
/// <remarks>Used under the scheduler's lock. The timer is not set back when a call ends in time: it finds nothing due, and waits for the next one.</remarks>
internal sealed class ToolDeadlines(Lock sync, TimeProvider time) : IDisposable
{
    private List<ToolCall>? _calls;
    private ITimer? _timer;
    private long _timerAt = long.MaxValue;

    /// <summary>Sets what happens to a call after a time, in place of what was set before.</summary>
    /// <param name="call">The call.</param>
    /// <param name="due">The time; infinite for never.</param>
    /// <param name="act">What happens; called outside of the lock.</param>
    public void Set(ToolCall call, TimeSpan due, Action<ToolCall> act)
    {
        Clear(call);
        if (due == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        var at = time.GetTimestamp() + (long)(due.TotalSeconds * time.TimestampFrequency);
        call.Deadline = (at, act);
        (_calls ??= []).Add(call);
        if (at < _timerAt)
        {
            Arm(at, due);
        }
    }

    /// <summary>Nothing is due for a call any more.</summary>
    public void Clear(ToolCall call)
    {
        if (call.Deadline is not null)
        {
            call.Deadline = null;
            _calls!.Remove(call);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Arm(long at, TimeSpan due)
    {
        _timerAt = at;
        if (_timer is null)
        {
            _timer = time.CreateTimer(static deadlines => ((ToolDeadlines)deadlines!).OnTimer(), this, due, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        List<(ToolCall Call, Action<ToolCall> Act)> passed = [];
        lock (sync)
        {
            _timerAt = long.MaxValue;
            var now = time.GetTimestamp();
            var next = long.MaxValue;
            foreach (var call in _calls!)
            {
                var (at, act) = call.Deadline!.Value;
                if (at <= now)
                {
                    passed.Add((call, act));
                }
                else
                {
                    next = Math.Min(next, at);
                }
            }

            passed.ForEach(due => Clear(due.Call));
            if (next != long.MaxValue)
            {
                // Rounded up, because a timer may fire a little early by the clock of the timestamps.
                Arm(next, TimeSpan.FromMilliseconds(Math.Ceiling(time.GetElapsedTime(now, next).TotalMilliseconds)));
            }
        }

        passed.ForEach(due => due.Act(due.Call));
    }
}
