using System.Text;
using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Bedrock;

/// <summary>Decodes the events of <c>ConverseStream</c>: what they say of the response. Blocks are decoded in the other part.</summary>
/// <remarks>The stop reason and the counts come in two events, as a rule in this order; the response ends with the later of them, or with the body.</remarks>
internal sealed partial class BedrockEventDecoder : StreamEventDecoder
{
    private readonly string? _requestId;
    private readonly DecoderOutput _output;
    private TokenUsage? _usage;
    private string? _stopReason;
    private bool _isStarted;
    private bool _isStopped;
    private bool _hasMetadata;
    private long _byteOffset;

    public BedrockEventDecoder(StreamReadOptions options, string? requestId)
    {
        _requestId = requestId;
        _output = new DecoderOutput(options, Emit);
    }

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        _byteOffset = byteOffset;
        var isDelta = eventType.SequenceEqual("contentBlockDelta"u8);
        if (isDelta && TryDecodePredicted(data))
        {
            return;
        }

        if (isDelta)
        {
            Start();
            ApplyDelta(Parse(data));
        }
        else if (!TryDecodeOther(eventType, data))
        {
            Emit(new ProviderEvent { Name = Encoding.UTF8.GetString(eventType), Data = Encoding.UTF8.GetString(data) });
        }
    }

    public override void DecodeError(ReadOnlySpan<byte> code, ReadOnlySpan<byte> data, long byteOffset) =>
        throw BedrockErrors.ReadInBand(BedrockConverseProtocol.WireName, code, data, _requestId);

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        if (!_isStopped)
        {
            throw new StreamInterruptedException($"The body ended without messageStop{(_isStarted ? "" : " before messageStart")}", bytesReceived);
        }

        End();
    }

    private bool TryDecodeOther(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        switch (eventType)
        {
            case var _ when eventType.SequenceEqual("messageStart"u8):
                StartMessage(Parse(data).Root);
                return true;
            case var _ when eventType.SequenceEqual("contentBlockStart"u8):
                Start();
                StartBlock(Parse(data).Root);
                return true;
            case var _ when eventType.SequenceEqual("contentBlockStop"u8):
                Start();
                StopBlock(Parse(data).Root);
                return true;
            case var _ when eventType.SequenceEqual("messageStop"u8):
                Start();
                StopMessage(Parse(data).Root);
                return true;
            case var _ when eventType.SequenceEqual("metadata"u8):
                Start();
                ApplyMetadata(Parse(data).Root);
                return true;
            default:
                return false;
        }
    }

    private ParsedPayload Parse(ReadOnlySpan<byte> data)
    {
        var payload = new ParsedPayload(data, "an event", _byteOffset);
        return payload.Root.ValueKind == JsonValueKind.Object
            ? payload
            : throw JsonPayload.Invalid($"a payload of kind {payload.Root.ValueKind}", "an object", _byteOffset);
    }

    private void StartMessage(JsonElement payload)
    {
        if (_isStarted)
        {
            throw Unexpected("messageStart within a message", "the rest of the message");
        }

        Start();
        ReportMembers(payload, "role");
    }

    // Some captures have no messageStart.
    private void Start()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            Emit(new ResponseStarted { Provider = BedrockConverseProtocol.WireName, RequestId = _requestId });
        }
    }

    private void StopMessage(JsonElement payload)
    {
        if (_isStopped)
        {
            throw Unexpected("messageStop again", "metadata");
        }

        _isStopped = true;
        _stopReason = payload.NonEmptyText("stopReason"u8);
        CloseAll();
        ReportMembers(payload, "stopReason");
        EndIfWhole();
    }

    private void ApplyMetadata(JsonElement payload)
    {
        _hasMetadata = true;
        if (payload.Object("usage"u8) is { } reported)
        {
            UpdateUsage(reported);
        }

        ReportMembers(payload, "usage");
        EndIfWhole();
    }

    private void UpdateUsage(JsonElement reported)
    {
        if (BedrockUsage.Read(reported) is { } usage && usage != _usage)
        {
            _usage = usage;
            Emit(new UsageUpdated { Usage = usage });
        }

        foreach (var member in reported.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Number))
        {
            Report(UsagePrefix + member.Name, member.Value);
        }
    }

    private void ReportMembers(JsonElement payload, string except)
    {
        foreach (var member in payload.EnumerateObject().Where(member => member.Name != except && member.Name != Padding))
        {
            Report(member.Name, member.Value);
        }
    }

    private void Report(string name, JsonElement value)
    {
        if (!value.IsEmpty())
        {
            Emit(new ProviderMetadata { Name = name, Value = value });
        }
    }

    private void EndIfWhole()
    {
        if (_isStopped && _hasMetadata)
        {
            End();
        }
    }

    private void End()
    {
        // What came after the stop, against the order of the wire.
        CloseAll();
        Emit(new ResponseCompleted { FinishReason = BedrockFinishReasons.Read(_stopReason), RawFinishReason = _stopReason, Usage = _usage });
        IsEnded = true;
    }

    private StreamProtocolException Missing(string where, string expected) => JsonPayload.Invalid($"{where} without it", expected, _byteOffset);

    private StreamProtocolException Unexpected(string found, string expected) =>
        new(StreamProtocolError.UnexpectedEvent, $"Found {found}, expected {expected}", _byteOffset);
}
