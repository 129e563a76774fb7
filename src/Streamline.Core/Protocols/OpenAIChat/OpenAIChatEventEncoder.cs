using System.Buffers;
using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;
using Streamline.Sse;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Writes events as the chunks of Chat Completions.</summary>
/// <remarks>
/// The wire ends blocks only by what follows, and its calls only by the finish reason, which is known last. So what comes between
/// blocks is held back until it is clear on which side of the finish reason it belongs.
/// </remarks>
internal sealed class OpenAIChatEventEncoder : StreamEventEncoder
{
    private readonly Dictionary<int, OpenAIChatEncodedBlock> _open = [];
    private readonly HashSet<int> _ignored = [];
    private readonly List<StreamEvent> _held = [];
    private readonly SortedDictionary<int, int> _callCounts = [];
    private OpenAIChatChunkWriter? _chunks;
    private TokenUsage? _usage;
    private bool _isOwnWire;
    private bool _hasRefusal;

    /// <inheritdoc/>
    public override void Encode(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        ArgumentNullException.ThrowIfNull(output);
        switch (streamEvent)
        {
            case ResponseStarted started:
                Start(started, output);
                break;
            case ResponseCompleted completed:
                Complete(completed, output);
                break;
            case UsageUpdated or ProviderMetadata or ProviderEvent when _open.Count == 0:
                _held.Add(streamEvent);
                break;
            case UsageUpdated or ProviderMetadata or ProviderEvent:
                WriteAside(streamEvent, output);
                break;
            case KeepAlive:
                new SseWriter(output).WriteComment("keep-alive"u8);
                break;
            case ToolCallStarted or ToolInputDelta or ToolCallCompleted:
                EncodeCall(streamEvent, output);
                break;
            default:
                EncodeContent(streamEvent, output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void EncodeError(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        var payload = new ArrayBufferWriter<byte>();
        OpenAIChatErrorWriter.Write(error, payload, isInBand: true);
        new SseWriter(output).WriteEvent(default, payload.WrittenSpan);
        _chunks = null;
    }

    private OpenAIChatChunkWriter Chunks => _chunks ?? throw new InvalidOperationException("An event came before ResponseStarted.");

    private void Start(ResponseStarted started, IBufferWriter<byte> output)
    {
        _open.Clear();
        _ignored.Clear();
        _held.Clear();
        _callCounts.Clear();
        _usage = null;
        _hasRefusal = false;
        _isOwnWire = (started.Wire ?? started.Provider) == OpenAIChatProtocol.WireName;
        _chunks = new OpenAIChatChunkWriter(started.ResponseId, started.Model, started.CreatedAt);
        WriteRole(choice: 0, output);
    }

    private void Complete(ResponseCompleted completed, IBufferWriter<byte> output)
    {
        if (WordFor(completed) is { } word)
        {
            Chunks.WriteFinish(output, choice: 0, word);
        }

        foreach (var choice in _callCounts.Keys.Where(choice => choice > 0))
        {
            Chunks.WriteFinish(output, choice, TakeFinishReason(choice));
        }

        WriteHeld(output);
        if (completed.Usage is { } usage && !usage.Equals(_usage))
        {
            Chunks.WriteUsage(output, usage);
        }

        new SseWriter(output).WriteEvent(default, "[DONE]"u8);
        _chunks = null;
    }

    private string? WordFor(ResponseCompleted completed) => (_isOwnWire, completed.RawFinishReason, completed.FinishReason) switch
    {
        (true, { } raw, _) => raw,
        (true, null, FinishReason.Other) => null,
        (_, _, var reason) => OpenAIChatFinishReasons.Write(reason, _hasRefusal),
    };

    // The decoder tells of the further answers' reasons beside the answer.
    private string TakeFinishReason(int choice)
    {
        var name = OpenAIChatMetadataNames.Qualify("finish_reason", choice);
        var index = _held.FindIndex(held => held is ProviderMetadata metadata && metadata.Name == name);
        if (index < 0)
        {
            return "stop";
        }

        var reason = ((ProviderMetadata)_held[index]).Value.GetString()!;
        _held.RemoveAt(index);
        return reason;
    }

    private void EncodeContent(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                Open(started.Index, new OpenAIChatEncodedBlock(started.Choice, started.Kind), output);
                _hasRefusal |= started.Kind == ContentKind.Refusal;
                break;
            case TextDelta delta:
                WriteText(delta.Index, "content", delta.Text, output);
                break;
            case ReasoningDelta delta:
                WriteText(delta.Index, "reasoning_content", delta.Text, output);
                break;
            case RefusalDelta delta:
                WriteText(delta.Index, "refusal", delta.Text, output);
                break;
            case CitationAdded citation when _isOwnWire:
                Chunks.WriteDelta(output, Block(citation.Index).Choice, writer =>
                {
                    writer.WriteStartArray("annotations"u8);
                    citation.Citation.WriteTo(writer);
                    writer.WriteEndArray();
                });
                break;
            case ContentCompleted completed:
                WriteReasoningDetail(completed, Block(completed.Index), output);
                _open.Remove(completed.Index);
                break;
            default:
                break;
        }
    }

    private void WriteText(int index, string member, string text, IBufferWriter<byte> output) =>
        Chunks.WriteDelta(output, Block(index).Choice, writer => writer.WriteString(member, text));

    // What reasoning needs to go back with comes after its text, as an element that has none.
    private void WriteReasoningDetail(ContentCompleted completed, OpenAIChatEncodedBlock block, IBufferWriter<byte> output)
    {
        var isDetail = completed.Raw is { } raw && OpenAIChatReasoningForm.IsDetailType(raw.Text("type"u8));
        var isWritten = completed.Kind switch
        {
            ContentKind.Reasoning => isDetail || completed.Signature is not null,
            ContentKind.RedactedReasoning => isDetail,
            _ => false,
        };
        if (!isWritten)
        {
            return;
        }

        Chunks.WriteDelta(output, block.Choice, writer =>
        {
            writer.WriteStartArray("reasoning_details"u8);
            writer.WriteStartObject();
            if (isDetail)
            {
                foreach (var member in completed.Raw!.Value.EnumerateObject())
                {
                    member.WriteTo(writer);
                }
            }
            else
            {
                writer.WriteString("type"u8, "reasoning.text"u8);
            }

            if (completed.Signature is { } signature)
            {
                writer.WriteString("signature"u8, signature);
            }

            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    private void EncodeCall(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ToolCallStarted { IsProviderExecuted: true } started:
                _ignored.Add(started.Index);
                break;
            case ToolCallStarted started:
                StartCall(started, output);
                break;
            case ToolInputDelta delta when !_ignored.Contains(delta.Index):
                WriteArguments(Block(delta.Index), delta.Fragment, output);
                break;
            case ToolCallCompleted completed when !_ignored.Contains(completed.Index):
                var block = Block(completed.Index);
                if (!block.HasArguments && completed.ArgumentsText.Length > 0)
                {
                    WriteArguments(block, completed.ArgumentsText, output);
                }

                if (_isOwnWire && completed.ProviderData is { } more)
                {
                    WriteCall(block, output, _ => { }, more, _ => { });
                }

                _open.Remove(completed.Index);
                break;
            default:
                break;
        }
    }

    private void StartCall(ToolCallStarted started, IBufferWriter<byte> output)
    {
        var isCustom = FreeFormInput.IsOfFreeForm(started.ProviderData);
        var position = _callCounts.GetValueOrDefault(started.Choice);
        var block = new OpenAIChatEncodedBlock(started.Choice, Kind: null, position, isCustom);
        Open(started.Index, block, output);
        _callCounts[started.Choice] = position + 1;
        WriteCall(block, output, writer =>
        {
            writer.WriteString("id"u8, started.CallId);
            writer.WriteString("type"u8, isCustom ? "custom"u8 : "function"u8);
        }, _isOwnWire ? started.ProviderData : null, function =>
        {
            function.WriteString("name"u8, started.Name);
            function.WriteString(ArgumentsMember(block), ""u8);
        });
    }

    private void WriteArguments(OpenAIChatEncodedBlock block, string fragment, IBufferWriter<byte> output)
    {
        block.HasArguments = true;
        WriteCall(block, output, _ => { }, data: null, function => function.WriteString(ArgumentsMember(block), fragment));
    }

    private void WriteCall(OpenAIChatEncodedBlock block, IBufferWriter<byte> output, Action<Utf8JsonWriter> writeMembers, JsonElement? data, Action<Utf8JsonWriter> writeFunction) =>
        Chunks.WriteDelta(output, block.Choice, writer =>
        {
            writer.WriteStartArray("tool_calls"u8);
            writer.WriteStartObject();
            writer.WriteNumber("index"u8, block.CallIndex);
            writeMembers(writer);
            OpenAIChatCallData.Write(writer, data, block.IsCustom, writeFunction);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });

    private static string ArgumentsMember(OpenAIChatEncodedBlock block) => block.IsCustom ? "input" : "arguments";

    private void Open(int index, OpenAIChatEncodedBlock block, IBufferWriter<byte> output)
    {
        WriteHeld(output);
        if (_callCounts.TryAdd(block.Choice, 0) && block.Choice > 0)
        {
            WriteRole(block.Choice, output);
        }

        _open[index] = block;
    }

    private OpenAIChatEncodedBlock Block(int index) => _open.TryGetValue(index, out var block)
        ? block
        : throw new InvalidOperationException($"An event speaks of block {index}, which is not open.");

    private void WriteRole(int choice, IBufferWriter<byte> output) => Chunks.WriteDelta(output, choice, writer =>
    {
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteString("content"u8, ""u8);
    });

    private void WriteHeld(IBufferWriter<byte> output)
    {
        foreach (var held in _held)
        {
            WriteAside(held, output);
        }

        _held.Clear();
    }

    private void WriteAside(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case UsageUpdated updated:
                _usage = updated.Usage;
                Chunks.WriteUsage(output, updated.Usage);
                break;
            case ProviderMetadata metadata when _isOwnWire:
                WriteMetadata(metadata, output);
                break;
            case ProviderEvent piece when _isOwnWire && piece.Name.StartsWith(OpenAIChatChoice.UnknownCallPrefix, StringComparison.Ordinal):
                Chunks.WriteDelta(output, choice: 0, writer =>
                {
                    writer.WriteStartArray("tool_calls"u8);
                    writer.WriteRawValue(piece.Data, skipInputValidation: true);
                    writer.WriteEndArray();
                });
                break;
            case ProviderEvent unknown when _isOwnWire:
                new SseWriter(output).WriteEvent(Encoding.UTF8.GetBytes(PassedThroughEvent.NameOf(unknown)), Encoding.UTF8.GetBytes(unknown.Data));
                break;
            default:
                break;
        }
    }

    private void WriteMetadata(ProviderMetadata metadata, IBufferWriter<byte> output)
    {
        var member = OpenAIChatMetadataNames.Read(metadata.Name, out var choice, out var isOfDelta);
        if (choice is not { } number)
        {
            Chunks.WriteChunkMember(output, member, metadata.Value);
        }
        else if (isOfDelta)
        {
            Chunks.WriteDelta(output, number, writer => OpenAIChatChunkWriter.WriteMember(writer, member, metadata.Value));
        }
        else
        {
            Chunks.WriteChoiceMember(output, number, member, metadata.Value);
        }
    }
}
