namespace Streamline.Resilience;

/// <summary>
/// How many requests may be open. The adaptive limit is the gradient algorithm of Netflix's concurrency-limits: the limit falls as far as the time to the first event grows over its long
/// average, and leaves room for a short queue. That time is taken per thousand input tokens, because a long prompt takes longer on a server that is not busy too.
/// </summary>
internal sealed class ConcurrencyLimit(RateLimitOptions options)
{
    private const double Smoothing = 0.2;
    private const double Tolerance = 1.5;
    private const int QueueSize = 4;
    private const int LongWindow = 300;
    private const int DefaultMost = 200;

    private readonly int _most = options.MaxConcurrency ?? DefaultMost;
    private readonly Lock _lock = new();
    private double _limit = options.AdaptiveConcurrency ? Math.Min(20, options.MaxConcurrency ?? DefaultMost) : options.MaxConcurrency ?? int.MaxValue;
    private double _longTime;
    private int _samples;

    public int Current
    {
        get
        {
            lock (_lock)
            {
                return (int)_limit;
            }
        }
    }

    /// <summary>Notes how long the first event took.</summary>
    public void Note(TimeSpan time, long inputTokens, int open)
    {
        if (!options.AdaptiveConcurrency)
        {
            return;
        }

        var shortTime = time.TotalSeconds / (1 + (inputTokens / 1000d));
        lock (_lock)
        {
            _samples = Math.Min(_samples + 1, LongWindow);
            _longTime += (shortTime - _longTime) / _samples;
            if (_longTime > 2 * shortTime)
            {
                _longTime *= 0.95; // after a long time of load, so that the average does not stay there
            }

            if (open < _limit / 2)
            {
                return; // the limit is not what holds requests back
            }

            var gradient = shortTime <= 0 ? 1 : Math.Clamp(Tolerance * _longTime / shortTime, 0.5, 1);
            var next = (_limit * gradient) + QueueSize;
            _limit = Math.Clamp((_limit * (1 - Smoothing)) + (next * Smoothing), 1, _most);
        }
    }
}
