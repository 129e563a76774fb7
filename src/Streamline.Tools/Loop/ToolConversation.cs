using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What the model is asked, round after round, and what has come of it: for the next request, for hooks and tools, and for the exception that ends the stream.</summary>
/// <remarks>It reads the one fold of the stream. Used by the reader of the stream; what tools ask for is immutable or guarded.</remarks>
internal sealed class ToolConversation
{
    private readonly StreamRequest _given;
    private readonly RoundBoundary? _boundary;
    private readonly IReadOnlyDictionary<object, object> _items;
    private readonly ToolLoopStreamClient _client;
    private readonly ChatOptions _options;
    private readonly StreamState _state;
    private readonly KeptConversation _kept = new();
    private readonly Lock _lock = new();
    private UsageDetails? _usage;
    private List<AITool>? _added;
    private ChatOptions? _sent; // the options of the current request, as tools see them
    private bool _areToolsStale;
    private int _told; // how many messages of the answer are in the conversation already

    /// <param name="given">The request of the caller; not changed.</param>
    /// <param name="messages">Its messages as the model gets them.</param>
    /// <param name="client">The client.</param>
    /// <param name="state">The fold of the stream, all rounds.</param>
    public ToolConversation(StreamRequest given, IReadOnlyList<ChatMessage> messages, ToolLoopStreamClient client, StreamState state)
    {
        (_given, _client, _state) = (given, client, state);
        _boundary = RoundBoundary.Of(given);
        _items = _boundary is null ? given.Items : RoundBoundary.Without(given.Items); // it is this loop's alone, not that of a loop further in
        _options = given.Options?.Clone() ?? new ChatOptions();
        _options.Tools = _options.Tools is { } ofRequest ? [.. ofRequest] : null;
        Messages = messages;
        Tools = MakeCatalog();
    }

    /// <summary>The conversation so far; replaced, never changed.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private set; }

    /// <summary>The tools of the current round.</summary>
    public ToolCatalog Tools { get; private set; }

    /// <summary>The number of requests that were sent.</summary>
    public int Round { get; private set; }

    public int ConsecutiveErrors { get; private set; }

    /// <summary>What all rounds cost so far, in the unit of the option.</summary>
    public long Cost { get; private set; }

    public long TotalTokens => _usage?.TotalTokenCount ?? 0;

    /// <summary>Makes the request of the next round.</summary>
    /// <param name="beforeRound">May change it.</param>
    /// <param name="mayCallTools">Whether the model may call tools.</param>
    /// <param name="cancellationToken">Cancels <paramref name="beforeRound"/>.</param>
    /// <exception cref="StreamLimitException">The stream is longer than its fold may be, so the request would lack a part of it.</exception>
    public async ValueTask<StreamRequest> BeginRoundAsync(
        Func<ToolRoundContext, CancellationToken, ValueTask>? beforeRound, bool mayCallTools, CancellationToken cancellationToken)
    {
        _state.ThrowIfRetentionExceeded();
        if (Round > 0)
        {
            EndFirstRound();
        }

        if (_boundary?.Enter(Round + 1) is { Count: > 0 } added)
        {
            Messages = [.. Messages, .. added];
        }

        if (beforeRound is not null)
        {
            var context = MakeContext();
            await beforeRound(context, cancellationToken).ConfigureAwait(false);
            Messages = context.Messages;
            _areToolsStale = true;
        }

        Round++;
        if (_areToolsStale)
        {
            Tools = MakeCatalog();
            _sent = null;
        }

        if (_sent is null || !mayCallTools)
        {
            _sent = _options.Clone();
            Tools.Declare(_sent);
            if (!mayCallTools)
            {
                _sent.ToolMode = ChatToolMode.None; // the tools stay declared, because the conversation speaks of them
            }
        }

        var request = _given with { Messages = KeptConversation.IsGrowing(_given, _sent) ? _kept.TakeNew(Messages) : Messages, Options = _sent, Items = _items };
        _sent = request.Options; // a copy, so that the stream holds one set of options and not two
        return request;
    }

    /// <summary>Takes out of the options what was about one request only.</summary>
    private void EndFirstRound()
    {
        if (_options.ToolMode is RequiredChatToolMode)
        {
            // A model that is forced to call a tool in every round would never come to an end.
            _options.ToolMode = ChatToolMode.Auto;
            _sent = null;
        }

        if (_options.ContinuationToken is not null)
        {
            // It asks for the rest of the response that the first round has read.
            _options.ContinuationToken = null;
            _sent = null;
        }
    }

    /// <summary>Adds the answer of a round and the results of its tools to the conversation.</summary>
    /// <param name="calls">The calls of the round.</param>
    /// <param name="inbox">The calls of an earlier stream that the round has run; <see langword="null"/> for any other round.</param>
    /// <param name="costOf">Tells what the round cost.</param>
    public void EndRound(RoundCalls calls, ApprovalInbox? inbox, Func<UsageDetails, string?, long>? costOf)
    {
        // A tool loop further in makes several responses in one round.
        var added = calls.Responses == 1 ? _state.ToRoundMessages() : [.. _state.ToChatResponse().Messages.Skip(_told)];
        _told += added.Count;
        Messages = inbox is null ? [.. Messages, .. added] : inbox.WithResults([.. added.SelectMany(message => message.Contents).OfType<FunctionResultContent>()]);
        _kept.Add(inbox?.Seen ?? added.Take(added.ToList().FindLastIndex(message => message.Role == ChatRole.Assistant) + 1));
        ConsecutiveErrors = calls.HaveAllFailed ? ConsecutiveErrors + 1 : 0;
        if (_state.Usage is { } usage && inbox is null)
        {
            var details = ToDetails(usage);
            (_usage ??= new UsageDetails()).Add(details);
            Cost += costOf?.Invoke(details, _state.Model) ?? 0;
        }

        LastRound = added;
    }

    /// <summary>What hooks see, after the last round or before the next one.</summary>
    public ToolRoundContext MakeContext()
    {
        var usage = new UsageDetails();
        if (_usage is not null)
        {
            usage.Add(_usage);
        }

        return new ToolRoundContext { Round = Round + 1, Messages = Messages, Options = _options, LastRound = LastRound, Usage = usage, ConsecutiveErrors = ConsecutiveErrors };
    }

    /// <summary>What a tool sees of its call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="progress">What shows the progress of the tool; <see langword="null"/> before it runs.</param>
    public ToolCallContext ContextOf(ToolCall call, ToolScheduler? progress) => new(call, this, progress)
    {
        CallId = call.CallId,
        Name = call.Name,
        Round = call.Round,
        Arguments = call.Arguments,
        AreArgumentsEdited = call.AreArgumentsEdited,
        Messages = Messages,
        Options = _sent ?? _options,
    };

    /// <summary>Offers the model one more tool from the next round on. Thread-safe.</summary>
    public void AddTool(AITool tool)
    {
        lock (_lock)
        {
            _added ??= [];
            _added.RemoveAll(added => string.Equals(added.Name, tool.Name, StringComparison.Ordinal));
            _added.Add(tool);
            _areToolsStale = true;
        }
    }

    private IReadOnlyList<ChatMessage> LastRound { get; set; } = [];

    private static UsageDetails ToDetails(TokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.TotalTokens ?? (usage is { InputTokens: null, OutputTokens: null } ? null : (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0)),
        CachedInputTokenCount = usage.CachedInputTokens,
        ReasoningTokenCount = usage.ReasoningTokens,
        AdditionalCounts = usage.AdditionalCounts is { } counts ? new AdditionalPropertiesDictionary<long>(counts) : null,
    };

    private ToolCatalog MakeCatalog()
    {
        lock (_lock)
        {
            _areToolsStale = false;
            return _added is null && _options.Tools is null or { Count: 0 } ? _client.Catalog : ToolCatalog.Create(_client.Tools, WithAdded(_options.Tools ?? []));
        }
    }

    private IEnumerable<AITool> WithAdded(IEnumerable<AITool> tools) =>
        _added is null ? tools : [.. tools.Where(tool => !_added.Exists(added => string.Equals(added.Name, tool.Name, StringComparison.Ordinal))), .. _added];
}
