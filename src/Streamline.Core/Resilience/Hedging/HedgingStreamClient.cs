using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline.Resilience;

/// <summary>Sends a second request when the first content is late; see <see cref="HedgingOptions"/>.</summary>
internal sealed class HedgingStreamClient(IStreamClient inner, HedgingOptions options, TimeProvider time, HedgeGovernor governor) : IteratorStageClient(inner)
{
    /// <exception cref="InvalidOperationException">The two clients speak different protocols.</exception>
    public static HedgingStreamClient Create(IStreamClient inner, HedgingOptions options, TimeProvider time)
    {
        var first = ProtocolOf(inner);
        return first is not null && ProtocolOf(options.Client) is { } second && !string.Equals(first, second, StringComparison.Ordinal)
            ? throw new InvalidOperationException(
                $"The client of {nameof(HedgingOptions)} speaks '{second}', and the first one '{first}': the same request would not mean the same to both. Use UseFailover for another provider.")
            : new HedgingStreamClient(inner, options, time, new HedgeGovernor(options, first));
    }

    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hasFailed = false;
        var race = new HedgeRace(Inner, request, options, governor, time, cancellationToken);
        await using (race.ConfigureAwait(false))
        {
            while (await race.MoveNextAsync().ConfigureAwait(false))
            {
                yield return race.Current!;
            }

            if (race.Failure is { } failure)
            {
                governor.NoteEnd(race.Tokens, hasFailed: !cancellationToken.IsCancellationRequested);
                ExceptionDispatchInfo.Throw(failure);
            }

            var winner = race.Winner!;
            while (winner.TryTakeHeld(out var held))
            {
                Note(held!);
                yield return held!;
            }

            while (true)
            {
                try
                {
                    if (!await winner.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (Exception)
                {
                    governor.NoteEnd(race.Tokens, hasFailed = !cancellationToken.IsCancellationRequested);
                    throw;
                }

                Note(winner.Current);
                yield return winner.Current;
            }

            governor.NoteEnd(race.Tokens, hasFailed);
        }
    }

    private void Note(StreamEvent streamEvent)
    {
        if (streamEvent is RateLimitObserved observed)
        {
            governor.NoteLimits(observed);
        }
    }

    private static string? ProtocolOf(IStreamClient? client) => (client?.GetService(typeof(StreamClientMetadata)) as StreamClientMetadata)?.Protocol;
}
