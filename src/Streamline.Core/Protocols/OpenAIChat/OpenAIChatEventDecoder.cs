namespace Streamline.Protocols.OpenAIChat;

/// <summary>Decodes the chunks of Chat Completions, from OpenAI and from every server that is compatible with it.</summary>
/// <remarks>
/// The protocol marks neither blocks nor the end of a tool call. A block lasts until one of another kind begins; only a finish reason, or
/// a proper end of the whole, seals the calls.
/// </remarks>
internal sealed class OpenAIChatEventDecoder : StreamEventDecoder
{
    private static readonly TemplateRules Rules = new(["id", "created", "obfuscation", "p"], usage: "usage", nestedNoise: "token_id");

    private readonly ErrorContext _context;
    private readonly DecoderOutput _output;
    private readonly MetadataReporter _metadata;
    private readonly OpenAIChatDeltaReader _deltas;
    private readonly ResponseStart _start;
    private readonly UsageReader _usageReader = new();
    private readonly List<OpenAIChatChoice> _choices = new(1);
    private TokenUsage? _usage;

    /// <summary>Initializes a new instance of the <see cref="OpenAIChatEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    /// <param name="provider">The name of the provider.</param>
    public OpenAIChatEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true, string provider = OpenAIChatProtocol.ProtocolName)
    {
        var protocol = provider == OpenAIChatProtocol.ProtocolName ? null : OpenAIChatProtocol.ProtocolName;
        _context = new ErrorContext(provider, protocol, requestId, RetryAfter: null, ShouldRetry: null);
        _output = new DecoderOutput(options, Emit, predicts ? Rules : null);
        _metadata = new MetadataReporter(_output);
        _deltas = new OpenAIChatDeltaReader(_metadata);
        _start = new ResponseStart(_output, provider, protocol, requestId);
    }

    /// <inheritdoc/>
    public override bool IsAnswerWhole => _choices.Count > 0 && _choices.TrueForAll(choice => choice.FinishReason is not null);

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        var isError = eventType.SequenceEqual("error"u8);
        if (!isError && _output.TryAppendKnown(data, out var match))
        {
            if (!match.Usage.IsEmpty)
            {
                using var usage = Payload.Parse(match.Usage, "a chunk", byteOffset);
                ReportUsage(usage.Root);
            }

            return;
        }

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
            DecodePayload(eventType, data, byteOffset);
        }
    }

    /// <inheritdoc/>
    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (IsEnded)
        {
            return;
        }

        if (_start.HasHeld)
        {
            _start.Start();
            DecodeHeld();
        }

        new StreamEnd
        {
            Ending = HasEndMark ? StreamEnding.Done : StreamEnding.Body,
            IsStarted = _choices.Count > 0,
            IsEndKnown = IsAnswerWhole,
            StrayText = unrecognizedText,
            BytesReceived = bytesReceived,
            Missing = "a finish reason",
        }.ThrowIfIncomplete(_context);
        End();
    }

    /// <inheritdoc/>
    public override void Release() => _output.Release();

    private void DecodePayload(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (!Payload.TryParse(data, out var payload))
        {
            payload.Dispose();
            ReadText(eventType, data, byteOffset);
            return;
        }

        using (payload)
        {
            var root = payload.Root;
            var chunk = OpenAIChatChunk.Read(root);
            var isChunk = chunk.IsChunk;
            if ((!isChunk || chunk.MayBeError) && ErrorReader.ReadPayload(root, isChunk) is { } error)
            {
                throw error.ToInBandException(_context);
            }

            if (!isChunk)
            {
                _output.Emit(new ProviderEvent { Name = NameOf(eventType, root), Data = root.RawText() });
                return;
            }

            if (!_start.IsStarted && !TryStart(root, data))
            {
                return;
            }

            _output.BeginPayload();
            DecodeChunk(payload, chunk);
            _output.EndPayload(payload);
        }
    }

    // Words in place of JSON are what a proxy or a server says when it fails; cut JSON, and events of other names, are not.
    private void ReadText(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (IsOtherEvent(eventType))
        {
            _output.Emit(new ProviderEvent { Name = Encoding.UTF8.GetString(eventType), Data = Encoding.UTF8.GetString(data) });
            return;
        }

        throw ErrorReader.IsPage(data) && data.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[' or (byte)'"', ..]
            ? ErrorReader.Read(data).ToInBandException(_context)
            : JsonPayload.Explain(JsonPayload.ToUtf8(data), "a chunk", byteOffset);
    }

    private bool TryStart(PayloadValue root, ReadOnlySpan<byte> data)
    {
        var isIdentified = _start.Identify(root.NonEmptyText("id"u8), root.Word("model"u8), UnixTime.Read(root.Member("created"u8)));
        if (!isIdentified && !HasContent(root) && _start.TryHold(data))
        {
            return false;
        }

        _start.Start();
        DecodeHeld();
        return true;
    }

    private static bool HasContent(PayloadValue root)
    {
        foreach (var choice in root.Array("choices"u8).Items)
        {
            if (!choice.Member("finish_reason"u8).IsMissing || choice.Has("message"u8))
            {
                return true;
            }

            foreach (var member in choice.Object("delta"u8).Members)
            {
                if (!member.NameEquals("role"u8) && !member.Value.IsEmpty())
                {
                    return true;
                }
            }
        }

        return root.Object("usage"u8).Exists;
    }

    private void DecodeHeld()
    {
        foreach (var held in _start.TakeHeld())
        {
            using var payload = Payload.Parse(held, "a chunk", byteOffset: 0);
            DecodeChunk(payload, OpenAIChatChunk.Read(payload.Root));
        }
    }

    private void DecodeChunk(in Payload payload, in OpenAIChatChunk chunk)
    {
        if (chunk.HasMore)
        {
            foreach (var member in chunk.Root.Members)
            {
                if (!member.Value.IsMissing && !OpenAIChatChunk.IsKnown(member.Utf8Name))
                {
                    _metadata.Report(member);
                }
            }
        }

        foreach (var choice in chunk.Choices.Items)
        {
            DecodeChoice(payload, choice);
        }

        ReportUsage(chunk.Usage.IsObject ? chunk.Usage : chunk.XGroq.Object("usage"u8));
    }

    private void DecodeChoice(in Payload payload, PayloadValue element)
    {
        if (!element.IsObject)
        {
            return;
        }

        var members = OpenAIChatChoiceMembers.Read(element);
        var choice = FindOrAdd(members.Index.GetInteger() is >= 0 and <= int.MaxValue and var index ? (int)index : 0);
        _deltas.Read(payload, members, choice);
        if (members.MayBeError && ErrorReader.ReadPayload(element, hasContent: true) is { } error)
        {
            throw error.ToInBandException(_context);
        }

        if (members.FinishReason.GetWord() is not { Length: > 0 } reason)
        {
            return;
        }

        if (reason is OpenAIChatFinishReasons.Error or OpenAIChatFinishReasons.InsufficientResource)
        {
            throw new ProviderError().WithCode(reason).ToInBandException(_context);
        }

        choice.Finish(reason);
        ReportFinish(choice.Number, members.FinishReason);
    }

    private OpenAIChatChoice FindOrAdd(int number)
    {
        var place = 0;
        while (place < _choices.Count && _choices[place].Number < number)
        {
            place++;
        }

        if (place == _choices.Count || _choices[place].Number != number)
        {
            var limit = _output.Options.MaxOpenBlocks;
            if (_choices.Count >= limit)
            {
                throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), limit, _choices.Count + 1L);
            }

            _choices.Insert(place, new OpenAIChatChoice(_output, number));
        }

        return _choices[place];
    }

    // The reason of the first answer is that of the response.
    private void ReportFinish(int number, PayloadValue reason)
    {
        if (number > 0)
        {
            _metadata.Report(OpenAIChatMetadataNames.Qualify("finish_reason", number), reason);
        }
    }

    private void ReportUsage(PayloadValue report)
    {
        if (!report.IsObject)
        {
            return;
        }

        if (_usageReader.TryUpdate(report, out var usage))
        {
            _usage = usage;
            _output.EmitUsage(usage);
        }

        if (UsageReader.HasMoreThanCounts(report))
        {
            _metadata.Report("usage", report);
        }
    }

    private void End()
    {
        foreach (var choice in _choices)
        {
            choice.Finish(reason: null);
        }

        var first = _choices[0];
        _output.Emit(new ResponseCompleted
        {
            FinishReason = OpenAIChatFinishReasons.Read(first.FinishReason, first.HasCalls, first.HasRefusal),
            RawFinishReason = first.FinishReason,
            Usage = _usage,
        });
        IsEnded = true;
    }

    private static bool IsOtherEvent(ReadOnlySpan<byte> eventType) => !eventType.IsEmpty && !eventType.SequenceEqual("message"u8);

    private static string NameOf(ReadOnlySpan<byte> eventType, PayloadValue root) => IsOtherEvent(eventType)
        ? Encoding.UTF8.GetString(eventType)
        : root.NonEmptyText("type"u8) ?? root.NonEmptyText("object"u8) ?? "message";
}
