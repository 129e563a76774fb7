using System.Text.Json;

namespace Streamline.Tools;

internal enum ToolSignalKind
{
    Started,
    Progress,
    Settled,
}

/// <summary>Something that happened to a run. <paramref name="Progress"/> is the report of a signal of that kind.</summary>
internal readonly record struct ToolSignal(ToolInvocation Invocation, ToolSignalKind Kind, JsonElement Progress);

/// <summary>What runs have to tell the reader of the stream, in the order in which it happened. Many write, one reads.</summary>
internal sealed class ToolSignals(int maxPendingProgress)
{
    private readonly Lock _lock = new();
    private readonly Queue<ToolSignal> _queue = new();
    private TaskCompletionSource? _waiter;
    private bool _isClosed;

    public void Add(ToolInvocation invocation, ToolSignalKind kind)
    {
        lock (_lock)
        {
            Enqueue(new ToolSignal(invocation, kind, default));
        }
    }

    /// <summary>Adds a report. Past the limit it takes the place that the run's oldest report leaves, so that the newest is never lost.</summary>
    public void AddProgress(ToolInvocation invocation, JsonElement progress)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            invocation.PendingProgress.Enqueue(progress);
            if (invocation.PendingProgress.Count > maxPendingProgress)
            {
                invocation.PendingProgress.Dequeue();
                return;
            }

            Enqueue(new ToolSignal(invocation, ToolSignalKind.Progress, default));
        }
    }

    public bool TryTake(out ToolSignal signal)
    {
        lock (_lock)
        {
            if (!_queue.TryDequeue(out signal))
            {
                return false;
            }

            if (signal.Kind == ToolSignalKind.Progress)
            {
                signal = signal with { Progress = signal.Invocation.PendingProgress.Dequeue() };
            }

            return true;
        }
    }

    /// <summary>Completes when there is something to take.</summary>
    public Task WaitAsync()
    {
        lock (_lock)
        {
            return _queue.Count > 0
                ? Task.CompletedTask
                : (_waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Takes nothing more: the stream is being left, and what its tools make of that is no result.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    private void Enqueue(ToolSignal signal)
    {
        if (_isClosed)
        {
            return;
        }

        _queue.Enqueue(signal);
        _waiter?.TrySetResult();
        _waiter = null;
    }
}
