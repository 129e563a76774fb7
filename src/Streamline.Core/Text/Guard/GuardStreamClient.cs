using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Streamline.Text;

/// <summary>Shows only what was checked; see <see cref="GuardOptions"/>.</summary>
internal sealed class GuardStreamClient(IStreamClient inner, GuardOptions options) : IteratorStageClient(inner)
{
    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var guard = new GuardedResponse(options);
        var shown = new Queue<StreamEvent>();
        var events = OpenInner(request, cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (await events.MoveNextAsync().ConfigureAwait(false))
            {
                await guard.AddAsync(events.Current, shown, cancellationToken).ConfigureAwait(false);
                while (shown.TryDequeue(out var streamEvent))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return streamEvent;
                }

                if (guard.IsBlocked)
                {
                    yield break;
                }
            }
        }
    }
}
