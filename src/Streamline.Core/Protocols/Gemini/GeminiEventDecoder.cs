namespace Streamline.Protocols.Gemini;

/// <summary>Decodes the chunks of <c>streamGenerateContent</c>, each of which holds only what is new.</summary>
/// <remarks>
/// The protocol has no last chunk: a finish reason, or a reason why the prompt was blocked, says that the answer is whole, and the end of the body
/// that nothing follows. A call that comes whole is sealed when it comes.
/// </remarks>
internal sealed class GeminiEventDecoder : ChunkDecoder<GeminiCandidate>
{
    private static readonly TemplateRules Rules = new(usage: "usageMetadata");

    private readonly GeminiCandidateReader _reader;
    private string? _blockReason;

    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    public GeminiEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true)
        : base(GeminiProtocol.ProtocolName, requestId, options, predicts ? Rules : null) => _reader = new GeminiCandidateReader(Output, Metadata);

    // A server that gives a finish reason with every chunk does not say when the answer is whole.
    public override bool IsAnswerWhole => HasReason && Answers.All(candidate => !candidate.HasContinued);

    protected override bool IsEndKnown => HasReason && !IsBodyOpen;

    protected override string Missing => HasReason ? "the end of its array" : base.Missing;

    private bool HasReason => HasAnswer ? base.IsAnswerWhole : _blockReason is not null;

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        var root = payload.Root;
        if (!IsChunk(root))
        {
            PassUnlessError(eventType, payload);
            return;
        }

        ThrowIfError(root, hasContent: true);
        if (IsStarted || TryStart(payload, root.NonEmptyText("responseId"u8), root.NonEmptyText("modelVersion"u8), createdAt: null))
        {
            DecodeChunk(payload);
        }
    }

    protected override void DecodeChunk(in Payload payload)
    {
        var root = payload.Root;
        DecodeCandidates(payload, root.Member("candidates"u8));
        foreach (var member in root.Members)
        {
            if (!IsKnown(member) && !member.Value.IsMissing)
            {
                Metadata.Report(member);
            }
        }

        if (root.Object("promptFeedback"u8).Text("blockReason"u8) is { } reason && FinishReasons.IsGiven(reason))
        {
            _blockReason = reason;
        }

        ReportUsage(root.Member("usageMetadata"u8));
    }

    protected override bool HasContent(PayloadValue root)
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

    protected override GeminiCandidate CreateAnswer(int number) => new(Output, number);

    protected override void ReportUsage(PayloadValue usage)
    {
        if (!usage.IsObject)
        {
            Metadata.Report("usageMetadata", usage);
            return;
        }

        UpdateUsage(usage);
        ReportMoreThanCounts(usage, GeminiMetadataNames.UsagePrefix);
    }

    protected override ResponseCompleted ReadEnd(GeminiCandidate? first) => new()
    {
        FinishReason = first is null ? FinishReason.ContentFilter : FinishReasons.Read(first.FinishReason, first.HasCalls),
        RawFinishReason = first is null ? _blockReason : first.FinishReason,
        Usage = Usage.Current,
    };

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

    // A role by itself is not content.
    private static bool SaysSomething(PayloadValue candidate) =>
        candidate.IsObject && (!candidate.Member("finishReason"u8).IsMissing || (candidate.Member("content"u8) is var content && (content.IsObject ? !content.Member("parts"u8).IsEmpty() : !content.IsMissing)));

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
        if (element.IsObject)
        {
            _reader.Read(payload, element, GetAnswer(element.Member("index"u8).GetCount()));
        }
        else
        {
            Output.Emit(new ProviderEvent { Name = "candidate", Data = element.RawText() });
        }
    }
}
