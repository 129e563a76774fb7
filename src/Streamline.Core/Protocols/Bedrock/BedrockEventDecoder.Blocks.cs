using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <content>Blocks: opened by a start, or by their first delta where the wire sends none; grown; closed. State is kept by the wire's index.</content>
internal sealed partial class BedrockEventDecoder
{
    /// <summary>What stands before the name of metadata that came within the usage object.</summary>
    public const string UsagePrefix = "usage.";

    // So many letters that the length of a message says nothing about the text.
    private const string Padding = "p";

    private readonly Dictionary<int, IBedrockBlock> _open = [];
    private readonly SingleDeltaTemplate _template = new();
    private GrowingText? _predicted;

    private bool TryDecodePredicted(ReadOnlySpan<byte> data) =>
        _predicted is not null && _template.TryMatch(data, out var text) && text.Length > 0 && _predicted.TryAppend(text.In(data), text.IsEscaped);

    private void StartBlock(JsonElement payload)
    {
        var index = ReadIndex(payload, "contentBlockStart");
        if (_open.ContainsKey(index))
        {
            throw Unexpected($"contentBlockStart of block {index}, which is open", "an index that is free");
        }

        // Without a word of what it will hold, a block is made by its first delta.
        if (FirstMember(payload.Object("start"u8)) is { } start)
        {
            _open.Add(index, Open(payload, start));
        }
    }

    private IBedrockBlock Open(JsonElement payload, JsonProperty start)
    {
        if (start.Value.ValueKind == JsonValueKind.Object)
        {
            switch (start.Name)
            {
                case "toolUse":
                    return new BedrockCallBlock(
                        _output,
                        payload.GetProperty("start"u8),
                        start.Value.Text("toolUseId"u8) ?? throw Missing("a tool call", "a string 'toolUseId'"),
                        start.Value.Text("name"u8) ?? throw Missing("a tool call", "a string 'name'"));
                case "toolResult":
                    return new BedrockWholeBlock(_output, ContentKind.ServerToolResult, start);
                case "image":
                    return new BedrockWholeBlock(_output, ContentKind.Other, start);
                default:
                    break;
            }
        }

        PassOn("contentBlockStart", start.Name, payload);
        return new BedrockUnknownBlock(_output);
    }

    private void ApplyDelta(in ParsedPayload payload)
    {
        var index = ReadIndex(payload.Root, "contentBlockDelta");
        var whole = payload.Root.Object("delta"u8) ?? throw Missing("contentBlockDelta", "an object 'delta'");
        if (FirstMember(whole) is not { } delta)
        {
            return;
        }

        if (!_open.TryGetValue(index, out var block) && OpenFor(delta) is { } opened)
        {
            block = opened;
            _open.Add(index, opened);
        }

        var eventsBefore = _output.EventCount;
        _output.ClearGrown();
        if (block?.TryApply(payload, delta) != true)
        {
            PassOn("contentBlockDelta", delta.Name, payload.Root);
        }

        Learn(payload, _output.EventCount - eventsBefore);
    }

    /// <summary>Opens the block that a delta belongs to; <see langword="null"/> when it tells too little of it.</summary>
    private IBedrockBlock? OpenFor(JsonProperty delta) => delta.Name switch
    {
        "text" or "citation" => new BedrockContentBlock(_output, ContentKind.Text),
        "reasoningContent" when delta.Value.Member("redactedContent"u8) is not null => new BedrockWholeBlock(_output, ContentKind.RedactedReasoning, start: null),
        "reasoningContent" when delta.Value.Member("text"u8) is not null || delta.Value.Member("signature"u8) is not null =>
            new BedrockContentBlock(_output, ContentKind.Reasoning),
        "toolUse" => throw Unexpected("a delta of a tool call that is not open", "contentBlockStart of the call"),
        _ => null,
    };

    // An event that made one delta and nothing else will, but for its text and the padding, make the same again.
    private void Learn(in ParsedPayload payload, long events)
    {
        _predicted = null;
        if (events == 1 && _output.Grown is { } grown)
        {
            var padding = payload.Find(payload.Root.Member("p"u8));
            _template.Learn(payload.Bytes, _output.GrownBy, padding.Exists ? [padding] : []);
            _predicted = grown;
        }
    }

    // A block without a start and without deltas has told nothing, and so has its end.
    private void StopBlock(JsonElement payload)
    {
        if (_open.Remove(ReadIndex(payload, "contentBlockStop"), out var block))
        {
            Close(block, isSealed: true);
        }
    }

    /// <summary>Closes what the wire left open at the end of the message. A tool call among it is not sealed, so it has no arguments.</summary>
    private void CloseAll()
    {
        foreach (var (_, block) in _open.OrderBy(pair => pair.Key))
        {
            Close(block, isSealed: false);
        }

        _open.Clear();
    }

    private void Close(IBedrockBlock block, bool isSealed)
    {
        _predicted = ReferenceEquals(_predicted, block) ? null : _predicted;
        block.Close(isSealed);
    }

    /// <summary>Finds the member of a union, of which some servers write those that are not set as null.</summary>
    private static JsonProperty? FirstMember(JsonElement? union)
    {
        foreach (var member in union?.EnumerateObject() ?? default)
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                return member;
            }
        }

        return null;
    }

    private void PassOn(string eventType, string member, JsonElement data) =>
        _output.Emit(new ProviderEvent { Name = $"{eventType}/{member}", Data = data.RawText() });

    private int ReadIndex(JsonElement payload, string found) =>
        payload.Integer("contentBlockIndex"u8) is { } index and >= 0 and <= int.MaxValue
            ? (int)index
            : throw Missing(found, "an integer 'contentBlockIndex'");
}
