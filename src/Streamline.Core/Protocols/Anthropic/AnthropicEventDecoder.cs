using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>Decodes the events of the Messages API.</summary>
internal class AnthropicEventDecoder : StreamEventDecoder
{
    private static readonly TemplateRules Rules = new([]);
    private static readonly string[] MessageMembers = ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"];
    private static readonly string[] MessageMembersButRole = [.. MessageMembers.Where(name => name != "role")];
    private static readonly string[] StopMembers = ["stop_reason", "stop_sequence"];
    private static readonly string[] MessageDeltaMembers = ["type", "delta", "usage"];
    private static readonly string[] MessageStopMembers = ["type"];

    private readonly ErrorContext _context;
    private readonly DecoderOutput _output;
    private readonly MetadataReporter _metadata;
    private readonly AnthropicBlocks _blocks;
    private readonly UsageReader _usage = new();
    private string? _responseId;
    private string? _stopReason;
    private string? _stopSequence;
    private bool _hasUsage;
    private bool _isStarted;
    private long _byteOffset;

    /// <summary>Initializes a new instance of the <see cref="AnthropicEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public AnthropicEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
    {
        _context = new ErrorContext(AnthropicProtocol.WireName, Protocol: null, requestId, RetryAfter: null, ShouldRetry: null);
        _output = new DecoderOutput(options, Emit, predicts ? Rules : null);
        _metadata = new MetadataReporter(_output);
        _blocks = new AnthropicBlocks(_output, _metadata);
    }

    /// <inheritdoc/>
    public override bool IsAnswerWhole => _stopReason is not null;

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        var isError = eventType.SequenceEqual("error"u8);
        if (!isError && _output.TryAppendKnown(data, out _))
        {
            return;
        }

        _byteOffset = byteOffset;
        if (isError)
        {
            throw ErrorReader.Read(data).ToInBandException(_context);
        }

        if (StreamEnd.IsDone(data))
        {
            HasEndMark = true;
        }
        else if (StreamEnd.IsHeartbeat(eventType, data))
        {
            DecodeKeepAlive();
        }
        else
        {
            DecodePayload(eventType, data);
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        var place = !_isStarted ? ", before message_start" : _blocks.OpenIndex is { } index ? $", within block {index}" : "";
        new StreamEnd
        {
            Ending = HasEndMark ? StreamEnding.Done : StreamEnding.Body,
            IsStarted = _isStarted,
            IsEndKnown = IsAnswerWhole,
            StrayText = unrecognizedText,
            BytesReceived = bytesReceived,
            Missing = "message_stop" + place,
        }.ThrowIfIncomplete(_context);
        End();
    }

    /// <inheritdoc/>
    public override void Release() => _output.Release();

    private void DecodePayload(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        if (!Payload.TryParse(data, out var payload))
        {
            payload.Dispose();
            throw ErrorReader.IsPage(data) && data.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[' or (byte)'"', ..]
                ? ErrorReader.Read(data).ToInBandException(_context)
                : JsonPayload.Explain(JsonPayload.ToUtf8(data), "an event", _byteOffset);
        }

        using (payload)
        {
            if (!payload.Root.IsObject)
            {
                throw JsonPayload.Invalid($"a payload of kind {payload.Root.Kind}", "an object", _byteOffset);
            }

            // The payload is the authority; the name of the frame is a copy of it, which gateways lose.
            var type = payload.Root.Text("type"u8) ?? (payload.Root.Member("error"u8).Exists ? "error" : Encoding.UTF8.GetString(eventType));
            _output.BeginPayload();
            DecodeEvent(type, payload);
            _output.EndPayload(payload);
        }
    }

    private void DecodeEvent(string type, in Payload payload)
    {
        switch (type)
        {
            case "message_start":
                StartMessage(payload);
                break;
            case "content_block_start":
                ThrowIfNotStarted(type);
                _blocks.Begin(payload, _byteOffset);
                break;
            case "content_block_delta":
                _blocks.Apply(payload, _byteOffset);
                break;
            case "content_block_stop":
                _blocks.End(payload.Root);
                break;
            case "message_delta":
                ApplyMessageDelta(payload.Root);
                break;
            case "message_stop":
                ThrowIfNotStarted(type);
                EmitMetadata(payload.Root, MessageStopMembers);
                End();
                break;
            case "error":
                throw ErrorReader.Read(payload.Bytes).ToInBandException(_context);
            case var _ when ErrorReader.ReadPayload(payload.Root, hasContent: false) is { } error:
                throw error.ToInBandException(_context);
            default:
                _output.Emit(new ProviderEvent { Name = type, Data = Encoding.UTF8.GetString(payload.Bytes) });
                break;
        }
    }

    private void StartMessage(in Payload payload)
    {
        var message = payload.Root.Object("message"u8);
        if (!message.Exists)
        {
            throw JsonPayload.Invalid("message_start without it", "an object 'message'", _byteOffset);
        }

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
        _output.ResponseId = _responseId = id;
        _output.Emit(new ResponseStarted
        {
            Provider = AnthropicProtocol.WireName,
            ResponseId = id,
            Model = message.NonEmptyText("model"u8),
            RequestId = _context.RequestId,
        });
        UpdateUsage(message);
        UpdateStop(message);
        EmitMetadata(message, message.Text("role"u8) is null or "assistant" ? MessageMembers : MessageMembersButRole);

        // A continuation of calls that the provider's sandbox made has its blocks here, and no events for them.
        foreach (var block in message.Array("content"u8).Items)
        {
            _blocks.AddWhole(payload, block, _byteOffset);
        }
    }

    private void ApplyMessageDelta(PayloadValue root)
    {
        ThrowIfNotStarted("message_delta");
        UpdateUsage(root);
        if (root.Object("delta"u8) is { Exists: true } delta)
        {
            UpdateStop(delta);
            EmitMetadata(delta, StopMembers);
        }

        EmitMetadata(root, MessageDeltaMembers);
    }

    private void End()
    {
        _blocks.EndAll();
        _output.Emit(new ResponseCompleted
        {
            FinishReason = AnthropicFinishReasons.Read(_stopReason),
            RawFinishReason = _stopReason,
            StopSequence = _stopSequence,
            Usage = _hasUsage ? _usage.Current : null,
        });
        IsEnded = true;
    }

    private void UpdateStop(PayloadValue holder)
    {
        _stopReason = holder.NonEmptyText("stop_reason"u8) ?? _stopReason;
        _stopSequence = holder.Text("stop_sequence"u8) ?? _stopSequence;
    }

    private void UpdateUsage(PayloadValue holder)
    {
        var reported = holder.Object("usage"u8);
        if (!reported.Exists)
        {
            return;
        }

        // Some servers begin with a placeholder of zeros.
        if (_usage.TryUpdate(reported, out var usage) && (_hasUsage || !AnthropicUsage.IsZero(usage)))
        {
            _hasUsage = true;
            _output.EmitUsage(usage);
        }

        foreach (var member in reported.Members)
        {
            if (UsageReader.HasMoreThanCounts(member.Value) && member.Value.GetCount() is null)
            {
                _metadata.Report(AnthropicUsage.MetadataPrefix + member.Name, member.Value);
            }
        }
    }

    private void EmitMetadata(PayloadValue holder, string[] except)
    {
        foreach (var member in holder.Members)
        {
            if (!member.Value.IsMissing && !except.Contains(member.Name, StringComparer.Ordinal))
            {
                _output.Emit(new ProviderMetadata { Name = member.Name, Value = member.Value.ToElement() });
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

    private StreamProtocolException Unexpected(string found, string expected) =>
        new(StreamProtocolError.UnexpectedEvent, $"Found {found}, expected {expected}", _byteOffset);
}
