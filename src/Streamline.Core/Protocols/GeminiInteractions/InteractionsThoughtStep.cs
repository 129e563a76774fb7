namespace Streamline.Protocols.GeminiInteractions;

/// <summary>What the model thinks: a summary that grows, and a signature with which it goes back.</summary>
internal sealed class InteractionsThoughtStep : InteractionsStep
{
    private readonly DecoderOutput _output;
    private readonly JsonElement _envelope;
    private readonly ContentBlock _block;

    /// <summary>Opens the block.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="envelope">The step without its summary and signature.</param>
    /// <param name="signature">The signature that came with the beginning of the step; <see langword="null"/> for none.</param>
    public InteractionsThoughtStep(DecoderOutput output, JsonElement envelope, string? signature)
    {
        (_output, _envelope) = (output, envelope);
        _block = new ContentBlock(output, ContentKind.Reasoning, providerData: envelope) { Raw = envelope, Signature = signature };
    }

    public override int? BlockIndex => _block.Index;

    // The signature may have come before the stream was left, and the end of the step comes after it.
    public override InteractionsOpenStep? Snapshot =>
        _block.Signature is { } signature ? new(InteractionsEnvelope.With(_envelope, "signature", signature), Arguments: null) : null;

    public override bool TryAppend(in Payload payload, string kind, PayloadValue delta)
    {
        switch (kind)
        {
            case "thought_signature":
                _block.Signature = delta.NonEmptyText("signature"u8) ?? _block.Signature;
                return delta.Member("signature"u8).IsString;
            case "thought_summary":
                return TryAppendSummary(payload, delta.Member("content"u8));
            case "text" or "thought":
                return TryAppendSummary(payload, delta);
            default:
                return false;
        }
    }

    /// <summary>Appends an item of the summary: a text, or an object that has one.</summary>
    public bool TryAppendSummary(in Payload payload, PayloadValue item)
    {
        var text = (item.IsString ? item : item.Member("text"u8)).TextSlice;
        if (!text.Exists)
        {
            return false;
        }

        _output.Append(_block, text, payload.Bytes);
        return true;
    }

    public override void Complete() => _block.Complete();

    public override void Abandon() => _block.Complete();
}
