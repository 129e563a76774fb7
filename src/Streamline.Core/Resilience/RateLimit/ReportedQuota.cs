namespace Streamline.Resilience;

/// <summary>
/// What the provider reported to be left of a resource. A report lowers the view at once; it rises evenly until the reset, and by half of what a later report has more, because other processes may use the same quota.
/// </summary>
internal sealed class ReportedQuota
{
    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RisesAfter = TimeSpan.FromSeconds(1);

    private DateTimeOffset _observedAt;
    private DateTimeOffset? _resetAt;
    private double _remaining = double.PositiveInfinity;
    private long _takenSince;

    /// <summary>Gets the limit that was reported last.</summary>
    public long? Limit { get; private set; }

    /// <param name="window">The report.</param>
    /// <param name="unseen">What is under way that the provider had not counted when it made the report.</param>
    public void Observe(RateLimitWindow window, long unseen)
    {
        Limit = window.Limit is > 0 ? window.Limit : Limit;
        if (window.Remaining is not { } remaining)
        {
            return;
        }

        var available = Available(window.ObservedAt);
        if (remaining - unseen <= available)
        {
            (_observedAt, _resetAt, _remaining, _takenSince) = (window.ObservedAt, window.ResetAt, remaining, unseen);
        }
        else if (window.ObservedAt - _observedAt >= RisesAfter)
        {
            (_observedAt, _resetAt, _remaining, _takenSince) = (window.ObservedAt, window.ResetAt, Math.Max(0, available + ((remaining - unseen - available) / 2)), 0);
        }
    }

    public void Take(long amount) => _takenSince += amount;

    /// <summary>Corrects what was taken, unless the report is later and knows better.</summary>
    public void Correct(long by, DateTimeOffset takenAt)
    {
        if (takenAt >= _observedAt)
        {
            _takenSince += by;
        }
    }

    public TimeSpan WaitFor(long amount, DateTimeOffset now)
    {
        if (amount <= Available(now) || Limit is { } limit && amount > limit && Available(now) >= limit)
        {
            return TimeSpan.Zero;
        }

        if (_resetAt is not { } reset || reset <= now)
        {
            return Unknown;
        }

        var wait = reset - now;
        if (Limit is { } whole && whole > _remaining)
        {
            // When the even rise gets there.
            var missing = amount + _takenSince - _remaining;
            var at = _observedAt + ((reset - _observedAt) * Math.Min(1, missing / (whole - _remaining)));
            wait = at - now;
        }

        return wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait;
    }

    private double Available(DateTimeOffset now)
    {
        // Without a time of reset, a report holds for a minute.
        var reset = _resetAt ?? _observedAt + TimeSpan.FromMinutes(1);
        if (now >= reset)
        {
            (_remaining, _takenSince) = (double.PositiveInfinity, 0);
            return _remaining;
        }

        var rise = Limit is { } limit && limit > _remaining ? (limit - _remaining) * ((now - _observedAt) / (reset - _observedAt)) : 0;
        return _remaining + rise - _takenSince;
    }
}
