namespace Streamline.Protocols.Shared;

/// <summary>
/// What the decoders of protocols without named events share: each payload is a chunk with the id and the model of the response and a piece of one or several
/// numbered answers, and the response ends with its body once every answer has a reason for its end.
/// </summary>
/// <typeparam name="TAnswer">What the protocol knows of one answer.</typeparam>
/// <remarks>
/// A response starts once its id and its model are known. Chunks without content are held as long as either is missing: Azure and GitHub Copilot send the
/// verdict of their filter first, some servers the role or the counts, and the next chunk has both.
/// </remarks>
internal abstract class ChunkDecoder<TAnswer> : ProtocolDecoder
    where TAnswer : class, IChunkAnswer
{
    private const int MaxHeld = 8;

    private readonly List<TAnswer> _answers = new(1);
    private List<byte[]>? _held;
    private string? _id;
    private string? _model;
    private DateTimeOffset? _createdAt;

    /// <inheritdoc/>
    protected ChunkDecoder(string provider, string? requestId, StreamReadOptions options, TemplateRules? rules, string? protocol = null)
        : base(provider, requestId, options, rules, protocol)
    {
    }

    public override bool IsAnswerWhole => _answers.Count > 0 && _answers.TrueForAll(answer => answer.FinishReason is not null);

    /// <summary>Gets the answers in the order of their numbers.</summary>
    protected IReadOnlyList<TAnswer> Answers => _answers;

    protected override string Missing => "a finish reason";

    protected override bool HasAnswer => _answers.Count > 0;

    public override void Complete(long bytesReceived, ReadOnlySpan<byte> unrecognizedText)
    {
        if (_held is not null)
        {
            StartWithHeld();
        }

        base.Complete(bytesReceived, unrecognizedText);
    }

    /// <summary>Decodes a chunk of a response that has started.</summary>
    protected abstract void DecodeChunk(in Payload payload);

    /// <summary>Tells whether a chunk has any of the answer in it, or else what must not wait.</summary>
    protected abstract bool HasContent(PayloadValue root);

    /// <summary>Begins an answer.</summary>
    protected abstract TAnswer CreateAnswer(int number);

    /// <summary>Reads why the response ended, for the event at its end.</summary>
    /// <param name="first">The first answer, whose reason is that of the response; <see langword="null"/> when there is none.</param>
    protected abstract ResponseCompleted ReadEnd(TAnswer? first);

    // The protocol has no names of frames, so those of others are other events.
    protected override bool IsForeign(ReadOnlySpan<byte> eventType) => !eventType.IsEmpty && !eventType.SequenceEqual("message"u8);

    protected override void DecodeOther(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        if (IsForeign(eventType))
        {
            PassUnlessError(eventType, payload);
        }
        else
        {
            base.DecodeOther(eventType, payload);
        }
    }

    /// <summary>Passes a payload through that is not a chunk.</summary>
    /// <exception cref="ProviderException">It is an error.</exception>
    protected void PassUnlessError(ReadOnlySpan<byte> eventType, in Payload payload)
    {
        ThrowIfError(payload.Root, hasContent: false);
        PassThrough(
            IsForeign(eventType) ? Encoding.UTF8.GetString(eventType) : payload.Root.NonEmptyText("type"u8) ?? payload.Root.NonEmptyText("object"u8) ?? "message",
            payload);
    }

    /// <summary>Starts the response with what a chunk says of it. What an earlier one said stands.</summary>
    /// <returns><see langword="false"/> when the chunk waits for one that says more.</returns>
    protected bool TryStart(in Payload payload, string? id, string? model, DateTimeOffset? createdAt)
    {
        _id ??= id;
        _model ??= model is { Length: > 0 } ? model : null;
        _createdAt ??= createdAt;
        if ((_id is null || _model is null) && !(_held?.Count >= MaxHeld) && !HasContent(payload.Root))
        {
            (_held ??= []).Add(payload.Bytes.ToArray());
            return false;
        }

        StartWithHeld();
        Output.BeginPayload();
        return true;
    }

    /// <summary>Gets the answer of a number; the first where a chunk gives none.</summary>
    /// <exception cref="StreamLimitException">There are too many.</exception>
    protected TAnswer GetAnswer(long? number)
    {
        var wanted = number is >= 0 and <= int.MaxValue ? (int)number : 0;
        var place = 0;
        while (place < _answers.Count && _answers[place].Number < wanted)
        {
            place++;
        }

        if (place == _answers.Count || _answers[place].Number != wanted)
        {
            var limit = Output.Options.MaxOpenBlocks;
            _answers.Insert(place, _answers.Count < limit
                ? CreateAnswer(wanted)
                : throw new StreamLimitException(nameof(StreamReadOptions.MaxOpenBlocks), limit, _answers.Count + 1L));
        }

        return _answers[place];
    }

    protected override void EndWithBody()
    {
        foreach (var answer in _answers)
        {
            answer.End();
        }

        End(ReadEnd(_answers is [var first, ..] ? first : null));
    }

    private void StartWithHeld()
    {
        Start(_id, _model, _createdAt);
        var held = _held;
        _held = null;
        foreach (var chunk in held ?? [])
        {
            using var payload = Payload.Parse(chunk, "an event", byteOffset: 0);
            DecodeChunk(payload);
        }
    }
}

/// <summary>One of the answers of a response.</summary>
internal interface IChunkAnswer
{
    int Number { get; }

    /// <summary>Gets the provider's word for why the answer ended; <see langword="null"/> as long as it gave none.</summary>
    string? FinishReason { get; }

    /// <summary>Ends what is open at the end of the response.</summary>
    void End();
}
