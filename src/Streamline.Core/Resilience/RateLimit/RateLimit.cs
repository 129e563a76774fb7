namespace Streamline.Resilience;

/// <summary>How much of a resource may be used within a time.</summary>
public sealed record RateLimit
{
    /// <summary>The resource of requests: <c>requests</c>.</summary>
    public const string Requests = "requests";

    /// <summary>The resource of input and output tokens together: <c>tokens</c>.</summary>
    public const string Tokens = "tokens";

    /// <summary>The resource of input tokens: <c>input-tokens</c>.</summary>
    public const string InputTokens = "input-tokens";

    /// <summary>The resource of output tokens: <c>output-tokens</c>.</summary>
    public const string OutputTokens = "output-tokens";

    /// <summary>Initializes a new instance of the <see cref="RateLimit"/> class.</summary>
    /// <param name="resource">One of the constants of this class.</param>
    /// <param name="limit">How much may be used in any span of time as long as the period; at least 1.</param>
    /// <param name="period">The period, from 1 second to 31 days; <see langword="null"/> for a minute.</param>
    /// <exception cref="ArgumentException"><paramref name="resource"/> is not one of the four.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> or <paramref name="period"/> is out of range. A limit of 0 would let no request through.</exception>
    public RateLimit(string resource, long limit, TimeSpan? period = null)
    {
        if (resource is not (Requests or Tokens or InputTokens or OutputTokens))
        {
            throw new ArgumentException($"Expected '{Requests}', '{Tokens}', '{InputTokens}' or '{OutputTokens}'; found '{resource}'.", nameof(resource));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        Resource = resource;
        Limit = limit;
        Period = period ?? TimeSpan.FromMinutes(1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Period, TimeSpan.FromSeconds(1), nameof(period));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Period, TimeSpan.FromDays(31), nameof(period));
    }

    /// <summary>Gets what is limited.</summary>
    public string Resource { get; }

    /// <summary>Gets how much may be used per <see cref="Period"/>.</summary>
    public long Limit { get; }

    /// <summary>Gets the period.</summary>
    public TimeSpan Period { get; }
}
