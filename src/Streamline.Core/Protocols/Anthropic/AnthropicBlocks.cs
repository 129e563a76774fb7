namespace Streamline.Protocols.Anthropic;

/// <summary>The blocks of a message: begun, grown by deltas, ended. They are known by their index, so that they may interleave.</summary>
/// <param name="output">Where events go.</param>
/// <param name="metadata">Reports what deltas say besides their text.</param>
internal sealed class AnthropicBlocks(DecoderOutput output, MetadataReporter metadata) : IIndexedBlocks
{
    /// <summary>What the names of metadata that came in a delta begin with.</summary>
    public const string DeltaPrefix = "delta.";

    private static readonly PayloadNames Known = new("type id name input caller");
    private static readonly PayloadNames KnownOfEvent = new("type index delta");

    private readonly BlockTable<AnthropicBlock> _table = new(output.Options);
    private readonly BareCall _bare = new();

    /// <summary>Gets the index of the first open block in the events; <see langword="null"/> when none is open.</summary>
    public int? OpenIndex => _table.FirstOpen?.Value.Index;

    /// <inheritdoc/>
    public GrowingText? Find(long index, GrowingText like)
    {
        if (_table.FindByIndex(index) is not { IsEnded: false, Value.Text: { } found } entry)
        {
            return null;
        }

        var isAlike = found == like || (found, like) is (ToolCallBlock, ToolCallBlock)
            || (found is ContentBlock block && like is ContentBlock known && block.Kind == known.Kind && !entry.Value.IsRaw);
        return isAlike && found.IsOpen ? found : null;
    }

    /// <summary>Begins a block by its own event.</summary>
    public void Begin(in Payload payload, long byteOffset)
    {
        var index = IndexOf(payload.Root) ?? throw JsonPayload.Without("content_block_start", "an integer 'index'", byteOffset);
        var start = payload.Root.Object("content_block"u8);
        if (!start.Exists)
        {
            throw JsonPayload.Without("content_block_start", "an object 'content_block'", byteOffset);
        }

        if (_table.FindByIndex(index) is { IsEnded: false })
        {
            throw JsonPayload.Unexpected($"content_block_start of block {index}, which is open", "an index that is free", byteOffset);
        }

        _bare.Close();
        output.ForgetUnnamedShapes(); // A delta without an index means the latest block.
        var block = Open(payload, start, byteOffset);
        _table.Add(index, id: null, type: null, block);
    }

    /// <summary>Adds a block that came whole, in the start of a message.</summary>
    public void AddWhole(in Payload payload, PayloadValue block, long byteOffset) => Open(payload, block, byteOffset).Close();

    /// <summary>Applies a delta.</summary>
    public void Apply(in Payload payload, long byteOffset)
    {
        var root = payload.Root;
        var block = Find(root, byteOffset);
        var delta = root.Object("delta"u8);
        if (!delta.Exists)
        {
            throw JsonPayload.Without("content_block_delta", "an object 'delta'", byteOffset);
        }

        var type = delta.Word("type"u8) ?? TypeOf(delta);
        switch (type)
        {
            case "text_delta" when block.Kind == ContentKind.Text:
                Append(payload, block, delta, "text"u8);
                break;
            case "thinking_delta" when block.Kind == ContentKind.Reasoning:
                Append(payload, block, delta, "thinking"u8);
                Sign(block, delta); // gateways send both in one
                break;
            case "input_json_delta" when block.Kind is null:
                Append(payload, block, delta, "partial_json"u8);
                break;
            case "signature_delta" when block.Kind == ContentKind.Reasoning:
                Sign(block, delta);
                break;
            case "citations_delta" when block.Kind == ContentKind.Text:
                block.Cite(delta.Member("citation"u8) is { Exists: true } citation ? citation : throw JsonPayload.Without("citations_delta", "a member 'citation'", byteOffset));
                break;
            case "compaction_delta" when block.IsRaw:
                block.Compact(delta);
                break;
            case "text_delta" or "thinking_delta" or "input_json_delta" or "signature_delta" or "citations_delta" or "compaction_delta" when !block.IsRaw:
                var holds = block.Kind is { } kind ? kind.ToString() : "a tool call";
                throw JsonPayload.Unexpected($"{type} for a block that holds {holds}", "a delta of the block's kind", byteOffset);
            default:
                // A block that goes back whole may be of a kind that is newer than this version, and so are its deltas.
                output.Emit(new ProviderEvent { Name = $"content_block_delta/{type}", Data = Encoding.UTF8.GetString(payload.Bytes) });
                break;
        }
    }

    /// <summary>Ends a block by its own event. Servers end a block twice, or one that never began: that says nothing new.</summary>
    public void End(PayloadValue root)
    {
        if (_table.FindOpen(IndexOf(root)) is { } entry)
        {
            _table.End(entry);
            _bare.End(entry.Value);
        }
    }

    /// <summary>Ends what waits for the reason of the stop.</summary>
    public void Stop(FinishReason? reason) => _bare.Close(reason);

    /// <summary>Ends what is still open at the end of the message. A call among it is not sealed, so it has no arguments.</summary>
    public void EndAll()
    {
        _bare.Close();
        while (_table.TryEndFirst(out var entry))
        {
            entry.Value.Abandon("The message ended before content_block_stop of the call.");
        }
    }

    private AnthropicBlock Open(in Payload payload, PayloadValue start, long byteOffset)
    {
        var type = start.Word("type"u8) ?? "";
        if (type is "tool_use" or "server_tool_use" or "mcp_tool_use")
        {
            return OpenCall(start, isProviderExecuted: type != "tool_use", byteOffset);
        }

        var kind = KindOf(type);
        var isRaw = kind is not (ContentKind.Text or ContentKind.Reasoning);
        var block = new AnthropicBlock(output, kind, isRaw ? null : AnthropicEnvelope.Of(start), isRaw ? start.ToRaw() : null);
        if (kind == ContentKind.Text)
        {
            block.TryAppend(start.Member("text"u8), payload);
            foreach (var citation in start.Array("citations"u8).Items)
            {
                block.Cite(citation);
            }
        }
        else if (kind == ContentKind.Reasoning)
        {
            Sign(block, start);
            block.TryAppend(start.Member("thinking"u8), payload);
        }

        return block;
    }

    private AnthropicBlock OpenCall(PayloadValue start, bool isProviderExecuted, long byteOffset)
    {
        var name = start.NonEmptyText("name"u8) ?? throw JsonPayload.Without("a tool call", "a string 'name'", byteOffset);
        var call = new ToolCallBlock(output);
        call.Start(WholeToolCall.IdOf(start.Member("id"u8)), name, isProviderExecuted || HasMore(start) ? start.ToRaw() : null, isProviderExecuted: isProviderExecuted);
        return new AnthropicBlock(output, call, start.Member("input"u8));
    }

    private static ContentKind KindOf(string type) => type switch
    {
        "text" => ContentKind.Text,
        "thinking" => ContentKind.Reasoning,
        "redacted_thinking" => ContentKind.RedactedReasoning,
        _ when type.EndsWith("_tool_result", StringComparison.Ordinal) => ContentKind.ServerToolResult,
        _ => ContentKind.Other,
    };

    // For servers that leave out the type of a delta.
    private static string? TypeOf(PayloadValue delta) =>
        delta.Has("text"u8) ? "text_delta"
        : delta.Has("partial_json"u8) ? "input_json_delta"
        : delta.Has("thinking"u8) ? "thinking_delta"
        : null;

    // A caller or the name of a toolset has to go back with the call; that the model itself called goes without saying.
    private static bool HasMore(PayloadValue call) =>
        call.HasOtherThan(Known) || (call.Member("caller"u8) is { IsMissing: false } caller && !IsDirect(caller));

    private static bool IsDirect(PayloadValue caller) =>
        caller.Text("type"u8) == AnthropicResponseWriter.DirectCaller && caller.Count() == 1;

    private void Append(in Payload payload, AnthropicBlock block, PayloadValue delta, ReadOnlySpan<byte> textMember)
    {
        Report(payload.Root, delta, block, textMember);
        block.TryAppend(delta.Member(textMember), payload);
    }

    // What a delta says besides its text is reported once, and again when it changes; the tokens that a summary stands for, each time.
    private void Report(PayloadValue root, PayloadValue delta, AnthropicBlock block, ReadOnlySpan<byte> textMember)
    {
        metadata.ReportOthers("", root, KnownOfEvent, block.Index);
        foreach (var member in delta.Members)
        {
            if (member.NameEquals("estimated_tokens"u8) && member.Value.IsNumber)
            {
                metadata.Pass("estimated_tokens", member.Value, block.Index);
            }
            else if (!member.NameEquals("type"u8) && !member.NameEquals(textMember) && !(block.Kind == ContentKind.Reasoning && member.NameEquals("signature"u8)))
            {
                metadata.Report(DeltaPrefix, member, block.Index);
            }
        }
    }

    private static void Sign(AnthropicBlock block, PayloadValue holder)
    {
        if (holder.NonEmptyText("signature"u8) is { } signature)
        {
            block.Sign(signature);
        }
    }

    private AnthropicBlock Find(PayloadValue root, long byteOffset)
    {
        var index = IndexOf(root);
        if (_table.FindOpen(index) is { } entry)
        {
            return entry.Value;
        }

        throw index is null
            ? JsonPayload.Without("content_block_delta", "an integer 'index'", byteOffset)
            : JsonPayload.Unexpected($"content_block_delta of block {index}, which is not open", "a block that is open", byteOffset);
    }

    private static long? IndexOf(PayloadValue root) => root.Member("index"u8).GetCount();
}
