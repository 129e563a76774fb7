using System.Text.Json;

namespace Streamline.Tools;

/// <summary>
/// Moves the calls of one stream from state to state: a bounded number of tools at once, in call order, an exclusive one alone, each with the resources that it needs,
/// each outcome once. Nothing here waits for the reader of the stream, and the reader never waits for a tool.
/// </summary>
/// <remarks>
/// Everything about a call changes under <see cref="Sync"/>. Whatever runs code of others (observers, cancellation, lock tables) happens after it was released.
/// </remarks>
internal sealed class ToolScheduler : IDisposable
{
    private readonly ToolLockTable _locks;
    private readonly Action<ToolCall> _runOnPool;
    private int _pending;

    public ToolScheduler(ToolLoopOptions options, ToolInvoker invoker, ToolLockTable locks)
    {
        (Options, Invoker, _locks) = (options, invoker, locks);
        _runOnPool = RunOnPool;
        Queue = new ToolQueue(options.MaxConcurrency);
        Events = new ToolEvents(Sync, options.MaxPendingProgress);
        Deadlines = new ToolDeadlines(Sync, options.Clock);
        Cleanup = new ToolCleanup(Sync, locks);
        Stopper = new ToolStopper(this, invoker, locks);
    }

    public ToolLoopOptions Options { get; }

    /// <summary>The lock of the stream's calls.</summary>
    public Lock Sync { get; } = new();

    public ToolEvents Events { get; }

    public ToolInvoker Invoker { get; }

    public ToolDeadlines Deadlines { get; }

    public ToolStopper Stopper { get; }

    public ToolCleanup Cleanup { get; }

    public ToolQueue Queue { get; }

    /// <summary>The calls that await approval. Under the lock.</summary>
    public List<ToolCall> Asked { get; } = [];

    /// <summary>Whether a call is on its way, so that the reader has to wait for it. To be asked before events are taken: what settles in between leaves an event.</summary>
    public bool HasPending => Volatile.Read(ref _pending) > 0;

    /// <summary>Whether the reader has to think of more than its response.</summary>
    public bool IsBusy => HasPending || !Events.IsEmpty;

    public void Dispose()
    {
        Events.Dispose();
        lock (Sync)
        {
            Deadlines.Dispose();
        }
    }

    /// <summary>Moves a call to another state. Under the lock.</summary>
    public void Move(ToolCall call, ToolCallState state)
    {
        var was = call.IsPending;
        if (state == ToolCallState.AwaitingApproval)
        {
            Asked.Add(call);
        }
        else if (call.State == ToolCallState.AwaitingApproval)
        {
            Asked.Remove(call);
        }

        call.State = state;
        Volatile.Write(ref _pending, _pending + (call.IsPending ? 1 : 0) - (was ? 1 : 0));
    }

    /// <summary>Runs the tool of a call when its turn comes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isReader">Whether this is the thread that reads the stream.</param>
    public void Submit(ToolCall call, bool isReader)
    {
        var refusal = FindResources(call);
        var ticket = call.Ticket;
        lock (Sync)
        {
            refusal ??= Stopper.Refuse() ?? (Queue.TryCount(call.Tool!) ? null : ToolErrors.TooManyCalls(call.Tool!.Options.MaxCalls!.Value));
            if (refusal is null && call.State < ToolCallState.Waiting)
            {
                Move(call, ToolCallState.Waiting);
                Queue.Add(call);
                if (ticket is not null)
                {
                    _locks.Enter(ticket);
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

        StartNext(mayInline: isReader && SynchronizationContext.Current is null);
        Events.AddWait(call);
        Events.Wake();
    }

    /// <summary>Finds out which resources a call needs, unless that is known.</summary>
    /// <returns>The error that answers the call, when its tool cannot tell; otherwise <see langword="null"/>.</returns>
    public ToolOutcome? FindResources(ToolCall call)
    {
        try
        {
            call.Ticket = call.AreResourcesKnown ? call.Ticket : ToolLockTicket.Create(call, OnTicketChanged);
            call.AreResourcesKnown = true;
            return null;
        }
        catch (Exception exception)
        {
            return ToolErrors.ResourcesUnknown(exception, Options.IncludeExceptionDetails);
        }
    }

    /// <summary>Gives a call its outcome, unless it has one.</summary>
    public void Settle(ToolCall call, ToolOutcome outcome)
    {
        outcome = ToolErrors.Cut(outcome, Options.MaxResultBytes);
        lock (Sync)
        {
            if (!TrySettle(call, outcome))
            {
                return;
            }
        }

        AfterSettled(call);
        Events.Wake();
    }

    /// <summary>Settles a call whose tool has not started, so that it never will. On the thread that reads the stream, which need not be woken.</summary>
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

        withdrawn.ForEach(Cleanup.CleanUp);
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
            Events.Add(call, new ToolExecutionStarted { CallId = callId, Name = call.Name });
            if (call.Outcome is { } outcome)
            {
                Events.Add(call, outcome.ToEvent(call));
            }

            hasFailed = call.Outcome is { IsError: true };
        }

        if (hasFailed)
        {
            Stopper.FailSiblings(call);
        }
    }

    private bool TrySettle(ToolCall call, ToolOutcome outcome)
    {
        if (call.Outcome is not null)
        {
            return false;
        }

        var wasAsked = call.State == ToolCallState.AwaitingApproval;
        call.Outcome = outcome = call.Result ?? outcome;
        Move(call, ToolCallState.Settled);
        if (call.IsStarted)
        {
            call.Duration = Options.Clock.GetElapsedTime(call.StartedAt);
        }
        else
        {
            Queue.Remove(call);
            Deadlines.Clear(call);
        }

        if (!call.IsDetached)
        {
            if (wasAsked)
            {
                Events.Add(call, new ApprovalResolved { ApprovalId = call.Approval!.ApprovalId, CallId = call.CallId, Name = call.Name, Decision = ApprovalDecision.Denied });
            }

            Events.Add(call, outcome.ToEvent(call));
        }

        return true;
    }

    private void AfterSettled(ToolCall call)
    {
        if (!call.IsStarted)
        {
            Cleanup.CleanUp(call);
        }

        if (call.Outcome is { IsError: true } outcome)
        {
            Invoker.Report(call, outcome);
            Stopper.FailSiblings(call);
        }
    }

    private void OnTicketChanged(ToolCall call)
    {
        if (call.Ticket is { State: ToolLockState.Refused, ConflictingKey: { } key })
        {
            Settle(call, ToolErrors.ResourceLost(key));
        }

        StartNext(mayInline: false);
        Events.Wake();
    }

    /// <summary>Starts every call whose turn it is.</summary>
    /// <param name="mayInline">Whether a tool that never blocks may run on this thread.</param>
    public void StartNext(bool mayInline)
    {
        while (true)
        {
            ToolCall? call;
            bool isInline;
            lock (Sync)
            {
                call = Queue.TryTakeNext();
                if (call is null)
                {
                    return;
                }

                isInline = mayInline && call.Tool!.Options.NonBlocking;
                Start(call, isInline);
            }

            if (!isInline)
            {
                // A tool that works before its first await would hold up the stream.
                ThreadPool.UnsafeQueueUserWorkItem(_runOnPool, call, preferLocal: false);
            }
            else if (!Invoker.Run(call, this))
            {
                Stopper.Limit(call);
            }
        }
    }

    private void Start(ToolCall call, bool isInline)
    {
        Move(call, ToolCallState.Running);
        call.IsStarted = true;
        call.StartedAt = Options.Clock.GetTimestamp();
        call.Cancellation = new CancellationTokenSource();
        Stopper.NoteStart();
        if (!isInline)
        {
            Stopper.Limit(call);
        }

        Events.Add(call, new ToolExecutionStarted { CallId = call.CallId, Name = call.Name });
    }

    private void RunOnPool(ToolCall call)
    {
        if (Invoker.Run(call, this))
        {
            StartNext(mayInline: true);
            Events.Wake(inline: true);
        }
    }

    /// <summary>A tool has ended.</summary>
    public void End(ToolCall call, ToolOutcome outcome)
    {
        bool isSettled;
        outcome = ToolErrors.Cut(outcome, Options.MaxResultBytes);
        lock (Sync)
        {
            isSettled = TrySettle(call, outcome);
            Queue.Remove(call);
            Deadlines.Clear(call);
        }

        if (isSettled)
        {
            AfterSettled(call);
        }
        else if (outcome.Exception is not null)
        {
            Invoker.Report(call, outcome);
        }

        Cleanup.CleanUp(call);
        Stopper.NoteEnd(call);
    }

    /// <summary>Shows progress of a tool that is running.</summary>
    public void ReportProgress(ToolCall call, JsonElement progress)
    {
        lock (Sync)
        {
            if (call is not { Outcome: null, IsDetached: false } || Stopper.IsStopped)
            {
                return;
            }

            Events.AddProgress(call, progress);
        }

        Events.Wake();
    }
}
