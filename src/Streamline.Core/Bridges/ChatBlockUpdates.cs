using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Streamline;

/// <summary>Turns the blocks of a response into updates.</summary>
/// <param name="state">The fold of the events, to which each has been applied before it comes here.</param>
/// <param name="updates">Where updates go.</param>
/// <remarks>
/// Updates do not say which block they are part of, so one is sent after the other: what comes of a later one meanwhile, where a protocol has several open, waits.
/// Calls that the caller may have to run wait for no block and hold none up; a mark says where they stood.
/// </remarks>
internal sealed class ChatBlockUpdates(StreamState state, ChatUpdateQueue updates)
{
    // The first one's deltas are sent as they arrive.
    private readonly Queue<StreamBlock> _waiting = new();
    private readonly Dictionary<string, StreamBlock> _calls = new(StringComparer.Ordinal);

    // The calls that nobody is known to run.
    private readonly Dictionary<string, StreamBlock> _openCalls = new(StringComparer.Ordinal);

    // Seals and marks that are needed only if something follows: after the end of a block, contents of its type; after a call, anything.
    private readonly List<AIContent> _marks = [];
    private Type? _markedType;

    // Whether a call or its result was sent amid the block whose turn it is.
    private bool _isSplit;

    /// <summary>Gets a value indicating whether a seal or mark waits to be needed.</summary>
    public bool HasMarks => _markedType is not null;

    public void Apply(StreamEvent streamEvent)
    {
        switch (streamEvent)
        {
            case TextDelta delta when IsLive(delta.Index) || IsDropped(delta.Index):
                Add(new TextContent(delta.Text), streamEvent);
                break;
            case ReasoningDelta delta when IsLive(delta.Index) || IsDropped(delta.Index):
                Add(new TextReasoningContent(delta.Text), streamEvent);
                break;
            case CitationAdded citation when IsLive(citation.Index):
                AddCitation(citation.Citation, streamEvent);
                break;
            case ContentStarted started:
                Begin(started.Index, streamEvent);
                break;
            case ToolCallStarted started:
                if (IsDropped(started.Index))
                {
                    state.ThrowIfRetentionExceeded(); // a call that nobody has seen whole cannot be sent
                }

                Begin(started.Index, streamEvent);
                break;
            case ContentCompleted completed when IsLive(completed.Index):
                End(completed.Index, streamEvent);
                break;
            case ToolCallCompleted { IsProviderExecuted: true } completed when IsLive(completed.Index):
                End(completed.Index, streamEvent);
                break;
            case ToolCallCompleted { IsProviderExecuted: false } completed when IsShown(completed.Index):
                _openCalls.TryAdd(completed.CallId, state.FindBlock(completed.Index)!);
                break;
            default:
                break;
        }
    }

    /// <summary>Sends the calls that the caller is to run.</summary>
    public void SendOpenCalls()
    {
        if (_openCalls.Count > 0)
        {
            updates.Add(new ChatResponseUpdate(ChatRole.Assistant, [.. _openCalls.Values.OrderBy(call => call.Index).Select(call => StreamMessages.ToContent(call)!)]), streamEvent: null);
        }
    }

    /// <summary>Notes that something else was sent amid the block whose turn it is, if there is one.</summary>
    public void Split() => _isSplit |= _waiting.Count > 0;

    /// <summary>Finds a call of the response.</summary>
    public StreamBlock? FindCall(string callId) => _calls.GetValueOrDefault(callId);

    /// <summary>Forgets the response.</summary>
    public void Clear()
    {
        _calls.Clear();
        _openCalls.Clear();
        _waiting.Clear();
        _isSplit = false;
    }

    /// <summary>Tells whether a block is of the answer that is sent. A gateway may send a call twice; no provider takes two of one id.</summary>
    private bool IsShown(int index) => state.FindBlock(index) is { Choice: 0 } block
        && (block.CallId is null || _calls.TryAdd(block.CallId, block) || _calls[block.CallId] == block);

    /// <summary>Tells whether a block is past the bound of the fold. Its text can still be sent as it arrives, as long as nothing waits.</summary>
    private bool IsDropped(int index) => state.IsRetentionExceeded && _waiting.Count <= 1 && state.FindBlock(index) is null;

    private bool IsLive(int index) =>
        IsShown(index) && (!_waiting.TryPeek(out var first) || first.Index == index || !_waiting.Contains(state.FindBlock(index)!));

    private void Begin(int index, StreamEvent streamEvent)
    {
        if (IsShown(index))
        {
            _waiting.Enqueue(state.FindBlock(index)!);
            if (_waiting.Count == 1)
            {
                SendNext(streamEvent);
            }
        }
    }

    private void End(int index, StreamEvent streamEvent)
    {
        Complete(state.FindBlock(index)!, streamEvent);
        if (_waiting.TryPeek(out var first) && first.Index == index)
        {
            _waiting.Dequeue();
            SendNext(streamEvent);
        }
    }

    /// <summary>Sends what has come of the blocks whose turn it is.</summary>
    private void SendNext(StreamEvent streamEvent)
    {
        while (_waiting.TryPeek(out var block))
        {
            AddText(block, streamEvent);
            if (!block.IsCompleted && !IsCallersCall(block))
            {
                return;
            }

            Complete(block, streamEvent);
            _waiting.Dequeue();
        }
    }

    /// <summary>Sends what its response left open.</summary>
    public void SendWaiting()
    {
        while (_waiting.TryDequeue(out var block))
        {
            Complete(block, streamEvent: null);
            if (_waiting.TryPeek(out var next))
            {
                AddText(next, streamEvent: null);
            }
        }
    }

    private void AddText(StreamBlock block, StreamEvent? streamEvent)
    {
        var text = block.Kind is ContentKind.Text or ContentKind.Reasoning ? block.Text : "";
        if (text.Length > 0)
        {
            Add(block.Kind == ContentKind.Text ? new TextContent(text) : new TextReasoningContent(text), streamEvent);
        }

        foreach (var citation in block.Citations)
        {
            AddCitation(citation, streamEvent);
        }
    }

    private void AddCitation(JsonElement citation, StreamEvent? streamEvent) =>
        Add(new TextContent("") { Annotations = [StreamMessages.ToAnnotation(citation, state.Provider)] }, streamEvent);

    private void Complete(StreamBlock block, StreamEvent? streamEvent)
    {
        if (block.IsCut)
        {
            if (block.Kind is not (ContentKind.Text or ContentKind.Reasoning) || _waiting.Count > 1)
            {
                state.ThrowIfRetentionExceeded();
            }

            return; // its text has been sent; nothing true can be said of the whole
        }

        if (IsCallersCall(block))
        {
            Mark(BlockSeal.OfCall(block.CallId!), type: null);
            if (block.IsCompleted && !_openCalls.ContainsKey(block.CallId!))
            {
                SendMarks(streamEvent); // it was sent before its turn
            }

            return;
        }

        if (StreamMessages.ToContent(block) is not { } whole)
        {
            return;
        }

        if (block.Signature is { } signature)
        {
            // The text has been sent; the exchange types merge what follows it.
            Add(new TextReasoningContent("") { ProtectedData = signature }, streamEvent);
        }

        if (whole is not (TextContent or TextReasoningContent))
        {
            Add(whole, streamEvent);
        }
        else if (whole.AdditionalProperties is not null || whole.Annotations is not null || _isSplit)
        {
            _isSplit = false;
            Add(BlockSeal.Of(block.Kind!.Value, whole), streamEvent, whole.GetType());
        }
        else if (block.TextLength > 0 || block.Signature is not null)
        {
            Mark(BlockSeal.Of(block.Kind!.Value, whole), whole.GetType());
        }
    }

    /// <summary>Sends a call that somebody runs.</summary>
    public void SendCall(string callId, StreamEvent streamEvent)
    {
        if (!_openCalls.Remove(callId, out var block))
        {
            return;
        }

        var content = StreamMessages.ToContent(block)!;
        if (content is FunctionCallContent call)
        {
            call.InformationalOnly = true;
        }

        // Where nothing followed it yet, it needs no mark of its place.
        var place = _marks.FindIndex(mark => BlockSeal.CallIdOf(mark) == callId);
        foreach (var mark in _marks.Take(place))
        {
            updates.Add(ChatRole.Assistant, mark, streamEvent);
        }

        _marks.RemoveRange(0, place + 1);
        Split();
        updates.Add(ChatRole.Assistant, content, streamEvent);
    }

    private static bool IsCallersCall(StreamBlock block) => block is { CallId: not null, IsProviderExecuted: false };

    /// <summary>Remembers a seal or mark for when something follows it.</summary>
    private void Mark(AIContent mark, Type? type)
    {
        if (_markedType is not null)
        {
            _marks.Clear(); // the mark of a call ends the text before it too
        }

        _marks.Add(mark);
        _markedType = type;
    }

    private void SendMarks(StreamEvent? streamEvent)
    {
        foreach (var mark in _marks)
        {
            updates.Add(ChatRole.Assistant, mark, streamEvent);
        }

        ClearMarks();
    }

    public void ClearMarks()
    {
        _marks.Clear();
        _markedType = null;
    }

    private void Add(AIContent content, StreamEvent? streamEvent, Type? type = null)
    {
        if (_markedType is null || _markedType == (type ?? content.GetType()))
        {
            SendMarks(streamEvent);
        }

        ClearMarks();
        updates.Add(ChatRole.Assistant, content, streamEvent);
    }
}
