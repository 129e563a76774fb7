namespace Streamline.Protocols.Shared;

/// <summary>Encodes the events of one response: keeps its blocks, checks the order of events, and has each written in the shapes of a protocol.</summary>
/// <param name="writer">Writes the shapes.</param>
internal sealed class ResponseEncoder(ResponseWriter writer)
{
    private readonly Dictionary<int, EncodedBlock> _open = [];
    private readonly HeldEvents _held = new(writer.IsSentWhole);
    private TokenUsage? _usage;

    /// <summary>Tells whether an event is part of a response. Any other has no form in a protocol, such as those of retries and of tools that run here.</summary>
    public static bool IsOfResponse(StreamEvent streamEvent) => streamEvent
        is ContentStarted or TextDelta or ReasoningDelta or RefusalDelta or CitationAdded or ContentCompleted
        or ToolCallStarted or ToolInputDelta or ToolCallCompleted
        or UsageUpdated or ProviderMetadata or ProviderEvent or KeepAlive or ResponseCompleted;

    /// <summary>Encodes an event that <see cref="IsOfResponse"/>.</summary>
    /// <exception cref="InvalidOperationException">The event cannot come here.</exception>
    public void Encode(StreamEvent streamEvent)
    {
        if (!_held.TryHold(streamEvent, out var isComplete))
        {
            Write(streamEvent, whole: null);
        }
        else if (isComplete)
        {
            WriteHeld();
        }
    }

    /// <summary>Notes over which protocol the rest of the response comes.</summary>
    /// <param name="isOwn">Whether it is that of the writer.</param>
    public void Resume(bool isOwn)
    {
        WriteHeld();
        writer.IsOwn = isOwn;
    }

    /// <summary>Writes everything that is held back.</summary>
    public void Flush()
    {
        WriteHeld();
        writer.Flush();
    }

    private void WriteHeld()
    {
        foreach (var (held, whole) in _held.Take())
        {
            Write(held, whole);
        }
    }

    private void Write(StreamEvent streamEvent, JsonElement? whole)
    {
        writer.Prepare(streamEvent);
        switch (streamEvent)
        {
            case UsageUpdated updated:
                _usage = updated.Usage;
                writer.WriteUsage(updated.Usage);
                break;
            case ProviderMetadata metadata when writer.IsOwn:
                writer.WriteMetadata(metadata, metadata.Index is { } index ? _open.GetValueOrDefault(index) : null);
                break;
            case ProviderEvent passed when writer.IsOwn:
                writer.WritePassedThrough(passed);
                break;
            case KeepAlive:
                writer.WriteKeepAlive();
                break;
            case ResponseCompleted completed:
                Complete(completed);
                break;
            case ToolCallStarted or ToolInputDelta or ToolCallCompleted:
                WriteCall(streamEvent);
                break;
            default:
                WriteContent(streamEvent, whole);
                break;
        }
    }

    private void Complete(ResponseCompleted completed)
    {
        if (_open.Count > 0)
        {
            throw new InvalidOperationException($"The response cannot end while block {_open.Keys.Min()} is open.");
        }

        writer.End(completed, completed.Usage ?? _usage);
    }

    private void WriteContent(StreamEvent streamEvent, JsonElement? whole)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                writer.BeginContent(Open(new EncodedBlock(started.Index, started.Kind, started.Choice) { Data = writer.IsOwn ? whole ?? started.ProviderData : null }));
                break;
            case TextDelta delta:
                WriteText(Find(delta.Index, ContentKind.Text), delta.Text);
                break;
            case ReasoningDelta delta:
                WriteText(Find(delta.Index, ContentKind.Reasoning), delta.Text);
                break;
            case RefusalDelta delta:
                WriteText(Find(delta.Index, ContentKind.Refusal), delta.Text);
                break;
            case CitationAdded added when writer.IsOwn && Find(added.Index, ContentKind.Text) is { IsOmitted: false } block:
                writer.WriteCitation(block, added.Citation);
                block.HasContent = true;
                break;
            case ContentCompleted completed when Close(completed.Index, completed.Kind) is { IsOmitted: false } block:
                writer.EndContent(block, completed.Signature, writer.IsOwn ? completed.Raw : null);
                break;
            default:
                break;
        }
    }

    private void WriteText(EncodedBlock block, string text)
    {
        if (!block.IsOmitted)
        {
            writer.WriteText(block, text);
            block.HasContent = true;
        }
    }

    private void WriteCall(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ToolCallStarted started:
                StartCall(started);
                break;
            case ToolInputDelta delta when Find(delta.Index, kind: null) is { IsOmitted: false } block:
                WriteInput(block, delta.Fragment);
                break;
            case ToolCallCompleted completed when Close(completed.Index, kind: null) is { IsOmitted: false } block:
                CompleteCall(block, completed);
                break;
            default:
                break;
        }
    }

    private void StartCall(ToolCallStarted started)
    {
        // The tools of another provider mean nothing to clients of this protocol, and their results have no form here.
        var block = Open(new EncodedBlock(started.Index, kind: null, started.Choice)
        {
            Call = started,
            Data = writer.IsOwn ? started.ProviderData : null,
            IsOmitted = started.IsProviderExecuted && !(writer.IsOwn && writer.HasProviderCalls),
        });
        if (!block.IsOmitted)
        {
            writer.BeginCall(block);
        }
    }

    private void WriteInput(EncodedBlock block, string fragment)
    {
        writer.WriteInput(block, IsWrapped(block) ? FreeFormInput.PieceOf(fragment, isFirst: !block.HasContent) : fragment);
        block.HasContent = true;
    }

    private void CompleteCall(EncodedBlock block, ToolCallCompleted completed)
    {
        if (!block.HasContent && (completed.ArgumentsText.Length > 0 || IsWrapped(block)))
        {
            WriteInput(block, completed.ArgumentsText);
        }

        if (IsWrapped(block) && completed.Arguments is not null)
        {
            writer.WriteInput(block, FreeFormInput.EndText);
        }

        // A call that lacks arguments although its text can be read was never sealed by its provider.
        writer.EndCall(block, completed, completed.Arguments is not null || !(block.IsFreeForm || ToolArguments.AreReadable(completed.ArgumentsText)));
    }

    private bool IsWrapped(EncodedBlock block) => block.IsFreeForm && !writer.HasFreeFormCalls;

    private EncodedBlock Open(EncodedBlock block) =>
        _open.TryAdd(block.Index, block) ? block : throw new InvalidOperationException($"Block {block.Index} is open already.");

    private EncodedBlock Close(int index, ContentKind? kind)
    {
        var block = Find(index, kind);
        _open.Remove(index);
        return block;
    }

    private EncodedBlock Find(int index, ContentKind? kind) =>
        !_open.TryGetValue(index, out var block) ? throw new InvalidOperationException($"Block {index} is not open.")
        : block.Kind == kind ? block
        : throw new InvalidOperationException($"Block {index} is of the kind {Describe(block.Kind)}; found an event for the kind {Describe(kind)}.");

    private static string Describe(ContentKind? kind) => kind?.ToString() ?? "ToolCall";
}
