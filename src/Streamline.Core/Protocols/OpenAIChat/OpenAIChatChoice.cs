namespace Streamline.Protocols.OpenAIChat;

/// <summary>One answer of a response: its open block, its tool calls, and how it ended.</summary>
internal sealed class OpenAIChatChoice(DecoderOutput output, int number) : IChunkAnswer
{
    /// <summary>What the names of events begin with that are calls of an unknown type.</summary>
    public const string UnknownCallPrefix = "tool_calls/";

    /// <summary>The name of the report of another name for a call that has been announced.</summary>
    public const string NameOfCall = "tool_calls.function.name";

    // The index under which a call in the form from before tools is known: a choice has one at most.
    private const long LegacyCallIndex = long.MinValue;

    // Shared by all answers without calls, and never changed.
    private static readonly List<Entry> NoCalls = [];

    private List<Entry> _calls = NoCalls;
    private OpenAIChatToolCallTable? _table;
    private ContentBlock? _open;
    private OpenAIChatReasoningForm? _form; // of the open block, when it is reasoning
    private int _sealedCalls; // how many of the first calls are sealed

    public int Number { get; } = number;

    /// <summary>Gets the provider's word for why the choice ended; <see langword="null"/> as long as it gave none.</summary>
    public string? FinishReason { get; private set; }

    public bool HasCalls => _calls.Exists(call => call.Block.IsStarted);

    public bool HasRefusal { get; private set; }

    /// <summary>Gets a value indicating whether nothing of an answer has come yet.</summary>
    public bool IsEmpty => _open is null && _calls.Count == 0 && FinishReason is null;

    /// <summary>Gets the index of the open block of content; <see langword="null"/> when there is none.</summary>
    public int? OpenBlockIndex => _open?.Index;

    /// <summary>Appends a text of the payload to the open block of a kind, or to a new one. A number or a boolean counts as text too.</summary>
    /// <returns>Whether there was text.</returns>
    public bool AppendContent(in Payload payload, ContentKind kind, PayloadValue text, OpenAIChatReasoningForm? form = null)
    {
        if (text.Kind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) || text.Slice.Length == 0)
        {
            return false;
        }

        HasRefusal |= kind == ContentKind.Refusal;
        output.Append(Open(kind, form), text.Slice, payload.Bytes);
        if (!text.IsString)
        {
            output.ClearGrown();
        }

        return true;
    }

    /// <summary>Appends the text and the signature of an element of a list of reasoning; one without text is a block of its own.</summary>
    /// <returns>Whether it had text.</returns>
    public bool AddReasoningElement(in Payload payload, PayloadValue element)
    {
        if (OpenAIChatReasoningForm.TextMember(element.Word("type"u8)) is not { } textMember)
        {
            Open(ContentKind.RedactedReasoning, form: null).Raw = element.ToRaw();
            Close();
            return false;
        }

        var text = element.Member(textMember).TextSlice;
        var signature = element.NonEmptyText("signature"u8);
        if (text.Length > 0)
        {
            output.Append(OpenElement(element), text, payload.Bytes);
        }

        if (text.Length == 0 || signature is not null)
        {
            Attach(element, signature);
        }

        return text.Length > 0;
    }

    /// <summary>Begins the tool calls of a payload.</summary>
    public void BeginToolCalls() => _table?.BeginList();

    public void AddCitation(PayloadValue citation) =>
        output.Emit(new CitationAdded(Open(ContentKind.Text, form: null).Index, citation.ToRaw()));

    /// <summary>Adds a piece of a tool call: an element of <c>tool_calls</c>, or a <c>function_call</c>.</summary>
    public void AddToolCall(in Payload payload, PayloadValue piece, bool isLegacy)
    {
        var custom = piece.Object("custom"u8);
        var function = isLegacy ? piece : custom.Exists ? custom : piece.Object("function"u8);
        if (!function.Exists && piece.Word("type"u8) is { Length: > 0 } and not "function" and var type)
        {
            output.Emit(new ProviderEvent { Name = UnknownCallPrefix + type, Data = piece.RawText() });
            return;
        }

        var name = function.NonEmptyText("name"u8);
        var slot = (_table ??= new OpenAIChatToolCallTable()).Resolve(
            isLegacy ? LegacyCallIndex : piece.Member("index"u8).GetCount(),
            isLegacy ? null : IdOf(piece.Member("id"u8)),
            name);
        var call = Call(slot);
        if (!isLegacy && OpenAIChatCallData.Of(piece) is { } more)
        {
            (call.Data ??= new MergedObject(output.Options)).Add(more);
        }

        if (!call.Block.IsStarted && name is not null)
        {
            Close();
            var data = call.StartData = call.Data?.Value;
            call.Block.Start(slot.Id, slot.Name!, RawJson.Of(data), FreeFormInput.IsOfFreeForm(data), choice: Number);
        }

        AddArguments(payload, call, function.Member(custom.Exists ? "input"u8 : "arguments"u8));
        if (name is not null && name != slot.Name)
        {
            // The call was announced under another name, so this one can only be told.
            output.Emit(new ProviderMetadata(NameOfCall, function.Member("name"u8).ToRaw(), call.Block.Index));
        }
    }

    /// <summary>Notes why the choice ends. It has ended only when nothing more of it comes: some servers give every piece a reason, or repeat it.</summary>
    /// <param name="reason">The provider's word for why.</param>
    public void NoteFinish(string reason) => FinishReason = reason;

    /// <inheritdoc/>
    public void End()
    {
        Close();
        JoinNameless();
        for (var i = _sealedCalls; i < _calls.Count; i++)
        {
            Seal(_calls[i]);
        }

        while (_sealedCalls < _calls.Count && _calls[_sealedCalls].Block.IsSealed)
        {
            _sealedCalls++;
        }
    }

    // Some servers send the beginning of a call under one index and the rest of its arguments under the next. Arguments that cannot be told a call are an error, before any call is sealed.
    private void JoinNameless()
    {
        for (var i = _sealedCalls; i < _calls.Count; i++)
        {
            var rest = _calls[i].Block;
            if (rest.IsSealed || rest.IsEmpty || rest.IsStarted)
            {
                continue;
            }

            if (i == 0 || !_calls[i - 1].Block.TryTake(rest))
            {
                throw new StreamProtocolException(
                    StreamProtocolError.InvalidPayload,
                    "Found a tool call without a name, expected a name by the end of its choice",
                    byteOffset: null);
            }
        }
    }

    // One of which nothing but a place in a list has come stays as it is.
    private static void Seal(Entry call)
    {
        if (call.Block.IsSealed || call.Block.IsEmpty)
        {
            return;
        }

        var data = call.Data?.Value;
        var isMoreKnown = data?.RawText() != call.StartData?.RawText();
        call.Block.Seal(moreData: isMoreKnown ? RawJson.Of(data) : null);
    }

    // Some servers number the calls in place of an id.
    private static string? IdOf(PayloadValue id) => id.IsNumber ? id.RawText() : id.GetString();

    private ContentBlock Open(ContentKind kind, OpenAIChatReasoningForm? form) =>
        _open?.Kind == kind && _form == form ? _open : OpenNew(kind, form);

    private ContentBlock OpenNew(ContentKind kind, OpenAIChatReasoningForm? form)
    {
        Close();
        _open = new ContentBlock(output, kind, Number, form?.Raw);
        SetForm(form);
        return _open;
    }

    private void SetForm(OpenAIChatReasoningForm? form)
    {
        _form = form;
        _open!.Raw = form?.Raw;
    }

    // A signature ends the reasoning that it signs.
    private ContentBlock OpenElement(PayloadValue element) =>
        _open is { Kind: ContentKind.Reasoning, Signature: null } && _form?.IsContinuedBy(element) == true
            ? _open
            : OpenNew(ContentKind.Reasoning, OpenAIChatReasoningForm.ForElement(element));

    // An element without text belongs to the reasoning before it, in whichever form that came.
    private void Attach(PayloadValue element, string? signature)
    {
        var block = _open is { Kind: ContentKind.Reasoning, Signature: null } ? _open : null;
        if (block is null && signature is null)
        {
            return;
        }

        block ??= OpenElement(element);
        block.Signature = signature;
        output.ForgetShapes(); // More reasoning begins a block of its own.
        if (!_form!.IsElement)
        {
            SetForm(OpenAIChatReasoningForm.ForElement(element));
        }
    }

    private void Close()
    {
        _open?.Complete();
        _open = null;
        _form = null;
    }

    private Entry Call(OpenAIChatToolCallSlot slot)
    {
        if (slot.Position == _calls.Count)
        {
            // A piece that grew another call may belong to this one now.
            output.ForgetShapes();
            _calls = _calls == NoCalls ? [] : _calls;
            _calls.Add(new Entry(slot, output));
        }

        return _calls[slot.Position];
    }

    private void AddArguments(in Payload payload, Entry call, PayloadValue arguments)
    {
        var text = arguments.TextSlice;
        var isFirst = !call.Slot.HasArguments;
        if (text.Length > 0)
        {
            output.Append(call.Block, text, payload.Bytes);
            call.Slot.HasArguments = true;
        }
        else if (arguments.Exists && !arguments.IsString)
        {
            call.Block.AppendValue(arguments.RawText());
            call.Slot.HasArguments = true;
        }

        if (isFirst)
        {
            // Another name means another call only once there are arguments: the same piece again may not mean the same.
            output.ClearGrown();
        }
    }

    /// <summary>A call with what is known of its identity and of the data that must go back with it.</summary>
    private sealed class Entry(OpenAIChatToolCallSlot slot, DecoderOutput output)
    {
        public OpenAIChatToolCallSlot Slot { get; } = slot;

        public ToolCallBlock Block { get; } = new(output);

        public MergedObject? Data { get; set; }

        public JsonElement? StartData { get; set; }
    }
}
