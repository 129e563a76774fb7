namespace Streamline.Tools;

/// <summary>
/// Moves the calls of one stream from state to state: a bounded number of tools at once, in call order, an exclusive one alone, each with the resources that it needs,
/// each outcome once. Nothing here waits for the reader of the stream, and the reader never waits for a tool.
/// </summary>
/// <remarks>
/// Everything about a call changes under <see cref="Sync"/>. Whatever runs code of others (observers, cancellation, lock tables) happens after it was released.
/// </remarks>
internal sealed class ToolScheduler(ToolLoopOptions options, ToolInvoker invoker, ToolLockTable locks)
{
    private readonly ToolQueue _queue = new(options.MaxConcurrency);
    private readonly HashSet<ToolCall> _siblings = [];
    private readonly List<Task> _rollbacks = [];
    private string? _failedTool;
    private bool _isStopped;

    /// <summary>The lock of the stream's calls.</summary>
    public Lock Sync { get; } = new();

    public ToolEvents Events => field ??= new ToolEvents(Sync, options.MaxPendingProgress);

    public ToolLoopOptions Options => options;

    /// <summary>Runs the tool of a call when its turn comes.</summary>
    public void Submit(ToolCall call)
    {
        ToolLockTicket? ticket = null;
        ToolOutcome? refusal = null;
        try
        {
            ticket = ToolLockTicket.Create(call, OnTicketChanged);
        }
        catch (Exception exception)
        {
            refusal = ToolErrors.ResourcesUnknown(exception, options.IncludeExceptionDetails);
        }

        lock (Sync)
        {
            refusal ??= _isStopped ? ToolErrors.NotRunStreamLeft()
                : _failedTool is { } failed ? ToolErrors.SiblingFailed(failed, started: false)
                : _queue.TryCount(call.Tool!) ? null
                : ToolErrors.TooManyCalls(call.Tool!.Options.MaxCalls!.Value);
            if (refusal is null && call.State < ToolCallState.Waiting)
            {
                call.State = ToolCallState.Waiting;
                call.Ticket = ticket;
                _siblings.Add(call);
                _queue.Add(call);
                if (ticket is not null)
                {
                    locks.Enter(ticket);
                }
            }
        }

        if (refusal is not null)
        {
            Settle(call, refusal);
        }
        else if (ticket?.State == ToolLockState.Refused)
        {
            Settle(call, ToolErrors.ResourceLost(ticket.ConflictingKey!));
        }

        StartNext();
        Events.AddWait(call);
    }

    /// <summary>Gives a call its outcome, unless it has one.</summary>
    /// <returns>Whether it was this outcome that settled it.</returns>
    public bool Settle(ToolCall call, ToolOutcome outcome)
    {
        lock (Sync)
        {
            if (!TrySettle(call, outcome))
            {
                return false;
            }
        }

        AfterSettled(call);
        return true;
    }

    /// <summary>Settles a call whose tool has not started, so that it never will.</summary>
    public void Withdraw(ToolCall call, ToolOutcome outcome)
    {
        lock (Sync)
        {
            if (call.IsStarted || !TrySettle(call, outcome))
            {
                return;
            }
        }

        AfterSettled(call);
    }

    /// <summary>Begins a new attempt at the response. What its calls had to tell is dropped, and those that have not started never will.</summary>
    /// <returns>The calls whose tools have started. An equal call of the new attempt gets their results.</returns>
    public List<ToolCall> Restart(IReadOnlyList<ToolCall> discarded)
    {
        List<ToolCall> withdrawn = [];
        lock (Sync)
        {
            _siblings.Clear();
            _failedTool = null;
            foreach (var call in discarded)
            {
                Events.Remove(call);
                call.IsDetached = true;
                if (!call.IsStarted && TrySettle(call, ToolErrors.Stopped()))
                {
                    withdrawn.Add(call);
                }
            }
        }

        withdrawn.ForEach(CleanUp);
        return [.. discarded.Where(call => call.IsStarted)];
    }

    /// <summary>Puts a call of a discarded attempt in the place of its equal in the new one.</summary>
    public void Adopt(ToolCall call, string callId)
    {
        bool hasFailed;
        lock (Sync)
        {
            call.Adopt(callId);
            call.IsDetached = false;
            _siblings.Add(call);
            Events.Add(call, new ToolExecutionStarted { CallId = callId, Name = call.Name });
            if (call.Outcome is { } outcome)
            {
                Events.Add(call, outcome.ToEvent(call));
            }

            hasFailed = call.Outcome is { IsError: true };
        }

        if (hasFailed)
        {
            FailSiblings(call);
        }
    }

    /// <summary>Stops a tool that nobody waits for any more.</summary>
    public void Discard(ToolCall call)
    {
        Settle(call, ToolErrors.Stopped());
        Stop(call);
    }

    /// <summary>Stops every tool and waits until each has ended or the grace period is over. All calls are settled afterwards; what had finished keeps its result.</summary>
    public async ValueTask StopAsync()
    {
        ToolCall[] waiting, running;
        Task[] ending;
        lock (Sync)
        {
            _isStopped = true;
            waiting = [.. _queue.Waiting];
            running = [.. _queue.Running];
        }

        Array.ForEach(waiting, call => Withdraw(call, ToolErrors.NotRunStreamLeft()));
        Array.ForEach(running, invoker.Cancel);
        lock (Sync)
        {
            ending = [.. running.Select(call => call.Completion), .. _rollbacks];
        }

        await GracePeriod.WaitAsync(Task.WhenAll(ending), options.GracePeriod, options.TimeProvider).ConfigureAwait(false);
        foreach (var call in running.Where(call => !call.Completion.IsCompleted))
        {
            Settle(call, ToolErrors.DidNotStop());
            Abandon(call);
        }
    }

    private void OnTicketChanged(ToolCall call)
    {
        if (call.Ticket is { State: ToolLockState.Refused, ConflictingKey: { } key })
        {
            Settle(call, ToolErrors.ResourceLost(key));
        }

        StartNext();
    }

    private void StartNext()
    {
        lock (Sync)
        {
            while (!_isStopped && _queue.TryTakeNext() is { } call)
            {
                Start(call);
            }
        }
    }

    private void Start(ToolCall call)
    {
        call.State = ToolCallState.Running;
        call.IsStarted = true;
        call.StartedAt = options.TimeProvider.GetTimestamp();
        Events.Add(call, new ToolExecutionStarted { CallId = call.CallId, Name = call.Name });
        var timeout = call.Tool!.Options.Timeout ?? options.DefaultTimeout;
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            SetTimer(call, timeout, OnTimeout);
        }

        if (call.ExecutionContext is { } context)
        {
            ExecutionContext.Run(context, _ => StartOnPool(call), state: null);
        }
        else
        {
            using (ExecutionContext.SuppressFlow())
            {
                StartOnPool(call);
            }
        }
    }

    // On the thread pool, so that a tool that works before its first await does not hold up the stream.
    private void StartOnPool(ToolCall call) => call.Completion = Task.Run(() => RunAsync(call));

    private async Task RunAsync(ToolCall call)
    {
        var outcome = await invoker.InvokeAsync(call, ReportProgress).ConfigureAwait(false);
        bool isSettled;
        lock (Sync)
        {
            isSettled = TrySettle(call, outcome);
            _queue.Remove(call);
            SetTimer(call, Timeout.InfiniteTimeSpan, onDue: null);
        }

        if (isSettled)
        {
            AfterSettled(call);
        }
        else if (outcome.Exception is not null)
        {
            invoker.Report(call, outcome);
        }

        CleanUp(call);
        StartNext();
        await (call.Input?.RollBackAsync() ?? Task.CompletedTask).ConfigureAwait(false); // nothing to do after a commit
    }

    private void ReportProgress(ToolCall call, System.Text.Json.JsonElement progress)
    {
        lock (Sync)
        {
            if (call is { Outcome: null, IsDetached: false } && !_isStopped)
            {
                Events.AddProgress(call, progress);
            }
        }
    }

    private bool TrySettle(ToolCall call, ToolOutcome outcome)
    {
        if (call.Outcome is not null)
        {
            return false;
        }

        var wasAsked = call.State == ToolCallState.AwaitingApproval;
        call.Outcome = call.IsStarted ? outcome with { Duration = options.TimeProvider.GetElapsedTime(call.StartedAt) } : outcome;
        call.State = ToolCallState.Settled;
        if (!call.IsStarted)
        {
            _queue.Remove(call);
            SetTimer(call, Timeout.InfiniteTimeSpan, onDue: null);
        }

        if (!call.IsDetached)
        {
            if (wasAsked)
            {
                Events.Add(call, new ApprovalResolved { ApprovalId = call.Approval!.ApprovalId, CallId = call.CallId, Name = call.Name, Decision = ApprovalDecision.Denied });
            }

            Events.Add(call, call.Outcome.ToEvent(call));
        }

        return true;
    }

    private void AfterSettled(ToolCall call)
    {
        if (!call.IsStarted)
        {
            CleanUp(call);
        }

        if (call.Outcome is { IsError: true } outcome)
        {
            invoker.Report(call, outcome);
            FailSiblings(call);
        }
    }

    /// <summary>Gives back what a call that is over, or will never start, holds.</summary>
    public void CleanUp(ToolCall call)
    {
        if (call.Ticket is { } ticket)
        {
            locks.Leave(ticket);
        }

        if (call.Input is { } input)
        {
            lock (Sync)
            {
                _rollbacks.RemoveAll(rollback => rollback.IsCompleted);
                _rollbacks.Add(input.RollBackAsync());
            }
        }
    }

    private void FailSiblings(ToolCall failed)
    {
        List<ToolCall> siblings;
        lock (Sync)
        {
            if (failed.Tool?.Options.CancelSiblingsOnFailure != true || failed.IsDetached || _failedTool is not null)
            {
                return;
            }

            _failedTool = failed.Name;
            siblings = [.. _siblings.Where(sibling => sibling.Outcome is null)];
        }

        foreach (var sibling in siblings)
        {
            Settle(sibling, ToolErrors.SiblingFailed(failed.Name, sibling.IsStarted));
            Stop(sibling);
        }
    }

    private void OnTimeout(ToolCall call)
    {
        Settle(call, ToolErrors.TimedOut(call.Tool!.Options.Timeout ?? options.DefaultTimeout));
        Stop(call);
    }

    /// <summary>Tells a tool to stop, and gives it the grace period to do so.</summary>
    private void Stop(ToolCall call)
    {
        lock (Sync)
        {
            if (!_queue.Running.Contains(call))
            {
                return;
            }

            SetTimer(call, options.GracePeriod, Abandon);
        }

        invoker.Cancel(call);
    }

    private void Abandon(ToolCall call)
    {
        lock (Sync)
        {
            if (!_queue.Remove(call))
            {
                return;
            }

            call.IsAbandoned = true;
            SetTimer(call, Timeout.InfiniteTimeSpan, onDue: null);
            Events.Add(call, new ToolAbandoned { CallId = call.CallId, Name = call.Name });
        }

        invoker.Report(call, ToolErrors.Abandoned());
        if (call.Ticket is { } ticket)
        {
            locks.Abandon(ticket);
        }

        StartNext();
    }

    public void SetTimer(ToolCall call, TimeSpan due, Action<ToolCall>? onDue)
    {
        call.Timer?.Dispose();
        call.Timer = onDue is null ? null : options.TimeProvider.CreateTimer(_ => onDue(call), state: null, due, Timeout.InfiniteTimeSpan);
    }
}
