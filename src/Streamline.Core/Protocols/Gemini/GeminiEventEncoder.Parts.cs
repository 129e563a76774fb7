using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Gemini;

/// <content>Parts. A signature belongs to the part whose text it signs, so that the first text of a block waits until it is known whether it is also the last.</content>
internal sealed partial class GeminiEventEncoder
{
    private readonly Dictionary<int, Block> _open = [];
    private Block? _held;
    private bool _hasBlocks;

    private void EncodeBlock(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                Open(started.Index, new Block(started.Choice, started.Kind, Call: null));
                break;
            case TextDelta delta:
                WriteText(delta.Index, delta.Text, output);
                break;
            case ReasoningDelta delta:
                WriteText(delta.Index, delta.Text, output);
                break;
            case RefusalDelta delta:
                WriteText(delta.Index, delta.Text, output);
                break;
            case CitationAdded added when IsOwnWire:
                _chunks.WriteCandidate(output, Find(added.Index).Choice, writer => WriteCitation(writer, added.Citation));
                break;
            case ContentCompleted completed:
                CompleteBlock(completed, output);
                break;
            case ToolCallStarted started:
                Open(started.Index, new Block(started.Choice, Kind: null, started));
                break;
            case ToolInputDelta delta:
                Find(delta.Index);
                break;
            case ToolCallCompleted completed:
                WriteCall(Find(completed.Index), completed, output);
                _open.Remove(completed.Index);
                break;
            default:
                break;
        }
    }

    private void Open(int index, Block block)
    {
        _hasBlocks = true;
        _unfinished.Add(block.Choice);
        _open[index] = block;
    }

    private Block Find(int index) =>
        _open.TryGetValue(index, out var block) ? block : throw new InvalidOperationException($"An event speaks of block {index}, which is not open.");

    private void WriteText(int index, string text, IBufferWriter<byte> output)
    {
        var block = Find(index);
        if (block.HasText)
        {
            WriteText(block, text, raw: null, output);
            return;
        }

        block.HasText = true;
        block.HeldText = text;
        _held = block;
    }

    /// <summary>Writes the text that waits.</summary>
    private void Release(IBufferWriter<byte> output)
    {
        if (_held is { HeldText: { } text } block)
        {
            _held = null;
            WriteText(block, text, raw: null, output);
        }
    }

    private void CompleteBlock(ContentCompleted completed, IBufferWriter<byte> output)
    {
        var block = Find(completed.Index);
        _open.Remove(completed.Index);
        var raw = IsOwnWire ? completed.Raw : null;
        if (block.Kind is not (ContentKind.Text or ContentKind.Reasoning or ContentKind.Refusal))
        {
            Release(output);
            if (raw is { } whole)
            {
                _chunks.WritePart(output, block.Choice, writer => ContentValues.WriteVerbatim(writer, whole));
            }

            return;
        }

        if (raw is { } beside && GeminiPart.HasMore(beside) && beside.Member("text"u8) is null && _held == block)
        {
            _held = null;
            WriteText(block, block.HeldText!, beside, output);
            return;
        }

        Release(output);
        if (raw is { } signed && GeminiPart.HasMore(signed))
        {
            WriteText(block, "", signed, output);
        }
        else if (completed.Signature is { } signature)
        {
            WriteText(block, "", WireJson.Parse(new JsonObject { ["thoughtSignature"] = signature }.ToJsonString()), output);
        }
    }

    private void WriteText(Block block, string text, JsonElement? raw, IBufferWriter<byte> output) => _chunks.WritePart(output, block.Choice, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("text"u8, text);
        if (block.Kind == ContentKind.Reasoning && raw?.Member("thought"u8) is null)
        {
            writer.WriteBoolean("thought"u8, true);
        }

        GeminiPart.WriteExcept(writer, raw ?? default, "text");
        writer.WriteEndObject();
    });

    private void WriteCall(Block block, ToolCallCompleted completed, IBufferWriter<byte> output)
    {
        if (completed.IsProviderExecuted)
        {
            return;
        }

        var arguments = FreeFormInput.ArgumentsOf(block.Call!, completed);
        _chunks.WritePart(output, block.Choice, writer => GeminiFunctionCall.Write(
            writer, completed.Name, IsOwnWire ? completed.ProviderData ?? block.Call!.ProviderData : null, completed.CallId, function =>
            {
                if (arguments.Length > 0)
                {
                    function.WritePropertyName("args"u8);
                    ArgumentValues.WriteText(function, arguments, isLine: false);
                }
            }));
    }

    private static void WriteCitation(Utf8JsonWriter writer, JsonElement citation)
    {
        writer.WriteStartObject("citationMetadata"u8);
        writer.WriteStartArray("citationSources"u8);
        ContentValues.WriteVerbatim(writer, citation);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A block that is being written.</summary>
    private sealed record Block(int Choice, ContentKind? Kind, ToolCallStarted? Call)
    {
        public bool HasText { get; set; }

        public string? HeldText { get; set; }
    }
}
