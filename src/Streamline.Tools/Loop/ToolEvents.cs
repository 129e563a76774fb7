using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Threading.Tasks.Sources;

namespace Streamline.Tools;

/// <summary>What tools have to tell the reader of the stream, in the order in which it happened, and the one signal that the reader waits for. Many write, one reads.</summary>
/// <param name="sync">The lock of the scheduler, so that an event and the state that it tells of change together.</param>
/// <param name="maxPendingProgress">How many progress reports of one call may wait.</param>
internal sealed class ToolEvents(Lock sync, int maxPendingProgress) : IValueTaskSource, IDisposable
{
    private readonly Queue<(ToolCall Call, StreamEvent? Event)> _queue = new();
    private ManualResetValueTaskSourceCore<bool> _signal;
    private CancellationTokenRegistration _registration;
    private bool _isWaiting;
    private bool _isWoken;

    /// <summary>Whether there is nothing to take. Read without the lock.</summary>
    public bool IsEmpty => _queue.Count == 0;

    /// <summary>Adds an event. A caller that adds one under the lock wakes the reader afterwards.</summary>
    public void Add(ToolCall call, StreamEvent streamEvent)
    {
        lock (sync)
        {
            _queue.Enqueue((call, streamEvent));
        }
    }

    /// <summary>Adds a report. Past the limit the oldest one of the call is dropped, so that the newest is never lost.</summary>
    public void AddProgress(ToolCall call, JsonElement progress)
    {
        lock (sync)
        {
            var pending = call.PendingProgress ??= new();
            pending.Enqueue(progress);
            if (pending.Count > maxPendingProgress)
            {
                pending.Dequeue();
                return;
            }

            _queue.Enqueue((call, null));
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
                _queue.Enqueue((call, new ToolWaiting { CallId = call.CallId, Name = call.Name, Reason = reason, Resource = key }));
            }
        }
    }

    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        lock (sync)
        {
            if (!_queue.TryDequeue(out var first))
            {
                streamEvent = null;
                return false;
            }

            var call = first.Call;
            streamEvent = first.Event ?? new ToolProgress { CallId = call.CallId, Name = call.Name, Progress = call.PendingProgress!.Dequeue() };
            return true;
        }
    }

    /// <summary>Drops what a call of a discarded attempt had to tell.</summary>
    public void Remove(ToolCall call)
    {
        lock (sync)
        {
            call.PendingProgress = null;
            for (var left = _queue.Count; left > 0; left--)
            {
                var entry = _queue.Dequeue();
                if (entry.Call != call)
                {
                    _queue.Enqueue(entry);
                }
            }
        }
    }

    /// <summary>Wakes the reader, or keeps it from falling asleep.</summary>
    /// <param name="inline">
    /// Whether the reader may continue on this thread: one that belongs to the loop, holds no lock and has nothing left to do. Never the thread of an application.
    /// </param>
    public void Wake(bool inline = false)
    {
        lock (sync)
        {
            if (!_isWaiting)
            {
                _isWoken = true;
                return;
            }

            _isWaiting = false;
        }

        _signal.RunContinuationsAsynchronously = !inline;
        _signal.SetResult(true);
    }

    /// <summary>Waits until somebody wakes the reader, or has done so since it last waited. What woke it is for the reader to find out.</summary>
    /// <param name="cancellationToken">Wakes the reader when it is cancelled; the same token every time, or none.</param>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (_registration == default)
        {
            _registration = cancellationToken.UnsafeRegister(static events => ((ToolEvents)events!).Wake(), this);
        }

        lock (sync)
        {
            if (_isWoken)
            {
                _isWoken = false;
                return ValueTask.CompletedTask;
            }

            _signal.Reset();
            _isWaiting = true;
            return new ValueTask(this, _signal.Version);
        }
    }

    public void Dispose() => _registration.Dispose();

    void IValueTaskSource.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);
}
