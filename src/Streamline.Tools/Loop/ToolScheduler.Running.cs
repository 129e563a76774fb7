using System.Text.Json;

namespace Streamline.Tools;

/// <content>Runs the tools whose turn has come.</content>
internal sealed partial class ToolScheduler
{
    private Action<ToolCall>? _runOnPool;
    private ContextCallback? _runInContext;

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
                call = Stopper.IsStopped ? null : Queue.TryTakeNext();
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
                ThreadPool.UnsafeQueueUserWorkItem(_runOnPool ??= RunOnPool, call, preferLocal: false);
            }
            else if (!RunInContext(call))
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
        if (RunInContext(call))
        {
            StartNext(mayInline: true);
            Events.Wake(inline: true);
        }
    }

    /// <summary>Runs a tool up to its first await that has to wait.</summary>
    /// <returns>Whether the tool has ended.</returns>
    private bool RunInContext(ToolCall call)
    {
        if (call.ExecutionContext is { } context)
        {
            ExecutionContext.Run(context, _runInContext ??= state => Run((ToolCall)state!), call);
        }
        else
        {
            Run(call);
        }

        return call.IsEnded;
    }

    // Whatever happens here, the call gets its outcome: without one its round would never end.
    private void Run(ToolCall call)
    {
        ValueTask<ToolOutcome> running;
        try
        {
            running = Invoker.InvokeAsync(call, this);
        }
        catch (Exception exception)
        {
            running = new ValueTask<ToolOutcome>(ToolErrors.Failed(exception, Options.IncludeExceptionDetails));
        }

        if (running.IsCompletedSuccessfully)
        {
            End(call, running.Result);
        }
        else
        {
            _ = EndAsync(call, running);
        }
    }

    private async Task EndAsync(ToolCall call, ValueTask<ToolOutcome> running)
    {
        ToolOutcome outcome;
        try
        {
            outcome = await running.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            outcome = ToolErrors.Failed(exception, Options.IncludeExceptionDetails);
        }

        End(call, outcome);

        // Not on this thread: it is the one that completed the task of the tool, and may be the application's.
        StartNext(mayInline: false);
        Events.Wake();
    }

    private void End(ToolCall call, ToolOutcome outcome)
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
