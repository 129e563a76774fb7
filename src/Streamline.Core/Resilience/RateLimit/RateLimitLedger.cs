namespace Streamline.Resilience;

/// <summary>The buckets of one key, its open reservations, and what a refusal of the provider has left. Not thread-safe.</summary>
internal sealed class RateLimitLedger
{
    // No request uses as much; a count above it is wrong, and must not make sums overflow.
    private const long MaxTokens = 1_000_000_000;

    private static readonly TimeSpan ProbeWait = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, RateLimitBucket> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reservation> _open = new(StringComparer.Ordinal);
    private readonly SlowStart _slowStart = new();
    private DateTimeOffset _pausedUntil;
    private bool _isProbing;
    private string? _probe;

    /// <summary>Gets how much of a resource a request uses.</summary>
    public static long AmountOf(string resource, long input, long output) => InputPart(resource, input) + OutputPart(resource, output);

    /// <summary>Gets a count of tokens that was reported, within what is possible.</summary>
    public static long Plausible(long tokens) => Math.Clamp(tokens, 0, MaxTokens);

    /// <summary>Finds what a request has to wait for; no resource when it can be sent.</summary>
    public (TimeSpan Wait, string? Resource) WaitFor(RateLimitDemand demand, DateTimeOffset now)
    {
        if (now < _pausedUntil)
        {
            return (_pausedUntil - now, "retry-after");
        }

        if (_isProbing && _probe is not null)
        {
            return (ProbeWait, "probe");
        }

        if (_slowStart.WaitFor(now) is { Ticks: > 0 } slow)
        {
            return (slow, "slow-start");
        }

        foreach (var limit in demand.Limits)
        {
            BucketOf(limit.Resource).Configure(limit);
        }

        var (longest, resource) = (TimeSpan.Zero, (string?)null);
        foreach (var (name, bucket) in _buckets)
        {
            if (bucket.WaitFor(AmountOf(name, demand.InputTokens, demand.OutputTokens), demand.Burst, now) is var wait && wait > longest)
            {
                (longest, resource) = (wait, name);
            }
        }

        return (longest, resource);
    }

    public void Reserve(string id, RateLimitDemand demand, DateTimeOffset now)
    {
        _probe = _isProbing ? id : null;
        _slowStart.Note(now);
        _open.Add(id, new Reservation { ReservedAt = now, Input = demand.InputTokens, Output = demand.OutputTokens });
        foreach (var (name, bucket) in _buckets)
        {
            bucket.Reserve(AmountOf(name, demand.InputTokens, demand.OutputTokens), now);
        }
    }

    public void Report(RateLimitReport report, DateTimeOffset now)
    {
        foreach (var window in report.Windows)
        {
            Observe(window);
        }

        if (_open.TryGetValue(report.ReservationId, out var reservation))
        {
            if (report.HasBegun || report.HasEnded)
            {
                Begin(reservation, now);
            }

            Correct(reservation, Plausible(report.InputTokens ?? reservation.Input), Plausible(report.OutputTokens ?? reservation.Output), now);
            if (report.HasEnded)
            {
                End(report.ReservationId, reservation, now);
            }
        }

        if (report.Pause is { } pause)
        {
            Pause(pause, report.IsAcceleration, now);
        }
        else if (report.HasBegun && string.Equals(_probe, report.ReservationId, StringComparison.Ordinal))
        {
            (_isProbing, _probe) = (false, null);
        }
        else if (report.HasEnded && string.Equals(_probe, report.ReservationId, StringComparison.Ordinal))
        {
            _probe = null; // it ended before it could tell; another one has to
        }
    }

    private static long InputPart(string resource, long input) => resource switch
    {
        RateLimit.Requests => 1,
        RateLimit.OutputTokens => 0,
        _ => input,
    };

    private static long OutputPart(string resource, long output) => resource is RateLimit.Requests or RateLimit.InputTokens ? 0 : output;

    private void Observe(RateLimitWindow window)
    {
        // Limits that do not count every request, such as those of a priority tier, say nothing about the next one.
        if (window.Resource is RateLimit.Requests or RateLimit.Tokens or RateLimit.InputTokens or RateLimit.OutputTokens or "project-tokens")
        {
            var unseen = _open.Values.Where(open => open.BegunAt is null).Sum(open => AmountOf(window.Resource, open.Input, open.Output));
            BucketOf(window.Resource).Observe(window, unseen);
        }
    }

    private RateLimitBucket BucketOf(string resource)
    {
        if (!_buckets.TryGetValue(resource, out var bucket))
        {
            // What is open counts in a limit that becomes known only now.
            _buckets.Add(resource, bucket = new RateLimitBucket());
            foreach (var open in _open.Values)
            {
                bucket.Join(open.BegunAt is null ? AmountOf(resource, open.Input, open.Output) : OutputPart(resource, open.Output));
            }
        }

        return bucket;
    }

    // The provider has counted the request and its input. The output is counted at the end.
    private void Begin(Reservation reservation, DateTimeOffset now)
    {
        if (reservation.BegunAt is null)
        {
            reservation.BegunAt = now;
            foreach (var (name, bucket) in _buckets)
            {
                bucket.Count(InputPart(name, reservation.Input), now);
            }
        }
    }

    private void Correct(Reservation reservation, long input, long output, DateTimeOffset now)
    {
        foreach (var (name, bucket) in _buckets)
        {
            var (from, to) = (InputPart(name, reservation.Input), InputPart(name, input));
            if (reservation.BegunAt is { } begun)
            {
                bucket.CorrectCounted(from, to, begun, reservation.ReservedAt, now);
            }
            else
            {
                bucket.Correct(from, to, reservation.ReservedAt, now);
            }

            bucket.Correct(OutputPart(name, reservation.Output), OutputPart(name, output), reservation.ReservedAt, now);
        }

        (reservation.Input, reservation.Output) = (input, output);
    }

    private void End(string id, Reservation reservation, DateTimeOffset now)
    {
        foreach (var (name, bucket) in _buckets)
        {
            bucket.Count(OutputPart(name, reservation.Output), now);
        }

        _open.Remove(id);
    }

    private void Pause(TimeSpan pause, bool isAcceleration, DateTimeOffset now)
    {
        if (isAcceleration)
        {
            _slowStart.Begin(now);
        }

        var until = SteadyClock.Add(now, pause);
        _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        (_isProbing, _probe) = (true, null);
    }

    private sealed class Reservation
    {
        public long Input { get; set; }

        public long Output { get; set; }

        public required DateTimeOffset ReservedAt { get; init; }

        /// <summary>When the provider had counted its input; <see langword="null"/> before.</summary>
        public DateTimeOffset? BegunAt { get; set; }
    }
}
