using System.Diagnostics.CodeAnalysis;

namespace Streamline;

/// <summary>A bounded buffer between one producer and one consumer, either of whom may wait for the other.</summary>
internal sealed class EventBuffer(BackpressureOptions options)
{
    private readonly Lock _lock = new();
    private readonly EventQueue _queue = new(options);
    private readonly AsyncWaiter _reader = new();
    private readonly AsyncWaiter _writer = new();
    private bool _isCompleted;
    private bool _isClosed;

    /// <summary>Adds an event as soon as there is room; false when the consumer has gone.</summary>
    public ValueTask<bool> WriteAsync(StreamEvent streamEvent) =>
        TryWrite(streamEvent, out var isOpen, out var room) ? new ValueTask<bool>(isOpen) : WriteWhenThereIsRoomAsync(streamEvent, room);

    /// <summary>Says that no event follows.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isCompleted = true;
            _reader.Wake(false);
        }
    }

    /// <summary>Drops all events and lets go whoever waits.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _queue.Clear();
            _reader.Wake(false);
            _writer.Wake(false);
        }
    }

    /// <summary>Takes the next event if there is one.</summary>
    public bool TryRead([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        lock (_lock)
        {
            if (_queue.Count == 0)
            {
                streamEvent = null;
                return false;
            }

            streamEvent = _queue.Dequeue();

            // Waking the producer for each single place would make the two take turns event by event.
            if (_queue.Count == 0 || _queue.IsHalfEmpty)
            {
                _writer.Wake(true);
            }

            return true;
        }
    }

    /// <summary>Waits for the next event; false when none follows.</summary>
    public ValueTask<bool> WaitToReadAsync()
    {
        lock (_lock)
        {
            return _queue.Count > 0 ? ValueTask.FromResult(true)
                : _isCompleted || _isClosed ? ValueTask.FromResult(false)
                : _reader.Wait();
        }
    }

    /// <summary>Adds an event unless the consumer has gone; false when room has to be waited for.</summary>
    private bool TryWrite(StreamEvent streamEvent, out bool isOpen, out ValueTask<bool> room)
    {
        room = default;
        lock (_lock)
        {
            isOpen = !_isClosed;
            if (isOpen && !_queue.TryEnqueue(streamEvent))
            {
                room = _writer.Wait();
                return false;
            }

            _reader.Wake(true);
            return true;
        }
    }

    private async ValueTask<bool> WriteWhenThereIsRoomAsync(StreamEvent streamEvent, ValueTask<bool> room)
    {
        bool isOpen;
        do
        {
            await room.ConfigureAwait(false);
        }
        while (!TryWrite(streamEvent, out isOpen, out room));
        return isOpen;
    }
}
