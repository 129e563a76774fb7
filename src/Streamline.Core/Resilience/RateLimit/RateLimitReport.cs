namespace Streamline.Resilience;

/// <summary>How a request that has a reservation proceeds; see <see cref="IRateLimitStore.ReportAsync"/>.</summary>
public sealed record RateLimitReport
{
    /// <summary>Gets the id of the reservation.</summary>
    public required string ReservationId { get; init; }

    /// <summary>Gets a value indicating whether the provider has accepted the request.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Gets a value indicating whether the request has ended, in whatever way. It is the last report of its reservation.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Gets the input tokens that the provider has counted; <see langword="null"/> while they are unknown.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Gets the output tokens that the provider has counted, or those of the whole response if <see cref="HasEnded"/>; <see langword="null"/> while they are unknown.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Gets what the provider said about its limits.</summary>
    public IReadOnlyList<RateLimitWindow> Windows { get; init; } = [];

    /// <summary>Gets how long nothing may be sent, because the provider has refused the request; <see langword="null"/> when it has not.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>Gets a value indicating whether the provider refused the request because requests grew too fast, not because a limit is used up.</summary>
    public bool IsAcceleration { get; init; }
}
