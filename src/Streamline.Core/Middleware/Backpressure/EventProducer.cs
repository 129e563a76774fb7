namespace Streamline;

/// <summary>Reads a source into a buffer, until it ends or is left. It knows nothing of its consumer, so that a consumer that is abandoned can be collected.</summary>
internal sealed class EventProducer
{
    private readonly CancellationTokenSource _leaving;
    private readonly Task _producing;

    public EventProducer(IStreamClient client, StreamRequest request, BackpressureOptions options, CancellationToken cancellationToken)
    {
        Buffer = new EventBuffer(options);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _producing = ProduceAsync(client, request, _leaving.Token);
    }

    public EventBuffer Buffer { get; }

    /// <summary>Gets what ended the source; <see langword="null"/> while it runs and when it ended by itself.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Leaves the source, and waits until it is closed.</summary>
    public async ValueTask LeaveAsync()
    {
        try
        {
            if (!_producing.IsCompleted)
            {
                await _leaving.CancelAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await _producing.ConfigureAwait(false);
            _leaving.Dispose();
        }
    }

    /// <summary>Leaves the source without waiting.</summary>
    public void Abandon() => _ = LeaveAsync().AsTask();

    private async Task ProduceAsync(IStreamClient client, StreamRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var events = StreamFold.GetUnfoldedEnumerator(client.StreamAsync(request, cancellationToken), cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                while (await events.MoveNextAsync().ConfigureAwait(false))
                {
                    await Buffer.AddAsync(events.Current, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception)
        {
            Failure = exception;
        }

        Buffer.Complete(Failure);
    }
}
