using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Streamline.Text;

/// <summary>Cuts the text of each block into deltas of one sentence each.</summary>
internal sealed class SentencesStreamClient(IStreamClient inner, SentenceOptions options) : IteratorStageClient(inner)
{
    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blocks = new SortedDictionary<int, SentenceSplitter>();
        var events = OpenInner(request, cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (true)
            {
                bool hasNext;
                ExceptionDispatchInfo? failure = null;
                try
                {
                    hasNext = await events.MoveNextAsync().ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    (hasNext, failure) = (false, ExceptionDispatchInfo.Capture(exception));
                }

                if (hasNext && events.Current is TextDelta delta)
                {
                    foreach (var sentence in Add(blocks, delta))
                    {
                        yield return sentence;
                    }

                    continue;
                }

                // What was received is shown, also when the stream fails; what is discarded is not.
                var current = hasNext ? events.Current : null;
                foreach (var rest in EndedBy(blocks, current))
                {
                    yield return rest;
                }

                if (current is null)
                {
                    failure?.Throw();
                    yield break;
                }

                yield return current;
            }
        }
    }

    private IEnumerable<TextDelta> Add(SortedDictionary<int, SentenceSplitter> blocks, TextDelta delta)
    {
        if (!blocks.TryGetValue(delta.Index, out var block))
        {
            blocks.Add(delta.Index, block = new SentenceSplitter(options));
        }

        block.Add(delta.Text);
        while (block.TryTake(isLast: false, out var sentence))
        {
            yield return new TextDelta { Index = delta.Index, Text = sentence };
        }
    }

    private static IEnumerable<TextDelta> EndedBy(SortedDictionary<int, SentenceSplitter> blocks, StreamEvent? current)
    {
        if (current is StreamRestarted restarted)
        {
            foreach (var discarded in restarted.Discarded)
            {
                blocks.Remove(discarded);
            }
        }

        var isReport = current is { IsReport: true } or UsageUpdated or ProviderMetadata or ProviderEvent or TextFinding or MarkdownUpdated or CodeBlockUpdated or StreamRestarted;
        var ended = current is ContentCompleted or CitationAdded ? [IndexOf(current)] : isReport ? [] : blocks.Keys.ToArray();
        foreach (var index in ended)
        {
            if (blocks.Remove(index, out var block))
            {
                while (block.TryTake(isLast: true, out var sentence))
                {
                    yield return new TextDelta { Index = index, Text = sentence };
                }
            }
        }
    }

    private static int IndexOf(StreamEvent streamEvent) => streamEvent is ContentCompleted completed ? completed.Index : ((CitationAdded)streamEvent).Index;
}
