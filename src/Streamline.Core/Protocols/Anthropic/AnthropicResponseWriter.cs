namespace Streamline.Protocols.Anthropic;

/// <summary>Writes a response as the events of the Messages API.</summary>
internal sealed class AnthropicResponseWriter : ResponseWriter
{
    /// <summary>The type of the caller when the model itself calls a tool, and not code that it runs.</summary>
    public const string DirectCaller = "direct";

    private readonly AnthropicFrames _frames;
    private readonly AnthropicMessageFrames _message;
    private readonly HashSet<int> _open = [];
    private int _nextNumber;
    private bool _isNumberedAnew;
    private bool _hasBegun;

    /// <summary>Initializes a new instance of the <see cref="AnthropicResponseWriter"/> class.</summary>
    public AnthropicResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn)
        : base(output, response, isOwn)
    {
        _frames = new AnthropicFrames(output);
        _message = new AnthropicMessageFrames(_frames, response);
    }

    public override bool HasProviderCalls => true;

    public override bool IsSentWhole(ContentKind kind) => kind is ContentKind.RedactedReasoning or ContentKind.ServerToolResult or ContentKind.Other;

    // The first counts go into message_start.
    public override void Begin() => _hasBegun = true;

    public override void End(ResponseCompleted completed, TokenUsage? usage) => _message.End(completed, usage);

    public override void Flush()
    {
        if (_hasBegun)
        {
            _message.Flush();
        }
    }

    public override void WriteKeepAlive()
    {
        Flush();
        _frames.Write("ping");
    }

    public override void WriteUsage(TokenUsage usage) => _message.Add(usage);

    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        if (metadata.Index is null)
        {
            _message.Add(metadata);
        }
        else if (block is { IsOmitted: false } && metadata.Name == "estimated_tokens")
        {
            WriteDeltaMember(block, metadata.Name, metadata.Value);
        }
        else if (block is { IsOmitted: false } && metadata.Name.StartsWith(AnthropicBlocks.DeltaPrefix, StringComparison.Ordinal))
        {
            WriteDeltaMember(block, metadata.Name[AnthropicBlocks.DeltaPrefix.Length..], metadata.Value);
        }
    }

    // A delta is of a block, which must be open here under the same number.
    public override void WritePassedThrough(ProviderEvent passed)
    {
        Flush();
        var name = PassedThroughEvent.NameOf(passed);
        var isDelta = name.StartsWith("content_block_delta/", StringComparison.Ordinal);
        var payload = PassedThroughEvent.ObjectOf(passed, canStand: !isDelta || IsOfOpenBlock(passed.Data));
        Frames.Write(isDelta ? "content_block_delta" : name, payload);
    }

    public override void BeginContent(EncodedBlock block)
    {
        block.IsOmitted = IsSentWhole(block.Kind!.Value) && block.Data is null;
        if (!block.IsOmitted)
        {
            WriteStart(block, writer => WriteContent(writer, block));
        }
    }

    public override void WriteText(EncodedBlock block, string text)
    {
        var (type, member) = DeltaOf(block);
        WriteDelta(block, type, writer => writer.WriteString(member, text));
    }

    public override void WriteCitation(EncodedBlock block, JsonElement citation) =>
        WriteDelta(block, "citations_delta", writer => writer.WriteMember("citation", citation));

    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        if (block.Kind == ContentKind.Reasoning && signature is not null)
        {
            WriteDelta(block, "signature_delta", writer => writer.WriteString("signature"u8, signature));
        }

        WriteStop(block);
    }

    public override void BeginCall(EncodedBlock block) => WriteStart(block, writer => WriteCall(writer, block.Call!, block.Data));

    public override void WriteInput(EncodedBlock block, string fragment) =>
        WriteDelta(block, "input_json_delta", writer => writer.WriteString("partial_json"u8, fragment));

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        if (isSealed)
        {
            WriteStop(block);
        }
    }

    private static void WriteContent(Utf8JsonWriter writer, EncodedBlock block)
    {
        var isReasoning = block.Kind == ContentKind.Reasoning;
        if (!isReasoning && block.Kind is not (ContentKind.Text or ContentKind.Refusal))
        {
            writer.WriteVerbatim(block.Data!.Value);
            return;
        }

        var type = isReasoning ? "thinking"u8 : "text"u8;
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString(type, ""u8);
        if (isReasoning)
        {
            writer.WriteString("signature"u8, ""u8);
        }

        AnthropicEnvelope.WriteMembers(writer, block.Data);
        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ToolCallStarted call, JsonElement? data)
    {
        if (data is { } own && own.Text("id"u8) == call.CallId && own.Text("type"u8) is not null)
        {
            writer.WriteVerbatim(own);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, call.IsProviderExecuted ? "server_tool_use"u8 : "tool_use"u8);
        writer.WriteString("id"u8, call.CallId);
        writer.WriteString("name"u8, call.Name);
        writer.WriteObject("input", static _ => { });
        writer.WriteObject("caller", static caller => caller.WriteString("type"u8, DirectCaller));
        writer.WriteEndObject();
    }

    private static (string Type, string Member) DeltaOf(EncodedBlock block) => block.Kind switch
    {
        null => ("input_json_delta", "partial_json"),
        ContentKind.Reasoning => ("thinking_delta", "thinking"),
        _ => ("text_delta", "text"),
    };

    private bool IsOfOpenBlock(string data) => JsonPayload.TryParse(Encoding.UTF8.GetBytes(data))?.Integer("index"u8) is { } index && _open.Contains((int)index);

    // Clients take the index of a block for its place among those that began, so blocks of another protocol are numbered anew.
    private void WriteStart(EncodedBlock block, Action<Utf8JsonWriter> writeBlock)
    {
        _isNumberedAnew |= !IsOwn;
        block.Number = _isNumberedAnew ? _nextNumber : block.Index;
        _nextNumber = Math.Max(_nextNumber, block.Number + 1);
        _open.Add(block.Number);
        WriteOf(block, "content_block_start", writer =>
        {
            writer.WritePropertyName("content_block"u8);
            writeBlock(writer);
        });
    }

    private void WriteDelta(EncodedBlock block, string type, Action<Utf8JsonWriter> writeMembers) =>
        WriteOf(block, "content_block_delta", writer => writer.WriteObject("delta", delta =>
        {
            delta.WriteString("type"u8, type);
            writeMembers(delta);
        }));

    // A member beside the text of a delta.
    private void WriteDeltaMember(EncodedBlock block, string name, JsonElement value)
    {
        var (type, text) = DeltaOf(block);
        WriteDelta(block, type, writer =>
        {
            writer.WriteString(text, ""u8);
            writer.WriteMember(name, value);
        });
    }

    private void WriteStop(EncodedBlock block)
    {
        _open.Remove(block.Number);
        WriteOf(block, "content_block_stop", static _ => { });
    }

    private void WriteOf(EncodedBlock block, string type, Action<Utf8JsonWriter> writeMembers)
    {
        Flush();
        _frames.Write(type, writer =>
        {
            writer.WriteNumber("index"u8, block.Number);
            writeMembers(writer);
        });
    }
}
