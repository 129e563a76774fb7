using System.Text;
using System.Text.Json;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Decodes the events of the Messages API: what they say of the response. Blocks are decoded in the other part.</summary>
internal partial class AnthropicEventDecoder : StreamEventDecoder
{
    private static readonly string[] MessageMembers = ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"];
    private static readonly string[] MessageMembersButRole = [.. MessageMembers.Where(name => name != "role")];
    private static readonly string[] StopMembers = ["stop_reason", "stop_sequence"];
    private static readonly string[] MessageDeltaMembers = ["type", "delta", "usage"];
    private static readonly string[] MessageStopMembers = ["type"];

    /// <summary>What the names of metadata that came in a delta begin with.</summary>
    public const string DeltaPrefix = "delta.";

    private readonly StreamReadOptions _options;
    private readonly DecoderOutput _asides;
    private readonly OpenAIChatMetadata _metadata;
    private readonly string? _requestId;
    private readonly UsageCounts _counts = new();
    private TokenUsage? _usage;
    private string? _responseId;
    private string? _stopReason;
    private string? _stopSequence;
    private bool _isStarted;
    private long _byteOffset;

    public AnthropicEventDecoder(StreamReadOptions options, string? requestId)
    {
        _options = options;
        _requestId = requestId;
        _asides = new DecoderOutput(options, Emit);
        _metadata = new OpenAIChatMetadata(_asides);
    }

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        _byteOffset = byteOffset;
        if (!TryDecodePredicted(data) && !TryDecodeText(data))
        {
            DecodeParsed(eventType, data, new ParsedPayload(data, "an event", byteOffset));
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        if (AnthropicErrors.TryReadInBand(unrecognizedText, _requestId) is { } error)
        {
            throw error;
        }

        if (!_isStarted && UnrecognizedText.IsPage(unrecognizedText))
        {
            throw new ProviderException(AnthropicProtocol.WireName, statusCode: null, code: null, ErrorExcerpt.Of(unrecognizedText))
            {
                RequestId = _requestId,
                IsInBand = true,
            };
        }

        var place = !_isStarted ? " before message_start"
            : _open.Count > 0 ? $" within block {_open.Values.Min(block => block.Index)}"
            : "";
        throw new StreamInterruptedException($"The body ended without message_stop{place}", bytesReceived);
    }

    private void DecodeParsed(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, in ParsedPayload parsed)
    {
        var payload = parsed.Root;
        if (payload.ValueKind != JsonValueKind.Object)
        {
            throw JsonPayload.Invalid($"a payload of kind {payload.ValueKind}", "an object", _byteOffset);
        }

        // The payload is the authority; the name of the frame is a copy of it, which gateways lose.
        var type = payload.Text("type"u8) ?? (payload.Member("error"u8) is null ? Encoding.UTF8.GetString(eventType) : "error");
        switch (type)
        {
            case "message_start":
                StartMessage(parsed);
                break;
            case "content_block_start":
                StartBlock(parsed);
                break;
            case "content_block_delta":
                ApplyDelta(payload, data);
                break;
            case "content_block_stop":
                StopBlock(payload);
                break;
            case "message_delta":
                ApplyMessageDelta(payload);
                break;
            case "message_stop":
                StopMessage(payload);
                break;
            case "ping":
                Emit(KeepAlive.Instance);
                break;
            case "error":
                throw AnthropicErrors.ReadInBand(payload, _requestId);
            default:
                Emit(new ProviderEvent { Name = type, Data = Encoding.UTF8.GetString(data) });
                break;
        }
    }

    private void StartMessage(in ParsedPayload payload)
    {
        var message = payload.Root.Object("message"u8) ?? throw Missing("message_start", "an object 'message'");
        var id = message.NonEmptyText("id"u8);
        if (_isStarted)
        {
            // Servers repeat the start of a message; another message means that two responses were spliced.
            if (!string.Equals(id, _responseId, StringComparison.Ordinal))
            {
                throw Unexpected("message_start of another message", "the rest of the message that is open");
            }

            return;
        }

        _isStarted = true;
        _responseId = id;
        Emit(new ResponseStarted
        {
            Provider = AnthropicProtocol.WireName,
            ResponseId = id,
            Model = message.NonEmptyText("model"u8),
            RequestId = _requestId,
        });
        UpdateUsage(message);
        UpdateStop(message);
        EmitMetadata(message, message.Text("role"u8) is null or "assistant" ? MessageMembers : MessageMembersButRole);

        // A continuation of calls that the provider's sandbox made has its blocks here, and no events for them.
        foreach (var block in message.Items("content"u8))
        {
            Close(Open(payload, block), isSealed: true);
        }
    }

    private void ApplyMessageDelta(JsonElement payload)
    {
        ThrowIfNotStarted("message_delta");
        UpdateUsage(payload);
        if (payload.Object("delta"u8) is { } delta)
        {
            UpdateStop(delta);
            EmitMetadata(delta, StopMembers);
        }

        EmitMetadata(payload, MessageDeltaMembers);
    }

    private void StopMessage(JsonElement payload)
    {
        ThrowIfNotStarted("message_stop");
        EmitMetadata(payload, MessageStopMembers);
        CloseAll();
        Emit(new ResponseCompleted
        {
            FinishReason = AnthropicFinishReasons.Read(_stopReason),
            RawFinishReason = _stopReason,
            StopSequence = _stopSequence,
            Usage = _usage,
        });
        IsEnded = true;
    }

    private void UpdateStop(JsonElement holder)
    {
        _stopReason = holder.NonEmptyText("stop_reason"u8) ?? _stopReason;
        _stopSequence = holder.Text("stop_sequence"u8) ?? _stopSequence;
    }

    private void UpdateUsage(JsonElement holder)
    {
        if (holder.Object("usage"u8) is not { } reported)
        {
            return;
        }

        // Totals, not increments: a report replaces what it has a number for. One that says nothing new is no event.
        _counts.Merge(reported);
        var usage = AnthropicUsage.Read(_counts);
        if (usage is not null && usage != _usage && !(_usage is null && AnthropicUsage.IsZero(usage)))
        {
            _usage = usage;
            Emit(new UsageUpdated { Usage = usage });
        }
    }

    private void EmitMetadata(JsonElement holder, string[] except)
    {
        foreach (var member in holder.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && !except.Contains(member.Name, StringComparer.Ordinal))
            {
                Emit(new ProviderMetadata { Name = member.Name, Value = member.Value });
            }
        }
    }

    private void ThrowIfNotStarted(string found)
    {
        if (!_isStarted)
        {
            throw Unexpected(found, "message_start");
        }
    }

    private StreamProtocolException Missing(string where, string expected) => JsonPayload.Invalid($"{where} without it", expected, _byteOffset);

    private StreamProtocolException Unexpected(string found, string expected) =>
        new(StreamProtocolError.UnexpectedEvent, $"Found {found}, expected {expected}", _byteOffset);
}
