using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline;

/// <summary>
/// Folds events into the answer that they describe: the blocks of the current response, and the messages of the whole
/// stream. Every observer of the same events has the same state.
/// </summary>
/// <remarks>
/// Folding is linear: text is kept in pieces and joined when it is read. An instance is not thread-safe. The responses that it makes are the caller's own.
/// </remarks>
public sealed class StreamState
{
    /// <summary>The default bound of the fold inside the library: 2 Mi code units, 4 MiB.</summary>
    internal const long DefaultMaxRetainedChars = 2 * 1024 * 1024;

    /// <summary>What a block counts for besides what it holds, so that a flood of empty blocks is bounded too.</summary>
    internal const int BlockCost = 64;

    private const string LimitName = "MaxRetainedChars";

    private readonly long _maxRetainedChars;
    private List<ChatMessage>? _finished;
    private readonly List<StreamBlock> _blocks = [];
    private readonly ToolAnswers _answers = new();
    private Dictionary<string, ApprovalRequested>? _approvals;
    private Dictionary<string, RawJson>? _finishedMetadata;
    private Dictionary<string, RawJson>? _metadata;

    // Only when a block has another index than its place in the list.
    private Dictionary<int, StreamBlock>? _byIndex;
    private UsageDetails? _finishedUsage;
    private StreamBlock? _latest;
    private ChatResponse? _discarded;
    private long _retainedChars;
    private long _overflow;
    private bool _isRoundExceeded;
    private bool _wasExceeded;

    /// <summary>Initializes a new instance of the <see cref="StreamState"/> class.</summary>
    /// <param name="maxRetainedChars">
    /// How much to keep of each response: UTF-16 code units of text and arguments, UTF-8 bytes of what is kept verbatim, and 64 for each block. Results of
    /// tools are not counted. Past it, the rest of the response is dropped and <see cref="IsRetentionExceeded"/> is set. By default there is no limit.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxRetainedChars"/> is negative.</exception>
    public StreamState(long maxRetainedChars = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxRetainedChars);
        _maxRetainedChars = maxRetainedChars;
    }

    /// <summary>Gets the name of the protocol of the current response, under which its blocks keep what only that protocol knows; <see langword="null"/> before it begins.</summary>
    /// <remarks>The name of who answers, where that is another, is <see cref="ResponseStarted.Provider"/>.</remarks>
    public string? Provider { get; private set; }

    /// <summary>Gets the provider's id of the current response; <see langword="null"/> when it gave none.</summary>
    public string? ResponseId { get; private set; }

    /// <summary>Gets the model of the current response; <see langword="null"/> when the provider does not say.</summary>
    public string? Model { get; private set; }

    /// <summary>Gets when the provider created the current response; <see langword="null"/> when it does not say.</summary>
    public DateTimeOffset? CreatedAt { get; private set; }

    /// <summary>Gets the blocks of the current response, in the order in which they began.</summary>
    public IReadOnlyList<StreamBlock> Blocks => field ??= _blocks.AsReadOnly();

    /// <summary>Gets the token counts of the current response as last reported; <see langword="null"/> when none were.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Gets why the model stopped; <see langword="null"/> while the current response is incomplete.</summary>
    public FinishReason? FinishReason { get; private set; }

    /// <summary>Gets the provider's own word for why the model stopped; <see langword="null"/> when it gave none.</summary>
    public string? RawFinishReason { get; private set; }

    /// <summary>Gets a value indicating whether the current response ended properly.</summary>
    public bool IsCompleted => FinishReason is not null;

    /// <summary>Gets a value indicating whether a part of the stream was dropped because it went past the limit.</summary>
    public bool IsRetentionExceeded => _isRoundExceeded || _wasExceeded;

    /// <summary>Gets the requests for approval that are not answered yet, in the order in which they were made.</summary>
    public IReadOnlyCollection<ApprovalRequested> PendingApprovals => Approvals.Values;

    /// <summary>Gets the text of the current response so far, its text blocks put together.</summary>
    public string Text => string.Concat(_blocks.Where(block => block is { Kind: ContentKind.Text, Choice: 0 }).Select(block => block.Text));

    /// <summary>Folds the next event into the state.</summary>
    /// <param name="streamEvent">The event.</param>
    /// <exception cref="ArgumentNullException"><paramref name="streamEvent"/> is <see langword="null"/>.</exception>
    public void Apply(StreamEvent streamEvent)
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
            case ToolExecutionStarted started:
                _answers.Start(started.CallId);
                break;
            case ApprovalRequested approval when Retain(EventSize.Of(approval)):
                Approvals[approval.CallId] = approval;
                break;
            case ApprovalResolved { Decision: not ApprovalDecision.Deferred } resolved:
                _approvals?.Remove(resolved.CallId);
                break;
            case ToolResult result when Retain(EventSize.Of(result)):
                _answers.Add(result);
                _approvals?.Remove(result.CallId);
                break;
            default:
                ApplyResponse(streamEvent);
                break;
        }
    }

    /// <summary>Makes the message of the current response as far as it has arrived.</summary>
    /// <param name="choice">The index of the answer, where a request asked for several.</param>
    /// <returns>A new message of the assistant. A tool call that is not sealed is in it with an exception in place of arguments.</returns>
    public ChatMessage ToChatMessage(int choice = 0) => StreamMessages.ToAssistantMessage(this, choice);

    /// <summary>Makes the messages of the current response as far as they have arrived.</summary>
    /// <returns>The message of the assistant, followed by one with the results of its tools if there are any; empty before the first block.</returns>
    /// <remarks>Open calls are treated as in <see cref="ToChatResponse"/>.</remarks>
    public IReadOnlyList<ChatMessage> ToRoundMessages()
    {
        var messages = new List<ChatMessage>();
        StreamMessages.AddRound(messages, this, _answers, _approvals, closesAll: false);
        return messages;
    }

    /// <summary>Makes the answer as far as it has arrived: a message of the assistant per response, each followed by the results of its tools.</summary>
    /// <returns>A new response, with the usage of all responses together.</returns>
    /// <remarks>
    /// The messages can be sent back. A call without a result is closed by an error result that says whether the tool had started, if its response did not
    /// end properly or the tool had started. The other calls of a response that ended properly stay open, for the caller to run.
    /// </remarks>
    public ChatResponse ToChatResponse() => ToResponse(closesAll: false);

    /// <summary>Makes the answer of a stream that was abandoned or failed. Unlike <see cref="ToChatResponse"/>, it closes every open call.</summary>
    /// <returns>A new response, with the usage of all responses together.</returns>
    public ChatResponse ToPartialResponse() => ToResponse(closesAll: true);

    /// <summary>Sets contents, such as images, that the messages contain instead of the JSON of a result.</summary>
    /// <param name="callId">The id of the call, of the current response.</param>
    /// <param name="contents">The contents of the result.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public void SetResultContents(string callId, IReadOnlyList<AIContent> contents)
    {
        ArgumentNullException.ThrowIfNull(callId);
        ArgumentNullException.ThrowIfNull(contents);
        _answers.SetContents(callId, contents);
    }

    /// <summary>Throws if a part of the stream was dropped, for code that needs the whole of it.</summary>
    /// <exception cref="StreamLimitException"><see cref="IsRetentionExceeded"/> is set.</exception>
    public void ThrowIfRetentionExceeded()
    {
        if (IsRetentionExceeded)
        {
            throw new StreamLimitException(LimitName, _maxRetainedChars, _overflow) { PartialResponse = ToPartialResponse() };
        }
    }

    /// <summary>Gets a value indicating whether anything has been folded that a partial response can tell of.</summary>
    internal bool HasBegun => ResponseId is not null || Model is not null || _finished is not null || _blocks.Count > 0 || Usage is not null;

    /// <summary>Gets the answer as it was before the restart that was applied last; <see langword="null"/> when another response has begun since.</summary>
    internal ChatResponse? Discarded => _discarded;

    private Dictionary<string, ApprovalRequested> Approvals => _approvals ??= new(StringComparer.Ordinal);

    internal StreamBlock? FindBlock(int index) =>
        _byIndex?.TryGetValue(index, out var block) == true ? block
        : (uint)index < (uint)_blocks.Count && _blocks[index].Index == index ? _blocks[index]
        : null;

    private void ApplyResponse(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseStarted started:
                FinishRound();
                Provider = started.Protocol is { Length: > 0 } protocol ? protocol : null;
                ResponseId = started.ResponseId;
                Model = started.Model;
                CreatedAt = started.CreatedAt;
                break;
            case UsageUpdated updated:
                Usage = updated.Usage;
                break;
            case ResponseCompleted completed:
                FinishReason = completed.FinishReason;
                RawFinishReason = completed.RawFinishReason;
                Usage = completed.Usage ?? Usage;
                break;
            case StreamResumed { Protocol.Length: > 0 } resumed:
                Provider = resumed.Protocol;
                break;
            case StreamRestarted:
                _discarded = ToPartialResponse();
                DiscardRound();
                break;
            case ProviderMetadata { Index: null } metadata when Retain(EventSize.Of(metadata)):
                (_metadata ??= new(StringComparer.Ordinal))[metadata.Name] = metadata.RawValue;
                break;
            default:
                break;
        }
    }

    private void Append(int index, ContentKind kind, string text)
    {
        var block = _latest?.Index == index ? _latest : Block(index, kind);
        if (block is not null && (Retain(text.Length) || block.Cut()))
        {
            block.Append(text);
        }
    }

    private void AppendInput(ToolInputDelta delta)
    {
        if (FindBlock(delta.Index) is { } block && (Retain(delta.Fragment.Length) || block.Cut()))
        {
            block.Append(delta);
        }
    }

    private void AddCitation(CitationAdded citation)
    {
        if (Block(citation.Index, ContentKind.Text) is { } block && (Retain(EventSize.Of(citation)) || block.Cut()))
        {
            block.Add(citation.RawCitation, Provider);
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
        var block = FindBlock(completed.Index);
        if (block is null)
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

        // A provider may send the arguments only whole. What deltas brought before is counted already.
        var growth = completed.ArgumentsText.Length - block.TextLength;
        block.Complete(completed, keepArguments: growth <= 0 || Retain(growth));
    }

    private bool Retain(int length)
    {
        // Once a piece is dropped all later ones are, so that what is kept has no hole.
        if (_isRoundExceeded || _retainedChars + length > _maxRetainedChars)
        {
            _overflow = _isRoundExceeded ? _overflow : _retainedChars + length;
            _isRoundExceeded = true;
            return false;
        }

        _retainedChars += length;
        return true;
    }

    private StreamBlock? Block(int index, ContentKind kind) =>
        FindBlock(index) is { } block ? _latest = block : Open(new StreamBlock(index, choice: 0, kind));

    private StreamBlock? Open(StreamBlock block)
    {
        if (!Retain(BlockCost))
        {
            return null;
        }

        if (_byIndex is not null || block.Index != _blocks.Count)
        {
            (_byIndex ??= [])[block.Index] = block;
        }

        block.Protocol = Provider;
        _blocks.Add(block);
        return _latest = block;
    }

    private ChatResponse ToResponse(bool closesAll)
    {
        List<ChatMessage> messages = [.. _finished ?? []];
        StreamMessages.AddRound(messages, this, _answers, _approvals, closesAll);
        var response = new ChatResponse(messages)
        {
            ResponseId = ResponseId,
            ModelId = Model,
            CreatedAt = CreatedAt,
            FinishReason = FinishReason is { } reason ? StreamMessages.ToChatFinishReason(reason, RawFinishReason) : null,
            Usage = StreamMessages.Sum(_finishedUsage, Usage),
        };
        AddMetadata(response, _finishedMetadata);
        AddMetadata(response, _metadata);
        return response;
    }

    private static void AddMetadata(ChatResponse response, Dictionary<string, RawJson>? metadata)
    {
        if (metadata is not null)
        {
            foreach (var (name, value) in metadata)
            {
                (response.AdditionalProperties ??= [])[name] = value.Element;
            }
        }
    }

    private void FinishRound()
    {
        if (_blocks.Count > 0 || _answers.HasResults)
        {
            StreamMessages.AddRound(_finished ??= [], this, _answers, _approvals, closesAll: false);
        }

        _finishedUsage = StreamMessages.Sum(_finishedUsage, Usage);
        if (_metadata is not null)
        {
            foreach (var (name, value) in _metadata)
            {
                (_finishedMetadata ??= new(StringComparer.Ordinal))[name] = value;
            }
        }

        _wasExceeded |= _isRoundExceeded;
        _discarded = null;
        DiscardRound();
    }

    private void DiscardRound()
    {
        _blocks.Clear();
        _byIndex = null;
        _answers.Clear();
        _approvals = null;
        _metadata = null;
        _latest = null;
        _retainedChars = 0;
        _isRoundExceeded = false;
        Usage = null;
        FinishReason = null;
        RawFinishReason = null;
    }
}
