using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline;

/// <summary>Sends a second request when the first content is late; see <see cref="HedgingOptions"/>.</summary>
internal sealed class HedgingStreamClient(IStreamClient inner, HedgingOptions options, TimeProvider time, HedgeGovernor governor) : IteratorStageClient(inner)
{

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
}
