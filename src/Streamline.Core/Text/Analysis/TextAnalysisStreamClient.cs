using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Streamline.Text;

/// <summary>Analyzes text while it streams; see <see cref="TextAnalysisOptions"/>.</summary>
internal sealed class TextAnalysisStreamClient(
    IStreamClient inner, string name, Func<TextSegment, CancellationToken, ValueTask<JsonElement?>> analyze, TextAnalysisOptions options, TimeProvider time) : IteratorStageClient(inner)
{
    protected override async IAsyncEnumerable<StreamEvent> IterateAsync(StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blocks = new SortedDictionary<int, TextSegmenter>();
        var waiting = new Queue<TextSegment>(); // for a place among the pending findings
        ResponseCompleted? end = null; // that waits for findings
        var findings = new PendingFindings(name, analyze, options, cancellationToken);
        await using var _ = findings.ConfigureAwait(false);
        var reader = new TimedReader<StreamEvent>(token => OpenInner(request, token), time, cancellationToken);
        await using var __ = reader.ConfigureAwait(false);
        while (true)
        {
            // Findings come after the text that they are about, and before the end of its response.
            var mustTake = findings.First is { IsCompleted: true } || findings.IsFull;
            var isEnding = end is not null || reader.HasEnded;
            if (!mustTake && waiting.TryDequeue(out var segment))
            {
                findings.Start(segment);
            }
            else if (mustTake || (isEnding && !findings.IsEmpty))
            {
                if (await findings.TakeAsync().ConfigureAwait(false) is { } finding)
                {
                    yield return finding;
                }
            }
            else if (isEnding)
            {
                if (end is null)
                {
                    yield break;
                }

                yield return end;
                end = null;
            }
            else if (findings.First is { } first ? await reader.TryReadAsync(first).ConfigureAwait(false) : await reader.TryReadAsync(patience: null).ConfigureAwait(false))
            {
                Add(reader.Current, blocks, waiting, findings);
                end = reader.Current as ResponseCompleted;
                if (end is null)
                {
                    yield return reader.Current;
                }
            }
            else if (reader.HasEnded)
            {
                reader.ThrowIfFailed();
                Add(streamEvent: null, blocks, waiting, findings);
            }
        }
    }

    // Analyzes the segments that an event completes, as many as may be pending; null is the end of the stream.
    private void Add(StreamEvent? streamEvent, SortedDictionary<int, TextSegmenter> blocks, Queue<TextSegment> waiting, PendingFindings findings)
    {
        if (streamEvent is StreamRestarted restarted)
        {
            findings.Discard(restarted.Discarded);
            foreach (var index in restarted.Discarded)
            {
                blocks.Remove(index);
            }
        }

        foreach (var segment in SegmentsOf(streamEvent, blocks))
        {
            waiting.Enqueue(segment);
        }

        while (!findings.IsFull && waiting.TryDequeue(out var next))
        {
            findings.Start(next);
        }
    }

    private IEnumerable<TextSegment> SegmentsOf(StreamEvent? current, SortedDictionary<int, TextSegmenter> blocks)
    {
        switch (current)
        {
            case TextDelta delta:
                return BlockOf(blocks, delta.Index, ContentKind.Text).Add(delta.Text);
            case ReasoningDelta delta when options.IncludeReasoning:
                return BlockOf(blocks, delta.Index, ContentKind.Reasoning).Add(delta.Text);
            case ContentCompleted completed:
                return blocks.Remove(completed.Index, out var block) ? block.Complete() : [];
            case null or ResponseCompleted:
                var rest = blocks.Values.SelectMany(open => open.Complete()).ToList();
                blocks.Clear();
                return rest;
            default:
                return [];
        }
    }

    private TextSegmenter BlockOf(SortedDictionary<int, TextSegmenter> blocks, int index, ContentKind kind)
    {
        if (!blocks.TryGetValue(index, out var block))
        {
            blocks.Add(index, block = new TextSegmenter(options, index, kind));
        }

        return block;
    }
}
