namespace Streamline.Resilience;

/// <summary>What a request is expected to use; see <see cref="IRateLimitStore.ReserveAsync"/>.</summary>
public sealed record RateLimitDemand
{
    /// <summary>Gets the input tokens.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Gets the output tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Gets the limits that the client knows, at most one per resource.</summary>
    public required IReadOnlyList<RateLimit> Limits { get; init; }

    /// <summary>Gets how far requests may run ahead of an even pace.</summary>
    public required TimeSpan Burst { get; init; }
}
