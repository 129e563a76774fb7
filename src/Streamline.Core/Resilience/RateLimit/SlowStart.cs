namespace Streamline.Resilience;

/// <summary>After a refusal because requests grew too fast: begins at half the rate of the last ten seconds, and lets it grow by half every ten seconds.</summary>
internal sealed class SlowStart
{
    private const double Growth = 1.5;
    private const double EndsAfterGrowth = 8;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    private readonly Queue<DateTimeOffset> _recent = new();
    private DateTimeOffset? _begunAt;
    private DateTimeOffset _last;
    private double _perSecond;

    public void Begin(DateTimeOffset now)
    {
        Forget(now);
        _perSecond = Math.Max(_recent.Count / Step.TotalSeconds / 2, 0.1);
        _begunAt = now;
    }

    public TimeSpan WaitFor(DateTimeOffset now)
    {
        if (_begunAt is not { } begun)
        {
            return TimeSpan.Zero;
        }

        var growth = Math.Pow(Growth, (now - begun) / Step);
        if (growth >= EndsAfterGrowth)
        {
            _begunAt = null;
            return TimeSpan.Zero;
        }

        return _last + TimeSpan.FromSeconds(1 / (_perSecond * growth)) - now;
    }

    public void Note(DateTimeOffset now)
    {
        Forget(now);
        _recent.Enqueue(now);
        _last = now;
    }

    private void Forget(DateTimeOffset now)
    {
        while (_recent.TryPeek(out var first) && (first < now - Step || _recent.Count > 10_000))
        {
            _recent.Dequeue();
        }
    }
}
