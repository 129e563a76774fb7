namespace Streamline.Tools;

/// <summary>Runs the tools whose turn has come, on the thread pool or on the reader's thread, until each has an outcome.</summary>
internal sealed class ToolRunner(ToolScheduler scheduler)
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
            lock (scheduler.Sync)
            {
                call = scheduler.Stopper.IsStopped ? null : scheduler.Queue.TryTakeNext();
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
                scheduler.Stopper.Limit(call);
            }
        }
    }

    private void Start(ToolCall call, bool isInline)
    {
        scheduler.Move(call, ToolCallState.Running);
        call.IsStarted = true;
        call.StartedAt = scheduler.Options.Clock.GetTimestamp();
        call.Cancellation = new CancellationTokenSource();
        scheduler.Stopper.NoteStart();
        if (!isInline)
        {
            scheduler.Stopper.Limit(call);
        }

        scheduler.Events.Add(call, new ToolExecutionStarted { CallId = call.CallId, Name = call.Name });
    }

    private void RunOnPool(ToolCall call)
    {
        if (RunInContext(call))
        {
            StartNext(mayInline: true);
            scheduler.Events.Wake(inline: true);
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
            running = scheduler.Invoker.InvokeAsync(call, scheduler);
        }
        catch (Exception exception)
        {
            running = new ValueTask<ToolOutcome>(ToolErrors.Failed(exception, scheduler.Options.IncludeExceptionDetails));
        }

        if (running.IsCompletedSuccessfully)
        {
            scheduler.End(call, running.Result);
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
            outcome = ToolErrors.Failed(exception, scheduler.Options.IncludeExceptionDetails);
        }

        scheduler.End(call, outcome);

        // Not on this thread: it is the one that completed the task of the tool, and may be the application's.
        StartNext(mayInline: false);
        scheduler.Events.Wake();
    }
}
