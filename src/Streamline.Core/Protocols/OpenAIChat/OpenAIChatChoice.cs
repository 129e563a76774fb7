using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>One answer of a response: its open block, its tool calls, and how it ended.</summary>
internal sealed class OpenAIChatChoice(DecoderOutput output, int number)
{
    // The index under which a call in the form from before tools is known: a choice has one at most.
    private const long LegacyCallIndex = long.MinValue;

    private readonly OpenAIChatToolCallTable _table = new();
    private readonly List<OpenAIChatToolCall> _calls = [];
    private OpenAIChatContentBlock? _open;
    private int _sealedCalls; // how many of the first calls are sealed

    public int Number { get; } = number;

    /// <summary>Gets the wire's word for why the choice ended; <see langword="null"/> as long as it gave none.</summary>
    public string? FinishReason { get; private set; }

    public bool HasCalls => _calls.Exists(call => call.IsStarted);

    public bool HasRefusal { get; private set; }

    /// <summary>Gets a value indicating whether anything of an answer has come.</summary>
    public bool IsEmpty => _open is null && _calls.Count == 0 && FinishReason is null;

    /// <summary>Gets the index of the open block of content; <see langword="null"/> when there is none.</summary>
    public int? OpenBlockIndex => _open?.Index;

    /// <summary>Appends a text of the payload to the open block of a kind, or to a new one.</summary>
    /// <returns>Whether there was text.</returns>
    public bool AppendContent(in ParsedPayload payload, ContentKind kind, JsonElement? text, OpenAIChatReasoningForm? form = null)
    {
        var slice = payload.Find(text);
        if (slice.Length == 0)
        {
            return false;
        }

        HasRefusal |= kind == ContentKind.Refusal;
        output.Append(Open(kind, form), slice, payload.Bytes);
        return true;
    }

    /// <summary>Appends the text and the signature of an element of <c>reasoning_details</c>; whatever has no text is a block of its own.</summary>
    /// <returns>Whether there was text in it.</returns>
    public bool AddReasoningDetail(in ParsedPayload payload, JsonElement detail)
    {
        if (OpenAIChatReasoningForm.TextMember(detail.Text("type"u8)) is not { } textMember)
        {
            Open(ContentKind.RedactedReasoning, form: null);
            Close(detail.Clone());
            return false;
        }

        var text = payload.Find(detail.TryGetProperty(textMember, out var value) ? value : null);
        var signature = detail.NonEmptyText("signature"u8);
        if (text.Length > 0)
        {
            output.Append(OpenDetail(detail), text, payload.Bytes);
        }

        if (text.Length == 0 || signature is not null)
        {
            Attach(detail, signature);
        }

        return text.Length > 0;
    }

    public void AddCitation(JsonElement citation) =>
        output.Emit(new CitationAdded { Index = Open(ContentKind.Text, form: null).Index, Citation = citation.Clone() });

    /// <summary>Adds a piece of a tool call: an element of <c>tool_calls</c>, or a <c>function_call</c>.</summary>
    public void AddToolCall(in ParsedPayload payload, JsonElement piece, bool isLegacy)
    {
        var isCustom = piece.Object("custom"u8) is not null;
        var function = isLegacy ? piece : piece.Object("custom"u8) ?? piece.Object("function"u8) ?? default;
        if (function.ValueKind == JsonValueKind.Undefined && piece.Text("type"u8) is { Length: > 0 } and not "function" and var type)
        {
            output.Emit(new ProviderEvent { Name = "tool_calls/" + type, Data = piece.RawText() });
            return;
        }

        var call = Call(_table.Resolve(
            isLegacy ? LegacyCallIndex : piece.Integer("index"u8),
            isLegacy ? null : piece.Text("id"u8),
            function.Text("name"u8)));
        if (!isLegacy && OpenAIChatCallData.Of(piece) is { } data)
        {
            call.Add(data);
        }

        if (!call.IsStarted && function.Text("name"u8) is { Length: > 0 })
        {
            Close();
            call.Start();
        }

        AddArguments(payload, call, isCustom ? function.Member("input"u8) : function.Member("arguments"u8));
    }

    /// <summary>Ends the choice: what is open is complete, and its calls are sealed.</summary>
    /// <param name="reason">The wire's word for why; <see langword="null"/> when the response ended without one.</param>
    public void Finish(string? reason)
    {
        FinishReason = reason ?? FinishReason;
        Close();
        for (var i = _sealedCalls; i < _calls.Count; i++)
        {
            _calls[i].Seal();
        }

        while (_sealedCalls < _calls.Count && _calls[_sealedCalls].IsSealed)
        {
            _sealedCalls++;
        }
    }

    private OpenAIChatContentBlock Open(ContentKind kind, OpenAIChatReasoningForm? form)
    {
        if (_open?.Kind == kind && _open.Reasoning == form)
        {
            return _open;
        }

        return OpenNew(kind, form);
    }

    private OpenAIChatContentBlock OpenNew(ContentKind kind, OpenAIChatReasoningForm? form)
    {
        Close();
        return _open = new OpenAIChatContentBlock(output, Number, kind, form);
    }

    // A signature ends the reasoning that it signs.
    private OpenAIChatContentBlock OpenDetail(JsonElement detail) =>
        _open is { Kind: ContentKind.Reasoning, Reasoning: { } form, Signature: null } && form.IsContinuedBy(detail)
            ? _open
            : OpenNew(ContentKind.Reasoning, OpenAIChatReasoningForm.ForDetail(detail));

    // What has no text of its own speaks of the reasoning before it, in whichever form that came.
    private void Attach(JsonElement detail, string? signature)
    {
        var block = _open is { Kind: ContentKind.Reasoning, Signature: null } ? _open : null;
        if (block is null && signature is null)
        {
            return;
        }

        block ??= OpenDetail(detail);
        block.Signature = signature;
        if (!block.Reasoning!.IsDetail)
        {
            block.Reasoning = OpenAIChatReasoningForm.ForDetail(detail);
        }
    }

    private void Close(JsonElement? raw = null)
    {
        _open?.Complete(raw);
        _open = null;
    }

    private OpenAIChatToolCall Call(OpenAIChatToolCallSlot slot)
    {
        if (slot.Position == _calls.Count)
        {
            output.CountOpenBlock();
            _calls.Add(new OpenAIChatToolCall(output, slot, Number));
        }

        return _calls[slot.Position];
    }

    private void AddArguments(in ParsedPayload payload, OpenAIChatToolCall call, JsonElement? arguments)
    {
        var slice = payload.Find(arguments);
        var isFirst = !call.HasArguments;
        if (slice.Length > 0)
        {
            output.Append(call, slice, payload.Bytes);
        }
        else if (arguments is { ValueKind: not JsonValueKind.String } value)
        {
            call.AppendValue(payload.RawText(value));
        }

        if (isFirst)
        {
            // Another name means another call only once there are arguments: the same piece again may not mean the same.
            output.ClearGrown();
        }
    }
}
