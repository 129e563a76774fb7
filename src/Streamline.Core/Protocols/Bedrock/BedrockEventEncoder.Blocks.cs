using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <content>Blocks. Those of text and reasoning have no start on the wire: their first delta is one.</content>
internal sealed partial class BedrockEventEncoder
{
    private readonly Dictionary<int, OpenBlock> _open = [];

    private void EncodeBlock(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                Open(started.Index, new OpenBlock(started.Kind));
                break;
            case TextDelta delta:
                WriteText(output, delta.Index, ContentKind.Text, delta.Text);
                break;
            case RefusalDelta delta:
                WriteText(output, delta.Index, ContentKind.Refusal, delta.Text);
                break;
            case ReasoningDelta delta:
                WriteReasoning(output, delta.Index, "text", delta.Text);
                break;
            case CitationAdded citation when _isOwnWire:
                Find(citation.Index, ContentKind.Text).HasDelta = true;
                WriteDelta(output, citation.Index, "citation", citation.Citation);
                break;
            case ContentCompleted completed:
                CompleteContent(completed, output);
                break;
            case ToolCallStarted started:
                StartCall(started, output);
                break;
            case ToolInputDelta delta:
                WriteInput(output, delta.Index, Find(delta.Index, kind: null), delta.Fragment);
                break;
            case ToolCallCompleted completed:
                CompleteCall(completed, output);
                break;
            default:
                break;
        }
    }

    private void CompleteContent(ContentCompleted completed, IBufferWriter<byte> output)
    {
        var block = Find(completed.Index, completed.Kind);
        _open.Remove(completed.Index);
        switch (completed.Kind)
        {
            case ContentKind.Text or ContentKind.Refusal when !block.HasDelta:
                WriteDelta(output, completed.Index, writer => writer.WriteString("text"u8, ""u8));
                break;
            case ContentKind.Reasoning when completed.Signature is { } signature:
                WriteReasoningDelta(output, completed.Index, "signature", signature);
                break;
            case ContentKind.Reasoning when !block.HasDelta:
                WriteReasoningDelta(output, completed.Index, "text", "");
                break;
            case ContentKind.Text or ContentKind.Refusal or ContentKind.Reasoning:
                break;
            default:
                WriteWhole(completed, output);
                return;
        }

        WriteStop(output, completed.Index);
    }

    /// <summary>Writes a block that has no deltas in the events; one that came over another wire has no form on this one.</summary>
    private void WriteWhole(ContentCompleted completed, IBufferWriter<byte> output)
    {
        var raw = _isOwnWire ? completed.Raw ?? default : default;
        if (raw.Object("reasoningContent"u8) is { } reasoning)
        {
            WriteDelta(output, completed.Index, "reasoningContent", reasoning);
        }
        else if (raw.Object("toolResult"u8) is { } result)
        {
            WriteStart(output, completed.Index, writer => WriteExcept(writer, "toolResult", result, "content"));
            if (result.Member("content"u8) is { } content)
            {
                WriteDelta(output, completed.Index, "toolResult", content);
            }
        }
        else if (raw.Object("image"u8) is { } image)
        {
            WriteStart(output, completed.Index, writer => WriteExcept(writer, "image", image, "source", "error"));
            WriteDelta(output, completed.Index, writer => WriteExcept(writer, "image", image, "format"));
        }
        else
        {
            return;
        }

        WriteStop(output, completed.Index);
    }

    private void StartCall(ToolCallStarted started, IBufferWriter<byte> output)
    {
        // The tools of another provider mean nothing to this wire's clients, and their results have no form here.
        var block = new OpenBlock(kind: null) { IsFreeForm = FreeFormInput.Is(started), IsUnsendable = started.IsProviderExecuted && !_isOwnWire };
        Open(started.Index, block);
        if (block.IsUnsendable)
        {
            return;
        }

        WriteStart(output, started.Index, writer =>
        {
            // Another wire's data says nothing here.
            if (started.ProviderData is { } data && data.Object("toolUse"u8)?.Text("toolUseId"u8) == started.CallId)
            {
                WriteExcept(writer, "toolUse", data.GetProperty("toolUse"u8));
                return;
            }

            writer.WriteStartObject("toolUse"u8);
            writer.WriteString("toolUseId"u8, started.CallId);
            writer.WriteString("name"u8, started.Name);
            if (started.IsProviderExecuted)
            {
                writer.WriteString("type"u8, "server_tool_use"u8);
            }

            writer.WriteEndObject();
        });
    }

    private void CompleteCall(ToolCallCompleted completed, IBufferWriter<byte> output)
    {
        var block = Find(completed.Index, kind: null);
        if (block.IsUnsendable)
        {
            _open.Remove(completed.Index);
            return;
        }

        if (!block.HasDelta && (completed.ArgumentsText.Length > 0 || block.IsFreeForm))
        {
            WriteInput(output, completed.Index, block, completed.ArgumentsText);
        }

        if (block.IsFreeForm && completed.Arguments is not null)
        {
            WriteInputDelta(output, completed.Index, FreeFormInput.EndText);
        }

        _open.Remove(completed.Index);

        // A call that lacks arguments although nothing is wrong with their text was never sealed by its wire.
        if (completed.Arguments is not null || !(block.IsFreeForm || ToolArguments.AreReadable(completed.ArgumentsText)))
        {
            WriteStop(output, completed.Index);
        }
    }

    private void WriteText(IBufferWriter<byte> output, int index, ContentKind kind, string text)
    {
        Find(index, kind).HasDelta = true;
        WriteDelta(output, index, writer => writer.WriteString("text"u8, text));
    }

    private void WriteReasoning(IBufferWriter<byte> output, int index, string member, string text)
    {
        Find(index, ContentKind.Reasoning).HasDelta = true;
        WriteReasoningDelta(output, index, member, text);
    }

    private static void WriteReasoningDelta(IBufferWriter<byte> output, int index, string member, string text) => WriteDelta(output, index, writer =>
    {
        writer.WriteStartObject("reasoningContent"u8);
        writer.WriteString(member, text);
        writer.WriteEndObject();
    });

    private static void WriteInput(IBufferWriter<byte> output, int index, OpenBlock block, string fragment)
    {
        if (block.IsUnsendable)
        {
            return;
        }

        WriteInputDelta(output, index, block.IsFreeForm ? FreeFormInput.PieceOf(fragment, isFirst: !block.HasDelta) : fragment);
        block.HasDelta = true;
    }

    private static void WriteInputDelta(IBufferWriter<byte> output, int index, string fragment) => WriteDelta(output, index, writer =>
    {
        writer.WriteStartObject("toolUse"u8);
        writer.WriteString("input"u8, fragment);
        writer.WriteEndObject();
    });

    private static void WriteStart(IBufferWriter<byte> output, int index, Action<Utf8JsonWriter> writeMember) =>
        Write(output, "contentBlockStart", index, "start", writeMember);

    private static void WriteDelta(IBufferWriter<byte> output, int index, Action<Utf8JsonWriter> writeMember) =>
        Write(output, "contentBlockDelta", index, "delta", writeMember);

    private static void WriteDelta(IBufferWriter<byte> output, int index, string name, JsonElement value) => WriteDelta(output, index, writer =>
    {
        writer.WritePropertyName(name);
        ContentValues.WriteVerbatim(writer, value);
    });

    private static void WriteStop(IBufferWriter<byte> output, int index) =>
        Write(output, "contentBlockStop", writer => writer.WriteNumber("contentBlockIndex"u8, index));

    private static void Write(IBufferWriter<byte> output, string type, int index, string union, Action<Utf8JsonWriter> writeMember) =>
        Write(output, type, writer =>
        {
            writer.WriteNumber("contentBlockIndex"u8, index);
            writer.WriteStartObject(union);
            writeMember(writer);
            writer.WriteEndObject();
        });

    private static void WriteExcept(Utf8JsonWriter writer, string name, JsonElement value, params ReadOnlySpan<string> except)
    {
        writer.WriteStartObject(name);
        foreach (var member in value.EnumerateObject())
        {
            if (!except.Contains(member.Name))
            {
                writer.WritePropertyName(member.Name);
                ContentValues.WriteVerbatim(writer, member.Value);
            }
        }

        writer.WriteEndObject();
    }

    private void Open(int index, OpenBlock block)
    {
        if (!_open.TryAdd(index, block))
        {
            throw new InvalidOperationException($"Block {index} is open already.");
        }
    }

    private OpenBlock Find(int index, ContentKind? kind) =>
        !_open.TryGetValue(index, out var block) ? throw new InvalidOperationException($"Block {index} is not open.")
        : block.Kind == kind ? block
        : throw new InvalidOperationException($"Block {index} is of the kind {Describe(block.Kind)}; found an event for the kind {Describe(kind)}.");

    private static string Describe(ContentKind? kind) => kind?.ToString() ?? "ToolCall";

    private sealed class OpenBlock(ContentKind? kind)
    {
        public ContentKind? Kind { get; } = kind;

        /// <summary>Gets a value indicating whether the block is a call of a free-form tool, whose input this wire carries as an argument.</summary>
        public bool IsFreeForm { get; init; }

        /// <summary>Gets a value indicating whether the wire has no form for the block.</summary>
        public bool IsUnsendable { get; init; }

        /// <summary>Gets or sets a value indicating whether a delta was written.</summary>
        public bool HasDelta { get; set; }
    }
}
