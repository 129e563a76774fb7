namespace Streamline;

/// <summary>What a provider said about one of its rate limits, in one form for all providers.</summary>
/// <remarks>Read from the headers of a response or from the body of an error. A provider may round its figures, and count what other processes use.</remarks>
public sealed record RateLimitWindow
{
    /// <summary>
    /// Gets what is limited: <c>requests</c>, <c>tokens</c>, <c>input-tokens</c>, <c>output-tokens</c>, or the provider's own word, such as <c>project-tokens</c>,
    /// <c>fast-input-tokens</c>, <c>priority-output-tokens</c>, <c>unified-5h</c> or <c>requests-day</c>.
    /// </summary>
    public required string Resource { get; init; }

    /// <summary>Gets how much may be used per window; <see langword="null"/> when the provider does not say, or has no limit.</summary>
    public long? Limit { get; init; }

    /// <summary>Gets how much is left; <see langword="null"/> when the provider does not say.</summary>
    public long? Remaining { get; init; }

    /// <summary>Gets when the limit is whole again; <see langword="null"/> when the provider does not say.</summary>
    public DateTimeOffset? ResetAt { get; init; }

    /// <summary>Gets when the response arrived that said so.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>Gets which part of the limit is used, from 0 on, where the provider says that instead of figures; otherwise <see langword="null"/>.</summary>
    public double? Utilization { get; init; }

    /// <summary>Gets the provider's own word for the state of the limit, such as <c>allowed</c> or <c>rejected</c>; <see langword="null"/> when it has none.</summary>
    public string? Status { get; init; }

    /// <summary>Gets the words of the provider that this was read from, such as <c>x-ratelimit-reset-tokens: 6m0s</c>, joined by <c>; </c>.</summary>
    public required string Raw { get; init; }
}
