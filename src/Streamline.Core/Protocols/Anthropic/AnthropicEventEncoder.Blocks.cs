using System.Buffers;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <content>Blocks. The wire sends some of them whole as they begin, while the events have the whole at the end: those wait for it.</content>
internal partial class AnthropicEventEncoder
{
    /// <summary>The type of the caller when the model itself calls a tool, and not code that it runs.</summary>
    public const string DirectCaller = "direct";

    private readonly Dictionary<int, OpenBlock> _open = [];
    private readonly List<StreamEvent> _held = [];
    private readonly Dictionary<int, JsonElement?> _heldRaw = [];
    private int _awaited;
    private int _blockCount;

    /// <summary>Holds events back from the beginning of a block that is sent whole until its end is known, so that the order stays.</summary>
    private bool TryHold(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        if (streamEvent is ContentStarted { Kind: var kind } started && IsSentWhole(kind))
        {
            _awaited += _heldRaw.TryAdd(started.Index, null) ? 1 : throw AlreadyOpen(started.Index);
        }
        else if (_awaited == 0)
        {
            return false;
        }
        else if (streamEvent is ContentCompleted completed && _heldRaw.ContainsKey(completed.Index))
        {
            _heldRaw[completed.Index] = completed.Raw;
            _awaited--;
        }

        _held.Add(streamEvent);
        if (_awaited == 0)
        {
            Release(output);
        }

        return true;
    }

    private void Release(IBufferWriter<byte> output)
    {
        foreach (var streamEvent in _held)
        {
            EncodeNow(streamEvent, output);
        }

        _awaited = 0;
        _held.Clear();
        _heldRaw.Clear();
    }

    private static bool IsSentWhole(ContentKind kind) =>
        kind is ContentKind.RedactedReasoning or ContentKind.ServerToolResult or ContentKind.Other;

    private void EncodeBlock(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                StartContent(started, output);
                break;
            case TextDelta delta:
                WriteDelta(output, delta.Index, ContentKind.Text, "text_delta", "text", delta.Text);
                break;
            case RefusalDelta delta:
                WriteDelta(output, delta.Index, ContentKind.Refusal, "text_delta", "text", delta.Text);
                break;
            case ReasoningDelta delta:
                WriteDelta(output, delta.Index, ContentKind.Reasoning, "thinking_delta", "thinking", delta.Text);
                break;
            case ToolInputDelta delta:
                WriteInput(output, Find(delta.Index, kind: null), delta.Fragment);
                break;
            case CitationAdded citation:
                WriteDelta(output, Find(citation.Index, ContentKind.Text), "citations_delta", writer => Write(writer, "citation", citation.Citation));
                break;
            case ProviderMetadata { Name: "estimated_tokens", Index: { } index } metadata:
                WriteDelta(output, Find(index, ContentKind.Reasoning), "thinking_delta", writer =>
                {
                    writer.WriteString("thinking"u8, ""u8);
                    Write(writer, metadata.Name, metadata.Value);
                });
                break;
            case ProviderMetadata { Index: { } index } metadata when _isOwnWire && metadata.Name.StartsWith(AnthropicBlocks.DeltaPrefix, StringComparison.Ordinal):
                WriteDeltaMember(output, index, metadata);
                break;
            case ContentCompleted completed:
                CompleteContent(completed, output);
                break;
            case ToolCallStarted started:
                StartCall(started, output);
                break;
            case ToolCallCompleted completed:
                CompleteCall(completed, output);
                break;
            default:
                break;
        }
    }

    private void StartContent(ContentStarted started, IBufferWriter<byte> output)
    {
        var raw = _isOwnWire ? _heldRaw.GetValueOrDefault(started.Index) : null;
        var block = Open(started.Index, started.Kind, isUnsendable: IsSentWhole(started.Kind) && raw is null);
        if (!block.IsUnsendable)
        {
            WriteStart(output, block, writer => WriteBlock(writer, started.Kind, raw, _isOwnWire ? started.ProviderData : null));
        }
    }

    private static void WriteBlock(Utf8JsonWriter writer, ContentKind kind, JsonElement? raw, JsonElement? envelope)
    {
        if (raw is { } whole)
        {
            ContentValues.WriteVerbatim(writer, whole);
            return;
        }

        var isReasoning = kind == ContentKind.Reasoning;
        var type = isReasoning ? "thinking"u8 : "text"u8;
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString(type, ""u8);
        if (isReasoning)
        {
            writer.WriteString("signature"u8, ""u8);
        }

        AnthropicEnvelope.WriteMembers(writer, envelope);
        writer.WriteEndObject();
    }

    private void StartCall(ToolCallStarted started, IBufferWriter<byte> output)
    {
        // The tools of another provider mean nothing to this wire's clients, and their results have no form here.
        var block = Open(started.Index, kind: null, isUnsendable: started.IsProviderExecuted && !_isOwnWire);
        block.IsFreeForm = FreeFormInput.Is(started);
        if (block.IsUnsendable)
        {
            return;
        }

        WriteStart(output, block, writer =>
        {
            // Another wire's data says nothing here.
            if (started.ProviderData is { } data && data.Text("id"u8) == started.CallId && data.Text("type"u8) is not null)
            {
                ContentValues.WriteVerbatim(writer, data);
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("type"u8, started.IsProviderExecuted ? "server_tool_use"u8 : "tool_use"u8);
            writer.WriteString("id"u8, started.CallId);
            writer.WriteString("name"u8, started.Name);
            writer.WriteStartObject("input"u8);
            writer.WriteEndObject();
            writer.WriteStartObject("caller"u8);
            writer.WriteString("type"u8, DirectCaller);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private void CompleteContent(ContentCompleted completed, IBufferWriter<byte> output)
    {
        var block = Find(completed.Index, completed.Kind);
        if (completed is { Kind: ContentKind.Reasoning, Signature: { } signature })
        {
            WriteDelta(output, completed.Index, ContentKind.Reasoning, "signature_delta", "signature", signature);
        }

        _open.Remove(completed.Index);
        WriteStop(output, block);
    }

    private void CompleteCall(ToolCallCompleted completed, IBufferWriter<byte> output)
    {
        var block = Find(completed.Index, kind: null);
        if (!block.HasInput && (completed.ArgumentsText.Length > 0 || block.IsFreeForm))
        {
            WriteInput(output, block, completed.ArgumentsText);
        }

        if (block.IsFreeForm && completed.Arguments is not null)
        {
            WriteInputDelta(output, block, FreeFormInput.EndText);
        }

        _open.Remove(completed.Index);

        // A call that lacks arguments although nothing is wrong with their text was never sealed by its wire.
        if (completed.Arguments is not null || !(block.IsFreeForm || ToolArguments.AreReadable(completed.ArgumentsText)))
        {
            WriteStop(output, block);
        }
    }

    private void WriteInput(IBufferWriter<byte> output, OpenBlock block, string fragment)
    {
        WriteInputDelta(output, block, block.IsFreeForm ? FreeFormInput.PieceOf(fragment, isFirst: !block.HasInput) : fragment);
        block.HasInput = true;
    }

    private void WriteInputDelta(IBufferWriter<byte> output, OpenBlock block, string fragment) =>
        WriteDelta(output, block, "input_json_delta", writer => writer.WriteString("partial_json"u8, fragment));

    private void WriteStart(IBufferWriter<byte> output, OpenBlock block, Action<Utf8JsonWriter> writeBlock)
    {
        WriteMessageFrame(output);
        Write(output, "content_block_start", writer =>
        {
            writer.WriteNumber("index"u8, block.Index);
            writer.WritePropertyName("content_block"u8);
            writeBlock(writer);
        });
    }

    private void WriteDelta(IBufferWriter<byte> output, int index, ContentKind? kind, string type, string member, string text) =>
        WriteDelta(output, Find(index, kind), type, writer => writer.WriteString(member, text));

    private void WriteDelta(IBufferWriter<byte> output, OpenBlock block, string type, Action<Utf8JsonWriter> writeMembers)
    {
        if (block.IsUnsendable)
        {
            return;
        }

        WriteMessageFrame(output);
        Write(output, "content_block_delta", writer =>
        {
            writer.WriteNumber("index"u8, block.Index);
            writer.WriteStartObject("delta"u8);
            writer.WriteString("type"u8, type);
            writeMembers(writer);
            writer.WriteEndObject();
        });
    }

    private void WriteDeltaMember(IBufferWriter<byte> output, int index, ProviderMetadata metadata)
    {
        if (!_open.TryGetValue(index, out var block))
        {
            return;
        }

        var (type, member) = block.Kind switch
        {
            ContentKind.Text => ("text_delta", "text"),
            ContentKind.Reasoning => ("thinking_delta", "thinking"),
            _ => ("input_json_delta", "partial_json"),
        };
        WriteDelta(output, block, type, writer =>
        {
            writer.WriteString(member, ""u8);
            Write(writer, metadata.Name[AnthropicBlocks.DeltaPrefix.Length..], metadata.Value);
        });
    }

    private void WriteStop(IBufferWriter<byte> output, OpenBlock block)
    {
        if (!block.IsUnsendable)
        {
            WriteMessageFrame(output);
            Write(output, "content_block_stop", writer => writer.WriteNumber("index"u8, block.Index));
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        ContentValues.WriteVerbatim(writer, value);
    }

    // Clients find a block by its index in the list of those that began, so blocks of another wire are counted anew.
    private OpenBlock Open(int index, ContentKind? kind, bool isUnsendable)
    {
        var block = new OpenBlock(_isOwnWire ? index : _blockCount, kind, isUnsendable);
        if (!_open.TryAdd(index, block))
        {
            throw AlreadyOpen(index);
        }

        _blockCount += isUnsendable ? 0 : 1;
        return block;
    }

    private OpenBlock Find(int index, ContentKind? kind)
    {
        if (!_open.TryGetValue(index, out var block))
        {
            throw new InvalidOperationException($"Block {index} is not open.");
        }

        return block.Kind == kind
            ? block
            : throw new InvalidOperationException($"Block {index} is of the kind {Describe(block.Kind)}; found an event for the kind {Describe(kind)}.");
    }

    private static string Describe(ContentKind? kind) => kind?.ToString() ?? "ToolCall";

    private static InvalidOperationException AlreadyOpen(int index) => new($"Block {index} is open already.");

    private sealed class OpenBlock(int index, ContentKind? kind, bool isUnsendable)
    {
        /// <summary>Gets the index on the wire.</summary>
        public int Index { get; } = index;

        public ContentKind? Kind { get; } = kind;

        /// <summary>Gets or sets a value indicating whether a piece of the call's arguments was written.</summary>
        public bool HasInput { get; set; }

        /// <summary>Gets or sets a value indicating whether the call is one of a free-form tool, whose input this wire carries as an argument.</summary>
        public bool IsFreeForm { get; set; }

        /// <summary>Gets a value indicating whether the wire has no form for the block: it sends such ones whole, and there is no whole of it, or only its own provider has such calls.</summary>
        public bool IsUnsendable { get; } = isUnsendable;
    }
}
