namespace Streamline.Text;

/// <summary>Decides which events of a stream are shown, and when.</summary>
/// <remarks>
/// Text waits in its block. A report on the whole response passes it, an event of the block waits at its place in the text. Whatever
/// depends on the text, such as a tool call or the end of the response, waits until all text before it is decided.
/// </remarks>
internal sealed class GuardedResponse(GuardOptions options)
{
    private readonly Dictionary<int, GuardBlock> _blocks = [];
    private readonly SortedDictionary<int, ContentKind> _open = [];
    private readonly HashSet<int> _known = []; // the indexes of all blocks so far
    private TokenUsage? _usage;

    /// <summary>Gets a value indicating whether the response was ended by a rule or a verdict.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Takes in the next event, and adds to a queue what may be shown.</summary>
    public async ValueTask AddAsync(StreamEvent streamEvent, Queue<StreamEvent> shown, CancellationToken cancellationToken)
    {
        switch (streamEvent)
        {
            case TextDelta or RefusalDelta:
            case ReasoningDelta when options.IncludeReasoning:
                await AddTextAsync(streamEvent, shown, cancellationToken).ConfigureAwait(false);
                return;
            case ContentStarted started:
                _open[started.Index] = started.Kind;
                _known.Add(started.Index);
                break;
            case ContentCompleted completed:
                _open.Remove(completed.Index);
                await EndAsync(completed.Index, shown, cancellationToken).ConfigureAwait(false);
                break;
            case CitationAdded citation when _blocks.TryGetValue(citation.Index, out var cited):
                cited.Add(citation);
                await cited.AddAsync("", isLast: false, shown, cancellationToken).ConfigureAwait(false);
                return;
            case ProviderMetadata { Index: { } index } when !options.PassesMetadata && _known.Contains(index):
            case ProviderEvent when !options.PassesMetadata:
                return;
            case UsageUpdated updated:
                _usage = updated.Usage;
                break;
            case { IsReport: true } or ProviderMetadata or ProviderEvent or ResponseStarted or ToolInputDelta or TextFinding:
                break;
            case StreamRestarted restarted:
                Forget(restarted.Discarded);
                break;
            default:
                await EndAllAsync(shown, cancellationToken).ConfigureAwait(false);
                break;
        }

        if (!IsBlocked && streamEvent is ToolCallCompleted call)
        {
            await CheckCallAsync(call, shown, cancellationToken).ConfigureAwait(false);
        }

        if (!IsBlocked)
        {
            shown.Enqueue(streamEvent);
        }
    }

    private async ValueTask AddTextAsync(StreamEvent delta, Queue<StreamEvent> shown, CancellationToken cancellationToken)
    {
        var (index, kind, text) = Read(delta);
        if (!_blocks.TryGetValue(index, out var block))
        {
            _blocks.Add(index, block = new GuardBlock(options, index, kind));
            _known.Add(index);
        }

        await block.AddAsync(text, isLast: false, shown, cancellationToken).ConfigureAwait(false);
        BlockIf(block.BlockReason, shown);
    }

    private static (int Index, ContentKind Kind, string Text) Read(StreamEvent delta) => delta switch
    {
        ReasoningDelta reasoning => (reasoning.Index, ContentKind.Reasoning, reasoning.Text),
        RefusalDelta refusal => (refusal.Index, ContentKind.Refusal, refusal.Text),
        _ => (((TextDelta)delta).Index, ContentKind.Text, ((TextDelta)delta).Text),
    };

    private async ValueTask EndAllAsync(Queue<StreamEvent> shown, CancellationToken cancellationToken)
    {
        foreach (var index in _blocks.Keys.Order().ToArray())
        {
            await EndAsync(index, shown, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask EndAsync(int index, Queue<StreamEvent> shown, CancellationToken cancellationToken)
    {
        if (!IsBlocked && _blocks.Remove(index, out var block))
        {
            await block.AddAsync("", isLast: true, shown, cancellationToken).ConfigureAwait(false);
            BlockIf(block.BlockReason, shown);
        }
    }

    private async ValueTask CheckCallAsync(ToolCallCompleted call, Queue<StreamEvent> shown, CancellationToken cancellationToken)
    {
        if (options.CheckToolCall is not { } check)
        {
            return;
        }

        var verdict = await check(call, cancellationToken).LeaveWhenCancelledAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException("A guard's check of a tool call returned null, expected a verdict.");
        if (verdict is { IsAllowed: false, BlockReason: null })
        {
            throw new InvalidOperationException("A guard's check of a tool call changed its text, expected GuardVerdict.Allow or GuardVerdict.Block.");
        }

        BlockIf(verdict.BlockReason, shown);
    }

    // What is open ends, as at a content filter of the provider.
    private void BlockIf(string? reason, Queue<StreamEvent> shown)
    {
        if (reason is null)
        {
            return;
        }

        IsBlocked = true;
        foreach (var (index, kind) in _open)
        {
            shown.Enqueue(new ContentCompleted { Index = index, Kind = kind });
        }

        shown.Enqueue(new ResponseCompleted { FinishReason = FinishReason.ContentFilter, RawFinishReason = reason, Usage = _usage });
    }

    private void Forget(IReadOnlyList<int> indexes)
    {
        foreach (var index in indexes)
        {
            _blocks.Remove(index);
            _open.Remove(index);
            _known.Remove(index);
        }
    }
}
