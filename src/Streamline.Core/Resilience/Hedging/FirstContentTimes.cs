namespace Streamline.Resilience;

/// <summary>How long requests of one kind took until their first content. Not thread-safe.</summary>
internal sealed class FirstContentTimes
{
    private const int MaxSamples = 256;

    private readonly Queue<double> _seconds = new();

    public int Count => _seconds.Count;

    /// <summary>Adds a time.</summary>
    /// <param name="time">The time; <see langword="null"/> when the request was closed before, because another one won. It would have taken longer than the percentile, and counts so.</param>
    public void Add(TimeSpan? time)
    {
        _seconds.Enqueue(time?.TotalSeconds ?? double.PositiveInfinity);
        if (_seconds.Count > MaxSamples)
        {
            _seconds.Dequeue();
        }
    }

    /// <summary>Gets a percentile of the times, or else the longest time that is known.</summary>
    public TimeSpan Percentile(double percentile)
    {
        var sorted = _seconds.Order().ToArray();
        var at = (int)Math.Ceiling(percentile * sorted.Length) - 1;
        while (at > 0 && double.IsInfinity(sorted[at]))
        {
            at--;
        }

        return double.IsInfinity(sorted[at]) ? TimeSpan.MaxValue : TimeSpan.FromSeconds(sorted[at]);
    }
}
