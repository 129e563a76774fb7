namespace Streamline.Resilience;

/// <summary>Which rate limits a client keeps, and how requests wait for them.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class RateLimitOptions
{
    /// <summary>Gets the limits, at most one per resource.</summary>
    /// <value>Empty by default: the client then knows only what the provider reports with its responses.</value>
    public IList<RateLimit> Limits { get; } = [];

    /// <summary>Gets or sets how long a request may burst ahead of an even pace. Requests are spread over the period of each limit instead of being sent at its start.</summary>
    /// <value>From zero to one hour. The default is 5 seconds: after a pause, what 5 seconds allow is sent at once.</value>
    public TimeSpan Burst
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(Burst));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1), nameof(Burst));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how many requests of this client may be open at once.</summary>
    /// <value>At least 1; <see langword="null"/> for no limit, which is the default. With <see cref="AdaptiveConcurrency"/> it is the most that the client tries; 200 without a value.</value>
    public int? MaxConcurrency
    {
        get;
        set
        {
            if (value is { } limit)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(MaxConcurrency));
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets or sets a value indicating whether the number of open requests follows the time to the first event, for servers of your own that queue what they cannot answer yet: it falls when
    /// that time grows, and rises again while it does not.
    /// </summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AdaptiveConcurrency { get; set; }

    /// <summary>Gets or sets how many requests may wait. A further one fails at once with <see cref="StreamLimitException"/>.</summary>
    /// <value>At least 1. The default is 1,000.</value>
    public int MaxQueuedRequests
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxQueuedRequests));
            field = value;
        }
    } = 1000;

    /// <summary>Gets or sets how long a request may wait before it fails with <see cref="StreamLimitException"/>.</summary>
    /// <value>More than zero, at most 24 days; <see langword="null"/> for no limit. The default is 5 minutes.</value>
    public TimeSpan? MaxWait
    {
        get;
        set
        {
            if (value is { } limit)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(MaxWait));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromDays(24), nameof(MaxWait));
            }

            field = value;
        }
    } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how important a request is: one of higher priority waits before all of lower priority. Requests of one priority keep their order.</summary>
    /// <value>The default is 0 for every request. It is called once per request and must be thread-safe.</value>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public Func<StreamRequest, int> Priority
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Priority));
    } = static _ => 0;

    /// <summary>Gets or sets which requests share their limits: those with the same key.</summary>
    /// <value>The default is <see langword="null"/>: the provider and the model of the request. Include the account when clients of several accounts share a <see cref="Store"/>.</value>
    public Func<StreamRequest, string>? Key { get; set; }

    /// <summary>
    /// Gets or sets a value indicating whether the provider counts a request's limit on output tokens in full when it arrives, as Azure OpenAI, Databricks and Bedrock do, rather than the
    /// tokens that it writes.
    /// </summary>
    /// <value>The default is <see langword="false"/>: reserved is what requests of the same key have used lately (the 95th percentile and a fifth more), and the rest is given back as soon as usage is known.</value>
    public bool ReservesMaxOutputTokens { get; set; }

    /// <summary>Gets or sets how many output tokens are expected of a request before any is known, unless the request sets a lower limit.</summary>
    /// <value>At least 1. The default is 1,024.</value>
    public int ExpectedOutputTokens
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ExpectedOutputTokens));
            field = value;
        }
    } = 1024;

    /// <summary>Gets or sets a value indicating whether input tokens that were read from the provider's cache count in its limits, as with Baseten.</summary>
    /// <value>The default is <see langword="false"/>: they do not count.</value>
    public bool CountsCachedInput { get; set; }

    /// <summary>Gets or sets how many keys have limits of their own. All further keys share one set of limits, so that names of models or accounts that callers choose cannot fill the memory.</summary>
    /// <value>At least 1. The default is 1,000.</value>
    public int MaxKeys
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxKeys));
            field = value;
        }
    } = 1000;

    /// <summary>Gets or sets where it is counted what was used.</summary>
    /// <value>The default is <see langword="null"/>: in the memory of this client. Clients that share a store share their limits, also across processes if the store does.</value>
    public IRateLimitStore? Store { get; set; }

    /// <summary>Gets or sets the clock.</summary>
    /// <value>The default is <see langword="null"/>: the clock of the pipeline, see <see cref="StreamClientBuilder.UseTimeProvider"/>.</value>
    public TimeProvider? TimeProvider { get; set; }

    internal IReadOnlyList<RateLimit> FixedLimits { get; private set; } = [];

    /// <exception cref="InvalidOperationException">Two limits are of one resource.</exception>
    internal RateLimitOptions Copy()
    {
        var copy = (RateLimitOptions)MemberwiseClone();
        copy.FixedLimits = [.. Limits];
        for (var i = 0; i < copy.FixedLimits.Count; i++)
        {
            var limit = copy.FixedLimits[i] ?? throw new InvalidOperationException($"{nameof(Limits)}[{i}] is null.");
            if (copy.FixedLimits.Take(i).Any(other => string.Equals(other.Resource, limit.Resource, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"{nameof(Limits)} has two limits of '{limit.Resource}'; expected one per resource.");
            }
        }

        return copy;
    }
}
