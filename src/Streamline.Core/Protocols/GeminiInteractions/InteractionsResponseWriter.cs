namespace Streamline.Protocols.GeminiInteractions;

/// <summary>Writes a response as the events of an interaction. Each block is a step of its own.</summary>
internal sealed class InteractionsResponseWriter(FrameOutput output, ResponseStarted response, bool isOwn) : ResponseWriter(output, response, isOwn)
{
    private const string Delta = "step.delta";

    private readonly InteractionsFrames _frames = new(output);
    private readonly List<ProviderMetadata> _metadata = [];
    private int _stepCount;

    public override bool HasProviderCalls => true;

    public override void Begin() => _frames.Write("interaction.created", writer => WriteInteraction(writer, InteractionsFinishReasons.InProgress, static _ => { }));

    public override void End(ResponseCompleted completed, TokenUsage? usage)
    {
        _frames.Write("interaction.completed", writer => WriteInteraction(writer, InteractionsFinishReasons.Write(completed, IsOwn), interaction =>
        {
            // Counts that come with words were reported whole.
            if (_metadata.Find(metadata => metadata.Name == "usage") is { } whole)
            {
                interaction.WriteMember("usage", whole.Value);
            }
            else if (usage is not null)
            {
                InteractionsUsage.Write(interaction, usage);
            }

            foreach (var metadata in _metadata.Where(metadata => metadata.Name != "usage").DistinctBy(metadata => metadata.Name, StringComparer.Ordinal))
            {
                interaction.WriteMember(metadata.Name, metadata.Value);
            }
        }));
        _frames.WriteDone();
    }

    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        if (metadata is { Index: null, Name: "status" })
        {
            _frames.Write("interaction.status_update", writer =>
            {
                writer.WriteString("interaction_id"u8, Response.ResponseId ?? "");
                writer.WriteMember("status", metadata.Value);
            });
        }
        else if (metadata.Index is null)
        {
            _metadata.Add(metadata);
        }
        else if (block is { IsOmitted: false, HasContent: true })
        {
            _frames.WriteOfStep(Delta, block.Number, writer =>
            {
                writer.WriteObject("delta", delta => WriteGrowth(delta, block, ""));
                writer.WriteMember(metadata.Name, metadata.Value);
            });
        }
    }

    // An event of a step names it by an index that may be that of another one here.
    public override void WritePassedThrough(ProviderEvent passed)
    {
        var isOfStep = passed.Name is "summary" or "content"
            || passed.Name.StartsWith("step.", StringComparison.Ordinal)
            || passed.Name.StartsWith("content.", StringComparison.Ordinal);
        Frames.Write(PassedThroughEvent.NameOf(passed), PassedThroughEvent.ObjectOf(passed, canStand: !isOfStep));
    }

    public override void BeginContent(EncodedBlock block)
    {
        switch (block.Kind)
        {
            case ContentKind.Text or ContentKind.Refusal:
                WriteStart(block, writer => WriteEnvelope(writer, block.Data, InteractionsStepTypes.ModelOutput));
                break;
            case ContentKind.Reasoning:
                WriteStart(block, writer => WriteEnvelope(writer, block.Data, InteractionsStepTypes.Thought));
                break;
            default:
                break;
        }
    }

    public override void WriteText(EncodedBlock block, string text) => WriteDelta(block, delta => WriteGrowth(delta, block, text));

    public override void WriteCitation(EncodedBlock block, JsonElement citation) => WriteDelta(block, delta =>
    {
        delta.WriteString("type"u8, "text_annotation_delta"u8);
        delta.WriteArray("annotations"u8, citation);
    });

    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        if (block.Kind is ContentKind.Text or ContentKind.Refusal)
        {
            WriteStop(block);
        }
        else if (block.Kind == ContentKind.Reasoning)
        {
            EndThought(block, signature);
        }
        else if (raw is { } whole)
        {
            WriteWhole(block, whole);
        }
    }

    public override void BeginCall(EncodedBlock block) => WriteStart(block, writer =>
    {
        if (block.Call!.IsProviderExecuted)
        {
            writer.WriteMembers(block.Data);
            return;
        }

        WriteEnvelope(writer, block.Data, InteractionsStepTypes.FunctionCall);
        writer.WriteString("id"u8, block.Call.CallId);
        writer.WriteString("name"u8, block.Call.Name);
        writer.WriteObject("arguments", static _ => { });
    });

    // The calls of the provider come whole.
    public override void WriteInput(EncodedBlock block, string fragment)
    {
        if (!block.Call!.IsProviderExecuted)
        {
            WriteDelta(block, delta => WriteGrowth(delta, block, fragment));
        }
    }

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        if (IsOwn && completed.ProviderData is { } data && !(block.Data is { } begun && JsonElement.DeepEquals(data, begun)))
        {
            WriteDelta(block, delta => WriteEnvelope(delta, data, InteractionsStepTypes.FunctionCall));
        }

        if (isSealed)
        {
            WriteStop(block);
        }
    }

    private static void WriteGrowth(Utf8JsonWriter delta, EncodedBlock block, string text)
    {
        switch (block.Kind)
        {
            case null:
                delta.WriteString("arguments"u8, text);
                delta.WriteString("type"u8, "arguments_delta"u8);
                break;
            case ContentKind.Reasoning:
                delta.WriteObject("content", content =>
                {
                    content.WriteString("text"u8, text);
                    content.WriteString("type"u8, "text"u8);
                });
                delta.WriteString("type"u8, "thought_summary"u8);
                break;
            default:
                delta.WriteString("text"u8, text);
                delta.WriteString("type"u8, "text"u8);
                break;
        }
    }

    private static void WriteEnvelope(Utf8JsonWriter writer, JsonElement? envelope, string type)
    {
        if (envelope?.Text("type"u8) is null)
        {
            writer.WriteString("type"u8, type);
        }

        writer.WriteMembers(envelope);
    }

    private void EndThought(EncodedBlock block, string? signature)
    {
        if (IsOwn && signature is not null)
        {
            WriteDelta(block, delta =>
            {
                delta.WriteString("signature"u8, signature);
                delta.WriteString("type"u8, "thought_signature"u8);
            });
        }

        WriteStop(block);
    }

    // An image and the like is a content of an output; anything else is a step.
    private void WriteWhole(EncodedBlock block, JsonElement whole)
    {
        if (InteractionsStepTypes.IsMedia(whole.Text("type"u8)))
        {
            WriteStart(block, writer => WriteEnvelope(writer, envelope: null, InteractionsStepTypes.ModelOutput));
            WriteDelta(block, delta => delta.WriteMembers(whole));
        }
        else
        {
            WriteStart(block, writer => writer.WriteMembers(whole));
        }

        WriteStop(block);
    }

    private void WriteStart(EncodedBlock block, Action<Utf8JsonWriter> writeStep)
    {
        block.Number = _stepCount++;
        _frames.WriteOfStep("step.start", block.Number, writer => writer.WriteObject("step", writeStep));
    }

    private void WriteDelta(EncodedBlock block, Action<Utf8JsonWriter> writeDelta) =>
        _frames.WriteOfStep(Delta, block.Number, writer => writer.WriteObject("delta", writeDelta));

    private void WriteStop(EncodedBlock block) => _frames.WriteOfStep("step.stop", block.Number, static _ => { });

    private void WriteInteraction(Utf8JsonWriter writer, string status, Action<Utf8JsonWriter> writeMore) => writer.WriteObject("interaction", interaction =>
    {
        interaction.WriteString("id"u8, Response.ResponseId ?? "");
        interaction.WriteString("status"u8, status);
        interaction.WriteString("object"u8, "interaction"u8);
        interaction.WriteText("model"u8, Response.Model);
        if (Response.CreatedAt is { } created)
        {
            interaction.WriteString("created"u8, created.UtcDateTime);
        }

        writeMore(interaction);
    });
}
