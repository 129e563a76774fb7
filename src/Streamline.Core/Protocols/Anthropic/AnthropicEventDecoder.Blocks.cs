using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <content>Blocks: opened, grown by deltas, closed. State is kept by the wire's index, so that blocks may interleave.</content>
internal partial class AnthropicEventDecoder
{
    private readonly Dictionary<int, AnthropicBlock> _open = [];
    private readonly SingleDeltaTemplate _template = new();
    private AnthropicBlock? _predictedBlock;
    private int _nextIndex;

    private bool TryDecodePredicted(ReadOnlySpan<byte> data) =>
        _predictedBlock is not null && _template.TryMatch(data, out var text) && TryAppend(_predictedBlock, data, text);

    private bool TryDecodeText(ReadOnlySpan<byte> data)
    {
        if (!TryReadDelta(data, out var delta))
        {
            return false;
        }

        var block = Find(delta.Index, "content_block_delta");
        var isPlain = !delta.HasMore || !block.Takes(delta.Kind) || !TryReportMore(block, data);
        if (!block.Takes(delta.Kind))
        {
            PassOnOrThrow(block, delta.Kind.ToString(), data);
        }
        else if (delta.EstimatedTokens.Exists)
        {
            Emit(new ProviderMetadata
            {
                Name = "estimated_tokens",
                Value = JsonElement.Parse(delta.EstimatedTokens.In(data)),
                Index = block.Index,
            });
            Append(block, data, delta.Text);
        }
        else if (delta.Text.Exists)
        {
            Append(block, data, delta.Text);
            if (isPlain)
            {
                _template.Learn(data, delta.Text);
                _predictedBlock = block;
            }
        }

        return true;
    }

    /// <summary>Passes on the members of a delta that are not known: once, and again when they change.</summary>
    /// <returns>Whether there was anything new in them.</returns>
    private bool TryReportMore(AnthropicBlock block, ReadOnlySpan<byte> data)
    {
        var before = _asides.EventCount;
        var payload = JsonPayload.Parse(data, "an event", _byteOffset);
        foreach (var member in payload.EnumerateObject().Where(member => member.Name is not ("type" or "index" or "delta")))
        {
            _metadata.Report(member.Name, member.Value, block.Index);
        }

        foreach (var member in (payload.Object("delta"u8) ?? default).EnumerateObject())
        {
            if (member.Name is not ("type" or "text" or "thinking" or "partial_json" or "estimated_tokens"))
            {
                _metadata.Report(DeltaPrefix + member.Name, member.Value, block.Index);
            }
        }

        return _asides.EventCount > before;
    }

    private bool TryReadDelta(ReadOnlySpan<byte> data, out AnthropicDelta delta)
    {
        try
        {
            return AnthropicDelta.TryRead(data, out delta);
        }
        catch (JsonException exception)
        {
            throw JsonPayload.InvalidJson(exception, data, "an event", _byteOffset);
        }
    }

    private void Append(AnthropicBlock block, ReadOnlySpan<byte> data, JsonSlice text)
    {
        if (text.Exists && !TryAppend(block, data, text))
        {
            throw new InvalidOperationException("A JSON reader accepted a string that cannot be decoded.");
        }
    }

    private bool TryAppend(AnthropicBlock block, ReadOnlySpan<byte> data, JsonSlice slice)
    {
        if (!block.TextDecoder.TryDecode(slice.In(data), slice.IsEscaped, out var text))
        {
            return false;
        }

        EmitText(block, text);
        return true;
    }

    private void EmitText(AnthropicBlock block, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        Emit(block switch
        {
            { Call: { } call } => call.Append(text),
            { Kind: ContentKind.Reasoning } => new ReasoningDelta { Index = block.Index, Text = text },
            _ => new TextDelta { Index = block.Index, Text = text },
        });
    }

    private void StartBlock(in ParsedPayload payload)
    {
        ThrowIfNotStarted("content_block_start");
        var index = ReadIndex(payload.Root, "content_block_start");
        var start = payload.Root.Object("content_block"u8) ?? throw Missing("content_block_start", "an object 'content_block'");
        if (_open.ContainsKey(index))
        {
            throw Unexpected($"content_block_start of block {index}, which is open", "an index that is free");
        }

        if (_open.Count == _options.MaxOpenBlocks)
        {
            throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), _options.MaxOpenBlocks, _open.Count + 1L);
        }

        _open.Add(index, Open(payload, start));
    }

    private AnthropicBlock Open(in ParsedPayload payload, JsonElement start)
    {
        var type = start.Text("type"u8) ?? "";
        var block = type switch
        {
            "text" => new AnthropicBlock(_nextIndex++, ContentKind.Text),
            "thinking" => new AnthropicBlock(_nextIndex++, ContentKind.Reasoning) { Signature = start.NonEmptyText("signature"u8) },
            "tool_use" or "server_tool_use" or "mcp_tool_use" => OpenCall(payload, start, isProviderExecuted: type != "tool_use"),
            "redacted_thinking" => new AnthropicBlock(_nextIndex++, ContentKind.RedactedReasoning) { Raw = start },
            _ when type.EndsWith("_tool_result", StringComparison.Ordinal) =>
                new AnthropicBlock(_nextIndex++, ContentKind.ServerToolResult) { Raw = start },
            _ => new AnthropicBlock(_nextIndex++, ContentKind.Other) { Raw = start },
        };
        if (block.Kind is { } kind)
        {
            Emit(new ContentStarted { Index = block.Index, Kind = kind, ProviderData = block.Raw is null ? AnthropicEnvelope.Of(start) : null });
        }

        if (block.Kind == ContentKind.Text)
        {
            EmitText(block, start.Text("text"u8));
            EmitCitations(block, start.Items("citations"u8));
        }
        else if (block.Kind == ContentKind.Reasoning)
        {
            EmitText(block, start.Text("thinking"u8));
        }

        return block;
    }

    private AnthropicBlock OpenCall(in ParsedPayload payload, JsonElement start, bool isProviderExecuted)
    {
        var started = new ToolCallStarted
        {
            Index = _nextIndex++,
            CallId = start.Text("id"u8) ?? throw Missing("a tool call", "a string 'id'"),
            Name = start.Text("name"u8) ?? throw Missing("a tool call", "a string 'name'"),
            IsProviderExecuted = isProviderExecuted,
            ProviderData = isProviderExecuted || HasMore(start) ? start : null,
        };
        Emit(started);
        return new AnthropicBlock(started.Index, kind: null)
        {
            Call = new ToolCallAssembler(started, _options),
            StartInput = start.Member("input"u8) is { } input && !IsEmptyObject(input) ? payload.RawText(input) : null,
        };
    }

    // A caller or the name of a toolset has to go back with the call; that the model itself called is what goes without saying.
    private static bool HasMore(JsonElement call) =>
        call.EnumerateObject().Any(member => member.Name is not ("type" or "id" or "name" or "input")
            && member.Value.ValueKind != JsonValueKind.Null
            && !(member.Name == "caller" && IsDirect(member.Value)));

    private static bool IsDirect(JsonElement caller) =>
        caller.Text("type"u8) == AnthropicEventEncoder.DirectCaller && caller.GetPropertyCount() == 1;

    private static bool IsEmptyObject(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0;

    private void ApplyDelta(JsonElement payload, ReadOnlySpan<byte> data)
    {
        var block = Find(ReadIndex(payload, "content_block_delta"), "content_block_delta");
        var delta = payload.Object("delta"u8) ?? throw Missing("content_block_delta", "an object 'delta'");
        switch (delta.Text("type"u8))
        {
            case "signature_delta" when block.Kind == ContentKind.Reasoning:
                block.Signature = delta.NonEmptyText("signature"u8) ?? block.Signature;
                break;
            case "citations_delta" when block.Kind == ContentKind.Text:
                EmitCitations(block, [delta.Member("citation"u8) ?? throw Missing("citations_delta", "a member 'citation'")]);
                break;
            case "compaction_delta" when block.Raw is not null:
                Compact(block, delta);
                break;
            case "signature_delta" or "citations_delta" or "compaction_delta":
                PassOnOrThrow(block, delta.Text("type"u8)!, data);
                break;
            default:
                PassOn(delta.Text("type"u8), data);
                break;
        }
    }

    private void EmitCitations(AnthropicBlock block, IEnumerable<JsonElement> citations)
    {
        foreach (var citation in citations)
        {
            Emit(new CitationAdded { Index = block.Index, Citation = citation });
        }
    }

    private void Compact(AnthropicBlock block, JsonElement delta)
    {
        block.CompactedEncryptedContent = delta.Text("encrypted_content"u8) ?? block.CompactedEncryptedContent;
        if (delta.Text("content"u8) is { } content)
        {
            block.CompactedContent = (block.CompactedContent ?? new StringBuilder()).Append(content);
            if (block.CompactedContent.Length > _options.MaxEventBytes)
            {
                throw new StreamLimitException(nameof(StreamReadOptions.MaxEventBytes), _options.MaxEventBytes, block.CompactedContent.Length);
            }
        }
    }

    private void StopBlock(JsonElement payload)
    {
        var index = ReadIndex(payload, "content_block_stop");
        var block = Find(index, "content_block_stop");
        _open.Remove(index);
        Close(block, isSealed: true);
    }

    /// <summary>Closes what the wire left open at the end of the message. A tool call among it is not sealed, so it has no arguments.</summary>
    private void CloseAll()
    {
        foreach (var block in _open.Values.OrderBy(block => block.Index))
        {
            Close(block, isSealed: false);
        }

        _open.Clear();
    }

    private void Close(AnthropicBlock block, bool isSealed)
    {
        _predictedBlock = _predictedBlock == block ? null : _predictedBlock;
        EmitText(block, block.TextDecoder.Complete());
        if (block.Call is { } call)
        {
            if (call.IsEmpty)
            {
                EmitText(block, block.StartInput);
            }

            Emit(isSealed ? call.Complete(isVerbatim: !block.TextDecoder.HasReplacedHalves) : call.Abandon("The message ended before content_block_stop of the call."));
            return;
        }

        Emit(new ContentCompleted { Index = block.Index, Kind = block.Kind!.Value, Signature = block.Signature, Raw = RawOf(block) });
    }

    private static JsonElement? RawOf(AnthropicBlock block)
    {
        if (block.Raw is not { } raw || (block.CompactedContent is null && block.CompactedEncryptedContent is null))
        {
            return block.Raw;
        }

        var whole = JsonObject.Create(raw)!;
        whole["content"] = block.CompactedContent?.ToString() ?? raw.Text("content"u8);
        if (block.CompactedEncryptedContent is { } encrypted)
        {
            whole["encrypted_content"] = encrypted;
        }

        return WireJson.Parse(whole.ToJsonString());
    }

    // A block that is passed on raw may be of a kind that is newer than this version, and so are its deltas.
    private void PassOnOrThrow(AnthropicBlock block, string delta, ReadOnlySpan<byte> data)
    {
        if (block.Raw is null)
        {
            var holds = block.Kind is { } kind ? kind.ToString() : "a tool call";
            throw Unexpected($"a delta of kind {delta} for a block that holds {holds}", "a delta of the block's kind");
        }

        PassOn(JsonPayload.Parse(data, "an event", _byteOffset).Object("delta"u8)?.Text("type"u8), data);
    }

    private void PassOn(string? deltaType, ReadOnlySpan<byte> data) =>
        Emit(new ProviderEvent { Name = $"content_block_delta/{deltaType}", Data = Encoding.UTF8.GetString(data) });

    private AnthropicBlock Find(int? index, string found)
    {
        if (index is not { } known)
        {
            throw Missing(found, "an integer 'index'");
        }

        return _open.TryGetValue(known, out var block) ? block : throw Unexpected($"{found} of block {known}, which is not open", "a block that is open");
    }

    private int ReadIndex(JsonElement payload, string found) =>
        payload.Integer("index"u8) is { } index and >= int.MinValue and <= int.MaxValue ? (int)index : throw Missing(found, "an integer 'index'");
}
