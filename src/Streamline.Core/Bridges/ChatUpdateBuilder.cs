using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Streamline.Text;

namespace Streamline;

/// <summary>Turns events into the updates of a chat client: events in, updates out, no waiting.</summary>
/// <param name="state">The fold of the events, to which each has been applied before it comes here.</param>
internal sealed partial class ChatUpdateBuilder(StreamState state)
{
    private readonly StreamState _state = state;
    private readonly Queue<ChatResponseUpdate> _updates = new();

    // The calls of the current response that nobody is known to run.
    private readonly Dictionary<string, StreamBlock> _openCalls = new(StringComparer.Ordinal);
    private bool _hasResults;
    private bool _isContinued;
    private ResponseCompleted? _completed;
    private UsageDetails? _usage;
    private string? _responseId;
    private string? _model;
    private bool _hasShown;

    public bool TryTake([NotNullWhen(true)] out ChatResponseUpdate? update) => _updates.TryDequeue(out update);

    public void Apply(StreamEvent streamEvent)
    {
        if (streamEvent is ResponseStarted)
        {
            // The state is that of the next response already.
            EndResponse();
            (_responseId, _model, _usage) = (_state.ResponseId, _state.Model, null);
        }
        else if (streamEvent is StreamRestarted restarted)
        {
            Restart(restarted);
        }

        switch (streamEvent)
        {
            case ResponseStarted:
                Add(new ChatResponseUpdate(ChatRole.Assistant, (IList<AIContent>)[]), streamEvent);
                break;
            case ToolExecutionStarted started:
                SendCall(started.CallId, streamEvent);
                break;
            case ToolWaiting waiting:
                SendCall(waiting.CallId, streamEvent);
                Add(new ChatResponseUpdate(), streamEvent);
                break;
            case ToolProgress or ToolAbandoned or ApprovalResolved:
                Add(new ChatResponseUpdate(), streamEvent);
                break;
            case ApprovalRequested approval:
                SendApproval(approval);
                break;
            case ToolResult result:
                SendResult(result);
                break;
            case ResponseCompleted completed:
                _completed = completed;
                _usage = _state.Usage is { } usage ? StreamMessages.ToUsageDetails(usage) : null;
                break;
            case ProviderMetadata { Index: null } metadata:
                Add(new ChatResponseUpdate { AdditionalProperties = new() { [metadata.Name] = metadata.Value } }, streamEvent);
                break;
            case ProviderEvent or StreamResumed or TextFinding or MarkdownUpdated or CodeBlockUpdated:
                Add(new ChatResponseUpdate(), streamEvent);
                break;
            default:
                ApplyBlock(streamEvent);
                break;
        }
    }

    /// <summary>Sends what waited for the end of the response: calls that the caller is to run, the end itself, the results of calls that were run.</summary>
    public void EndResponse()
    {
        SendWaiting();
        if (_openCalls.Count > 0)
        {
            Add(new ChatResponseUpdate(ChatRole.Assistant, [.. _openCalls.Values.OrderBy(call => call.Index).Select(call => StreamMessages.ToContent(call)!)]), streamEvent: null);
        }

        if (_completed is not null)
        {
            Add(End(_completed), _completed);
            _completed = null;
        }

        // Without results between them, and without ids, the next response's text is put together with this one's.
        if (_hasResults || _markedType is null)
        {
            ClearMarks();
        }

        Clear();
        _hasShown = false;
    }

    private void Restart(StreamRestarted restarted)
    {
        if (_hasShown)
        {
            throw new StreamInterruptedException($"The response was interrupted and restarted ({restarted.Reason}); updates that were handed out cannot be taken back", bytesReceived: null)
            {
                PartialResponse = _state.Discarded,
            };
        }

        Clear();
        ClearMarks();
    }

    private void Clear()
    {
        _calls.Clear();
        _openCalls.Clear();
        (_hasResults, _isContinued) = (false, false);
        _waiting.Clear();
        _isSplit = false;
    }

    /// <summary>Gives a result out at once. What the model says after it still belongs to the message before it.</summary>
    private void SendResult(ToolResult result)
    {
        SendCall(result.CallId, result);
        SendEnd();
        _isSplit |= _waiting.Count > 0;
        Add(new ChatResponseUpdate(ChatRole.Tool, [StreamMessages.ToContent(result)]), result);
        (_hasResults, _isContinued) = (true, true);
    }

    /// <summary>Asks the caller, who answers in the next request, because updates cannot be answered.</summary>
    private void SendApproval(ApprovalRequested approval)
    {
        SendCall(approval.CallId, approval);
        SendEnd();
        if (_calls.TryGetValue(approval.CallId, out var block) && StreamMessages.ToContent(block) is FunctionCallContent call)
        {
            call.InformationalOnly = true;
            Add(new ChatResponseUpdate(ChatRole.Assistant, [StreamMessages.ToContent(approval, call)]), approval);
        }

        if (approval.CanRespond)
        {
            approval.Defer();
        }
    }

    private void SendEnd()
    {
        if (_completed is not null)
        {
            SendWaiting();
            Add(End(_completed), _completed);
            _completed = null;
        }
    }

    private ChatResponseUpdate End(ResponseCompleted completed)
    {
        var update = new ChatResponseUpdate { FinishReason = StreamMessages.ToChatFinishReason(completed.FinishReason, completed.RawFinishReason) };
        if (_usage is not null)
        {
            update.Contents = [new UsageContent(_usage)];
        }

        return update;
    }

    private void Add(ChatResponseUpdate update, StreamEvent? streamEvent)
    {
        if (_isContinued && update.Role == ChatRole.Assistant && update.Contents.Count > 0)
        {
            _isContinued = false;
            Add(new ChatResponseUpdate(ChatRole.Assistant, [BlockSeal.OfContinuation()]), streamEvent);
        }

        update.ResponseId = _responseId;
        update.MessageId = update.Role == ChatRole.Tool ? null : _responseId;
        update.ModelId = _model;
        update.RawRepresentation = streamEvent;
        _hasShown |= update.Contents.Count > 0;
        _updates.Enqueue(update);
    }
}
