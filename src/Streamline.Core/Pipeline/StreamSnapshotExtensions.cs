using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Reduces a stream to snapshots for user interfaces.</summary>
public static class StreamSnapshotExtensions
{
    /// <summary>Folds events and gives the latest state at most once per interval, and the last state always.</summary>
    /// <param name="events">The events.</param>
    /// <param name="interval">The shortest time between two states; zero for a state per event.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="cancellationToken">Cancels the stream.</param>
    /// <returns>
    /// The state, which is the same object each time and changes only while the next one is awaited. The first comes with the first event; after the last event, or before a failure
    /// is thrown, comes one that has everything.
    /// </returns>
    /// <remarks>While the consumer draws, events wait where they are; use <c>UseBackpressure</c> if the provider must not wait for it.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="events"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="interval"/> is negative.</exception>
    public static IAsyncEnumerable<StreamState> SnapshotsAsync(
        this IAsyncEnumerable<StreamEvent> events, TimeSpan interval, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        return CallersTokens.Restore(ReadAsync(events, interval, timeProvider ?? TimeProvider.System, cancellationToken), cancellationToken);
    }

    private static async IAsyncEnumerable<StreamState> ReadAsync(
        IAsyncEnumerable<StreamEvent> events, TimeSpan interval, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = new StreamState();
        long? shownAt = null;
        var hasChanged = false;
        var reader = new TimedReader<StreamEvent>(events.GetAsyncEnumerator, time, cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            while (!reader.HasEnded)
            {
                var due = shownAt is { } last ? interval - time.GetElapsedTime(last) : TimeSpan.Zero;
                if (hasChanged && due <= TimeSpan.Zero)
                {
                    (hasChanged, shownAt) = (false, time.GetTimestamp());
                    yield return state;
                }
                else if (await reader.TryReadAsync(hasChanged ? due : null).ConfigureAwait(false))
                {
                    state.Apply(reader.Current);
                    hasChanged = true;
                }
            }

            if (hasChanged)
            {
                yield return state;
            }

            reader.ThrowIfFailed();
        }
    }
}
