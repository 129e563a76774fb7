namespace Streamline.Resilience;

/// <summary>Reads a source into a buffer, until it ends or is left. It knows nothing of its consumer, so that a consumer that is abandoned can be collected.</summary>
internal sealed class EventProducer
{
    private readonly CancellationTokenSource _leaving;
    private readonly Task<Exception?> _producing;

    public EventProducer(IStreamClient client, StreamRequest request, BackpressureOptions options, CancellationToken cancellationToken)
    {
        Buffer = new EventBuffer(options);
        _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _producing = ProduceAsync(client, request, _leaving.Token);
    }

    public EventBuffer Buffer { get; }

    /// <summary>Leaves the source, and waits until it is closed. Gives what ended it; <see langword="null"/> when it ended by itself.</summary>
    public async Task<Exception?> LeaveAsync()
    {
        using var leaving = _leaving;
        var cancelling = _producing.IsCompleted ? Task.CompletedTask : leaving.CancelAsync();
        var failure = await _producing.ConfigureAwait(false);
        await cancelling.ConfigureAwait(false);
        return failure;
    }

    private async Task<Exception?> ProduceAsync(IStreamClient client, StreamRequest request, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            var events = StreamFold.Open(client, request, cancellationToken);
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
            failure = exception;
        }

        // A consumer that has cancelled is told so with its own token.
        Buffer.Complete(cancellationToken.IsCancellationRequested ? null : failure);
        return failure;
    }
}
