using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Streamline.Tools;

/// <summary>What tools have to tell the reader of the stream, in the order in which it happened. Many write, one reads.</summary>
/// <param name="sync">The lock of the scheduler, so that an event and the state that it tells of change together.</param>
/// <param name="maxPendingProgress">How many progress reports of one call may wait.</param>
internal sealed class ToolEvents(Lock sync, int maxPendingProgress)
{
    private readonly LinkedList<(ToolCall Call, StreamEvent? Event)> _queue = new();
    private TaskCompletionSource? _waiter;

    public void Add(ToolCall call, StreamEvent streamEvent) => Enqueue(call, streamEvent);

    /// <summary>Adds a report. Past the limit the oldest one of the call is dropped, so that the newest is never lost.</summary>
    public void AddProgress(ToolCall call, JsonElement progress)
    {
        lock (sync)
        {
            call.PendingProgress.Enqueue(progress);
            if (call.PendingProgress.Count > maxPendingProgress)
            {
                call.PendingProgress.Dequeue();
                return;
            }

            Enqueue(call, streamEvent: null);
        }
    }

    /// <summary>Tells what a call waits for, if it waits.</summary>
    public void AddWait(ToolCall call)
    {
        lock (sync)
        {
            if (call is { State: ToolCallState.Waiting, IsDetached: false })
            {
                var key = call.Ticket is { State: ToolLockState.Waiting } ticket ? ticket.ConflictingKey : null;
                var reason = key is null ? ToolWaitReason.Turn : ToolWaitReason.Resource;
                Enqueue(call, new ToolWaiting { CallId = call.CallId, Name = call.Name, Reason = reason, Resource = key });
            }
        }
    }

    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        lock (sync)
        {
            if (_queue.First is not { } first)
            {
                streamEvent = null;
                return false;
            }

            _queue.RemoveFirst();
            var call = first.Value.Call;
            streamEvent = first.Value.Event ?? new ToolProgress { CallId = call.CallId, Name = call.Name, Progress = call.PendingProgress.Dequeue() };
            return true;
        }
    }

    /// <summary>Drops what a call of a discarded attempt had to tell.</summary>
    public void Remove(ToolCall call)
    {
        lock (sync)
        {
            call.PendingProgress.Clear();
            for (var node = _queue.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Call == call)
                {
                    _queue.Remove(node);
                }

                node = next;
            }
        }
    }

    /// <summary>Completes when there is something to take.</summary>
    public Task WaitAsync()
    {
        lock (sync)
        {
            return _queue.Count > 0
                ? Task.CompletedTask
                : (_waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Enqueue(ToolCall call, StreamEvent? streamEvent)
    {
        lock (sync)
        {
            _queue.AddLast((call, streamEvent));
            _waiter?.TrySetResult();
            _waiter = null;
        }
    }
}
