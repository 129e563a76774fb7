namespace Streamline.Protocols.Gemini;

/// <summary>Decodes the chunks of <c>streamGenerateContent</c>, each of which holds only what is new.</summary>
/// <remarks>
/// The protocol has no last chunk: a finish reason, or a reason why the prompt was blocked, says that the answer is whole, and the end of the body
/// that nothing follows. A call that comes whole is sealed when it comes.
/// </remarks>
internal sealed class GeminiEventDecoder : StreamEventDecoder
{
    private static readonly TemplateRules Rules = new([], usage: "usageMetadata");

    private readonly ErrorContext _context;
    private readonly DecoderOutput _output;
    private readonly MetadataReporter _metadata;
    private readonly GeminiCandidateReader _reader;
    private readonly SortedDictionary<int, GeminiCandidate> _candidates = [];
    private readonly UsageReader _usage = new();
    private readonly ResponseStart _start;
    private string? _blockReason;

    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public GeminiEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
    {
        _context = ErrorContext.InBand(GeminiProtocol.ProtocolName, requestId);
        _output = new DecoderOutput(options, Emit, predicts ? Rules : null);
        _metadata = new MetadataReporter(_output);
        _reader = new GeminiCandidateReader(_output, _metadata);
        _start = new ResponseStart(_output, GeminiProtocol.ProtocolName, protocol: null, requestId);
    }

    // A server that gives a finish reason with every chunk does not say when the answer is whole.
    public override bool IsAnswerWhole => IsEndKnown && _candidates.Values.All(candidate => !candidate.HasContinued);

    private bool IsEndKnown => _candidates.Count > 0 ? _candidates.Values.All(candidate => candidate.FinishReason is not null) : _blockReason is not null;

    public override void Decode(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (_output.TryAppendKnown(data, out var match))
        {
            if (!match.Usage.IsEmpty)
            {
                using var usage = Payload.Parse(match.Usage, "a chunk", byteOffset);
                ReportUsage(usage.Root);
            }
        }
        else if (StreamEnd.IsDone(data))
        {
            HasEndMark = true;
        }
        else if (!StreamEnd.IsHeartbeat(eventType, data))
        {
            DecodePayload(eventType, data, byteOffset);
        }
    }

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (_start.HasHeld)
        {
            _start.Start();
            DecodeHeld();
        }

        new StreamEnd
        {
            Ending = HasEndMark ? StreamEnding.Done : StreamEnding.Body,
            IsStarted = _candidates.Count > 0,
            IsEndKnown = IsEndKnown && !IsBodyOpen,
            StrayText = unrecognizedText,
            BytesReceived = bytesReceived,
            Missing = IsEndKnown ? "the end of its array" : "a finish reason",
        }.ThrowIfIncomplete(_context);
        End();
    }

    public override void Release() => _output.Release();

    private void DecodePayload(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, long byteOffset)
    {
        if (eventType.SequenceEqual("error"u8))
        {
            throw ErrorReader.Read(data).ToInBandException(_context);
        }

        using var payload = ErrorReader.ParseOrThrow(data, "a chunk", byteOffset, _context);
        var root = payload.Root;
        var isChunk = IsChunk(root);
        if (ErrorReader.ReadPayload(root, isChunk) is { } error)
        {
            throw error.ToInBandException(_context);
        }

        if (isChunk)
        {
            if (_start.IsStarted || TryStart(root, data))
            {
                _output.BeginPayload();
                DecodeChunk(payload);
                _output.EndPayload(payload);
            }
        }
        else if (root.IsObject)
        {
            _output.Emit(new ProviderEvent { Name = eventType.IsEmpty ? "message" : Encoding.UTF8.GetString(eventType), Data = root.RawText() });
        }
        else
        {
            throw JsonPayload.Invalid($"a chunk of kind {root.Kind}", "an object", byteOffset);
        }
    }

    private static bool IsChunk(PayloadValue root)
    {
        foreach (var member in root.Members)
        {
            if (IsKnown(member) || member.NameEquals("promptFeedback"u8))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsKnown(PayloadMember member) =>
        member.NameEquals("candidates"u8) || member.NameEquals("usageMetadata"u8) || member.NameEquals("modelVersion"u8) || member.NameEquals("responseId"u8);

    private void DecodeChunk(in Payload payload)
    {
        var root = payload.Root;
        DecodeCandidates(payload, root.Member("candidates"u8));
        foreach (var member in root.Members)
        {
            if (!IsKnown(member) && !member.Value.IsMissing)
            {
                _metadata.Report(member);
            }
        }

        if (root.Object("promptFeedback"u8).Text("blockReason"u8) is { } reason && FinishReasons.IsGiven(reason))
        {
            _blockReason = reason;
        }

        ReportUsage(root.Member("usageMetadata"u8));
    }

    private bool TryStart(PayloadValue root, ReadOnlySpan<byte> data)
    {
        var isIdentified = _start.Identify(root.NonEmptyText("responseId"u8), root.NonEmptyText("modelVersion"u8), createdAt: null);
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
        var candidates = root.Member("candidates"u8);
        foreach (var candidate in candidates.Items)
        {
            if (SaysSomething(candidate))
            {
                return true;
            }
        }

        return SaysSomething(candidates) || root.Has("promptFeedback"u8);
    }

    // A role by itself is not content.
    private static bool SaysSomething(PayloadValue candidate) =>
        candidate.IsObject && (!candidate.Member("finishReason"u8).IsMissing || (candidate.Member("content"u8) is var content && (content.IsObject ? !content.Member("parts"u8).IsEmpty() : !content.IsMissing)));

    private void DecodeHeld()
    {
        foreach (var held in _start.TakeHeld())
        {
            using var payload = Payload.Parse(held, "a chunk", byteOffset: 0);
            DecodeChunk(payload);
        }
    }

    // A single answer may come without the list around it.
    private void DecodeCandidates(in Payload payload, PayloadValue candidates)
    {
        if (candidates.IsArray)
        {
            foreach (var candidate in candidates.Items)
            {
                DecodeCandidate(payload, candidate);
            }
        }
        else if (!candidates.IsMissing)
        {
            DecodeCandidate(payload, candidates);
        }
    }

    private void DecodeCandidate(in Payload payload, PayloadValue element)
    {
        if (!element.IsObject)
        {
            _output.Emit(new ProviderEvent { Name = "candidate", Data = element.RawText() });
            return;
        }

        var number = element.Member("index"u8).GetCount() is >= 0 and <= int.MaxValue and var index ? (int)index : 0;
        if (!_candidates.TryGetValue(number, out var candidate))
        {
            _candidates.Add(number, candidate = NewCandidate(number));
        }

        _reader.Read(payload, element, candidate);
    }

    private GeminiCandidate NewCandidate(int number)
    {
        var limit = _output.Options.MaxOpenBlocks;
        return _candidates.Count < limit
            ? new GeminiCandidate(_output, number)
            : throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), limit, _candidates.Count + 1L);
    }

    private void ReportUsage(PayloadValue report)
    {
        if (!report.IsObject)
        {
            _metadata.Report("usageMetadata", report);
            return;
        }

        if (_usage.TryUpdate(report, out var usage))
        {
            _output.EmitUsage(usage);
        }

        foreach (var member in report.Members)
        {
            if (UsageReader.HasMoreThanCounts(member))
            {
                _metadata.Report(GeminiMetadataNames.UsagePrefix, member, index: null);
            }
        }
    }

    private void End()
    {
        foreach (var candidate in _candidates.Values)
        {
            candidate.End();
        }

        var first = _candidates.Values.FirstOrDefault();
        _output.Emit(new ResponseCompleted
        {
            FinishReason = first is null ? FinishReason.ContentFilter : FinishReasons.Read(first.FinishReason, first.HasCalls),
            RawFinishReason = first is null ? _blockReason : first.FinishReason,
            Usage = _usage.Current,
        });
        IsEnded = true;
    }
}
