using System.Runtime.CompilerServices;

namespace Streamline;

/// <summary>Puts a bounded buffer between a stream and its consumer; see <see cref="BackpressureOptions"/>.</summary>
internal sealed class BackpressureStreamClient(IStreamClient inner, BackpressureOptions options) : DelegatingStreamClient(inner)
{
    public override IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StreamCoreAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<StreamEvent> StreamCoreAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = new ReadAhead(options, cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            events.Open(Inner, request);
            while (await events.MoveNextAsync().ConfigureAwait(false))
            {
                yield return events.Current;
            }
        }
    }
}
