namespace Streamline.Resilience;

/// <summary>Estimates what the next request of a key will use, and learns from what the last ones used. Thread-safe.</summary>
internal sealed class TokenEstimator(RateLimitOptions options)
{
    private const double Weight = 0.2;
    private const int MaxOutputs = 64;

    private readonly Lock _lock = new();
    private readonly Queue<long> _outputs = new();
    private readonly List<long> _sortedOutputs = [];

    // Of what was counted over what was estimated: the average, and how far a request is from it on average.
    private double _ratio = 1;
    private double _deviation = 0.2;

    /// <summary>Estimates the input tokens of a request from the length of its text, rather too high: twice the average deviation is added, until the provider has counted.</summary>
    /// <returns>The estimate, and what it is without what was learned.</returns>
    public (long Tokens, double Raw) EstimateInput(StreamRequest request)
    {
        var tokens = RequestSize.EstimateTokens(request);
        lock (_lock)
        {
            return (Math.Max(1, (long)Math.Ceiling(tokens * (_ratio + (2 * _deviation)))), tokens);
        }
    }

    /// <summary>Estimates the output tokens of a request.</summary>
    public long EstimateOutput(StreamRequest request)
    {
        var most = request.Options?.MaxOutputTokens;
        if (options.ReservesMaxOutputTokens && most is { } all)
        {
            return all;
        }

        var expected = (long)options.ExpectedOutputTokens;
        lock (_lock)
        {
            if (_sortedOutputs.Count > 0)
            {
                expected = (long)Math.Ceiling(_sortedOutputs[(int)((_sortedOutputs.Count - 1) * 0.95)] * 1.2);
            }
        }

        return Math.Max(1, most is { } limit && limit < expected ? limit : expected);
    }

    /// <summary>Learns from the counts of a response.</summary>
    public void Learn(double rawInput, long? input, long? output)
    {
        lock (_lock)
        {
            if (input is > 0 && rawInput > 0)
            {
                var difference = Math.Clamp(input.Value / rawInput, 0.1, 10) - _ratio;
                _ratio += Weight * difference;
                _deviation += Weight * (Math.Abs(difference) - _deviation);
            }

            if (output is { } count)
            {
                _outputs.Enqueue(count);
                var place = _sortedOutputs.BinarySearch(count);
                _sortedOutputs.Insert(place < 0 ? ~place : place, count);
                if (_outputs.Count > MaxOutputs)
                {
                    _sortedOutputs.RemoveAt(_sortedOutputs.BinarySearch(_outputs.Dequeue()));
                }
            }
        }
    }
}
