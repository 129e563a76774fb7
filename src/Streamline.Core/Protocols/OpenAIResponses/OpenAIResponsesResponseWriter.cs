namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Writes a response as the events of the Responses API.</summary>
/// <remarks>
/// A block is an item of its own, with two exceptions: the parts of a message or of reasoning are blocks of one item, which ends only when no further part follows; and the
/// result of a provider's tool ends the item of its call.
/// </remarks>
internal sealed class OpenAIResponsesResponseWriter : ResponseWriter
{
    private readonly OpenAIResponsesFrames _frames;
    private readonly OpenAIResponsesOutputWriter _output;
    private readonly OpenAIResponsesPartWriter _parts;
    private readonly OpenAIResponsesResponseObject _object;
    private readonly Dictionary<int, OpenAIResponsesEncodedBlock> _open = [];
    private readonly Dictionary<int, OpenAIResponsesEncodedItem> _awaitingResult = [];
    private OpenAIResponsesEncodedItem? _ending;
    private bool _hasRefusal;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesResponseWriter"/> class.</summary>
    public OpenAIResponsesResponseWriter(FrameOutput output, OpenAIResponsesFrames frames, ResponseStarted response, bool isOwn)
        : base(output, response, isOwn)
    {
        frames.Restart();
        _frames = frames;
        _output = new OpenAIResponsesOutputWriter(frames);
        _parts = new OpenAIResponsesPartWriter(frames);
        _object = new OpenAIResponsesResponseObject(response, _output);
    }

    public override bool HasFreeFormCalls => true;

    public override bool HasProviderCalls => true;

    public override void Begin()
    {
        foreach (var type in (ReadOnlySpan<string>)["response.created", "response.in_progress"])
        {
            _frames.Write(type, writer => _object.WriteTo(writer, "in_progress", incompleteReason: null, usage: null));
        }
    }

    public override void End(ResponseCompleted completed, TokenUsage? usage)
    {
        var reason = OpenAIResponsesFinishReasons.Write(completed, IsOwn, _hasRefusal);
        var status = reason is null ? OpenAIResponsesFinishReasons.Completed : "incomplete";
        _frames.Write("response." + status, writer => _object.WriteTo(writer, status, reason, usage));
    }

    // An item whose last block has ended ends too, unless a further part of it begins.
    public override void Prepare(StreamEvent next)
    {
        if (_ending?.Id is null || (next as ContentStarted)?.ProviderData?.Text("id"u8) != _ending.Id)
        {
            Flush();
        }
    }

    public override void Flush()
    {
        if (_ending is { } item)
        {
            _ending = null;
            _output.EndParts(item);
        }
    }

    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        if (OpenAIResponsesAsides.IsKnown(metadata.Name))
        {
            var item = metadata.Index is { } index ? _open.GetValueOrDefault(index)?.Item ?? _awaitingResult.GetValueOrDefault(index) : null;
            _frames.Write(metadata.Name, writer =>
            {
                item?.WritePlace(writer);
                writer.WriteMembers(metadata.Value);
            });
        }
        else if (metadata.Index is null)
        {
            _object.Add(metadata);
        }
        else if (metadata.Name == "logprobs" && block is not null && _open.GetValueOrDefault(block.Index) is { Form: not null } part)
        {
            _parts.WriteText(part, "", metadata.Value);
        }
    }

    public override void BeginContent(EncodedBlock block)
    {
        if (block.Kind is ContentKind.Text or ContentKind.Reasoning or ContentKind.Refusal)
        {
            var envelope = block.Data ?? MakeEnvelope(block.Kind.Value);
            var part = Open(block, envelope, OpenAIResponsesPartForm.Of(block.Kind.Value, envelope));
            if (block.Kind != ContentKind.Reasoning)
            {
                _parts.Begin(part);
            }

            _hasRefusal |= block.Kind == ContentKind.Refusal;
        }
        else if (block.Data is { } begun)
        {
            Open(block, begun, form: null);
        }
        else
        {
            // The result of a provider's tool ends the item of its call.
            block.IsOmitted = !(IsOwn && block.Kind == ContentKind.ServerToolResult);
        }
    }

    public override void WriteText(EncodedBlock block, string text) => _parts.WriteText(_open[block.Index], text);

    public override void WriteCitation(EncodedBlock block, JsonElement citation) => _parts.WriteCitation(_open[block.Index], citation);

    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        if (!_open.Remove(block.Index, out var part))
        {
            EndResult(raw);
        }
        else if (part.Item.IsOfParts)
        {
            EndPart(part, signature, raw);
        }
        else if (raw is { } whole)
        {
            _output.End(part.Item, whole);
        }
    }

    public override void BeginCall(EncodedBlock block)
    {
        // A call of the provider is an item in a form of its own.
        block.IsOmitted = block.Call!.IsProviderExecuted && block.Data is null;
        if (!block.IsOmitted)
        {
            Open(block, block.Data ?? MakeEnvelope(block.Call), form: null);
        }
    }

    public override void WriteInput(EncodedBlock block, string fragment)
    {
        var item = _open[block.Index].Item;
        if (OpenAIResponsesItemTypes.InputEvent(item.Type) is { } name)
        {
            WriteOf(item, name + ".delta", writer => writer.WriteString("delta"u8, fragment));
        }
    }

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        _open.Remove(block.Index, out var part);
        var item = part!.Item;
        if (isSealed && OpenAIResponsesItemTypes.InputEvent(item.Type) is { } name)
        {
            WriteOf(item, name + ".done", writer =>
            {
                writer.WriteString(OpenAIResponsesItemTypes.InputMember(item.Type)!, completed.ArgumentsText);
                if (item.Type == OpenAIResponsesItemTypes.FunctionCall)
                {
                    writer.WriteString("name"u8, completed.Name);
                }
            });
        }

        if (completed.IsProviderExecuted)
        {
            _awaitingResult.Add(block.Index, item);
        }
        else
        {
            _output.EndCall(item, completed.ArgumentsText, isSealed);
        }
    }

    private OpenAIResponsesEncodedBlock Open(EncodedBlock block, JsonElement data, OpenAIResponsesPartForm? form)
    {
        var part = new OpenAIResponsesEncodedBlock(_ending ?? _output.Begin(data), form);
        _ending = null;
        return _open[block.Index] = part;
    }

    private void EndPart(OpenAIResponsesEncodedBlock part, string? signature, JsonElement? raw)
    {
        if (part.Form is null)
        {
            _parts.WriteUnknown(part, raw);
        }
        else
        {
            _parts.End(part);
        }

        part.Item.Update(raw, signature);
        _ending = part.Item;
    }

    // Of several calls, the one with the id of the item; otherwise the oldest, for some servers change the id.
    private void EndResult(JsonElement? raw)
    {
        if (raw is { } whole && _awaitingResult.Count > 0)
        {
            var (index, item) = _awaitingResult.OrderBy(pair => pair.Value.Id == whole.Text("id"u8) ? 0 : 1).ThenBy(pair => pair.Key).First();
            _awaitingResult.Remove(index);
            _output.End(item, whole);
        }
    }

    private JsonElement MakeEnvelope(ContentKind kind) => JsonWriting.ToElement(writer =>
    {
        var isReasoning = kind == ContentKind.Reasoning;
        writer.WriteString("id"u8, _output.MakeId(isReasoning ? "rs" : "msg"));
        writer.WriteString("type"u8, isReasoning ? OpenAIResponsesItemTypes.Reasoning : OpenAIResponsesItemTypes.Message);
        if (!isReasoning)
        {
            writer.WriteString("role"u8, "assistant"u8);
        }
    });

    private JsonElement MakeEnvelope(ToolCallStarted call) => JsonWriting.ToElement(writer =>
    {
        writer.WriteString("id"u8, _output.MakeId("fc"));
        writer.WriteString("type"u8, FreeFormInput.Is(call) ? OpenAIResponsesItemTypes.CustomToolCall : OpenAIResponsesItemTypes.FunctionCall);
        writer.WriteString("call_id"u8, call.CallId);
        writer.WriteString("name"u8, call.Name);
    });

    private void WriteOf(OpenAIResponsesEncodedItem item, string type, Action<Utf8JsonWriter> writeMembers) => _frames.Write(type, writer =>
    {
        item.WritePlace(writer);
        writeMembers(writer);
    });
}
