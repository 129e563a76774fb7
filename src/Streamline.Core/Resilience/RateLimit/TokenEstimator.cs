namespace Streamline.Resilience;

/// <summary>Estimates what the next request of a key will use, and learns from what the last ones used. Thread-safe.</summary>
internal sealed class TokenEstimator(RateLimitOptions options)
{
    private const double Weight = 0.2;

    private readonly Lock _lock = new();
    private readonly RecentValues _ratios = new();
    private readonly RecentValues _outputs = new();

    // Of what was counted over what was estimated: the average, and how far a request is from it on average.
    private double _ratio = 1;
    private double _deviation = 0.2;

    /// <summary>
    /// Estimates the input tokens of a request from the length of its text, rather too high until the provider has counted: the average deviation is added to what 95 of 100 requests do not
    /// exceed, since a limit that is used to the last token has no room for the others.
    /// </summary>
    /// <returns>The estimate, and what it is without what was learned.</returns>
    public (long Tokens, double Raw) EstimateInput(StreamRequest request)
    {
        var tokens = RequestSize.EstimateTokens(request);
        lock (_lock)
        {
            var ratio = Math.Max(_ratio + _deviation, _ratios.High ?? 0) + _deviation;
            return (Math.Max(1, (long)Math.Ceiling(tokens * ratio)), tokens);
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

        long expected;
        lock (_lock)
        {
            expected = _outputs.High is { } high ? (long)Math.Ceiling(high * 1.2) : options.ExpectedOutputTokens;
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
                var ratio = Math.Clamp(input.Value / rawInput, 0.1, 10);
                _ratios.Add(ratio);
                _deviation += Weight * (Math.Abs(ratio - _ratio) - _deviation);
                _ratio += Weight * (ratio - _ratio);
            }

            if (output is { } count)
            {
                _outputs.Add(count);
            }
        }
    }
}
