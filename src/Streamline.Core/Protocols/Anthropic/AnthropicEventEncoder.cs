using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Protocols.Shared;
using Streamline.Sse;

namespace Streamline.Protocols.Anthropic;

/// <summary>Encodes events as those of the Messages API: what they say of the response. Blocks are encoded in the other part.</summary>
internal partial class AnthropicEventEncoder : StreamEventEncoder
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What the next frame about the message has to say: the wire puts the first usage into message_start and the last one
    // beside the stop reason, so both wait for the event that follows them.
    private readonly List<ProviderMetadata> _metadata = [];
    private ResponseStarted? _start;
    private bool _isOwnWire;
    private TokenUsage? _newUsage;
    private TokenUsage? _usage;

    public override void Encode(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        ArgumentNullException.ThrowIfNull(output);
        if (!TryHold(streamEvent, output))
        {
            EncodeNow(streamEvent, output);
        }
    }

    public override void EncodeError(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        Release(output);
        WriteMessageFrame(output);
        WriteError(error, output);
    }

    /// <summary>Writes the frame of an event.</summary>
    /// <param name="output">Where to write it.</param>
    /// <param name="type">The type of the event.</param>
    /// <param name="payload">The JSON text, in UTF-8.</param>
    protected virtual void WriteFrame(IBufferWriter<byte> output, string type, ReadOnlySpan<byte> payload) =>
        new SseWriter(output).WriteEvent(Encoding.UTF8.GetBytes(type), payload);

    /// <summary>Writes the frame of an error.</summary>
    /// <param name="error">The error.</param>
    /// <param name="output">Where to write it.</param>
    protected virtual void WriteError(ProviderException error, IBufferWriter<byte> output)
    {
        var body = new ArrayBufferWriter<byte>();
        AnthropicErrorWriter.WriteBody(error, body);
        WriteFrame(output, "error", body.WrittenSpan);
    }

    private void EncodeNow(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case ResponseStarted started:
                Start(started);
                break;
            case ProviderMetadata or ProviderEvent or CitationAdded when !_isOwnWire:
                break; // what another protocol says in a form of its own means nothing here
            case UsageUpdated updated:
                AddUsage(updated.Usage, output);
                break;
            case ProviderMetadata { Index: null } metadata:
                _metadata.Add(metadata);
                break;
            case ResponseCompleted completed:
                Complete(completed, output);
                break;
            case KeepAlive:
                WriteMessageFrame(output);
                Write(output, "ping", static _ => { });
                break;
            case ProviderEvent passedOn:
                WriteMessageFrame(output);
                WritePassedThrough(passedOn, output);
                break;
            default:
                EncodeBlock(streamEvent, output);
                break;
        }
    }

    // A delta is of a block, which must be open here under the same number.
    private void WritePassedThrough(ProviderEvent passedOn, IBufferWriter<byte> output)
    {
        var name = PassedThroughEvent.NameOf(passedOn);
        var isDelta = name.StartsWith("content_block_delta/", StringComparison.Ordinal);
        var payload = PassedThroughEvent.ObjectOf(passedOn, canStand: !isDelta || IsOfOpenBlock(passedOn.Data));
        WriteFrame(output, isDelta ? "content_block_delta" : name, payload);
    }

    private bool IsOfOpenBlock(string data) =>
        JsonPayload.TryParse(Encoding.UTF8.GetBytes(data))?.Integer("index"u8) is { } index && _open.Values.Any(block => block.Index == index && !block.IsUnsendable);

    private void Start(ResponseStarted started)
    {
        _open.Clear();
        _metadata.Clear();
        _newUsage = null;
        _usage = null;
        _start = started;
        _isOwnWire = (started.Wire ?? started.Provider) == AnthropicProtocol.WireName;
        _blockCount = 0;
    }

    private void AddUsage(TokenUsage usage, IBufferWriter<byte> output)
    {
        if (_newUsage is not null || _metadata.Count > 0)
        {
            WriteMessageFrame(output);
        }

        _newUsage = usage;
    }

    private void Complete(ResponseCompleted completed, IBufferWriter<byte> output)
    {
        if (_open.Count > 0)
        {
            throw new InvalidOperationException($"The response cannot end while block {_open.Keys.Min()} is open.");
        }

        if (_start is not null)
        {
            WriteMessageFrame(output);
        }

        _newUsage = completed.Usage ?? _newUsage;
        WriteMessageDelta(output, AnthropicFinishReasons.Write(completed), completed.StopSequence);
        Write(output, "message_stop", static _ => { });
    }

    /// <summary>Writes what waits for a frame about the message, if anything does.</summary>
    private void WriteMessageFrame(IBufferWriter<byte> output)
    {
        if (_start is not null)
        {
            WriteMessageStart(output, _start);
        }
        else if (_newUsage is not null || _metadata.Count > 0)
        {
            WriteMessageDelta(output, stopReason: null, stopSequence: null);
        }
    }

    private void WriteMessageStart(IBufferWriter<byte> output, ResponseStarted start)
    {
        TakeUsage();
        Write(output, "message_start", writer =>
        {
            writer.WriteStartObject("message"u8);
            writer.WriteString("id"u8, start.ResponseId ?? "");
            writer.WriteString("type"u8, "message"u8);
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("model"u8, start.Model ?? "");
            writer.WriteStartArray("content"u8);
            writer.WriteEndArray();
            writer.WriteNull("stop_reason"u8);
            writer.WriteNull("stop_sequence"u8);
            writer.WritePropertyName("usage"u8);
            AnthropicUsage.Write(writer, _usage, _metadata);
            WriteMetadata(writer, static name => !IsOfUsage(name));
            writer.WriteEndObject();
        });
        _start = null;
        _metadata.Clear();
    }

    private void WriteMessageDelta(IBufferWriter<byte> output, string? stopReason, string? stopSequence)
    {
        TakeUsage();
        Write(output, "message_delta", writer =>
        {
            writer.WriteStartObject("delta"u8);
            writer.WriteString("stop_reason"u8, stopReason);
            writer.WriteString("stop_sequence"u8, stopSequence);
            WriteMetadata(writer, static name => !IsBesideDelta(name) && !IsOfUsage(name));
            writer.WriteEndObject();
            writer.WritePropertyName("usage"u8);
            AnthropicUsage.Write(writer, _usage, _metadata);
            WriteMetadata(writer, IsBesideDelta);
        });
        _metadata.Clear();
    }

    private static bool IsOfUsage(string name) => name.StartsWith(AnthropicUsage.MetadataPrefix, StringComparison.Ordinal);

    private static bool IsBesideDelta(string name) => name == "context_management";

    private void TakeUsage()
    {
        _usage = _newUsage ?? _usage;
        _newUsage = null;
    }

    private void WriteMetadata(Utf8JsonWriter writer, Func<string, bool> belongs)
    {
        foreach (var metadata in _metadata.Where(metadata => belongs(metadata.Name)).DistinctBy(metadata => metadata.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(metadata.Name);
            ContentValues.WriteVerbatim(writer, metadata.Value);
        }
    }

    private void Write(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> writeMembers)
    {
        var payload = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(payload, Compact))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writeMembers(writer);
            writer.WriteEndObject();
        }

        WriteFrame(output, type, payload.WrittenSpan);
    }
}
