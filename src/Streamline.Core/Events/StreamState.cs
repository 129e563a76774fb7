using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>
/// Folds events into the answer that they tell of: the blocks of the current response, and the messages of the whole
/// stream. Every observer of the same events has the same state.
/// </summary>
/// <remarks>
/// Folding costs time in proportion to what arrives: text is kept in pieces and put together when it is asked for. An
/// instance is not thread-safe; what <see cref="ToChatResponse"/> gives is the caller's own.
/// </remarks>
public sealed class StreamState
{
    /// <summary>What a block counts for besides what it holds, so that a flood of empty ones has an end too.</summary>
    internal const int BlockCost = 64;

    private readonly long _maxRetainedChars;
    private readonly List<ChatMessage> _finished = [];
    private readonly List<StreamBlock> _blocks = [];
    private readonly Dictionary<int, StreamBlock> _byIndex = [];
    private readonly Dictionary<string, ToolResult> _results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApprovalRequested> _approvals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _finishedMetadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _metadata = new(StringComparer.Ordinal);
    private UsageDetails? _finishedUsage;
    private StreamBlock? _latest;
    private long _retainedChars;
    private long _retainedCharsOfRound;
    private bool _wasExceededBeforeRound;

    /// <summary>Initializes a new instance of the <see cref="StreamState"/> class.</summary>
    /// <param name="maxRetainedChars">
    /// How much to keep, all responses together: UTF-16 code units of text and arguments, UTF-8 bytes of what is kept verbatim, and 64 for
    /// each block. Past it, everything further is dropped and <see cref="IsRetentionExceeded"/> says so. By default there is no limit.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxRetainedChars"/> is negative.</exception>
    public StreamState(long maxRetainedChars = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetainedChars);
        _maxRetainedChars = maxRetainedChars;
    }

    /// <summary>Gets the name of the wire of the current response, under which its blocks keep what only that wire knows; <see langword="null"/> before it begins.</summary>
    /// <remarks>The name of who answers, where that is another, is <see cref="ResponseStarted.Provider"/>.</remarks>
    public string? Provider { get; private set; }

    /// <summary>Gets the provider's id of the current response; <see langword="null"/> when it gave none.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>Gets the model of the current response; <see langword="null"/> when the provider does not say.</summary>
    public string? Model { get; private set; }

    /// <summary>Gets the blocks of the current response, in the order in which they began.</summary>
    public IReadOnlyList<StreamBlock> Blocks => _blocks;

    /// <summary>Gets the token counts of the current response as last reported; <see langword="null"/> when none were.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Gets why the model stopped; <see langword="null"/> while the current response goes on.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Gets the provider's own word for why the model stopped; <see langword="null"/> when it gave none.</summary>
    public string? RawFinishReason { get; private set; }

    /// <summary>Gets a value indicating whether the current response ended properly.</summary>
    public bool IsCompleted => FinishReason is not null;

    /// <summary>Gets a value indicating whether something was dropped because there was more of it than is to be kept.</summary>
    public bool IsRetentionExceeded { get; private set; }

    /// <summary>Gets the requests for approval that are not answered yet, in the order in which they were made.</summary>
    public IReadOnlyCollection<ApprovalRequested> PendingApprovals => _approvals.Values;

    /// <summary>Gets the text of the current response so far, its text blocks put together.</summary>
    public string Text => string.Concat(_blocks.Where(block => block is { Kind: ContentKind.Text, Choice: 0 }).Select(block => block.Text));

    /// <summary>Folds the next event into the state.</summary>
    /// <param name="streamEvent">The event.</param>
    /// <returns>This state.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="streamEvent"/> is <see langword="null"/>.</exception>
    public StreamState Apply(StreamEvent streamEvent)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        switch (streamEvent)
        {
            case TextDelta delta:
                Append(delta.Index, ContentKind.Text, delta.Text);
                break;
            case ReasoningDelta delta:
                Append(delta.Index, ContentKind.Reasoning, delta.Text);
                break;
            case ToolInputDelta delta:
                AppendInput(delta);
                break;
            case RefusalDelta delta:
                Append(delta.Index, ContentKind.Refusal, delta.Text);
                break;
            case CitationAdded citation:
                AddCitation(citation);
                break;
            case ContentStarted started:
                OpenContent(started);
                break;
            case ContentCompleted completed:
                Block(completed.Index, completed.Kind)?.Complete(completed, keepValues: Retain(EventSize.Of(completed)));
                break;
            case ToolCallStarted started:
                OpenCall(started);
                break;
            case ToolCallCompleted completed:
                CompleteCall(completed);
                break;
            case ApprovalRequested approval when Retain(EventSize.Of(approval)):
                _approvals[approval.CallId] = approval;
                break;
            case ApprovalResolved { Decision: not ApprovalDecision.Deferred } resolved:
                _approvals.Remove(resolved.CallId);
                break;
            case ToolResult result when Retain(EventSize.Of(result)):
                _results[result.CallId] = result;
                _approvals.Remove(result.CallId);
                break;
            default:
                ApplyResponse(streamEvent);
                break;
        }

        return this;
    }

    /// <summary>Makes the message of the current response as far as it has arrived.</summary>
    /// <param name="choice">The index of the answer, where a request asked for several.</param>
    /// <returns>A new message of the assistant. A tool call that is not sealed is in it with an exception in place of arguments.</returns>
    public ChatMessage ToChatMessage(int choice = 0) => StreamMessages.ToAssistantMessage(this, choice);

    /// <summary>Makes the answer as far as it has arrived: a message of the assistant per response, each followed by its tools' results.</summary>
    /// <returns>A new response, with the usage of all responses together.</returns>
    public ChatResponse ToChatResponse()
    {
        List<ChatMessage> messages = [.. _finished];
        StreamMessages.AddRound(messages, this, _results, _approvals);
        var response = new ChatResponse(messages)
        {
            ResponseId = ResponseId,
            ModelId = Model,
            FinishReason = FinishReason is { } reason ? StreamMessages.ToChatFinishReason(reason, RawFinishReason) : null,
            Usage = StreamMessages.Sum(_finishedUsage, Usage),
        };
        foreach (var (name, value) in _finishedMetadata.Concat(_metadata))
        {
            (response.AdditionalProperties ??= [])[name] = value;
        }

        return response;
    }

    internal StreamBlock? FindBlock(int index) => _byIndex.GetValueOrDefault(index);

    private void ApplyResponse(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted started:
                FinishRound();
                Provider = (started.Wire ?? started.Provider) is { Length: > 0 } wire ? wire : null;
                ResponseId = started.ResponseId;
                Model = started.Model;
                break;
            case UsageUpdated updated:
                Usage = updated.Usage;
                break;
            case ResponseCompleted completed:
                FinishReason = completed.FinishReason;
                RawFinishReason = completed.RawFinishReason;
                Usage = completed.Usage ?? Usage;
                break;
            case StreamRestarted:
                _retainedChars -= _retainedCharsOfRound;
                IsRetentionExceeded = _wasExceededBeforeRound;
                DiscardRound();
                break;
            case ProviderMetadata { Index: null } metadata when Retain(EventSize.Of(metadata)):
                _metadata[metadata.Name] = metadata.Value;
                break;
            default:
                break;
        }
    }

    private void Append(int index, ContentKind kind, string text)
    {
        var block = _latest?.Index == index ? _latest : Block(index, kind);
        if (block is not null && Retain(text.Length))
        {
            block.Append(text);
        }
    }

    private void AppendInput(ToolInputDelta delta)
    {
        if (_byIndex.TryGetValue(delta.Index, out var block) && Retain(delta.Fragment.Length))
        {
            block.Append(delta);
        }
    }

    private void AddCitation(CitationAdded citation)
    {
        if (Block(citation.Index, ContentKind.Text) is { } block && Retain(EventSize.Of(citation)))
        {
            block.Add(citation.Citation);
        }
    }

    private void OpenContent(ContentStarted started)
    {
        if (Retain(EventSize.Of(started)))
        {
            Open(StreamBlock.ForContent(started));
        }
    }

    private StreamBlock? OpenCall(ToolCallStarted started) => Retain(EventSize.Of(started)) ? Open(StreamBlock.ForCall(started)) : null;

    private void CompleteCall(ToolCallCompleted completed)
    {
        if (!_byIndex.TryGetValue(completed.Index, out var block))
        {
            block = OpenCall(new ToolCallStarted
            {
                Index = completed.Index,
                CallId = completed.CallId,
                Name = completed.Name,
                IsProviderExecuted = completed.IsProviderExecuted,
            });
        }

        if (block is null)
        {
            return;
        }

        // A wire may send the arguments only whole; what deltas brought before is already counted.
        var growth = completed.ArgumentsText.Length - block.TextLength;
        block.Complete(completed, keepArguments: growth <= 0 || Retain(growth));
    }

    private bool Retain(int length)
    {
        // Once a piece is dropped all later ones are, so that what is kept has no hole.
        if (IsRetentionExceeded || _retainedChars + length > _maxRetainedChars)
        {
            IsRetentionExceeded = true;
            return false;
        }

        _retainedChars += length;
        _retainedCharsOfRound += length;
        return true;
    }

    private StreamBlock? Block(int index, ContentKind kind) =>
        _byIndex.TryGetValue(index, out var block) ? _latest = block : Open(new StreamBlock(index, choice: 0, kind));

    private StreamBlock? Open(StreamBlock block)
    {
        if (!Retain(BlockCost))
        {
            return null;
        }

        _blocks.Add(block);
        _byIndex[block.Index] = block;
        return _latest = block;
    }

    private void FinishRound()
    {
        StreamMessages.AddRound(_finished, this, _results, _approvals);
        _finishedUsage = StreamMessages.Sum(_finishedUsage, Usage);
        foreach (var (name, value) in _metadata)
        {
            _finishedMetadata[name] = value;
        }

        _wasExceededBeforeRound = IsRetentionExceeded;
        DiscardRound();
    }

    private void DiscardRound()
    {
        _blocks.Clear();
        _byIndex.Clear();
        _results.Clear();
        _approvals.Clear();
        _metadata.Clear();
        _latest = null;
        _retainedCharsOfRound = 0;
        Usage = null;
        FinishReason = null;
        RawFinishReason = null;
    }
}
