namespace Streamline.Tools;

/// <summary>Runs the tools of one stream: first come, first served, a bounded number at once, an exclusive one alone.</summary>
internal sealed class ToolExecutor : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<ToolInvocation> _waiting = new();
    private readonly HashSet<ToolInvocation> _running = [];
    private readonly CancellationTokenRegistration _stopping;
    private bool _isExclusiveRunning;
    private bool _isStopped;

    /// <param name="options">The options; not changed any more.</param>
    /// <param name="services">The services for tools.</param>
    /// <param name="stopping">Cancels every tool.</param>
    public ToolExecutor(ToolLoopOptions options, IServiceProvider? services, CancellationToken stopping)
    {
        Options = options;
        Services = services;
        Signals = new ToolSignals(options.MaxPendingProgress);
        _stopping = stopping.UnsafeRegister(static executor => ((ToolExecutor)executor!).Stop(), this);
    }

    public ToolLoopOptions Options { get; }

    public IServiceProvider? Services { get; }

    public ToolSignals Signals { get; }

    /// <summary>Runs a tool when its turn comes.</summary>
    public void Submit(ToolInvocation invocation)
    {
        lock (_lock)
        {
            if (invocation.Group.FailedTool is { } failed)
            {
                invocation.TrySettle(ToolErrors.SiblingFailed(failed, started: false));
                return;
            }

            _waiting.Enqueue(invocation);
            StartNext();
        }
    }

    /// <summary>Settles a run that has not started, so that it never will.</summary>
    /// <returns>Whether it had not started; its outcome may be another one.</returns>
    public bool TryWithdraw(ToolInvocation invocation, ToolOutcome outcome)
    {
        lock (_lock)
        {
            if (invocation.IsStarted)
            {
                return false;
            }

            invocation.TrySettle(outcome);
            return true;
        }
    }

    /// <summary>Puts a run among the calls of another attempt.</summary>
    public void Move(ToolInvocation invocation, ToolGroup group)
    {
        lock (_lock)
        {
            invocation.Group = group;
        }

        if (invocation.Outcome is { IsError: true })
        {
            OnFailed(invocation);
        }
    }

    /// <summary>Cancels the siblings of a run that failed, if its tool asks for that.</summary>
    public void OnFailed(ToolInvocation invocation)
    {
        if (invocation.Tool.Options.CancelSiblingsOnFailure)
        {
            ToolGroup group;
            lock (_lock)
            {
                group = invocation.Group;
            }

            Fail(group, invocation.Tool.Name);
        }
    }

    /// <summary>Cancels every run of a group that is not settled, and those yet to come.</summary>
    public void Fail(ToolGroup group, string toolName)
    {
        List<ToolInvocation> stopped = [];
        lock (_lock)
        {
            group.FailedTool ??= toolName;
            foreach (var sibling in _running.Concat(_waiting))
            {
                if (sibling.Group == group && sibling.TrySettle(ToolErrors.SiblingFailed(toolName, sibling.IsStarted)))
                {
                    stopped.Add(sibling);
                }
            }
        }

        stopped.ForEach(sibling => sibling.Cancel());
    }

    /// <summary>Gives the place of a tool that has ended to the next.</summary>
    public void Release(ToolInvocation invocation)
    {
        lock (_lock)
        {
            _running.Remove(invocation);
            _isExclusiveRunning = false;
            StartNext();
        }
    }

    /// <summary>Cancels every tool and waits until each has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.Unregister();
        Stop();
        Task[] running;
        lock (_lock)
        {
            running = [.. _running.Select(invocation => invocation.Completion)];
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private void Stop()
    {
        Signals.Close();
        ToolInvocation[] running;
        lock (_lock)
        {
            _isStopped = true;
            _waiting.Clear();
            running = [.. _running];
        }

        foreach (var invocation in running)
        {
            invocation.Cancel();
        }
    }

    private void StartNext()
    {
        while (!_isStopped && _waiting.TryPeek(out var next))
        {
            if (next.Outcome is null && !MayStart(next))
            {
                return;
            }

            _waiting.Dequeue();
            if (next.Outcome is null)
            {
                _isExclusiveRunning = next.Tool.Options.Exclusive;
                _running.Add(next);
                next.Start();
            }
        }
    }

    private bool MayStart(ToolInvocation next) => next.Tool.Options.Exclusive
        ? _running.Count == 0
        : !_isExclusiveRunning && _running.Count < Options.MaxConcurrency;
}
