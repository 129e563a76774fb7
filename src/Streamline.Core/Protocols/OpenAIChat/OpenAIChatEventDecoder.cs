namespace Streamline.Protocols.OpenAIChat;

/// <summary>Decodes the chunks of Chat Completions, from OpenAI and from every server that is compatible with it.</summary>
/// <remarks>
/// The protocol marks neither blocks nor the end of a tool call. A block lasts until one of another kind begins; only a finish reason, or
/// a proper end of the whole, seals the calls.
/// </remarks>
internal sealed class OpenAIChatEventDecoder : ChunkDecoder<OpenAIChatChoice>
{
    private static readonly TemplateRules Rules = new("id created obfuscation p", usage: "usage", nestedNoise: "token_id");

    private readonly OpenAIChatDeltaReader _deltas;

    /// <summary>Initializes a new instance of the <see cref="OpenAIChatEventDecoder"/> class.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="requestId">The provider's id of the HTTP request, if it gave one.</param>
    /// <param name="predicts">Whether the shapes of deltas are learned; if not, every payload is parsed.</param>
    /// <param name="provider">The name of the provider.</param>
    public OpenAIChatEventDecoder(StreamReadOptions options, string? requestId, bool predicts = true, string provider = OpenAIChatProtocol.ProtocolName)
        : base(provider, requestId, options, predicts ? Rules : null, provider == OpenAIChatProtocol.ProtocolName ? null : OpenAIChatProtocol.ProtocolName) =>
        _deltas = new OpenAIChatDeltaReader(Metadata);

    protected override void DecodePayload(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        var root = payload.Root;
        var chunk = new OpenAIChatChunk(root);
        if (!chunk.IsChunk)
        {
            PassUnlessError(eventType, payload);
            return;
        }

        if (chunk.MayBeError)
        {
            ThrowIfError(root, hasContent: true);
        }

        if (IsStarted || TryStart(payload, root.NonEmptyText("id"u8), root.Word("model"u8), UnixTime.Read(root.Member("created"u8))))
        {
            DecodeChunk(payload, chunk);
        }
    }

    // Compatible servers send values that are not objects, and continue.
    protected override void DecodeOther(ReadOnlySpan<byte> eventType, in Payload payload) => PassUnlessError(eventType, payload);

    protected override void DecodeChunk(in Payload payload) => DecodeChunk(payload, new OpenAIChatChunk(payload.Root));

    protected override bool HasContent(PayloadValue root)
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

    protected override OpenAIChatChoice CreateAnswer(int number) => new(Output, number);

    protected override void ReportUsage(PayloadValue usage)
    {
        UpdateUsage(usage);
        if (UsageReader.HasMoreThanCounts(usage))
        {
            Metadata.Report("usage", usage);
        }
    }

    protected override ResponseCompleted ReadEnd(OpenAIChatChoice? first) => new()
    {
        FinishReason = OpenAIChatFinishReasons.Read(first!.FinishReason, first.HasCalls, first.HasRefusal),
        RawFinishReason = first.FinishReason,
        Usage = Usage.Current,
    };

    private void DecodeChunk(in Payload payload, in OpenAIChatChunk chunk)
    {
        if (chunk.HasMore)
        {
            chunk.ReportOthers(Metadata);
        }

        var hasChoice = false;
        foreach (var choice in chunk.Choices.Items)
        {
            if (choice.IsObject)
            {
                hasChoice = true;
                DecodeChoice(payload, choice);
            }
        }

        // This is how Groq says why it stopped a stream early.
        if (!chunk.XGroq.Member("error"u8).IsMissing)
        {
            throw ErrorReader.Read(chunk.XGroq.RawBytes).ToInBandException(Context);
        }

        var usage = chunk.Usage.IsObject ? chunk.Usage : chunk.XGroq.Object("usage"u8);
        if (usage.IsObject)
        {
            EndFinished(hasChoice);
            ReportUsage(usage);
        }
    }

    // What only counts comes after all choices.
    private void EndFinished(bool hasChoice)
    {
        if (hasChoice || !IsAnswerWhole)
        {
            return;
        }

        foreach (var answer in Answers)
        {
            answer.End();
        }
    }

    private void DecodeChoice(in Payload payload, PayloadValue element)
    {
        var members = new OpenAIChatChoiceMembers(element);
        var choice = GetAnswer(members.Index.GetInteger());
        _deltas.Read(payload, members, choice);
        if (members.Usage.IsObject)
        {
            ReportUsage(members.Usage); // some servers count in the choice, in place of the chunk
        }
        else if (!members.Usage.IsMissing)
        {
            Metadata.Report(OpenAIChatMetadataNames.OfChoice.Of("usage", choice.Number), members.Usage);
        }

        if (members.MayBeError)
        {
            ThrowIfError(element, hasContent: true);
        }

        if (members.FinishReason.GetWord() is not { Length: > 0 } reason)
        {
            return;
        }

        if (FinishReasons.IsFailure(reason))
        {
            throw new ProviderError().WithCode(reason).ToInBandException(Context);
        }

        choice.NoteFinish(reason);
        if (choice.Number > 0)
        {
            Metadata.Report(OpenAIChatMetadataNames.OfChoice.Qualify("finish_reason", choice.Number), members.FinishReason);
        }
    }
}
