namespace Streamline.Protocols.Shared;

/// <summary>
/// What the decoders of all protocols share: how a frame is told from a sign of life, an error and the end; how a response starts and ends. A protocol adds its events.
/// </summary>
internal abstract class ProtocolDecoder : StreamEventDecoder
{
    private readonly ErrorContext _context;
    private MetadataReporter? _metadata;
    private string? _mark; // the protocol that the payloads before the start are of, if one is known to have them
    private long _markOffset;

    /// <summary>Initializes a new instance of the <see cref="ProtocolDecoder"/> class.</summary>
    /// <param name="provider">The name of the provider.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="options">The limits.</param>
    /// <param name="rules">Which values may differ among payloads of one shape; <see langword="null"/> to parse every payload.</param>
    /// <param name="protocol">The name of the protocol where it differs from the provider's.</param>
    protected ProtocolDecoder(string provider, string? requestId, StreamReadOptions options, TemplateRules? rules, string? protocol = null)
    {
        _context = ErrorContext.InBand(provider, requestId) with { Protocol = protocol };
        Output = new DecoderOutput(options, Emit, rules);
    }

    protected ref readonly ErrorContext Context => ref _context;

    protected DecoderOutput Output { get; }

    protected MetadataReporter Metadata => _metadata ??= new MetadataReporter(Output);

    protected UsageReader Usage { get; } = new();

    /// <summary>Gets a value indicating whether the response has started.</summary>
    protected bool IsStarted { get; private set; }

    /// <summary>Gets or sets the offset of the payload that is decoded, for the messages of errors.</summary>
    protected long ByteOffset { get; set; }

    /// <summary>Gets what would complete the response, and where it was interrupted, for the message of an exception.</summary>
    protected abstract string Missing { get; }

    /// <summary>Gets a value indicating whether any part of an answer came.</summary>
    protected virtual bool HasAnswer => IsStarted;

    /// <summary>Gets a value indicating whether the provider said that the answer is whole.</summary>
    protected virtual bool IsEndKnown => IsAnswerWhole;

    /// <summary>Gets how the bytes ended.</summary>
    protected virtual StreamEnding Ending => HasEndMark ? StreamEnding.Done : StreamEnding.Body;

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        ByteOffset = byteOffset;
        var isError = eventType.SequenceEqual("error"u8);
        if (!isError && Output.TryAppendKnown(data, out var match))
        {
            OnMatch(match);
        }
        else if (isError)
        {
            throw ErrorReader.Read(data).ToInBandException(_context);
        }
        else if (StreamEnd.IsDone(data))
        {
            HasEndMark = true;
        }
        else if (StreamEnd.IsHeartbeat(eventType, data))
        {
            DecodeKeepAlive();
        }
        else
        {
            using var payload = Parse(eventType, data);
            if (!payload.Root.IsObject)
            {
                DecodeOther(eventType, payload);
                return;
            }

            Output.BeginPayload();
            DecodePayload(eventType, payload);
            Output.EndPayload(payload);
            if (!IsStarted && _mark is null)
            {
                (_mark, _markOffset) = (ProtocolMarks.NameOf(payload.Root), byteOffset);
            }
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        ThrowIfOfAnotherProtocol(unrecognizedText);
        new StreamEnd
        {
            Ending = Ending,
            IsStarted = HasAnswer,
            IsEndKnown = IsEndKnown,
            StrayText = unrecognizedText,
            BytesReceived = bytesReceived,
            Missing = Missing,
        }.ThrowIfIncomplete(_context);
        EndWithBody();
    }

    public override void Release() => Output.Release();

    /// <summary>Decodes the payload of an event.</summary>
    /// <param name="eventType">The name of the frame in UTF-8; empty when it has none.</param>
    /// <param name="payload">The payload, which is an object.</param>
    protected abstract void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload);

    /// <summary>Ends a response that is complete although its terminal event did not come.</summary>
    protected abstract void EndWithBody();

    /// <summary>Decodes a payload that is not an object.</summary>
    /// <param name="eventType">The name of the frame in UTF-8; empty when it has none.</param>
    /// <param name="payload">The payload; its root does not exist where the frame is not JSON and not the protocol's.</param>
    /// <exception cref="ProviderException">The payload is a list that holds an error.</exception>
    /// <exception cref="StreamProtocolException">The payload is anything else, and has no meaning.</exception>
    protected virtual void DecodeOther(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        ThrowIfError(payload.Root, hasContent: false);
        throw JsonPayload.Invalid($"a payload of kind {payload.Root.Kind}", "an object", ByteOffset);
    }

    /// <summary>Tells whether a frame of a name need not be JSON.</summary>
    protected virtual bool IsForeign(ReadOnlySpan<byte> eventType) => false;

    /// <summary>Takes note of a payload whose shape was known, so that it was not parsed.</summary>
    protected virtual void OnMatch(in TemplateMatch match)
    {
        if (!match.Usage.IsEmpty)
        {
            using var usage = Payload.Parse(match.Usage, "an event", ByteOffset);
            ReportUsage(usage.Root);
        }
    }

    /// <summary>Reports the token counts of a payload of the protocol.</summary>
    protected virtual void ReportUsage(PayloadValue usage) => UpdateUsage(usage);

    /// <summary>Asserts that a payload is not an error, in any form that providers and gateways give it.</summary>
    /// <param name="root">The payload.</param>
    /// <param name="hasContent">Whether the payload has the protocol's ordinary form, so that only an unmistakable error counts.</param>
    /// <exception cref="ProviderException">It is one.</exception>
    protected void ThrowIfError(PayloadValue root, bool hasContent)
    {
        if (ErrorReader.ReadPayload(root, hasContent) is { } error)
        {
            throw error.ToInBandException(_context);
        }
    }

    private void ThrowIfOfAnotherProtocol(ReadOnlySpan<byte> unrecognizedText)
    {
        var own = _context.Protocol ?? _context.Provider;
        if (!IsStarted && (_mark ?? ProtocolMarks.NameOf(unrecognizedText)) is { } mark && mark != own && ErrorReader.TryRead(unrecognizedText) is null)
        {
            throw JsonPayload.Unexpected($"an event of the protocol '{mark}'", $"one of the protocol in use, '{own}'", _markOffset);
        }
    }

    /// <summary>Starts the response, unless it has started.</summary>
    /// <param name="id">The id of the response; <see langword="null"/> for none.</param>
    /// <param name="model">The model; <see langword="null"/> when it is not known.</param>
    /// <param name="createdAt">When the response was created; <see langword="null"/> when it is not known.</param>
    protected void Start(string? id, string? model = null, DateTimeOffset? createdAt = null)
    {
        if (!IsStarted)
        {
            IsStarted = true;
            Output.ResponseId = id;
            Output.Emit(new ResponseStarted
            {
                Provider = _context.Provider,
                Protocol = _context.Protocol,
                ResponseId = id,
                Model = string.IsNullOrEmpty(model) ? null : model,
                RequestId = _context.RequestId,
                CreatedAt = createdAt,
            });
        }
    }

    /// <summary>Ends the response.</summary>
    protected void End(ResponseCompleted completed)
    {
        Output.Emit(completed);
        IsEnded = true;
    }

    /// <summary>Passes an event through.</summary>
    protected void PassThrough(string name, in Payload payload) => Output.Emit(new ProviderEvent { Name = name, Data = Encoding.UTF8.GetString(payload.Bytes) });

    /// <summary>Takes over a report of token counts.</summary>
    /// <param name="usage">The report; it may not exist.</param>
    protected void UpdateUsage(PayloadValue usage)
    {
        if (usage.Exists && Usage.TryUpdate(usage, out var counts))
        {
            Output.EmitUsage(counts);
        }
    }

    /// <summary>Reports what stands among token counts and is not a count, such as a tier.</summary>
    /// <param name="usage">The report.</param>
    /// <param name="prefix">What the names of such metadata begin with.</param>
    protected void ReportMoreThanCounts(PayloadValue usage, string prefix)
    {
        foreach (var member in usage.Members)
        {
            if (UsageReader.HasMoreThanCounts(member))
            {
                Metadata.Report(prefix, member, index: null);
            }
        }
    }

    private Payload Parse(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data)
    {
        if (Payload.TryParse(data, out var payload) || IsForeign(eventType))
        {
            return payload;
        }

        payload.Dispose();
        throw ErrorReader.IsPage(data)
            ? ErrorReader.Read(data).ToInBandException(_context)
            : JsonPayload.Explain(JsonPayload.ToUtf8(data), "an event", ByteOffset);
    }

    /// <summary>Makes the error of an event that cannot come here.</summary>
    protected StreamProtocolException Unexpected(string found, string expected) => JsonPayload.Unexpected(found, expected, ByteOffset);

    /// <summary>Makes the error of an event that lacks what the protocol requires.</summary>
    protected StreamProtocolException Without(string where, string expected) => JsonPayload.Without(where, expected, ByteOffset);
}
