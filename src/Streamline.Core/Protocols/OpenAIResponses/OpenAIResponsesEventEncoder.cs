using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Protocols.Shared;
using Streamline.Sse;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>Encodes events as those of the Responses API: what they say of the response. Items are encoded in the other part.</summary>
internal sealed partial class OpenAIResponsesEventEncoder : StreamEventEncoder
{
    private static readonly JsonElement NoLogProbs = JsonElement.Parse("[]"u8);
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<ProviderMetadata> _metadata = [];
    private ResponseStarted? _started;
    private TokenUsage? _usage;
    private bool _isOwnWire;
    private bool _hasRefusal;
    private long _sequenceNumber;

    /// <inheritdoc/>
    public override void Encode(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(streamEvent);
        ArgumentNullException.ThrowIfNull(output);
        EndItem(streamEvent as ContentStarted, output);
        switch (streamEvent)
        {
            case ResponseStarted started:
                Start(started, output);
                break;
            case ResponseCompleted completed:
                Complete(completed, output);
                break;
            case UsageUpdated updated:
                _usage = updated.Usage;
                break;
            case ProviderMetadata metadata when _isOwnWire:
                EncodeMetadata(metadata, output);
                break;
            case ProviderEvent passedOn when _isOwnWire:
                new SseWriter(output).WriteEvent(Encoding.UTF8.GetBytes(PassedThroughEvent.NameOf(passedOn)), PassedThroughEvent.ObjectOf(passedOn));
                break;
            case KeepAlive:
                new SseWriter(output).WriteComment("keep-alive"u8);
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
        Write(output, "error", writer => OpenAIResponsesErrorWriter.WriteMembers(writer, error));
    }

    private void Start(ResponseStarted started, IBufferWriter<byte> output)
    {
        _open.Clear();
        _ending = null;
        _awaitingResult.Clear();
        _results.Clear();
        _ignored.Clear();
        _items.Clear();
        _metadata.Clear();
        _usage = null;
        _hasRefusal = false;
        _sequenceNumber = 0;
        _isOwnWire = (started.Wire ?? started.Provider) == OpenAIResponsesProtocol.WireName;
        _started = started;
        foreach (var type in (ReadOnlySpan<string>)["response.created", "response.in_progress"])
        {
            Write(output, type, writer => WriteResponse(writer, "in_progress", incompleteReason: null, usage: null));
        }
    }

    private void Complete(ResponseCompleted completed, IBufferWriter<byte> output)
    {
        ThrowIfNotStarted();
        if (_open.Count > 0)
        {
            throw new InvalidOperationException($"The response cannot end while block {_open.Keys.Min()} is open.");
        }

        var reason = OpenAIResponsesFinishReasons.Write(completed, _isOwnWire, _hasRefusal);
        var status = reason is null ? OpenAIResponsesFinishReasons.Completed : "incomplete";
        Write(output, "response." + status, writer => WriteResponse(writer, status, reason, completed.Usage ?? _usage));
        _started = null;
    }

    private void EncodeMetadata(ProviderMetadata metadata, IBufferWriter<byte> output)
    {
        if (OpenAIResponsesAsides.IsKnown(metadata.Name))
        {
            WriteAside(metadata, output);
        }
        else if (metadata.Index is null)
        {
            _metadata.Add(metadata);
        }
        else if (metadata.Name == "logprobs")
        {
            WriteText(Find(metadata.Index.Value), "", metadata.Value, output);
        }
    }

    /// <summary>Writes the response. Its members are those that official clients demand.</summary>
    private void WriteResponse(Utf8JsonWriter writer, string status, string? incompleteReason, TokenUsage? usage)
    {
        writer.WriteStartObject("response"u8);
        writer.WriteString("id"u8, _started!.ResponseId ?? "");
        writer.WriteString("object"u8, "response"u8);
        writer.WriteNumber("created_at"u8, _started.CreatedAt?.ToUnixTimeSeconds() ?? 0);
        writer.WriteString("status"u8, status);
        writer.WriteNull("error"u8);
        writer.WritePropertyName("incomplete_details"u8);
        if (incompleteReason is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("reason"u8, incompleteReason);
            writer.WriteEndObject();
        }

        writer.WriteNull("instructions"u8);
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteString("model"u8, _started.Model ?? "");
        WriteOutput(writer);
        writer.WriteBoolean("parallel_tool_calls"u8, value: true);
        writer.WriteNull("temperature"u8);
        writer.WriteString("tool_choice"u8, "auto"u8);
        writer.WriteStartArray("tools"u8);
        writer.WriteEndArray();
        writer.WriteNull("top_p"u8);
        writer.WritePropertyName("usage"u8);
        if (usage is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            OpenAIResponsesUsage.Write(writer, usage);
        }

        foreach (var metadata in _metadata.DistinctBy(metadata => metadata.Name, StringComparer.Ordinal))
        {
            Write(writer, metadata.Name, metadata.Value);
        }

        writer.WriteEndObject();
    }

    private void WriteOutput(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("output"u8);
        foreach (var item in _items)
        {
            ContentValues.WriteVerbatim(writer, item);
        }

        writer.WriteEndArray();
    }

    private void Write(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> writeMembers)
    {
        var payload = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(payload, Compact))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteNumber("sequence_number"u8, _sequenceNumber++);
            writeMembers(writer);
            writer.WriteEndObject();
        }

        new SseWriter(output).WriteEvent(Encoding.UTF8.GetBytes(type), payload.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        ContentValues.WriteVerbatim(writer, value);
    }

    private static JsonElement ToJson(Action<Utf8JsonWriter> writeMembers)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Compact))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        return WireJson.Parse(output.WrittenSpan);
    }

    private void ThrowIfNotStarted()
    {
        if (_started is null)
        {
            throw new InvalidOperationException("An event came before ResponseStarted.");
        }
    }

    private static string MakeId(string prefix, int index) => string.Create(CultureInfo.InvariantCulture, $"{prefix}_{index}");
}
