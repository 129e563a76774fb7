namespace Streamline.Protocols.Cohere;

/// <summary>Writes a response as the events of the Chat API.</summary>
internal sealed class CohereResponseWriter(FrameOutput frames, ResponseStarted response, bool isOwn) : ResponseWriter(frames, response, isOwn)
{
    // The last event has a place for whatever concerns the whole response.
    private readonly List<ProviderMetadata> _metadata = [];
    private int _contentCount;
    private int _callCount;
    private int _citationCount;

    public override bool IsSentWhole(ContentKind kind) => kind is ContentKind.RedactedReasoning or ContentKind.ServerToolResult or ContentKind.Other;

    public override void Begin() => Frames.Write("message-start", writer =>
    {
        writer.WriteString("type"u8, "message-start"u8);
        writer.WriteString("id"u8, Response.ResponseId ?? "");
        writer.WriteObject("delta", delta => delta.WriteObject("message", static message =>
        {
            message.WriteString("role"u8, "assistant"u8);
            message.WriteArray("content"u8);
            message.WriteString("tool_plan"u8, ""u8);
            message.WriteArray("tool_calls"u8);
            message.WriteArray("citations"u8);
        }));
    });

    public override void End(ResponseCompleted completed, TokenUsage? usage)
    {
        var members = new CohereMembers(_metadata);
        Frames.Write("message-end", writer =>
        {
            writer.WriteString("type"u8, "message-end"u8);
            writer.WriteObject("delta", delta =>
            {
                delta.WriteText("finish_reason"u8, CohereFinishReasons.Write(completed));
                if (usage is not null || members.HasUsage)
                {
                    delta.WritePropertyName("usage"u8);
                    CohereUsage.Write(delta, usage, IsOwn, _metadata);
                }

                if (members.HasMessage)
                {
                    delta.WriteObject("message", message =>
                    {
                        members.WriteMessage(message);
                        if (members.HasContent)
                        {
                            message.WriteObject("content", members.WriteContent);
                        }
                    });
                }

                members.WriteDelta(delta);
            });
            members.WriteEvent(writer);
        });
    }

    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        if (metadata.Name == CohereMemberReporter.Citations)
        {
            WriteCitation(metadata.Value);
        }
        else if (block is null)
        {
            _metadata.Add(metadata);
        }
        else if (!block.IsOmitted)
        {
            WriteDelta(block, "", new CohereMembers([metadata]));
        }
    }

    // An event of a known type was passed through because of what it holds. Written as it is, it could mean something else after other events.
    public override void WritePassedThrough(ProviderEvent passed)
    {
        var name = PassedThroughEvent.NameOf(passed);
        Frames.Write(name, PassedThroughEvent.ObjectOf(passed, canStand: !CohereEventDecoder.IsKnown(passed.Name)));
    }

    public override void BeginContent(EncodedBlock block)
    {
        block.IsOmitted = IsSentWhole(block.Kind!.Value) && block.Data is null;
        if (block.IsOmitted || IsPlan(block))
        {
            return;
        }

        block.Number = _contentCount++;
        WriteOf("content-start", block.Number, message =>
        {
            message.WritePropertyName("content"u8);
            if (IsSentWhole(block.Kind.Value))
            {
                message.WriteVerbatim(block.Data!.Value);
                return;
            }

            var type = TypeOf(block);
            message.WriteStartObject();
            message.WriteString("type"u8, type);
            message.WriteString(type, ""u8);
            message.WriteEndObject();
        });
    }

    public override void WriteText(EncodedBlock block, string text) => WriteDelta(block, text, CohereMembers.None);

    public override void WriteCitation(EncodedBlock block, JsonElement citation) => WriteCitation(citation);

    // Whatever follows a plan ends it.
    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        if (!IsPlan(block))
        {
            WriteOf("content-end", block.Number);
        }
    }

    public override void BeginCall(EncodedBlock block)
    {
        block.Number = _callCount++;
        WriteOf("tool-call-start", block.Number, message => message.WriteObject("tool_calls", call =>
        {
            call.WriteString("id"u8, block.Call!.CallId);
            call.WriteString("type"u8, block.Data?.Text("type"u8) ?? "function");
            call.WriteObject("function", function =>
            {
                function.WriteString("name"u8, block.Call.Name);
                function.WriteString("arguments"u8, ""u8);
                function.WriteMembers(block.Data?.Object("function"u8), "name", "arguments");
            });
            call.WriteMembers(block.Data, "id", "type", "function", "index");
        }));
    }

    public override void WriteInput(EncodedBlock block, string fragment) => WriteDelta(block, fragment, CohereMembers.None);

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        if (isSealed)
        {
            WriteOf("tool-call-end", block.Number);
        }
    }

    private static bool IsPlan(EncodedBlock block) => CohereReasoning.IsPlan(block.Data);

    private static string TypeOf(EncodedBlock block) => block.Kind == ContentKind.Reasoning ? "thinking" : "text";

    private void WriteCitation(JsonElement citation)
    {
        WriteOf("citation-start", _citationCount, message => message.WriteMember("citations", citation));
        WriteOf("citation-end", _citationCount++);
    }

    private void WriteDelta(EncodedBlock block, string text, CohereMembers members)
    {
        if (block.Kind is null)
        {
            WriteOf("tool-call-delta", block.Number, message => message.WriteObject("tool_calls", call => call.WriteObject("function", function => function.WriteString("arguments"u8, text))), members);
        }
        else if (IsPlan(block))
        {
            WriteOf("tool-plan-delta", number: null, message => message.WriteString("tool_plan"u8, text), members);
        }
        else
        {
            WriteOf("content-delta", block.Number, message => message.WriteObject("content", content =>
            {
                content.WriteString(TypeOf(block), text);
                members.WriteContent(content);
            }), members);
        }
    }

    private void WriteOf(string type, int? number, Action<Utf8JsonWriter>? writeMessage = null, CohereMembers? members = null) => Frames.Write(type, writer =>
    {
        writer.WriteString("type"u8, type);
        if (number is { } index)
        {
            writer.WriteNumber("index"u8, index);
        }

        if (writeMessage is not null)
        {
            writer.WriteObject("delta", delta =>
            {
                delta.WriteObject("message", message =>
                {
                    writeMessage(message);
                    members?.WriteMessage(message);
                });
                members?.WriteDelta(delta);
            });
        }

        members?.WriteEvent(writer);
    });
}
