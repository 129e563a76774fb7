using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline.Tools;

/// <summary>What the model is asked, round after round, and what has come of it: for the next request, for hooks and tools, and for the exception that ends the stream.</summary>
/// <remarks>It reads the one fold of the stream. Used by the reader of the stream; what tools ask for is immutable or guarded.</remarks>
internal sealed class ToolConversation
{
    private readonly StreamRequest _given;
    private readonly ChatOptions _options;
    private readonly IReadOnlyList<RunnableTool> _tools;
    private readonly StreamState _state;
    private readonly UsageDetails _usage = new();
    private readonly Lock _lock = new();
    private readonly List<AITool> _added = [];
    private int _told; // how many messages of the answer are in the conversation already

    /// <param name="given">The request of the caller; not changed.</param>
    /// <param name="messages">Its messages as the model gets them.</param>
    /// <param name="tools">The tools of the client.</param>
    /// <param name="state">The fold of the stream, all rounds.</param>
    public ToolConversation(StreamRequest given, IReadOnlyList<ChatMessage> messages, IReadOnlyList<RunnableTool> tools, StreamState state)
    {
        _state = state;
        _given = given;
        _options = given.Options?.Clone() ?? new ChatOptions();
        _options.Tools = _options.Tools is { } ofRequest ? [.. ofRequest] : null;
        _tools = tools;
        Messages = messages;
        Sent = _options;
        Tools = ToolCatalog.Create(tools, _options.Tools ?? []);
    }

    /// <summary>The conversation so far; replaced, never changed.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private set; }

    /// <summary>The tools of the current round.</summary>
    public ToolCatalog Tools { get; private set; }

    /// <summary>The number of requests that were sent.</summary>
    public int Round { get; private set; }

    public int ConsecutiveErrors { get; private set; }

    /// <summary>What ends the stream, after the open calls have been answered; <see langword="null"/> while nothing does.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What all rounds cost so far, in the unit of the option.</summary>
    public long Cost { get; private set; }

    public long TotalTokens => _usage.TotalTokenCount ?? 0;

    /// <summary>The options of the current request, as tools see them.</summary>
    private ChatOptions Sent { get; set; }

    /// <summary>Makes the request of the next round.</summary>
    /// <param name="beforeRound">May change it.</param>
    /// <param name="mayCallTools">Whether the model may call tools.</param>
    /// <param name="cancellationToken">Cancels <paramref name="beforeRound"/>.</param>
    /// <exception cref="StreamLimitException">The stream is longer than its fold may be, so the request would lack a part of it.</exception>
    public async ValueTask<StreamRequest> BeginRoundAsync(
        Func<ToolRoundContext, CancellationToken, ValueTask>? beforeRound, bool mayCallTools, CancellationToken cancellationToken)
    {
        _state.ThrowIfRetentionExceeded();
        if (Round > 0 && _options.ToolMode is RequiredChatToolMode)
        {
            // A model that is forced to call a tool in every round would never come to an end.
            _options.ToolMode = ChatToolMode.Auto;
        }

        if (beforeRound is not null)
        {
            var context = MakeContext();
            await beforeRound(context, cancellationToken).ConfigureAwait(false);
            Messages = context.Messages;
        }

        Round++;
        var sent = _options.Clone();
        Tools = ToolCatalog.Create(_tools, WithAdded(_options.Tools ?? []));
        Tools.Declare(sent);
        if (!mayCallTools)
        {
            sent.ToolMode = ChatToolMode.None; // the tools stay declared, because the conversation speaks of them
        }

        Sent = sent;
        return _given with { Messages = Messages, Options = sent };
    }

    /// <summary>Adds the answer of a round and the results of its tools to the conversation.</summary>
    /// <param name="round">The round.</param>
    /// <param name="inbox">The calls of an earlier stream that the round has run; <see langword="null"/> for any other round.</param>
    /// <param name="costOf">Tells what the round cost.</param>
    public void EndRound(ToolRound round, ApprovalInbox? inbox, Func<UsageDetails, string?, long>? costOf)
    {
        round.RestoreContents(_state);
        var answer = _state.ToChatResponse();
        List<ChatMessage> added = [.. answer.Messages.Skip(_told)];
        _told = answer.Messages.Count;
        Messages = inbox is null ? [.. Messages, .. added] : inbox.WithResults([.. added.SelectMany(message => message.Contents)]);
        ConsecutiveErrors = round.HaveAllFailed ? ConsecutiveErrors + 1 : 0;
        if (_state.Usage is { } usage && inbox is null)
        {
            var details = ToDetails(usage);
            _usage.Add(details);
            Cost += costOf?.Invoke(details, answer.ModelId) ?? 0;
        }

        LastRound = added;
    }

    /// <summary>Throws what ended the stream, if something did, with what had arrived.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>What hooks see, after the last round or before the next one.</summary>
    public ToolRoundContext MakeContext()
    {
        var usage = new UsageDetails();
        usage.Add(_usage);
        return new ToolRoundContext { Round = Round + 1, Messages = Messages, Options = _options, LastRound = LastRound, Usage = usage, ConsecutiveErrors = ConsecutiveErrors };
    }

    /// <summary>What a tool sees of its call.</summary>
    public ToolCallContext ContextOf(ToolCall call, Action<JsonElement>? onProgress) => new(onProgress, AddTool)
    {
        CallId = call.CallId,
        Name = call.Name,
        Round = call.Round,
        Arguments = call.Arguments,
        AreArgumentsEdited = call.AreArgumentsEdited,
        Messages = Messages,
        Options = Sent,
    };

    private IReadOnlyList<ChatMessage> LastRound { get; set; } = [];

    private static UsageDetails ToDetails(TokenUsage usage) => new()
    {
        InputTokenCount = usage.InputTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.TotalTokens ?? usage.InputTokens + usage.OutputTokens,
        CachedInputTokenCount = usage.CachedInputTokens,
        ReasoningTokenCount = usage.ReasoningTokens,
        AdditionalCounts = usage.AdditionalCounts is { } counts ? new AdditionalPropertiesDictionary<long>(counts) : null,
    };

    private void AddTool(AITool tool)
    {
        lock (_lock)
        {
            _added.RemoveAll(added => string.Equals(added.Name, tool.Name, StringComparison.Ordinal));
            _added.Add(tool);
        }
    }

    private List<AITool> WithAdded(IEnumerable<AITool> tools)
    {
        lock (_lock)
        {
            return [.. tools.Where(tool => !_added.Exists(added => string.Equals(added.Name, tool.Name, StringComparison.Ordinal))), .. _added];
        }
    }
}
