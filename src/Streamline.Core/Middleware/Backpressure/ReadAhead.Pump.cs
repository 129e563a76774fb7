namespace Streamline;

/// <content>The pump, which reads the source while the consumer is away.</content>
internal sealed partial class ReadAhead
{
    /// <summary>How long after an event was handed out it is looked whether the consumer is away.</summary>
    internal static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);

    // Guards the queue while the pump owns the source, the waiter, and every change from the pump to another owner.
    private readonly Lock _lock = new();
    private readonly AsyncWaiter _consumer = new();
    private ITimer? _timer;
    private int _isTimerSet;

    // An event that the pump has read and the queue has no room for.
    private StreamEvent? _leftOver;

    /// <summary>Has it looked after a while whether the consumer is away, unless that is to be done already: so events that follow closely share one timer.</summary>
    private void SetTimer()
    {
        if (Volatile.Read(ref _isTimerSet) == 0)
        {
            Volatile.Write(ref _isTimerSet, 1);
            _timer ??= _timeProvider.CreateTimer(static state => ((ReadAhead)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(Delay, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        // In this order, and the consumer in the other one: whichever is second sees the first.
        Interlocked.Exchange(ref _isTimerSet, 0);
        if (TryOwn(Owner.Pump))
        {
            _ = PumpAsync();
        }
    }

    /// <summary>Reads the source without the consumer, if that is away.</summary>
    private void StartPump()
    {
        if (TryOwn(Owner.Pump))
        {
            _ = Task.Run(PumpAsync, CancellationToken.None);
        }
    }

    /// <summary>Reads ahead until there is no room, the consumer waits or the source has ended. A cancelled source is read to its end and closed.</summary>
    private async Task PumpAsync()
    {
        var goesOn = !_isEnded && HasRoom();
        while (goesOn)
        {
            goesOn = await TryReadAsync().ConfigureAwait(false) is { } streamEvent && Keep(streamEvent);
        }

        HandOver();
    }

    private bool HasRoom()
    {
        lock (_lock)
        {
            if (_leftOver is not null && _queue.TryEnqueue(_leftOver))
            {
                _leftOver = null;
            }

            return _leftOver is null || _cancellationToken.IsCancellationRequested;
        }
    }

    /// <summary>Reads one event; null when the source has ended, and is closed.</summary>
    private async ValueTask<StreamEvent?> TryReadAsync()
    {
        // Of a cancelled source one more event is asked for, so that it can throw, with what had arrived of its response.
        var isLast = _cancellationToken.IsCancellationRequested;
        try
        {
            if (await _source!.MoveNextAsync().ConfigureAwait(false) && !isLast)
            {
                return _source.Current;
            }

            await CloseSourceAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _failure = exception;
            await CloseFailedSourceAsync().ConfigureAwait(false);
        }

        _isEnded = true;
        return null;
    }

    private async ValueTask CloseFailedSourceAsync()
    {
        try
        {
            await CloseSourceAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // As with await foreach, what fails last is what is thrown.
            _failure = exception;
        }
    }

    /// <summary>Puts an event into the queue, and tells whether to read on.</summary>
    private bool Keep(StreamEvent streamEvent)
    {
        lock (_lock)
        {
            if (!_queue.TryEnqueue(streamEvent))
            {
                _leftOver = streamEvent;
            }

            return _leftOver is null && !_consumer.IsWaiting;
        }
    }

    private void HandOver()
    {
        lock (_lock)
        {
            var next = _consumer.IsWaiting ? Owner.Consumer : Owner.Nobody;
            Interlocked.Exchange(ref _owner, next);
            _consumer.Wake();
        }

        if (_cancellationToken.IsCancellationRequested && !_isEnded)
        {
            // The cancellation may have come before, and found the pump at work.
            StartPump();
        }
    }

    /// <summary>Takes an event past the pump, which goes on reading.</summary>
    private bool TryTakeFromPump()
    {
        lock (_lock)
        {
            if (_owner != Owner.Pump || _queue.Count == 0 || _cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            Current = _queue.Dequeue();
            return true;
        }
    }

    /// <summary>Has the consumer own the source, as soon as the pump lets go of it.</summary>
    private ValueTask OwnAsync()
    {
        lock (_lock)
        {
            return TryOwn(Owner.Consumer) ? ValueTask.CompletedTask : _consumer.WaitAsync();
        }
    }
}
