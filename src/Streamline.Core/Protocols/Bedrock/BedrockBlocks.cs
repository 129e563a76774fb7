namespace Streamline.Protocols.Bedrock;

/// <summary>The blocks of a message: begun by a start, or by their first delta where the provider sends none; grown by deltas; ended. They are known by their index, so that they may interleave.</summary>
/// <param name="output">Where events go.</param>
internal sealed class BedrockBlocks(DecoderOutput output)
{
    private static readonly PayloadNames Known = new("toolUseId name input");

    // Only those that are open.
    private readonly BlockTable<BedrockBlock> _table = new(output.Options);
    private readonly BareCall _bare = new();

    /// <summary>Begins a block by its own event.</summary>
    /// <param name="payload">The event.</param>
    /// <param name="byteOffset">The offset of the event, for the message of an error.</param>
    /// <returns>The name of what is not known; <see langword="null"/> when the event is done.</returns>
    public string? Begin(in Payload payload, long byteOffset)
    {
        var index = IndexOf(payload.Root, "contentBlockStart", byteOffset);
        if (_table.FindByIndex(index) is not null)
        {
            throw JsonPayload.Unexpected($"contentBlockStart of block {index}, which is open", "an index that is free", byteOffset);
        }

        // A start that does not say what the block will hold leaves that to the first delta.
        var start = payload.Root.Object("start"u8);
        if (!TryFindMember(start, out var member))
        {
            return null;
        }

        var block = Open(start, member, byteOffset);
        Add(index, block ?? new BedrockBlock(output));
        return block is null ? $"contentBlockStart/{member.Name}" : null;
    }

    /// <summary>Applies a delta.</summary>
    /// <inheritdoc cref="Begin"/>
    public string? Apply(in Payload payload, long byteOffset)
    {
        var index = IndexOf(payload.Root, "contentBlockDelta", byteOffset);
        var delta = payload.Root.Object("delta"u8);
        if (!delta.Exists)
        {
            throw JsonPayload.Without("contentBlockDelta", "an object 'delta'", byteOffset);
        }

        if (!TryFindMember(delta, out var member))
        {
            return null;
        }

        var name = member.Name;
        var block = _table.FindByIndex(index)?.Value;
        if (block is null && (block = OpenFor(name, member.Value, byteOffset)) is not null)
        {
            Add(index, block);
        }

        return block?.TryApply(payload, name, member.Value) == true ? null : $"contentBlockDelta/{name}";
    }

    /// <summary>Ends a block by its own event. A block without a start and without deltas has said nothing, and nor does its end.</summary>
    public void End(PayloadValue root, long byteOffset)
    {
        if (_table.FindByIndex(IndexOf(root, "contentBlockStop", byteOffset)) is { } entry)
        {
            _table.Remove(entry);
            _bare.End(entry.Value);
        }
    }

    /// <summary>Ends what is still open at the end of the message. A call among it is not sealed, so it has no arguments.</summary>
    /// <param name="reason">Why the message ended; <see langword="null"/> when it is not known.</param>
    public void EndAll(FinishReason? reason)
    {
        _bare.Close(reason);
        while (_table.Entries is [var entry, ..])
        {
            _table.Remove(entry);
            entry.Value.Abandon("The message ended before contentBlockStop of the call.");
        }
    }

    private void Add(long index, BedrockBlock block)
    {
        _bare.Close();
        _table.Add(index, id: null, type: null, block);
    }

    private BedrockBlock? Open(PayloadValue start, PayloadMember member, long byteOffset)
    {
        if (!member.Value.IsObject)
        {
            return null;
        }

        return member.Name switch
        {
            "toolUse" => OpenCall(start, member.Value, byteOffset),
            BedrockWholeContent.ToolResult => OpenWhole(ContentKind.ServerToolResult, member.Name, member.Value.ToElement()),
            BedrockWholeContent.Image => OpenWhole(ContentKind.Other, member.Name, member.Value.ToElement()),
            _ => null,
        };
    }

    private BedrockBlock OpenCall(PayloadValue start, PayloadValue toolUse, long byteOffset)
    {
        var name = toolUse.NonEmptyText("name"u8) ?? throw JsonPayload.Without("a tool call", "a string 'name'", byteOffset);
        var call = new ToolCallBlock(output);
        call.Start(
            WholeToolCall.IdOf(toolUse.Member("toolUseId"u8)),
            name,
            toolUse.HasOtherThan(Known) ? start.ToRaw() : null, // a type, or what is newer than this version, has to go back with the call
            isProviderExecuted: toolUse.TextEquals("type"u8, "server_tool_use"u8));
        return new BedrockBlock(output, call, toolUse.Member("input"u8));
    }

    /// <summary>Opens the block that a delta belongs to; <see langword="null"/> when it says too little of it.</summary>
    private BedrockBlock? OpenFor(string name, PayloadValue value, long byteOffset) => name switch
    {
        "text" when value.IsText => new BedrockBlock(output, ContentKind.Text),
        "citation" when value.IsObject => new BedrockBlock(output, ContentKind.Text),
        BedrockWholeContent.Reasoning when value.Member("redactedContent"u8).IsString => OpenWhole(ContentKind.RedactedReasoning, name, start: null),
        BedrockWholeContent.Reasoning when value.Member("text"u8).IsText || value.Member("signature"u8).IsString => new BedrockBlock(output, ContentKind.Reasoning),
        "toolUse" when value.Member("input"u8).Exists => throw JsonPayload.Unexpected("a delta of a tool call that is not open", "contentBlockStart of the call", byteOffset),
        _ => null,
    };

    private BedrockBlock OpenWhole(ContentKind kind, string name, JsonElement? start) => new(output, kind, new BedrockWholeContent(output.Options, name, start));

    /// <summary>Finds the member of a union. Some servers write the members that are not set as null.</summary>
    private static bool TryFindMember(PayloadValue union, out PayloadMember found)
    {
        foreach (var member in union.Members)
        {
            if (!member.Value.IsMissing)
            {
                found = member;
                return true;
            }
        }

        found = default;
        return false;
    }

    private static long IndexOf(PayloadValue root, string found, long byteOffset) =>
        root.Member("contentBlockIndex"u8).GetCount() is { } index and >= 0 ? index : throw JsonPayload.Without(found, "an integer 'contentBlockIndex'", byteOffset);
}
