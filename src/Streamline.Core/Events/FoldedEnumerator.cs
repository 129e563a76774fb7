using System.Runtime.ExceptionServices;

namespace Streamline;

/// <summary>
/// The base of every enumerator of the library. The outermost one folds the events, attaches the partial response to the exception that ends the stream, and
/// reports a cancellation with the caller's own token; the others are told to leave that to their reader and then cost nothing.
/// </summary>
/// <param name="maxRetainedChars">The bound of the fold; see <see cref="StreamState"/>. 0 for no partial response.</param>
/// <param name="ofCall">The token given to the call.</param>
/// <param name="ofEnumeration">The token given to the enumeration.</param>
internal abstract class FoldedEnumerator(long maxRetainedChars, CancellationToken ofCall, CancellationToken ofEnumeration) : IAsyncEnumerator<StreamEvent>, IFoldedEvents
{
    private CancellationTokenSource? _linked;
    private StreamState? _state;
    private IAsyncEnumerator<bool>? _waits;
    private ValueTask<bool> _moving; // the latest move that had to wait: the source's until the iterator takes it, and from then on the caller's
    private bool _isFolding = true;

    public abstract StreamEvent Current { get; }

    public StreamState? State => _isFolding ? _state ??= new StreamState(maxRetainedChars) : null;

    /// <summary>Gets the token that cancels the stream: of the call, of the enumeration, or linked to both.</summary>
    protected CancellationToken Token =>
        !ofEnumeration.CanBeCanceled || ofCall == ofEnumeration ? ofCall
        : !ofCall.CanBeCanceled ? ofEnumeration
        : (_linked ??= CancellationTokenSource.CreateLinkedTokenSource(ofCall, ofEnumeration)).Token;

    public virtual void StopFolding() => _isFolding = false;

    public ValueTask<bool> MoveNextAsync()
    {
        // Two moves at a time would read the stream at the same time, and destroy it.
        if (!_moving.IsCompleted)
        {
            return MovesAlready();
        }

        // An event that is there already costs no state machine, and a stage whose reader folds costs nothing.
        var moving = MoveCoreAsync();
        return !_isFolding ? moving
            : moving.IsCompletedSuccessfully ? new ValueTask<bool>(Fold(moving.Result))
            : AwaitAsync(moving);
    }

    public ValueTask DisposeAsync()
    {
        return _linked is null ? DisposeCoreAsync() : DisposeLinkedAsync(_linked);

        async ValueTask DisposeLinkedAsync(CancellationTokenSource linked)
        {
            try
            {
                await DisposeCoreAsync().ConfigureAwait(false);
            }
            finally
            {
                linked.Dispose();
            }
        }
    }

    /// <summary>Moves an enumerator of another author, which may throw out of the call itself.</summary>
    protected static ValueTask<bool> Move(IAsyncEnumerator<StreamEvent> events)
    {
        try
        {
            return events.MoveNextAsync();
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<bool>(exception);
        }
    }

    /// <summary>Moves to the next event. Throws through its task only.</summary>
    protected abstract ValueTask<bool> MoveCoreAsync();

    /// <summary>Leaves the stream, wherever it is, and waits until nothing of it is left.</summary>
    protected abstract ValueTask DisposeCoreAsync();

    private bool Fold(bool moved)
    {
        if (moved)
        {
            State!.Apply(Current);
        }

        return moved;
    }

    private ValueTask<bool> AwaitAsync(ValueTask<bool> moving)
    {
        _moving = moving;
        return Keep((_waits ??= WaitAsync()).MoveNextAsync());
    }

    private ValueTask<bool> Keep(ValueTask<bool> moving) => _moving = moving;

    private static ValueTask<bool> MovesAlready() => ValueTask.FromException<bool>(
        new InvalidOperationException("A move to the next event is pending. Await it before you begin another; a pending move may be awaited as a task for as long as it takes."));

    // An iterator, whose one object serves every step that has to be waited for.
    private async IAsyncEnumerator<bool> WaitAsync()
    {
        try
        {
            while (true)
            {
                bool moved;
                try
                {
                    moved = Fold(await _moving.ConfigureAwait(false));
                }
                catch (Exception exception)
                {
                    ExceptionDispatchInfo.Throw(Explain(exception));
                    throw;
                }

                if (!moved)
                {
                    yield break;
                }

                yield return true;
            }
        }
        finally
        {
            _waits = null; // after an end or a failure, the next step asks again
        }
    }

    private Exception Explain(Exception exception)
    {
        var explained = exception is not OperationCanceledException ? exception
            : ofCall.IsCancellationRequested ? CallerCancellation.ToException(exception, ofCall)
            : ofEnumeration.IsCancellationRequested ? CallerCancellation.ToException(exception, ofEnumeration)
            : exception;
        if (maxRetainedChars > 0 && _state is { HasBegun: true })
        {
            var partial = _state.ToPartialResponse();
            if (PartialResponse.TryGet(explained, out var known))
            {
                partial.ContinuationToken = known.ContinuationToken;
            }

            PartialResponse.Set(explained, partial);
        }

        return explained;
    }
}
