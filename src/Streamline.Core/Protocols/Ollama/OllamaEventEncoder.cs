using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Ollama;

/// <summary>Writes events as the lines of <c>/api/chat</c>.</summary>
/// <remarks>The wire reports its counts in the last line only, and marks neither the beginning nor the end of a block.</remarks>
internal sealed class OllamaEventEncoder : StreamEventEncoder
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HashSet<int> _open = [];
    private readonly Dictionary<int, ToolCallStarted> _calls = [];
    private ResponseStarted? _response;
    private TokenUsage? _usage;
    private int _callCount;

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
            case UsageUpdated updated:
                _usage = updated.Usage;
                break;
            case ResponseCompleted completed:
                Complete(completed, output);
                break;
            case ProviderMetadata metadata when IsOwnWire:
                WriteMetadata(metadata, output);
                break;
            case ProviderEvent passedOn when IsOwnWire:
                WritePassedThrough(passedOn, output);
                break;
            case KeepAlive:
                output.Write("\n"u8);
                break;
            default:
                EncodeBlock(streamEvent, output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void EncodeError(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        OllamaErrorWriter.Write(error, output);
        output.Write("\n"u8);
        _response = null;
    }

    private bool IsOwnWire => (_response?.Wire ?? _response?.Provider) == OllamaProtocol.WireName;

    private ResponseStarted Response => _response ?? throw new InvalidOperationException("An event came before ResponseStarted.");

    private void Start(ResponseStarted started, IBufferWriter<byte> output)
    {
        _open.Clear();
        _calls.Clear();
        _usage = null;
        _callCount = 0;
        _response = started;
        WriteMessage(output, static _ => { });
    }

    private void Complete(ResponseCompleted completed, IBufferWriter<byte> output)
    {
        WriteMessage(output, static _ => { }, writer =>
        {
            if (OllamaFinishReasons.Write(completed, IsOwnWire) is { } reason)
            {
                writer.WriteString("done_reason"u8, reason);
            }

            if ((completed.Usage ?? _usage) is { } usage)
            {
                OllamaUsage.Write(writer, usage);
            }
        }, isDone: true);
        _response = null;
    }

    private void EncodeBlock(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ContentStarted started:
                _open.Add(started.Index);
                break;
            case TextDelta delta:
                WriteText(delta.Index, delta.Text, output);
                break;
            case RefusalDelta delta:
                WriteText(delta.Index, delta.Text, output);
                break;
            case ReasoningDelta delta:
                ThrowIfNotOpen(delta.Index);
                WriteMessage(output, writer => writer.WriteString("thinking"u8, delta.Text));
                break;
            case ContentCompleted completed:
                ThrowIfNotOpen(completed.Index);
                _open.Remove(completed.Index);
                WriteImages(completed, output);
                break;
            case ToolCallStarted started:
                _open.Add(started.Index);
                _calls[started.Index] = started;
                break;
            case ToolInputDelta delta:
                ThrowIfNotOpen(delta.Index);
                break;
            case ToolCallCompleted completed:
                ThrowIfNotOpen(completed.Index);
                WriteCall(_calls[completed.Index], completed, output);
                break;
            default:
                break;
        }
    }

    private void WriteText(int index, string text, IBufferWriter<byte> output)
    {
        ThrowIfNotOpen(index);
        WriteMessage(output, _ => { }, content: text);
    }

    private void WriteImages(ContentCompleted completed, IBufferWriter<byte> output)
    {
        if (IsOwnWire && completed is { Kind: ContentKind.Other, Raw: { } raw } && raw.Member("images"u8) is { } images)
        {
            WriteMessage(output, writer => WriteMember(writer, "images", images));
        }
    }

    private void WriteCall(ToolCallStarted started, ToolCallCompleted completed, IBufferWriter<byte> output)
    {
        _open.Remove(completed.Index);
        if (completed.IsProviderExecuted)
        {
            return;
        }

        var arguments = FreeFormInput.ArgumentsOf(started, completed);
        WriteMessage(output, writer =>
        {
            writer.WriteStartArray("tool_calls"u8);
            OllamaToolCall.Write(writer, completed.CallId, _callCount++, completed.Name, IsOwnWire ? started.ProviderData : null, function =>
            {
                if (arguments.Length > 0)
                {
                    function.WritePropertyName("arguments"u8);
                    ArgumentValues.WriteText(function, arguments, isLine: true);
                }
            });
            writer.WriteEndArray();
        });
    }

    private void WritePassedThrough(ProviderEvent passedOn, IBufferWriter<byte> output)
    {
        if (passedOn.Name == "tool_calls")
        {
            WriteMessage(output, writer =>
            {
                writer.WriteStartArray("tool_calls"u8);
                writer.WriteRawValue(passedOn.Data.Replace('\n', ' '), skipInputValidation: true);
                writer.WriteEndArray();
            });
        }
        else
        {
            WriteLine(output, writer => writer.WriteRawValue(Encoding.UTF8.GetString(PassedThroughEvent.ObjectOf(passedOn)).Replace('\n', ' '), skipInputValidation: true));
        }
    }

    private void WriteMetadata(ProviderMetadata metadata, IBufferWriter<byte> output)
    {
        if (metadata.Name.StartsWith(OllamaMetadata.MessagePrefix, StringComparison.Ordinal))
        {
            WriteMessage(output, writer => WriteMember(writer, metadata.Name[OllamaMetadata.MessagePrefix.Length..], metadata.Value));
        }
        else
        {
            WriteMessage(output, static _ => { }, writer => WriteMember(writer, metadata.Name, metadata.Value));
        }
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private void ThrowIfNotOpen(int index)
    {
        if (!_open.Contains(index))
        {
            throw new InvalidOperationException($"An event speaks of block {index}, which is not open.");
        }
    }

    private void WriteMessage(
        IBufferWriter<byte> output, Action<Utf8JsonWriter> writeMessage, Action<Utf8JsonWriter>? writeMembers = null, string content = "", bool isDone = false)
    {
        var response = Response;
        WriteLine(output, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("model"u8, response.Model ?? "");
            writer.WriteString("created_at"u8, "1970-01-01T00:00:00Z"u8);
            writer.WriteStartObject("message"u8);
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("content"u8, content);
            writeMessage(writer);
            writer.WriteEndObject();
            writer.WriteBoolean("done"u8, isDone);
            writeMembers?.Invoke(writer);
            writer.WriteEndObject();
        });
    }

    private static void WriteLine(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(output, Relaxed))
        {
            write(writer);
        }

        output.Write("\n"u8);
    }
}
