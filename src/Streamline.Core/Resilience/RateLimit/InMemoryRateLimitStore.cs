using System.Collections.Concurrent;
using System.Globalization;

namespace Streamline.Resilience;

/// <summary>Counts what requests have used of rate limits in the memory of this process.</summary>
/// <remarks>Thread-safe. It keeps one entry per key; a client uses at most <see cref="RateLimitOptions.MaxKeys"/>, and one more.</remarks>
/// <param name="timeProvider">The clock; <see langword="null"/> for <see cref="TimeProvider.System"/>.</param>
public sealed class InMemoryRateLimitStore(TimeProvider? timeProvider = null) : IRateLimitStore
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly SteadyClock _clock = new(timeProvider ?? TimeProvider.System);
    private readonly ConcurrentDictionary<string, RateLimitLedger> _ledgers = new(StringComparer.Ordinal);
    private long _lastId;

    /// <inheritdoc/>
    public ValueTask<RateLimitDecision> ReserveAsync(string key, RateLimitDemand demand, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(demand);
        var ledger = _ledgers.GetOrAdd(key, static _ => new());
        lock (ledger)
        {
            var (wait, resource) = ledger.WaitFor(demand, _clock.Now);
            if (resource is not null)
            {
                return new(new RateLimitDecision { Wait = wait, Resource = resource });
            }

            var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
            ledger.Reserve(id, demand, _clock.Now);
            return new(new RateLimitDecision { ReservationId = id });
        }
    }

    /// <inheritdoc/>
    public ValueTask ReportAsync(string key, RateLimitReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(report);
        if (_ledgers.TryGetValue(key, out var ledger))
        {
            lock (ledger)
            {
                var now = _clock.Now;
                ledger.Report(report.Windows.Count == 0 ? report : report with { Windows = [.. report.Windows.Select(window => Translate(window, now))] }, now);
            }
        }

        return ValueTask.CompletedTask;
    }

    // Both times are of the system's clock, which may have been set since.
    private RateLimitWindow Translate(RateLimitWindow window, DateTimeOffset now)
    {
        var age = _time.GetUtcNow() - window.ObservedAt;
        var observedAt = age > TimeSpan.Zero ? SteadyClock.Add(now, -age) : now;
        return window with { ObservedAt = observedAt, ResetAt = window.ResetAt is { } reset ? SteadyClock.Add(observedAt, reset - window.ObservedAt) : null };
    }
}
