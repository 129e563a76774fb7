using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;
using Streamline.Text;

namespace Streamline;

/// <summary>Turns events into the updates of a chat client: events in, updates out, no waiting.</summary>
internal sealed class ChatUpdateBuilder
{
    private readonly StreamState _state;
    private readonly ChatUpdateQueue _updates = new();
    private readonly ChatBlockUpdates _blocks;
    private bool _hasResults;
    private ResponseCompleted? _completed;
    private UsageDetails? _usage;

    /// <param name="state">The fold of the events, to which each has been applied before it comes here.</param>
    public ChatUpdateBuilder(StreamState state)
    {
        _state = state;
        _blocks = new ChatBlockUpdates(state, _updates);
    }

    public bool TryTake([NotNullWhen(true)] out ChatResponseUpdate? update) => _updates.TryTake(out update);

    public void Apply(StreamEvent streamEvent)
    {
        if (streamEvent is ResponseStarted)
        {
            // The state is that of the next response already.
            EndResponse();
            _updates.Begin(_state.ResponseId, _state.Model);
            _usage = null;
        }
        else if (streamEvent is StreamRestarted restarted)
        {
            Restart(restarted);
        }

        switch (streamEvent)
        {
            case ResponseStarted:
                _updates.Add(new ChatResponseUpdate(ChatRole.Assistant, (IList<AIContent>)[]), streamEvent);
                break;
            case ToolExecutionStarted started:
                _blocks.SendCall(started.CallId, streamEvent);
                break;
            case ToolWaiting waiting:
                _blocks.SendCall(waiting.CallId, streamEvent);
                _updates.Add(new ChatResponseUpdate(), streamEvent);
                break;
            case ToolProgress or ToolAbandoned or ApprovalResolved:
                _updates.Add(new ChatResponseUpdate(), streamEvent);
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
                _updates.Add(new ChatResponseUpdate { AdditionalProperties = new() { [metadata.Name] = metadata.Value } }, streamEvent);
                break;
            case ProviderEvent or StreamResumed or TextFinding or MarkdownUpdated or CodeBlockUpdated:
                _updates.Add(new ChatResponseUpdate(), streamEvent);
                break;
            default:
                _blocks.Apply(streamEvent);
                break;
        }
    }

    /// <summary>Sends what waited for the end of the response: calls that the caller is to run, the end itself, the results of calls that were run.</summary>
    public void EndResponse()
    {
        _blocks.SendWaiting();
        _blocks.SendOpenCalls();
        if (_completed is not null)
        {
            _updates.Add(End(_completed), _completed);
            _completed = null;
        }

        // Without results between them, and without ids, the next response's text is put together with this one's.
        if (_hasResults || !_blocks.HasMarks)
        {
            _blocks.ClearMarks();
        }

        Clear();
        _updates.HasShown = false;
    }

    private void Restart(StreamRestarted restarted)
    {
        if (_updates.HasShown)
        {
            throw new StreamInterruptedException($"The response was interrupted and restarted ({restarted.Reason}); updates that were handed out cannot be taken back", bytesReceived: null)
            {
                PartialResponse = _state.Discarded,
            };
        }

        Clear();
        _blocks.ClearMarks();
    }

    private void Clear()
    {
        _blocks.Clear();
        (_hasResults, _updates.IsContinued) = (false, false);
    }

    /// <summary>Gives a result out at once. What the model says after it still belongs to the message before it.</summary>
    private void SendResult(ToolResult result)
    {
        _blocks.SendCall(result.CallId, result);
        SendEnd();
        _blocks.Split();
        _updates.Add(ChatRole.Tool, StreamMessages.ToContent(result), result);
        (_hasResults, _updates.IsContinued) = (true, true);
    }

    /// <summary>Asks the caller, who answers in the next request, because updates cannot be answered.</summary>
    private void SendApproval(ApprovalRequested approval)
    {
        _blocks.SendCall(approval.CallId, approval);
        SendEnd();
        if (_blocks.FindCall(approval.CallId) is { } block && StreamMessages.ToContent(block) is FunctionCallContent call)
        {
            call.InformationalOnly = true;
            _updates.Add(ChatRole.Assistant, StreamMessages.ToContent(approval, call), approval);
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
            _blocks.SendWaiting();
            _updates.Add(End(_completed), _completed);
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
}
