using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Encodes events as those of <c>ConverseStream</c>: what they say of the response. Blocks are encoded in the other part.</summary>
/// <remarks>The wire has the id and the model of a response nowhere, and its counts only after the stop reason.</remarks>
internal sealed partial class BedrockEventEncoder : StreamEventEncoder
{
    private const string AdditionalFields = "additionalModelResponseFields";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<ProviderMetadata> _metadata = [];
    private TokenUsage? _usage;
    private bool _isOwnWire;

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
            case ProviderMetadata { Index: null } metadata when _isOwnWire:
                _metadata.Add(metadata);
                break;
            case ProviderEvent passedOn when _isOwnWire:
                // Under its whole name: as an event of a block it would have to name a block, and that is numbered anew here.
                EventStreamWriter.WriteEvent(output, PassedThroughEvent.NameOf(passedOn), Encoding.UTF8.GetBytes(passedOn.Data));
                break;
            case ResponseCompleted completed:
                Complete(completed, output);
                break;
            default:
                EncodeBlock(streamEvent, output);
                break;
        }
    }

    public override void EncodeError(ProviderException error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(output);
        var payload = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteException(output, BedrockErrorWriter.WriteException(error, payload), payload.WrittenSpan);
    }

    private void Start(ResponseStarted started, IBufferWriter<byte> output)
    {
        _open.Clear();
        _metadata.Clear();
        _usage = null;
        _isOwnWire = (started.Wire ?? started.Provider) == BedrockConverseProtocol.WireName;
        Write(output, "messageStart", static writer => writer.WriteString("role"u8, "assistant"u8));
    }

    private void Complete(ResponseCompleted completed, IBufferWriter<byte> output)
    {
        if (_open.Count > 0)
        {
            throw new InvalidOperationException($"The response cannot end while block {_open.Keys.Min()} is open.");
        }

        Write(output, "messageStop", writer =>
        {
            if (BedrockFinishReasons.Write(completed) is { } reason)
            {
                writer.WriteString("stopReason"u8, reason);
            }

            WriteMetadata(writer, prefix: "", static name => name == AdditionalFields);
        });
        var usage = completed.Usage ?? _usage;
        if (usage is not null || _metadata.Exists(static metadata => metadata.Name != AdditionalFields))
        {
            Write(output, "metadata", writer => WriteMetadata(writer, usage));
        }
    }

    private void WriteMetadata(Utf8JsonWriter writer, TokenUsage? usage)
    {
        if (usage is not null || _metadata.Exists(static metadata => IsOfUsage(metadata.Name)))
        {
            writer.WriteStartObject("usage"u8);
            BedrockUsage.Write(writer, usage);
            WriteMetadata(writer, BedrockEventDecoder.UsagePrefix, IsOfUsage);
            writer.WriteEndObject();
        }

        WriteMetadata(writer, prefix: "", static name => name != AdditionalFields && !IsOfUsage(name));
    }

    // What came more than once is, in an object, what came last.
    private void WriteMetadata(Utf8JsonWriter writer, string prefix, Func<string, bool> belongs)
    {
        foreach (var (name, values) in _metadata.Where(metadata => belongs(metadata.Name)).GroupBy(metadata => metadata.Name, StringComparer.Ordinal).Select(group => (group.Key, group)))
        {
            writer.WritePropertyName(name[prefix.Length..]);
            ContentValues.WriteVerbatim(writer, values.Last().Value);
        }
    }

    private static bool IsOfUsage(string name) => name.StartsWith(BedrockEventDecoder.UsagePrefix, StringComparison.Ordinal);

    private static void Write(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> writeMembers)
    {
        var payload = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(payload, Compact))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        EventStreamWriter.WriteEvent(output, type, payload.WrittenSpan);
    }
}
