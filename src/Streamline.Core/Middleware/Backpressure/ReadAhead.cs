using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline;

/// <summary>One enumeration of a source that may run ahead of its consumer.</summary>
/// <remarks>
/// <para>
/// A consumer that keeps up reads the source itself, so an event changes threads no oftener than without a buffer. A timer looks whether the consumer is
/// away, in its own code; the source is then read ahead on the thread pool, until the buffer is full or the consumer is back and waits.
/// </para>
/// <para>At any time one party owns the source: the consumer while it is inside, the pump, or nobody. Who owns it may use the queue without the lock, unless it is the pump.</para>
/// </remarks>
internal sealed partial class ReadAhead : IAsyncDisposable
{
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _leaving;
    private readonly EventQueue _queue;
    private readonly TimeProvider _timeProvider;
    private IAsyncEnumerator<StreamEvent>? _source;

    // The consumer's until the source is open.
    private Owner _owner = Owner.Consumer;

    // Set when the source has ended, by itself or by failing.
    private bool _isEnded;
    private Exception? _failure;

    public ReadAhead(BackpressureOptions options, CancellationToken cancellationToken)
    {
        _queue = new EventQueue(options);
        _timeProvider = options.TimeProvider;
        _cancellationToken = cancellationToken;
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // With this token, and before the source: who comes last is called first, so the source has been told of a cancellation when it is read on.
        _leaving.Token.Register(static state => ((ReadAhead)state!).StartPump(), this);
    }

    private enum Owner
    {
        Nobody,
        Consumer,
        Pump,
    }

    public StreamEvent Current { get; private set; } = null!;

    /// <summary>Opens the source. To be called once, before anything else.</summary>
    public void Open(IStreamClient client, StreamRequest request)
    {
        _source = client.StreamAsync(request, _leaving.Token).GetAsyncEnumerator(_leaving.Token);
        Interlocked.Exchange(ref _owner, Owner.Nobody);
    }

    /// <summary>Goes on to the next event, buffered or of the source. It throws what the source threw, after all events that came before.</summary>
    public ValueTask<bool> MoveNextAsync() =>
        TryOwn(Owner.Consumer) ? MoveOwnedAsync()
        : TryTakeFromPump(out var owning) ? new ValueTask<bool>(true)
        : MoveWhenOwnedAsync(owning);

    /// <summary>Leaves the source, and waits until it is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        // Once owned, it is the consumer's for good, so that neither the timer nor a cancellation finds anything to do.
        var isOwned = _owner == Owner.Consumer || TryOwn(Owner.Consumer);
        try
        {
            if (!isOwned || !_isEnded)
            {
                await _leaving.CancelAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (!isOwned)
            {
                await OwnAsync().ConfigureAwait(false);
            }

            await CloseAsync().ConfigureAwait(false);
        }
    }

    private bool TryOwn(Owner owner) => Interlocked.CompareExchange(ref _owner, owner, Owner.Nobody) == Owner.Nobody;

    private ValueTask<bool> MoveOwnedAsync()
    {
        if (_cancellationToken.IsCancellationRequested)
        {
            return EndCancelledAsync();
        }

        if (TryTake())
        {
            return new ValueTask<bool>(Leave());
        }

        if (_isEnded)
        {
            return new ValueTask<bool>(End());
        }

        ValueTask<bool> moving;
        try
        {
            moving = _source!.MoveNextAsync();
        }
        catch (Exception exception)
        {
            moving = ValueTask.FromException<bool>(exception);
        }

        if (!moving.IsCompletedSuccessfully)
        {
            return AwaitSourceAsync(moving);
        }

        // An event that is there already costs no state machine.
        return moving.Result ? TakeFromSource() : new ValueTask<bool>(End());
    }

    // Pooled, because it suspends once per event that has to be waited for.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitSourceAsync(ValueTask<bool> moving)
    {
        try
        {
            if (!await moving.ConfigureAwait(false))
            {
                return End();
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
            return End();
        }

        return await TakeFromSource().ConfigureAwait(false);
    }

    private ValueTask<bool> TakeFromSource()
    {
        if (_cancellationToken.IsCancellationRequested)
        {
            return EndCancelledAsync();
        }

        Current = _source!.Current;
        return new ValueTask<bool>(Leave());
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> MoveWhenOwnedAsync(ValueTask owning)
    {
        await owning.ConfigureAwait(false);
        return await MoveOwnedAsync().ConfigureAwait(false);
    }

    /// <summary>Takes what was read ahead.</summary>
    private bool TryTake()
    {
        if (_queue.Count > 0)
        {
            Current = _queue.Dequeue();
            return true;
        }

        if (_leftOver is not null)
        {
            Current = _leftOver;
            _leftOver = null;
            return true;
        }

        return false;
    }

    /// <summary>Lets go of the source, as the consumer takes an event to its own code.</summary>
    private bool Leave()
    {
        var goesOn = !_isEnded;
        LetGo();
        if (goesOn)
        {
            SetTimer();
        }

        return true;
    }

    private void LetGo()
    {
        var goesOn = !_isEnded;
        Interlocked.Exchange(ref _owner, Owner.Nobody);
        if (goesOn && _leaving.IsCancellationRequested)
        {
            // The cancellation may have come before, and found the source owned.
            StartPump();
        }
    }

    /// <summary>Ends the enumeration as the source did. The consumer keeps the source.</summary>
    private bool End()
    {
        _isEnded = true;
        if (_cancellationToken.IsCancellationRequested)
        {
            throw CallerCancellation.ToException(_failure, _cancellationToken);
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        return false;
    }

    /// <summary>Ends a cancelled enumeration. The source is asked once more, so that it can throw, with what had arrived of its response.</summary>
    private async ValueTask<bool> EndCancelledAsync()
    {
        try
        {
            if (!_isEnded)
            {
                // The caller's cancellation may not have come to the source yet.
                await _leaving.CancelAsync().ConfigureAwait(false);
                await _source!.MoveNextAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
        }

        return End();
    }

    private async ValueTask CloseAsync()
    {
        try
        {
            await CloseSourceAsync().ConfigureAwait(false);
        }
        finally
        {
            _timer?.Dispose();
            _leaving.Dispose();
        }
    }

    private async ValueTask CloseSourceAsync()
    {
        var source = _source;
        _source = null;
        if (source is not null)
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }
}
