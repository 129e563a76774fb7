using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Threading.Channels;

namespace Streamline;

/// <summary>
/// A bounded channel between one producer and one consumer, bounded in size too, with one pending event that waits for room: the producer merges into it, and
/// whoever makes room writes it.
/// </summary>
internal sealed class EventBuffer(BackpressureOptions options)
{
    private readonly Channel<(StreamEvent Event, int Size)> _channel = Channel.CreateBounded<(StreamEvent, int)>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });

    // Guards the pending event and what follows it. While there is one, only the holder of the lock writes to the channel; otherwise only the producer does.
    private readonly Lock _lock = new();
    private StreamEvent? _pending;
    private StringBuilder? _pendingText;
    private int _pendingSize;
    private TaskCompletionSource? _room;
    private bool _isEnding;
    private Exception? _failure;

    // Of the events in the channel.
    private long _size;

    /// <summary>Adds an event. Completes when the producer may read the next one.</summary>
    public ValueTask AddAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        var size = EventSize.Of(streamEvent);
        return Volatile.Read(ref _pending) is null && TryWrite(streamEvent, size) ? ValueTask.CompletedTask : AddPendingAsync(streamEvent, size, cancellationToken);
    }

    /// <summary>Ends the buffer: after the last event, the consumer gets the failure.</summary>
    public void Complete(Exception? failure)
    {
        lock (_lock)
        {
            (_isEnding, _failure) = (true, failure);
            WritePending();
        }
    }

    /// <summary>Takes the next event, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        if (!_channel.Reader.TryRead(out var entry))
        {
            streamEvent = null;
            return false;
        }

        // A full fence: either the pending event is seen here, or the producer that has set it sees this room.
        Interlocked.Add(ref _size, -entry.Size);
        if (Volatile.Read(ref _pending) is not null)
        {
            lock (_lock)
            {
                WritePending();
            }
        }

        streamEvent = entry.Event;
        return true;
    }

    /// <summary>Waits for an event to take; false at the end. Throws the failure that the buffer was completed with.</summary>
    public ValueTask<bool> WaitToTakeAsync() => _channel.Reader.WaitToReadAsync(CancellationToken.None);

    private async ValueTask AddPendingAsync(StreamEvent streamEvent, int size, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            bool isKept;
            lock (_lock)
            {
                isKept = TryMerge(streamEvent, size);
                if (!isKept && _pending is null)
                {
                    (_pending, _pendingSize, isKept) = (streamEvent, size, true);
                    WritePending();
                }

                if (isKept && (_pending is null || options.FullMode == BackpressureFullMode.Coalesce))
                {
                    return;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (isKept)
            {
                return;
            }
        }
    }

    private bool TryMerge(StreamEvent streamEvent, int size)
    {
        if (_pending is null || options.FullMode != BackpressureFullMode.Coalesce || !DeltaMerge.IsPossible(_pending, streamEvent)
            || Interlocked.Read(ref _size) + _pendingSize + size > options.MaxBufferedChars)
        {
            return false;
        }

        _pendingText = (_pendingText ?? new StringBuilder(DeltaMerge.TextOf(_pending))).Append(DeltaMerge.TextOf(streamEvent));
        _pending = streamEvent;
        _pendingSize += size;
        return true;
    }

    private void WritePending()
    {
        if (_pending is not null)
        {
            if (_channel.Reader.Count == options.Capacity || !TryWrite(_pendingText is null ? _pending : DeltaMerge.WithText(_pending, _pendingText), _pendingSize))
            {
                return;
            }

            (_pending, _pendingText) = (null, null);
            _room?.TrySetResult();
            _room = null;
        }

        if (_isEnding)
        {
            _channel.Writer.TryComplete(_failure);
        }
    }

    private bool TryWrite(StreamEvent streamEvent, int size)
    {
        // A single event that is larger than the limit is buffered alone.
        var others = Interlocked.Read(ref _size);
        if (others > 0 && others + size > options.MaxBufferedChars)
        {
            return false;
        }

        Interlocked.Add(ref _size, size);
        if (_channel.Writer.TryWrite((streamEvent, size)))
        {
            return true;
        }

        Interlocked.Add(ref _size, -size);
        return false;
    }
}
