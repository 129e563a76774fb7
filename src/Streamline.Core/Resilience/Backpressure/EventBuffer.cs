using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Streamline.Resilience;

/// <summary>A channel between one producer and one consumer, bounded in the number and the size of its events.</summary>
internal sealed class EventBuffer(BackpressureOptions options)
{
    private readonly Channel<(StreamEvent Event, GrowingDelta? Growing)> _channel =
        Channel.CreateBounded<(StreamEvent, GrowingDelta?)>(new BoundedChannelOptions(options.Capacity) { SingleReader = true, SingleWriter = true });

    private GrowingDelta? _last; // There if the channel has been filled, in Coalesce mode.
    private long _size; // Of the events in the channel.
    private TaskCompletionSource? _taken;

    /// <summary>Adds an event, once there is room for it.</summary>
    public async ValueTask AddAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        var taking = Task.CompletedTask;
        while (!TryAdd(streamEvent))
        {
            // Set before the next try: the taker of an event has either made room for it, or sees the signal.
            await taking.WaitAsync(cancellationToken).ConfigureAwait(false);
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _taken, taken);
            taking = taken.Task;
        }
    }

    /// <summary>Ends the buffer: after the last event, the consumer gets the failure.</summary>
    public void Complete(Exception? failure) => _channel.Writer.Complete(failure);

    /// <summary>Takes the next event, if there is one.</summary>
    public bool TryTake([NotNullWhen(true)] out StreamEvent? streamEvent)
    {
        if (!_channel.Reader.TryRead(out var entry))
        {
            streamEvent = null;
            return false;
        }

        streamEvent = entry.Growing?.Take() ?? entry.Event;
        Interlocked.Add(ref _size, -EventSize.Of(streamEvent));
        Volatile.Read(ref _taken)?.TrySetResult();
        return true;
    }

    /// <summary>Waits for an event to take; false at the end. Throws the failure that the buffer was completed with.</summary>
    public ValueTask<bool> WaitToTakeAsync() => _channel.Reader.WaitToReadAsync(CancellationToken.None);

    private bool TryAdd(StreamEvent streamEvent)
    {
        // A single event that is larger than the limit is buffered alone.
        var size = EventSize.Of(streamEvent);
        var others = Interlocked.Read(ref _size);
        if (others > 0 && others + size > options.MaxBufferedChars)
        {
            return false;
        }

        // Counted first, so that a taker that is quick subtracts what has been added.
        Interlocked.Add(ref _size, size);
        var growing = options.FullMode == BackpressureFullMode.Coalesce && _channel.Reader.Count >= options.Capacity - 1 ? new GrowingDelta(streamEvent) : null;
        var isWritten = _channel.Writer.TryWrite((streamEvent, growing));
        _last = isWritten ? growing : _last;
        if (isWritten || _last?.TryMerge(streamEvent) == true)
        {
            return true;
        }

        Interlocked.Add(ref _size, -size);
        return false;
    }
}
