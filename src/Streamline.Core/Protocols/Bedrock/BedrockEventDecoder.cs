namespace Streamline.Protocols.Bedrock;

/// <summary>Decodes the events of <c>ConverseStream</c>.</summary>
/// <remarks>The stop reason and the counts come in two events, usually in this order; the response ends with the later of them, or with the body.</remarks>
internal sealed class BedrockEventDecoder : ProtocolDecoder
{
    /// <summary>What the names of metadata begin with that came among the token counts.</summary>
    public const string UsagePrefix = "usage.";

    // So many letters that the length of a message reveals nothing about the text.
    private static readonly TemplateRules Rules = new("p");

    private readonly BedrockBlocks _blocks;
    private string? _stopReason;
    private bool _isMessageStarted;
    private bool _isStopped;
    private bool _hasMetadata;

    /// <summary>Initializes a new instance of the <see cref="BedrockEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public BedrockEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
        : base(BedrockConverseProtocol.ProtocolName, requestId, options, predicts ? Rules : null) => _blocks = new BedrockBlocks(Output);

    /// <inheritdoc/>
    public override bool IsAnswerWhole => _stopReason is not null;

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (IsKnown(eventType))
        {
            base.Decode(eventType, data, byteOffset);
        }
        else
        {
            DecodeUnknown(eventType, data);
        }
    }

    public override void DecodeError(ReadOnlySpan<byte> code, ReadOnlySpan<byte> data, long byteOffset) =>
        throw BedrockProtocol.ReadException(code, data).ToInBandException(Context);

    // What is left of a body that was cut is a part of a message, and not a text.
    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText) => base.Complete(bytesReceived, unrecognizedText: default);

    protected override StreamEnding Ending => _isStopped ? StreamEnding.Terminal : StreamEnding.Body;

    protected override string Missing => IsStarted ? "messageStop" : "messageStart";

    protected override void EndWithBody() => End();

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        // Some recordings have no messageStart.
        Start(id: null);
        if (DecodeEvent(eventType, payload, ByteOffset) is { } unknown)
        {
            PassUnlessError(unknown, payload);
        }
    }

    private static bool IsKnown(ReadOnlySpan<byte> eventType) =>
        eventType.SequenceEqual("contentBlockDelta"u8)
        || eventType.SequenceEqual("contentBlockStart"u8)
        || eventType.SequenceEqual("contentBlockStop"u8)
        || eventType.SequenceEqual("messageStart"u8)
        || eventType.SequenceEqual("messageStop"u8)
        || eventType.SequenceEqual("metadata"u8);

    /// <returns>The name of what is not known; <see langword="null"/> when the event is done.</returns>
    private string? DecodeEvent(ReadOnlySpan<byte> eventType, in Payload payload, long byteOffset)
    {
        switch (eventType)
        {
            case var _ when eventType.SequenceEqual("contentBlockDelta"u8):
                return _blocks.Apply(payload, byteOffset);
            case var _ when eventType.SequenceEqual("contentBlockStart"u8):
                return _blocks.Begin(payload, byteOffset);
            case var _ when eventType.SequenceEqual("contentBlockStop"u8):
                _blocks.End(payload.Root, byteOffset);
                return null;
            case var _ when eventType.SequenceEqual("messageStart"u8):
                StartMessage(payload.Root);
                return null;
            case var _ when eventType.SequenceEqual("messageStop"u8):
                StopMessage(payload.Root);
                return null;
            default:
                ApplyMetadata(payload.Root);
                return null;
        }
    }

    private void DecodeUnknown(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        // The first message of an event stream may be an empty one of this name.
        if (StreamEnd.IsHeartbeat(eventType.SequenceEqual("initial-response"u8) ? default : eventType, data))
        {
            DecodeKeepAlive();
            return;
        }

        // Gateways send exceptions as events. A name with a slash is that of a part of an event, written by our own encoder.
        if (eventType.EndsWith("Exception"u8) && !eventType.Contains((byte)'/'))
        {
            throw BedrockProtocol.ReadException(eventType, data).ToInBandException(Context);
        }

        var name = Encoding.UTF8.GetString(eventType);
        var isJson = Payload.TryParse(data, out var payload);
        using (payload)
        {
            if (isJson)
            {
                PassUnlessError(name, payload);
            }
            else
            {
                Output.Emit(new ProviderEvent { Name = name, Data = Encoding.UTF8.GetString(data) });
            }
        }
    }

    private void PassUnlessError(string name, in Payload payload)
    {
        ThrowIfError(payload.Root, hasContent: false);
        PassThrough(name, payload);
    }

    private void StartMessage(PayloadValue root)
    {
        if (_isMessageStarted)
        {
            throw Unexpected("messageStart within a message", "the rest of the message");
        }

        _isMessageStarted = true;
        ReportMembers(root, root.Text("role"u8) is null or "assistant" ? "role"u8 : default);
    }

    // Servers repeat the stop: that says nothing new.
    private void StopMessage(PayloadValue root)
    {
        _isStopped = true;
        _stopReason ??= root.NonEmptyText("stopReason"u8);
        _blocks.EndAll(FinishReasons.Read(_stopReason));
        ReportMembers(root, "stopReason"u8);
        EndIfWhole();
    }

    private void ApplyMetadata(PayloadValue root)
    {
        _hasMetadata = true;
        var reported = root.Object("usage"u8);
        UpdateUsage(reported);
        ReportMoreThanCounts(reported, UsagePrefix);
        ReportMembers(root, reported.Exists ? "usage"u8 : default);
        EndIfWhole();
    }

    private void ReportMembers(PayloadValue root, scoped ReadOnlySpan<byte> except)
    {
        foreach (var member in root.Members)
        {
            if (!member.NameEquals(except) && !Rules.IsNoise(member))
            {
                Metadata.Report(member);
            }
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
        // What came after the stop, against the order of the protocol.
        _blocks.EndAll(FinishReasons.Read(_stopReason));
        End(new ResponseCompleted { FinishReason = BedrockFinishReasons.Read(_stopReason, Output.HasCallsToAnswer), RawFinishReason = _stopReason, Usage = Usage.Current });
    }
}
