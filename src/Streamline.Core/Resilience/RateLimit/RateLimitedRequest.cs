using System.Net;

namespace Streamline.Resilience;

/// <summary>One request that was let through: reports to the store what becomes of it.</summary>
internal sealed class RateLimitedRequest(AdmissionQueue queue, IRateLimitStore store, AdmissionTicket ticket, double rawInput, bool countsCachedInput, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(2);

    // What a provider asks for may be nonsense, and must not make sums overflow.
    private static readonly TimeSpan MaxPause = TimeSpan.FromDays(365);

    // An answer does not wait longer for the store.
    private static readonly TimeSpan ReportTimeout = TimeSpan.FromSeconds(2);

    private readonly long _sentAt = time.GetTimestamp();
    private CancellationTokenSource _reporting = new();
    private bool _hasBegun;
    private bool _hasCompleted;
    private bool _hasStoreFailed;
    private Exception? _failure;
    private long? _input;
    private long? _output;

    /// <summary>Moves to the next event of the response, and notes it.</summary>
    public ValueTask<bool> MoveNextAsync(IAsyncEnumerator<StreamEvent> events, CancellationToken cancellationToken)
    {
        ValueTask<bool> moving;
        try
        {
            moving = events.MoveNextAsync();
        }
        catch (Exception exception)
        {
            _failure = exception;
            throw;
        }

        // An event that is there already costs no state machine, unless the store is to be told of it.
        return !moving.IsCompletedSuccessfully ? WaitAsync(moving, events, cancellationToken)
            : !moving.Result ? new ValueTask<bool>(false)
            : NoteAsync(events.Current, cancellationToken);
    }

    /// <summary>Reports that the request has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        var refusal = _failure as ProviderException;
        var isRefused = refusal?.StatusCode == HttpStatusCode.TooManyRequests;

        // What was left or broke has used some output: as much as was reserved, for all that is known. A request that was refused or never arrived has used none.
        var output = _hasCompleted ? _output : !_hasBegun && _failure is not null ? 0 : null;
        queue.Estimator.Learn(rawInput, _input, _hasCompleted ? _output : null);
        try
        {
            var report = new RateLimitReport
            {
                ReservationId = ticket.ReservationId!,
                HasBegun = _hasBegun,
                HasEnded = true,
                InputTokens = _input ?? (isRefused && !_hasBegun ? 0 : null),
                OutputTokens = output,
                Windows = refusal?.RateLimits ?? [],
                Pause = isRefused ? PauseAfter(refusal!) : null,
                IsAcceleration = isRefused && IsAcceleration(refusal!, ticket.Demand),
            };
            await SendAsync(report, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _reporting.Dispose();
            queue.Close();
        }
    }

    private bool IsToReport(StreamEvent streamEvent) =>
        (!_hasBegun && streamEvent is not KeepAlive) || UsageOf(streamEvent) is not null || streamEvent is RateLimitObserved;

    private static TokenUsage? UsageOf(StreamEvent streamEvent) => streamEvent switch
    {
        UsageUpdated updated => updated.Usage,
        ResponseCompleted completed => completed.Usage,
        _ => null,
    };

    private ValueTask<bool> NoteAsync(StreamEvent streamEvent, CancellationToken cancellationToken) =>
        IsToReport(streamEvent) ? ReportAsync(streamEvent, cancellationToken) : new ValueTask<bool>(true);

    private async ValueTask<bool> WaitAsync(ValueTask<bool> moving, IAsyncEnumerator<StreamEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            if (!await moving.ConfigureAwait(false))
            {
                return false;
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
            throw;
        }

        return await NoteAsync(events.Current, cancellationToken).ConfigureAwait(false);
    }

    // Up to a tenth more than asked for, so that processes that were refused together do not return together.
    private static TimeSpan PauseAfter(ProviderException refusal)
    {
        var wait = refusal.RetryAfter is not { } asked ? DefaultPause : asked < MaxPause ? asked : MaxPause;
        return wait + (wait * 0.1 * Jitter(refusal.RequestId ?? refusal.Message));
    }

    private static double Jitter(string seed)
    {
        var hash = 17u;
        foreach (var character in seed)
        {
            hash = (hash * 31) + character;
        }

        return hash % 1000 / 1000d;
    }

    // Every limit has room for the request: the provider refuses because requests grow too fast.
    private static bool IsAcceleration(ProviderException refusal, RateLimitDemand demand) =>
        refusal.ProviderMessage?.Contains("acceleration", StringComparison.OrdinalIgnoreCase) == true
        || (refusal.RateLimits.Count > 0 && refusal.RateLimits.All(window => window.Remaining >= RateLimitLedger.AmountOf(window.Resource, demand.InputTokens, demand.OutputTokens)));

    private async ValueTask<bool> ReportAsync(StreamEvent streamEvent, CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            queue.Concurrency.Note(time.GetElapsedTime(_sentAt), ticket.Demand.InputTokens, queue.Open);
        }

        var usage = UsageOf(streamEvent);
        _input = Billed(usage) ?? _input;
        _output = usage?.OutputTokens is { } output ? RateLimitLedger.Plausible(output) : _output;
        var isEnd = streamEvent is ResponseCompleted;
        var report = new RateLimitReport
        {
            ReservationId = ticket.ReservationId!,
            HasBegun = true,
            InputTokens = _input,

            // Until the end is known, the response may still grow into what was reserved for it.
            OutputTokens = isEnd || _output > ticket.Demand.OutputTokens ? _output : null,
            Windows = (streamEvent as RateLimitObserved)?.Windows ?? [],
        };

        // The last report repeats the figures, so one that fails or hangs is not tried with each event.
        if (!_hasStoreFailed)
        {
            await SendAsync(report, cancellationToken).ConfigureAwait(false);
        }

        if (isEnd)
        {
            _hasCompleted = true;
            queue.Wake();
        }

        return true;
    }

    // The answer is worth more than the count: a store that fails or hangs does not end the stream.
    private async ValueTask SendAsync(RateLimitReport report, CancellationToken cancellationToken)
    {
        if (_reporting.IsCancellationRequested)
        {
            _reporting.Dispose();
            _reporting = new();
        }

        try
        {
            var reporting = store.ReportAsync(queue.Key, report, _reporting.Token);
            if (reporting.IsCompletedSuccessfully)
            {
                await reporting.ConfigureAwait(false);
                return;
            }

            await reporting.AsTask().WaitAsync(ReportTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            _hasStoreFailed = true;
            await _reporting.CancelSafelyAsync().ConfigureAwait(false);
        }
    }

    private long? Billed(TokenUsage? usage)
    {
        if (usage?.InputTokens is not { } input)
        {
            return null;
        }

        var cached = countsCachedInput ? 0 : Math.Clamp(usage.CachedInputTokens ?? 0, 0, Math.Max(input, 0));
        return RateLimitLedger.Plausible(input - cached);
    }
}
