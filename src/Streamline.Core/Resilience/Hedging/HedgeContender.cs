namespace Streamline.Resilience;

/// <summary>One of two requests for the same answer: read until its first content, and then either shown or closed.</summary>
internal sealed class HedgeContender(string name, IStreamClient client, StreamRequest request, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly UncommittedEvents _held = new();
    private IAsyncEnumerator<StreamEvent>? _events;
    private Task<bool>? _reading;
    private bool _isClosed;

    public string Name => name;

    /// <summary>Gets a value indicating whether it has content to show, or has ended properly without any.</summary>
    public bool HasWon { get; private set; }

    public bool HasEnded { get; private set; }

    public Exception? Failure { get; private set; }

    public TokenUsage? Usage { get; private set; }

    /// <summary>Begins to read the next event, or continues to.</summary>
    public Task ReadAsync() => _reading ??= MoveAsync();

    /// <summary>Takes the event whose reading is over, and holds it.</summary>
    /// <returns>The event, if it is to be shown at once.</returns>
    public async ValueTask<StreamEvent?> TakeAsync()
    {
        var moved = await _reading!.ConfigureAwait(false);
        _reading = null;
        if (!moved)
        {
            HasEnded = true;
            HasWon = Failure is null;
            return null;
        }

        if (Current.IsNotice)
        {
            return Current;
        }

        Usage = (Current as UsageUpdated)?.Usage ?? Usage;
        HasWon = _held.Add(Current);
        return null;
    }

    public bool TryTakeHeld(out StreamEvent? held) => _held.TryTake(out held);

    /// <summary>Moves to the next event of the winner.</summary>
    public ValueTask<bool> MoveNextAsync() => HasEnded ? new(false) : _events!.MoveNextAsync();

    public StreamEvent Current => _events!.Current;

    /// <summary>Closes the request, at once: its token is cancelled before this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        await _stop.CancelSafelyAsync().ConfigureAwait(false);
        await (_reading ?? Task.CompletedTask).ConfigureAwait(false);
        try
        {
            if (_events is not null)
            {
                await _events.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private async Task<bool> MoveAsync()
    {
        try
        {
            _events ??= StreamFold.Open(client, request, _stop.Token);
            return await _events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Failure = exception;
            return false;
        }
    }
}
