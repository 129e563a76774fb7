namespace Streamline.Resilience;

/// <summary>
/// What was used of one resource. Three views of it must all have room: the sliding window of what this store let through, an even pace, and what the provider reported last.
/// </summary>
/// <remarks>
/// The sliding window is exact: no span as long as the period holds more than the limit. So the provider's own window is kept, whether it slides, begins at the full minute, or is a bucket that fills
/// up evenly. What is in flight stays in the window until the provider must have counted it.
/// </remarks>
internal sealed class RateLimitBucket
{
    private static readonly TimeSpan Unknown = TimeSpan.FromMilliseconds(250);

    // What has been counted, by the time at which it leaves the window. Corrections are entries too, and may be negative.
    private readonly PriorityQueue<long, long> _counted = new();
    private readonly ReportedQuota _reported = new();
    private long _sum;
    private long _inFlight;
    private long _periodTicks = TimeSpan.TicksPerMinute;

    // When the next amount would be due at an even pace.
    private long _paceTicks;

    private long? _configured;

    // A limit that the provider reports counts when it is lower than the one that the client knows.
    private long? Limit => _reported.Limit is { } reported && !(_configured < reported) ? reported : _configured;

    /// <summary>Sets the limit that the client knows.</summary>
    public void Configure(RateLimit limit) => (_configured, _periodTicks) = (limit.Limit, limit.Period.Ticks);

    /// <summary>Takes in what was in flight before this bucket was there.</summary>
    public void Join(long amount) => _inFlight += amount;

    /// <summary>Finds how long an amount has to wait; zero when there is room for it.</summary>
    public TimeSpan WaitFor(long amount, TimeSpan burst, DateTimeOffset now)
    {
        Forget(now.UtcTicks);
        if (Limit is { } limit)
        {
            // What is more than the limit can be sent only when nothing else is.
            var used = _sum + _inFlight;
            if (used > 0 && used + Math.Min(amount, limit) > limit)
            {
                return _counted.TryPeek(out _, out var leaves) ? TimeSpan.FromTicks(leaves - now.UtcTicks + 1) : Unknown;
            }

            var ahead = _paceTicks - burst.Ticks - now.UtcTicks;
            if (ahead > 0)
            {
                return TimeSpan.FromTicks(ahead);
            }
        }

        return _reported.WaitFor(amount, now);
    }

    public void Reserve(long amount, DateTimeOffset now)
    {
        _inFlight += amount;
        _reported.Take(amount);
        if (Limit is { } limit)
        {
            _paceTicks = Math.Max(_paceTicks, now.UtcTicks);
            Delay(TicksOf(amount, limit), now);
        }
    }

    /// <summary>Corrects an amount that is in flight.</summary>
    public void Correct(long from, long to, DateTimeOffset reservedAt, DateTimeOffset now)
    {
        if (from != to)
        {
            _inFlight += to - from;
            CorrectPace(from, to, reservedAt, now);
        }
    }

    /// <summary>Notes that the provider has counted an amount that was in flight.</summary>
    public void Count(long amount, DateTimeOffset now)
    {
        _inFlight -= amount;
        Add(amount, now.UtcTicks + _periodTicks);
    }

    /// <summary>Corrects an amount that was counted before.</summary>
    public void CorrectCounted(long from, long to, DateTimeOffset countedAt, DateTimeOffset reservedAt, DateTimeOffset now)
    {
        var leaves = countedAt.UtcTicks + _periodTicks;
        if (from != to && leaves > now.UtcTicks)
        {
            Add(to - from, leaves);
            CorrectPace(from, to, reservedAt, now);
        }
    }

    public void Observe(RateLimitWindow window, long unseen) => _reported.Observe(window, unseen);

    private void CorrectPace(long from, long to, DateTimeOffset reservedAt, DateTimeOffset now)
    {
        _reported.Correct(to - from, reservedAt);
        if (Limit is { } limit)
        {
            Delay(TicksOf(to, limit) - TicksOf(from, limit), now);
        }
    }

    // Whatever was used, a period later the window is empty: the next amount is due by then.
    private void Delay(long ticks, DateTimeOffset now) => _paceTicks = Math.Min(_paceTicks + ticks, now.UtcTicks + _periodTicks);

    private long TicksOf(long amount, long limit) => (long)((double)Math.Min(amount, limit) / limit * _periodTicks);

    private void Add(long amount, long leaves)
    {
        if (amount != 0)
        {
            _sum += amount;
            _counted.Enqueue(amount, leaves);
        }
    }

    private void Forget(long now)
    {
        while (_counted.TryPeek(out var amount, out var leaves) && leaves <= now)
        {
            _sum -= amount;
            _counted.Dequeue();
        }
    }
}
