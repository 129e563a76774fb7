namespace Streamline.Tools;

/// <summary>One round: merges the events of a response with those of its tools. It ends when the response and its calls have ended.</summary>
/// <remarks>
/// The consumer pulls, on one thread at a time. While tools are running, a read of the response may be pending across several events of theirs, and is never waited for alone.
/// </remarks>
internal sealed class ToolRound(ToolLoop loop, IAsyncEnumerator<StreamEvent>? response, RoundCalls calls, CancellationToken cancellationToken) : IAsyncDisposable
{
    private ValueTask<bool> _read; // of the response, while one is pending
    private bool _isReading;
    private bool _readWakes; // whether the pending read wakes the reader, so that it must not be awaited too
    private bool _isResponseOver = response is null;
    private bool _wasToolEvent;
    private IAsyncEnumerator<object?>? _merging;

    public StreamEvent Current { get; private set; } = null!;

    public RoundCalls Calls => calls;

    /// <summary>Whether the response and its calls have ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Moves to the next event of the response or its tools. May throw out of the call itself.</summary>
    /// <exception cref="StreamLimitException">The response makes more calls than are allowed.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        // While no tool has anything to do, an event of the response that is there already costs no state machine.
        if (!_isResponseOver && !_isReading && loop.Scheduler?.IsBusy != true && !cancellationToken.IsCancellationRequested)
        {
            BeginRead(response!.MoveNextAsync());
            if (_read.IsCompletedSuccessfully)
            {
                _isReading = !_read.Result;
                if (!_isReading)
                {
                    Show(response.Current);
                    return new ValueTask<bool>(true);
                }

                _read = new ValueTask<bool>(false); // a result may be read only once
            }
        }

        return (_merging ??= MergeAsync()).MoveNextAsync();
    }

    /// <summary>Moves to the next event of the tools, if there is one.</summary>
    public bool TryTakeToolEvent()
    {
        if (loop.Scheduler is not { } scheduler || !scheduler.Events.TryTake(out var toolEvent))
        {
            return false;
        }

        Current = toolEvent;
        _wasToolEvent = true;
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        while (_isReading && _readWakes && !_read.IsCompleted)
        {
            await loop.Scheduler!.Events.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        if (_isReading)
        {
            _isReading = false;
            await ((Task)_read.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (response is not null)
        {
            await response.DisposeAsync().ConfigureAwait(false);
        }
    }

    // An iterator, whose one object serves every event that has to be waited for.
    private async IAsyncEnumerator<object?> MergeAsync()
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Asked before events are taken: a call that settles in between leaves an event that must not wait for the response.
            var isWaiting = loop.Scheduler?.HasPending == true;

            // After an event of a tool it is the response's turn, so that a tool that reports without end does not hold it up.
            if (!(_wasToolEvent && IsResponseReady()) && !calls.IsLastWord && TryTakeToolEvent())
            {
                yield return null;
                continue;
            }

            _wasToolEvent = false;
            if (_isResponseOver && !isWaiting)
            {
                IsOver = true;
                yield break;
            }

            if (_isResponseOver || (!IsResponseReady() && (isWaiting || _readWakes)))
            {
                WakeByRead();
                await loop.Scheduler!.Events.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            bool isThere;
            try
            {
                isThere = await _read.ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                // The response knows only the token that also stops the tools.
                throw new OperationCanceledException(exception.Message, exception, cancellationToken);
            }
            finally
            {
                (_isReading, _readWakes) = (false, false);
            }

            if (isThere)
            {
                Show(response!.Current);
                yield return null;
                continue;
            }

            _isResponseOver = true;
            calls.EndResponse();
        }
    }

    /// <summary>Begins to read the response, unless a read is pending.</summary>
    /// <returns>Whether the read has ended.</returns>
    private bool IsResponseReady()
    {
        if (_isResponseOver)
        {
            return false;
        }

        if (!_isReading)
        {
            BeginRead(response!.MoveNextAsync());
        }

        return _read.IsCompleted;
    }

    private void BeginRead(ValueTask<bool> read) => (_read, _isReading) = (read, true);

    private void WakeByRead()
    {
        if (_isReading && !_readWakes)
        {
            _readWakes = true;
            _read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(WakeReader);
        }
    }

    private void WakeReader() => loop.Scheduler!.Events.Wake(inline: true);

    private void Show(StreamEvent streamEvent)
    {
        Current = streamEvent;
        calls.Observe(streamEvent);
    }
}
