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
        while (!TryHandOver())
        {
            await ReadAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lets go of the source, if there is no reason to read on.</summary>
    private bool TryHandOver()
    {
        lock (_lock)
        {
            if (_leftOver is not null && _queue.TryEnqueue(_leftOver))
            {
                _leftOver = null;
            }

            var hasRoom = _leftOver is null || _leaving.IsCancellationRequested;
            if (hasRoom && !_isEnded && !_consumer.IsWaiting)
            {
                return false;
            }

            if (_consumer.IsWaiting)
            {
                Interlocked.Exchange(ref _owner, Owner.Consumer);
                _consumer.Wake();
            }
            else
            {
                LetGo();
            }

            return true;
        }
    }

    /// <summary>Reads one event into the queue, or closes the source that has ended.</summary>
    private async ValueTask ReadAsync()
    {
        // Of a cancelled source one more event is asked for, so that it can throw, with what had arrived of its response.
        var isLast = _leaving.IsCancellationRequested;
        try
        {
            if (await _source!.MoveNextAsync().ConfigureAwait(false) && !isLast)
            {
                Keep(_source.Current);
                return;
            }

            await CloseSourceAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _failure = exception;
            await CloseFailedSourceAsync().ConfigureAwait(false);
        }

        _isEnded = true;
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

    private void Keep(StreamEvent streamEvent)
    {
        lock (_lock)
        {
            if (!_queue.TryEnqueue(streamEvent))
            {
                _leftOver = streamEvent;
            }
        }
    }

    /// <summary>Takes an event past the pump, which goes on reading. Where there is none, the consumer is to own the source.</summary>
    private bool TryTakeFromPump(out ValueTask owning)
    {
        lock (_lock)
        {
            if (_owner == Owner.Pump && _queue.Count > 0 && !_cancellationToken.IsCancellationRequested)
            {
                Current = _queue.Dequeue();
                owning = default;
                return true;
            }

            // Under the same lock: whatever the pump reads from now on, it finds the consumer waiting.
            owning = OwnAsync();
            return false;
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
