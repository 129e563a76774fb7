using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Turns events into the updates of a chat client: events in, updates out, no waiting.</summary>
/// <param name="state">The fold of the events, to which each has been applied before it comes here.</param>
internal sealed partial class ChatUpdateBuilder(StreamState state)
{
    private readonly StreamState _state = state;
    private readonly Queue<ChatResponseUpdate> _updates = new();

    // The calls of the current response that nobody is known to run, and the results of those that the pipeline ran.
    private readonly Dictionary<string, StreamBlock> _openCalls = new(StringComparer.Ordinal);
    private readonly List<FunctionResultContent> _results = [];
    private ResponseCompleted? _completed;
    private UsageDetails? _usage;
    private string? _provider;
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
            (_provider, _responseId, _model, _usage) = (_state.Provider, _state.ResponseId, _state.Model, null);
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
                GiveOutCall(started.CallId, streamEvent);
                break;
            case ToolResult result:
                GiveOutCall(result.CallId, streamEvent);
                _results.Add(StreamMessages.ToContent(result));
                break;
            case ResponseCompleted completed:
                _completed = completed;
                _usage = _state.Usage is { } usage ? StreamMessages.ToUsageDetails(usage) : null;
                break;
            case ProviderMetadata { Index: null } metadata:
                Add(new ChatResponseUpdate { AdditionalProperties = new() { [metadata.Name] = metadata.Value } }, streamEvent);
                break;
            case ProviderEvent:
                Add(new ChatResponseUpdate(), streamEvent);
                break;
            default:
                ApplyBlock(streamEvent);
                break;
        }
    }

    /// <summary>Gives out what waited for the end of the response: calls that the caller is to run, the end itself, the results of calls that were run.</summary>
    public void EndResponse()
    {
        GiveOutWaiting();
        if (_openCalls.Count > 0)
        {
            Add(new ChatResponseUpdate(ChatRole.Assistant, [.. _openCalls.Values.OrderBy(call => call.Index).Select(call => StreamMessages.ToContent(call, _provider)!)]), streamEvent: null);
        }

        if (_completed is not null)
        {
            Add(End(_completed), _completed);
            _completed = null;
        }

        if (_results.Count > 0)
        {
            // As the calls stand, whichever tool was done first.
            var results = _results.OrderBy(result => _calls.TryGetValue(result.CallId, out var call) ? call.Index : int.MaxValue);
            Add(new ChatResponseUpdate(ChatRole.Tool, [.. results]), streamEvent: null);
        }

        // Without results between them, and without ids, the next response's text is put together with this one's.
        if (_results.Count > 0 || _markedType is null)
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
            throw new StreamInterruptedException($"The response was interrupted and restarted ({restarted.Reason}); updates that were handed out cannot be taken back", bytesReceived: -1)
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
        _results.Clear();
        _waiting.Clear();
        _isSplit = false;
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
        update.ResponseId = _responseId;
        update.MessageId = update.Role == ChatRole.Tool ? null : _responseId;
        update.ModelId = _model;
        update.RawRepresentation = streamEvent;
        _hasShown |= update.Contents.Count > 0;
        _updates.Enqueue(update);
    }
}
