using System.Runtime.CompilerServices;

namespace Streamline.Text;

/// <summary>Shows text at an even pace; see <see cref="SmoothingOptions"/>.</summary>
internal sealed class SmoothingStreamClient(IStreamClient inner, SmoothingOptions options, TimeProvider time) : IteratorStageClient(inner)
{
    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var queue = new SmoothingQueue(options);
        var start = time.GetTimestamp();
        var reader = new TimedReader<StreamEvent>(token => OpenInner(request, token), time, cancellationToken);
        await using (reader.ConfigureAwait(false))
        {
            while (true)
            {
                if (queue.TryTake(time.GetElapsedTime(start), out var streamEvent))
                {
                    yield return streamEvent!;
                }
                else if (await reader.TryReadAsync(queue.UntilDue(time.GetElapsedTime(start))).ConfigureAwait(false))
                {
                    queue.Add(reader.Current, time.GetElapsedTime(start));
                }
                else if (reader.HasEnded)
                {
                    if (queue.IsEmpty)
                    {
                        break;
                    }

                    queue.Flush();
                }
            }

            reader.ThrowIfFailed();
        }
    }
}
