using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Reduces a stream to snapshots at intervals.</summary>
internal static class StreamSnapshots
{
    public static async IAsyncEnumerable<StreamState> ReadAsync(
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
