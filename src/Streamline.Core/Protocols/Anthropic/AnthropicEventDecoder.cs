namespace Streamline.Protocols.Anthropic;

/// <summary>Decodes the events of the Messages API.</summary>
internal class AnthropicEventDecoder : ProtocolDecoder
{
    private static readonly TemplateRules Rules = new(counter: "index");
    private static readonly PayloadNames MessageMembers = new("id type role model content stop_reason stop_sequence usage");
    private static readonly PayloadNames MessageMembersButRole = new("id type model content stop_reason stop_sequence usage");
    private static readonly PayloadNames StopMembers = new("stop_reason stop_sequence");
    private static readonly PayloadNames MessageDeltaMembers = new("type delta usage");
    private static readonly PayloadNames MessageStopMembers = new("type");

    private readonly AnthropicBlocks _blocks;
    private string? _stopReason;
    private string? _stopSequence;
    private bool _hasUsage;

    /// <summary>Initializes a new instance of the <see cref="AnthropicEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public AnthropicEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
        : base(AnthropicProtocol.ProtocolName, requestId, options, predicts ? Rules : null)
    {
        _blocks = new AnthropicBlocks(Output, Metadata);
        Output.FindBlocksIn(_blocks);
    }

    /// <inheritdoc/>
    public override bool IsAnswerWhole => _stopReason is not null;

    protected override string Missing => !IsStarted ? "message_start" : "message_stop" + (_blocks.OpenIndex is { } index ? $", within block {index}" : "");

    protected override void EndWithBody() => End();

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        // The payload is the authority; the name of the frame is a copy of it, which gateways lose.
        var type = payload.Root.Word("type"u8) ?? (payload.Root.Member("error"u8).Exists ? "error" : Encoding.UTF8.GetString(eventType));
        switch (type)
        {
            case "message_start":
                StartMessage(payload);
                break;
            case "content_block_start":
                ThrowIfNotStarted(type);
                _blocks.Begin(payload, ByteOffset);
                break;
            case "content_block_delta":
                _blocks.Apply(payload, ByteOffset);
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
                throw ErrorReader.Read(payload.Bytes).ToInBandException(Context);
            default:
                ThrowIfError(payload.Root, hasContent: false);
                PassThrough(type, payload);
                break;
        }
    }

    private void StartMessage(in Payload payload)
    {
        var message = payload.Root.Object("message"u8);
        if (!message.Exists)
        {
            throw Without("message_start", "an object 'message'");
        }

        var id = message.NonEmptyText("id"u8);
        if (IsStarted)
        {
            // Servers repeat the start of a message; another message means that two responses were spliced.
            if (!string.Equals(id, Output.ResponseId, StringComparison.Ordinal))
            {
                throw Unexpected("message_start of another message", "the rest of the message that is open");
            }

            return;
        }

        Start(id, message.Word("model"u8));
        UpdateCounts(message);
        UpdateStop(message);
        EmitMetadata(message, message.Text("role"u8) is null or "assistant" ? MessageMembers : MessageMembersButRole);

        // A continuation of calls that the provider's sandbox made has its blocks here, and no events for them.
        foreach (var block in message.Array("content"u8).Items)
        {
            _blocks.AddWhole(payload, block, ByteOffset);
        }
    }

    private void ApplyMessageDelta(PayloadValue root)
    {
        ThrowIfNotStarted("message_delta");
        UpdateCounts(root);
        if (root.Object("delta"u8) is { Exists: true } delta)
        {
            UpdateStop(delta);
            if (_stopReason is not null)
            {
                _blocks.Stop(FinishReasons.Read(_stopReason));
            }

            EmitMetadata(delta, StopMembers);
        }

        EmitMetadata(root, MessageDeltaMembers);
    }

    private void End()
    {
        _blocks.EndAll();
        End(new ResponseCompleted
        {
            FinishReason = AnthropicFinishReasons.Read(_stopReason, Output.HasCallsToAnswer),
            RawFinishReason = _stopReason,
            StopSequence = _stopSequence,
            Usage = _hasUsage ? Usage.Current : null,
        });
    }

    private void UpdateStop(PayloadValue holder)
    {
        _stopReason = holder.NonEmptyText("stop_reason"u8) is { } reason ? FinishReasons.Later(_stopReason, reason) : _stopReason;
        _stopSequence = holder.Text("stop_sequence"u8) ?? _stopSequence;
    }

    private void UpdateCounts(PayloadValue holder)
    {
        var reported = holder.Object("usage"u8);
        // Some servers begin with a placeholder of zeros.
        if (reported.Exists && Usage.TryUpdate(reported, out var usage) && (_hasUsage || !AnthropicUsage.IsZero(usage)))
        {
            _hasUsage = true;
            Output.EmitUsage(usage);
        }

        ReportMoreThanCounts(reported, AnthropicUsage.MetadataPrefix);
    }

    private void EmitMetadata(PayloadValue holder, PayloadNames except)
    {
        foreach (var member in holder.Members)
        {
            if (!member.Value.IsMissing && !except.Contains(member))
            {
                Output.Emit(new ProviderMetadata(TextCache.Get(member.Utf8Name), member.Value.ToRaw()));
            }
        }
    }

    private void ThrowIfNotStarted(string found)
    {
        if (!IsStarted)
        {
            throw Unexpected(found, "message_start");
        }
    }
}
