using System.Runtime.CompilerServices;

namespace Streamline.Resilience;

/// <summary>Sends requests no faster than the provider's rate limits allow; see <see cref="RateLimitOptions"/>.</summary>
internal sealed class RateLimitStreamClient : IteratorStageClient
{
    private readonly RateLimitOptions _options;
    private readonly IRateLimitStore _store;
    private readonly TimeProvider _time;
    private readonly string _provider;
    private readonly string? _model;
    private readonly BoundedEntries<string, AdmissionQueue> _queues;
    private int _told;

    public RateLimitStreamClient(IStreamClient inner, RateLimitOptions options, TimeProvider time)
        : base(inner)
    {
        (_options, _time) = (options, time);
        _queues = new(options.MaxKeys, StringComparer.Ordinal);
        _store = options.Store ?? new InMemoryRateLimitStore(time);
        var metadata = inner.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata;
        (_provider, _model) = (metadata?.Provider ?? "", metadata?.DefaultModel);
    }

    /// <summary>Gets how many keys are told apart.</summary>
    internal int Keys => _queues.Values.Count;

    /// <summary>Gets how many requests wait.</summary>
    internal int Waiting => _queues.Values.Sum(queue => queue.Waiting);

    /// <summary>Gets how many requests wait whose client has not read on since it was told so.</summary>
    internal int Told => Volatile.Read(ref _told);

    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = _options.Key is { } keyOf ? keyOf(request) : $"{_provider}/{request.Options?.ModelId ?? _model}";
        var queue = _queues.Get(key, shared: $"{_provider}/*", key => new AdmissionQueue(key, _options, _store, _time));
        var (input, raw) = queue.Estimator.EstimateInput(request);
        var demand = new RateLimitDemand { InputTokens = input, OutputTokens = queue.Estimator.EstimateOutput(request), Limits = _options.FixedLimits, Burst = _options.Burst };
        var ticket = queue.Enter(_options.Priority(request), demand);
        try
        {
            string? told = null;
            while (!await queue.TryAdmitAsync(ticket, cancellationToken).ConfigureAwait(false))
            {
                if (!string.Equals(told, ticket.Resource, StringComparison.Ordinal))
                {
                    told = ticket.Resource;
                    Interlocked.Increment(ref _told);
                    try
                    {
                        var telling = queue.Tell(ticket);
                        await using (telling.ConfigureAwait(false))
                        {
                            yield return new RateLimitWait { Resource = told, Delay = ticket.Delay, Position = ticket.Position };
                        }
                    }
                    finally
                    {
                        Interlocked.Decrement(ref _told);
                    }
                }

                await queue.WaitAsync(ticket, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (ticket.ReservationId is null)
            {
                queue.Leave(ticket);
            }
        }

        var admitted = new RateLimitedRequest(queue, _store, ticket, raw, _options.CountsCachedInput, _time);
        await using (admitted.ConfigureAwait(false))
        {
            var events = OpenInner(request, cancellationToken);
            await using (events.ConfigureAwait(false))
            {
                while (await admitted.MoveNextAsync(events, cancellationToken).ConfigureAwait(false))
                {
                    yield return events.Current;
                }
            }
        }
    }
}
