using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Turns events into the updates of a chat client: events in, updates out, no waiting.</summary>
internal sealed class ChatUpdateBuilder
{
    private readonly StreamState _state = new();
    private readonly Queue<ChatResponseUpdate> _updates = new();

    // The calls of the current response that nobody is known to run, and the results of those that the pipeline ran.
    private readonly Dictionary<string, StreamBlock> _openCalls = new(StringComparer.Ordinal);
    private readonly List<AIContent> _results = [];
    private ResponseCompleted? _completed;
    private bool _hasShown;

    public bool TryTake([NotNullWhen(true)] out ChatResponseUpdate? update) => _updates.TryDequeue(out update);

    public void Apply(StreamEvent streamEvent)
    {
        if (streamEvent is ResponseStarted)
        {
            EndResponse();
        }
        else if (streamEvent is StreamRestarted restarted)
        {
            Restart(restarted);
        }

        _state.Apply(streamEvent);
        switch (streamEvent)
        {
            case ResponseStarted:
                Add(new ChatResponseUpdate(ChatRole.Assistant, (IList<AIContent>)[]), streamEvent);
                break;
            case TextDelta delta when IsFirstChoice(delta.Index):
                Add(new TextContent(delta.Text), streamEvent);
                break;
            case ReasoningDelta delta when IsFirstChoice(delta.Index):
                Add(new TextReasoningContent(delta.Text), streamEvent);
                break;
            case CitationAdded citation when IsFirstChoice(citation.Index):
                Add(new TextContent("") { Annotations = [StreamMessages.ToAnnotation(citation.Citation, _state.Provider)] }, streamEvent);
                break;
            case ContentCompleted completed when IsFirstChoice(completed.Index):
                Complete(completed);
                break;
            case ToolCallCompleted call when IsFirstChoice(call.Index):
                Complete(call);
                break;
            case ToolExecutionStarted started:
                GiveOut(started.CallId, streamEvent);
                break;
            case ToolResult result:
                GiveOut(result.CallId, streamEvent);
                _results.Add(StreamMessages.ToContent(result));
                break;
            default:
                ApplyResponse(streamEvent);
                break;
        }
    }

    /// <summary>Gives out what waited for the end of the response: calls that the caller is to run, the end itself, the results of calls that were run.</summary>
    public void EndResponse()
    {
        if (_openCalls.Count > 0)
        {
            Add(new ChatResponseUpdate(ChatRole.Assistant, [.. _openCalls.Values.Select(call => StreamMessages.ToContent(call, _state.Provider)!)]), streamEvent: null);
            _openCalls.Clear();
        }

        if (_completed is not null)
        {
            Add(End(_completed), _completed);
            _completed = null;
        }

        if (_results.Count > 0)
        {
            Add(new ChatResponseUpdate(ChatRole.Tool, [.. _results]), streamEvent: null);
            _results.Clear();
        }

        _hasShown = false;
    }

    private void ApplyResponse(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case ResponseCompleted completed:
                _completed = completed;
                break;
            case ProviderMetadata { Index: null } metadata:
                Add(new ChatResponseUpdate { AdditionalProperties = new() { [metadata.Name] = metadata.Value } }, streamEvent);
                break;
            case ProviderEvent:
                Add(new ChatResponseUpdate(), streamEvent);
                break;
            default:
                break;
        }
    }

    private void Restart(StreamRestarted restarted)
    {
        if (_hasShown)
        {
            var exception = new StreamInterruptedException($"The answer broke and began anew ({restarted.Reason}); updates that were handed out cannot be taken back", bytesReceived: -1);
            exception.SetPartialResponse(_state.ToChatResponse());
            throw exception;
        }

        _openCalls.Clear();
        _results.Clear();
    }

    private void Complete(ContentCompleted completed)
    {
        switch (completed.Kind)
        {
            case ContentKind.Text:
                break;
            case ContentKind.Reasoning:
                if (completed.Signature is not null || completed.Raw is not null)
                {
                    // The text has been given out; the exchange types merge what follows it.
                    Add(new TextReasoningContent("") { ProtectedData = completed.Signature, RawRepresentation = completed.Raw }, completed);
                }

                break;
            default:
                if (StreamMessages.ToContent(Block(completed.Index)!, _state.Provider) is { } content)
                {
                    Add(content, completed);
                }

                break;
        }
    }

    private void Complete(ToolCallCompleted call)
    {
        var block = Block(call.Index)!;
        if (call.IsProviderExecuted)
        {
            Add(StreamMessages.ToContent(block, _state.Provider)!, call);
        }
        else
        {
            // A gateway may send a call twice; no provider takes two of one id.
            _openCalls.TryAdd(call.CallId, block);
        }
    }

    private void GiveOut(string callId, StreamEvent streamEvent)
    {
        if (_openCalls.Remove(callId, out var block))
        {
            var content = StreamMessages.ToContent(block, _state.Provider)!;
            if (content is FunctionCallContent call)
            {
                call.InformationalOnly = true;
            }

            Add(content, streamEvent);
        }
    }

    private ChatResponseUpdate End(ResponseCompleted completed)
    {
        var update = new ChatResponseUpdate { FinishReason = StreamMessages.ToChatFinishReason(completed.FinishReason, completed.RawFinishReason) };
        if (_state.Usage is { } usage)
        {
            update.Contents = [new UsageContent(StreamMessages.ToUsageDetails(usage))];
        }

        return update;
    }

    private bool IsFirstChoice(int index) => Block(index) is { Choice: 0 };

    private StreamBlock? Block(int index) => _state.FindBlock(index);

    private void Add(AIContent content, StreamEvent streamEvent) => Add(new ChatResponseUpdate(ChatRole.Assistant, [content]), streamEvent);

    private void Add(ChatResponseUpdate update, StreamEvent? streamEvent)
    {
        update.ResponseId = _state.ResponseId;
        update.MessageId = update.Role == ChatRole.Tool ? null : _state.ResponseId;
        update.ModelId = _state.Model;
        update.RawRepresentation = streamEvent;
        _hasShown |= update.Contents.Count > 0;
        _updates.Enqueue(update);
    }
}
