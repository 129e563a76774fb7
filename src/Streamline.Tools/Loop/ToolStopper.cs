namespace Streamline.Tools;

/// <summary>Stops the tools of one stream: those that take too long, whose sibling failed, or whose stream is left. One that ignores its token is abandoned after the grace period.</summary>
internal sealed class ToolStopper(ToolScheduler scheduler, ToolInvoker invoker, ToolLockTable locks)
{
    private TaskCompletionSource? _allEnded;
    private string? _failedTool;
    private int _active; // tools that have started and neither ended nor been abandoned

    /// <summary>Whether the stream is being left, so that nothing starts any more. Under the scheduler's lock.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Tells why no tool may start now; <see langword="null"/> when one may. Under the scheduler's lock.</summary>
    public ToolOutcome? Refuse() =>
        IsStopped ? ToolErrors.NotRunStreamLeft()
        : _failedTool is { } failed ? ToolErrors.SiblingFailed(failed, started: false)
        : null;

    /// <summary>Begins another response, whose calls are not the siblings of those before.</summary>
    public void BeginResponse()
    {
        lock (scheduler.Sync)
        {
            _failedTool = null;
        }
    }

    /// <summary>Notes that a tool starts. Under the scheduler's lock.</summary>
    public void NoteStart() => _active++;

    /// <summary>Limits how long a tool may run from now on, unless its call is settled already.</summary>
    public void Limit(ToolCall call)
    {
        lock (scheduler.Sync)
        {
            if (call is { Outcome: null, Result: null })
            {
                scheduler.Deadlines.Set(call, LimitOf(call), OnTimeout);
            }
        }
    }

    /// <summary>Notes what a tool gave that has only to release what it used. This is its outcome, whatever becomes of the release, which gets the grace period.</summary>
    public void NoteResult(ToolCall call, ToolOutcome result)
    {
        lock (scheduler.Sync)
        {
            if (call.Outcome is null)
            {
                call.Result = result;
                scheduler.Deadlines.Set(call, scheduler.Options.GracePeriod, OnReleaseTimeout);
            }
        }
    }

    /// <summary>Notes that a tool has really ended.</summary>
    public void NoteEnd(ToolCall call)
    {
        lock (scheduler.Sync)
        {
            call.IsEnded = true;
            if (!call.IsAbandoned)
            {
                NoteInactive();
            }
        }
    }

    /// <summary>Stops a tool that nobody waits for any more.</summary>
    public void Discard(ToolCall call)
    {
        scheduler.Settle(call, ToolErrors.Stopped());
        Stop(call);
    }

    /// <summary>Stops the siblings of a failed call, if its tool wants that.</summary>
    public void FailSiblings(ToolCall failed)
    {
        if (failed.Tool?.Options.CancelSiblingsOnFailure != true)
        {
            return;
        }

        List<ToolCall> siblings;
        lock (scheduler.Sync)
        {
            if (failed.IsDetached || _failedTool is not null)
            {
                return;
            }

            _failedTool = failed.Name;
            siblings = [.. scheduler.Queue.Waiting.Concat(scheduler.Queue.Running).Concat(scheduler.Asked).Where(call => call is { Outcome: null, IsDetached: false })];
        }

        foreach (var sibling in siblings)
        {
            scheduler.Settle(sibling, ToolErrors.SiblingFailed(failed.Name, sibling.IsStarted));
            Stop(sibling);
        }
    }

    /// <summary>Stops every tool and waits until each has ended or the grace period is over. Calls whose tools have not started must be settled already; all are afterwards. What had finished keeps its result.</summary>
    public ValueTask StopAsync()
    {
        ToolCall[] running;
        lock (scheduler.Sync)
        {
            IsStopped = true;
            if (_active == 0 && scheduler.Cleanup.RollbacksAsync().IsCompleted)
            {
                return ValueTask.CompletedTask;
            }

            _allEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_active == 0)
            {
                _allEnded.SetResult();
            }

            running = [.. scheduler.Queue.Running];
        }

        return StopAsync(running, _allEnded.Task);
    }

    private async ValueTask StopAsync(ToolCall[] running, Task allEnded)
    {
        Array.ForEach(running, invoker.Cancel);
        await GracePeriod.WaitAsync(EndAsync(allEnded), scheduler.Options.GracePeriod, scheduler.Options.Clock).ConfigureAwait(false);
        foreach (var call in running.Where(call => !call.IsEnded))
        {
            scheduler.Settle(call, ToolErrors.DidNotStop());
            Abandon(call);
        }
    }

    private async Task EndAsync(Task allEnded)
    {
        await allEnded.ConfigureAwait(false);
        Task rollbacks;
        lock (scheduler.Sync)
        {
            rollbacks = scheduler.Cleanup.RollbacksAsync();
        }

        await rollbacks.ConfigureAwait(false);
    }

    private void NoteInactive()
    {
        if (--_active == 0)
        {
            _allEnded?.TrySetResult();
        }
    }

    private TimeSpan LimitOf(ToolCall call) => call.Tool!.Options.Timeout ?? scheduler.Options.DefaultTimeout;

    private void OnTimeout(ToolCall call)
    {
        scheduler.Settle(call, ToolErrors.TimedOut(LimitOf(call)));
        Stop(call);
    }

    private void OnReleaseTimeout(ToolCall call)
    {
        scheduler.Settle(call, call.Result!);
        Abandon(call);
    }

    /// <summary>Tells a tool to stop, and gives it the grace period to do so.</summary>
    private void Stop(ToolCall call)
    {
        lock (scheduler.Sync)
        {
            if (!scheduler.Queue.IsRunning(call))
            {
                return;
            }

            scheduler.Deadlines.Set(call, scheduler.Options.GracePeriod, Abandon);
        }

        invoker.Cancel(call);
    }

    private void Abandon(ToolCall call)
    {
        lock (scheduler.Sync)
        {
            if (!scheduler.Queue.Remove(call))
            {
                return;
            }

            call.IsAbandoned = true;
            NoteInactive();
            scheduler.Events.Add(call, new ToolAbandoned { CallId = call.CallId, Name = call.Name });
        }

        invoker.Report(call, ToolErrors.Abandoned());
        if (call.Ticket is { } ticket)
        {
            locks.Abandon(ticket);
        }

        scheduler.StartNext(mayInline: false);
        scheduler.Events.Wake();
    }
}
