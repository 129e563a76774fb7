namespace Streamline.Resilience;

/// <summary>Counts what requests have used of rate limits. Clients that share a store share their limits.</summary>
/// <remarks>
/// Implementations are thread-safe. <see cref="InMemoryRateLimitStore"/> serves one process; one for several processes keeps the same figures in a database, changes them atomically, and forgets
/// reservations whose process has died. The clock of such a store may be set back: it must not ask for a wait that is longer than the period of a limit, or than the pause or the reset that the provider
/// named.
/// </remarks>
public interface IRateLimitStore
{
    /// <summary>Reserves what a request is expected to use, if all limits have room for it.</summary>
    /// <param name="key">The key of the limits.</param>
    /// <param name="demand">What the request is expected to use, and the limits.</param>
    /// <param name="cancellationToken">Cancels the call, not a reservation that was made.</param>
    /// <returns>A reservation, or how long to wait before the next try.</returns>
    ValueTask<RateLimitDecision> ReserveAsync(string key, RateLimitDemand demand, CancellationToken cancellationToken = default);

    /// <summary>Reports how a request that has a reservation proceeds. The last report of each reservation says that it has ended.</summary>
    /// <remarks>What it throws does not end the stream, and the stream waits for it for 2 seconds at most; then the call is cancelled.</remarks>
    /// <param name="key">The key of the limits.</param>
    /// <param name="report">The report.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ReportAsync(string key, RateLimitReport report, CancellationToken cancellationToken = default);
}
