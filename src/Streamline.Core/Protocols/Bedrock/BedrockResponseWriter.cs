namespace Streamline.Protocols.Bedrock;

/// <summary>Writes a response as the events of <c>ConverseStream</c>.</summary>
/// <remarks>The protocol has no place for the id and the model of a response, and has the counts only after the stop reason. Blocks of text and reasoning begin with their first delta.</remarks>
internal sealed class BedrockResponseWriter(FrameOutput frames, ResponseStarted response, bool isOwn) : ResponseWriter(frames, response, isOwn)
{
    private const string AdditionalFields = "additionalModelResponseFields";

    private readonly List<ProviderMetadata> _metadata = [];

    public override bool HasProviderCalls => true;

    public override void Begin() => Frames.Write("messageStart", static writer => writer.WriteString("role"u8, "assistant"u8));

    public override void End(ResponseCompleted completed, TokenUsage? usage)
    {
        Frames.Write("messageStop", writer =>
        {
            writer.WriteText("stopReason"u8, BedrockFinishReasons.Write(completed));
            WriteMetadata(writer, static name => name == AdditionalFields);
        });
        if (usage is not null || _metadata.Exists(static metadata => metadata.Name != AdditionalFields))
        {
            Frames.Write("metadata", writer => WriteMetadata(writer, usage));
        }
    }

    // What came more than once is, in an object, what came last.
    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        if (metadata.Index is null)
        {
            _metadata.RemoveAll(known => known.Name == metadata.Name);
            _metadata.Add(metadata);
        }
    }

    // Under its whole name: as an event of a block it would have to name a block, and those are numbered anew here.
    public override void WritePassedThrough(ProviderEvent passed) => Frames.Write(PassedThroughEvent.NameOf(passed), Encoding.UTF8.GetBytes(passed.Data));

    public override void WriteText(EncodedBlock block, string text) => WriteDelta(block, writer => WriteText(writer, block, "text", text));

    public override void WriteCitation(EncodedBlock block, JsonElement citation) => WriteDelta(block, writer => writer.WriteMember("citation", citation));

    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        switch (block.Kind)
        {
            case ContentKind.Reasoning when signature is not null:
                WriteDelta(block, writer => WriteText(writer, block, "signature", signature));
                break;
            case ContentKind.Text or ContentKind.Refusal or ContentKind.Reasoning:
                if (!block.HasContent)
                {
                    WriteText(block, "");
                }

                break;
            default:
                if (!TryWriteWhole(block, raw ?? default))
                {
                    return;
                }

                break;
        }

        WriteStop(block);
    }

    public override void BeginCall(EncodedBlock block) => WriteStart(block, writer => writer.WriteObject("toolUse", call =>
    {
        if (block.Data?.Object("toolUse"u8) is { } own && own.Text("toolUseId"u8) == block.Call!.CallId)
        {
            call.WriteMembers(own);
            return;
        }

        call.WriteString("toolUseId"u8, block.Call!.CallId);
        call.WriteString("name"u8, block.Call.Name);
        if (block.Call.IsProviderExecuted)
        {
            call.WriteString("type"u8, "server_tool_use"u8);
        }
    }));

    public override void WriteInput(EncodedBlock block, string fragment) =>
        WriteDelta(block, writer => writer.WriteObject("toolUse", call => call.WriteString("input"u8, fragment)));

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        if (isSealed)
        {
            WriteStop(block);
        }
    }

    private static void WriteText(Utf8JsonWriter writer, EncodedBlock block, string member, string text)
    {
        if (block.Kind == ContentKind.Reasoning)
        {
            writer.WriteObject("reasoningContent", reasoning => reasoning.WriteString(member, text));
        }
        else
        {
            writer.WriteString(member, text);
        }
    }

    private static bool IsOfUsage(string name) => name.StartsWith(BedrockEventDecoder.UsagePrefix, StringComparison.Ordinal);

    // Blocks that have no deltas in the events.
    private bool TryWriteWhole(EncodedBlock block, JsonElement raw)
    {
        if (raw.Object("reasoningContent"u8) is { } reasoning)
        {
            WriteDelta(block, writer => writer.WriteMember("reasoningContent", reasoning));
        }
        else if (raw.Object("toolResult"u8) is { } result)
        {
            WriteStart(block, writer => writer.WriteObject("toolResult", start => start.WriteMembers(result, "content")));
            if (result.Member("content"u8) is { } content)
            {
                WriteDelta(block, writer => writer.WriteMember("toolResult", content));
            }
        }
        else if (raw.Object("image"u8) is { } image)
        {
            WriteStart(block, writer => writer.WriteObject("image", start => start.WriteMembers(image, "source", "error")));
            WriteDelta(block, writer => writer.WriteObject("image", delta => delta.WriteMembers(image, "format")));
        }
        else
        {
            return false;
        }

        return true;
    }

    private void WriteStart(EncodedBlock block, Action<Utf8JsonWriter> writeMember) => WriteOf(block, "contentBlockStart", writer => writer.WriteObject("start", writeMember));

    private void WriteDelta(EncodedBlock block, Action<Utf8JsonWriter> writeMember) => WriteOf(block, "contentBlockDelta", writer => writer.WriteObject("delta", writeMember));

    private void WriteStop(EncodedBlock block) => WriteOf(block, "contentBlockStop", static _ => { });

    private void WriteOf(EncodedBlock block, string type, Action<Utf8JsonWriter> writeMembers) => Frames.Write(type, writer =>
    {
        writer.WriteNumber("contentBlockIndex"u8, block.Index);
        writeMembers(writer);
    });

    private void WriteMetadata(Utf8JsonWriter writer, TokenUsage? usage)
    {
        if (usage is not null || _metadata.Exists(static metadata => IsOfUsage(metadata.Name)))
        {
            writer.WritePropertyName("usage"u8);
            BedrockUsage.Write(writer, usage, _metadata);
        }

        WriteMetadata(writer, static name => name != AdditionalFields && !IsOfUsage(name));
    }

    private void WriteMetadata(Utf8JsonWriter writer, Func<string, bool> belongs)
    {
        foreach (var metadata in _metadata.Where(metadata => belongs(metadata.Name)))
        {
            writer.WriteMember(metadata.Name, metadata.Value);
        }
    }
}
