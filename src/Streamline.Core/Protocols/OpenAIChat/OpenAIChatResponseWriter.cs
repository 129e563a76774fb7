namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes a response as the chunks of Chat Completions.</summary>
/// <remarks>
/// The protocol ends blocks only by what follows, and calls only by the finish reason, which is known last. So what comes between blocks waits until it is clear whether it
/// comes before or after the finish reason.
/// </remarks>
internal sealed class OpenAIChatResponseWriter : ResponseWriter
{
    private readonly OpenAIChatChunks _chunks;
    private readonly OpenAIChatCallChunks _calls;
    private readonly List<Action> _waiting = [];
    private readonly SortedSet<int> _choices = [];
    private readonly Dictionary<int, string> _finishReasons = [];
    private TokenUsage? _usage;
    private int _openBlocks;
    private bool _hasRefusal;

    /// <summary>Initializes a new instance of the <see cref="OpenAIChatResponseWriter"/> class.</summary>
    public OpenAIChatResponseWriter(FrameOutput frames, ResponseStarted response, bool isOwn)
        : base(frames, response, isOwn)
    {
        _chunks = new OpenAIChatChunks(frames, response);
        _calls = new OpenAIChatCallChunks(_chunks);
    }

    public override bool HasFreeFormCalls => true;

    public override void Begin() => WriteRole(choice: 0);

    public override void End(ResponseCompleted completed, TokenUsage? usage)
    {
        if (OpenAIChatFinishReasons.Write(completed, IsOwn, _hasRefusal) is { } word)
        {
            _chunks.WriteFinish(choice: 0, word);
        }

        foreach (var choice in _choices.Where(choice => choice > 0))
        {
            _chunks.WriteFinish(choice, _finishReasons.GetValueOrDefault(choice, "stop"));
        }

        Flush();
        if (usage is not null && usage != _usage)
        {
            _chunks.WriteUsage(usage);
        }

        Frames.Write("", "[DONE]"u8);
    }

    public override void Flush()
    {
        foreach (var write in _waiting)
        {
            write();
        }

        _waiting.Clear();
    }

    public override void WriteUsage(TokenUsage usage)
    {
        _usage = usage;
        WriteBeside(() => _chunks.WriteUsage(usage));
    }

    public override void WriteMetadata(ProviderMetadata metadata, EncodedBlock? block)
    {
        var member = OpenAIChatMetadataNames.Read(metadata.Name, out var choice, out var isOfDelta);
        if (choice is not { } number)
        {
            WriteBeside(() => _chunks.WriteMembers(writer => writer.WriteMember(member, metadata.Value)));
        }
        else if (isOfDelta)
        {
            WriteBeside(() => _chunks.WriteDelta(number, writer => writer.WriteMember(member, metadata.Value)));
        }
        else if (_choices.Contains(number) && member == "finish_reason" && metadata.Value is { ValueKind: JsonValueKind.String } reason)
        {
            // The decoder gives the further answers' reasons as metadata.
            _finishReasons[number] = reason.GetString()!;
        }
        else
        {
            WriteBeside(() => _chunks.WriteChoiceMember(number, member, metadata.Value));
        }
    }

    public override void WritePassedThrough(ProviderEvent passed) => WriteBeside(() =>
    {
        if (!passed.Name.StartsWith(OpenAIChatChoice.UnknownCallPrefix, StringComparison.Ordinal))
        {
            Frames.Write(PassedThroughEvent.NameOf(passed), Encoding.UTF8.GetBytes(passed.Data));
            return;
        }

        _chunks.WriteDelta(choice: 0, writer =>
        {
            writer.WriteStartArray("tool_calls"u8);
            writer.WriteRawValue(passed.Data, skipInputValidation: true);
            writer.WriteEndArray();
        });
    });

    public override void BeginContent(EncodedBlock block)
    {
        Open(block);
        _hasRefusal |= block.Kind == ContentKind.Refusal;
    }

    public override void WriteText(EncodedBlock block, string text) => _chunks.WriteDelta(block.Choice, writer =>
    {
        if (block.Kind == ContentKind.Reasoning)
        {
            OpenAIChatReasoningForm.WriteText(writer, block.Data, text);
        }
        else
        {
            writer.WriteString(block.Kind == ContentKind.Refusal ? "refusal"u8 : "content"u8, text);
        }
    });

    public override void WriteCitation(EncodedBlock block, JsonElement citation) => _chunks.WriteDelta(block.Choice, writer => writer.WriteArray("annotations"u8, citation));

    // What reasoning needs to go back with comes after its text, as an element that has none.
    public override void EndContent(EncodedBlock block, string? signature, JsonElement? raw)
    {
        _openBlocks--;
        var list = OpenAIChatReasoningForm.ListOf(raw?.Text("type"u8));
        var isTold = list is null || (block.HasContent && OpenAIChatReasoningForm.ListOf(block.Data?.Text("type"u8)) is not null);
        if (block.Kind is not (ContentKind.Reasoning or ContentKind.RedactedReasoning) || (isTold && (signature is null || block.Kind == ContentKind.RedactedReasoning)))
        {
            return;
        }

        _chunks.WriteDelta(block.Choice, writer => writer.WriteSingle(list ?? OpenAIChatReasoningForm.Details, element =>
        {
            if (list is null)
            {
                element.WriteString("type"u8, "reasoning.text"u8);
            }
            else
            {
                OpenAIChatReasoningForm.WriteElement(element, raw!.Value);
            }

            element.WriteText("signature"u8, signature);
        }));
    }

    public override void BeginCall(EncodedBlock block)
    {
        Open(block);
        _calls.Begin(block);
    }

    public override void WriteInput(EncodedBlock block, string fragment) => _calls.WriteInput(block, fragment);

    public override void EndCall(EncodedBlock block, ToolCallCompleted completed, bool isSealed)
    {
        _openBlocks--;
        if (IsOwn && completed.ProviderData is { } more)
        {
            _calls.WriteMore(block, more);
        }
    }

    private void Open(EncodedBlock block)
    {
        Flush();
        _openBlocks++;
        if (block.Choice > 0 && _choices.Add(block.Choice))
        {
            WriteRole(block.Choice);
        }
    }

    private void WriteRole(int choice) => _chunks.WriteDelta(choice, static writer =>
    {
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("content"u8, ""u8);
    });

    private void WriteBeside(Action write)
    {
        if (_openBlocks == 0)
        {
            _waiting.Add(write);
        }
        else
        {
            write();
        }
    }
}
