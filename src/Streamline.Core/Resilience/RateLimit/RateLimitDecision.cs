namespace Streamline.Resilience;

/// <summary>Whether a request may be sent now; see <see cref="IRateLimitStore.ReserveAsync"/>.</summary>
public readonly record struct RateLimitDecision
{
    /// <summary>Gets the id of the reservation; <see langword="null"/> when there is none.</summary>
    public string? ReservationId { get; init; }

    /// <summary>Gets how long to wait before the next try; zero with a reservation.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Gets what there was no room in, such as <c>requests</c>; <see langword="null"/> with a reservation.</summary>
    public string? Resource { get; init; }
}
