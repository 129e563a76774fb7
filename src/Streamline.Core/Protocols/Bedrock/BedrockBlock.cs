namespace Streamline.Protocols.Bedrock;

/// <summary>A block of a message while it arrives: content, a tool call, or a kind that this version does not know.</summary>
internal sealed class BedrockBlock : MessageBlock
{
    // Marks reasoning that was signed by this protocol's models. Its text and signature are in the events already.
    private static readonly RawJson Signed = JsonElement.Parse("""{"reasoningContent":{"reasoningText":{}}}"""u8);

    private readonly BedrockWholeContent? _whole;
    private StringBuilder? _signature;

    /// <summary>Begins a block of an unknown kind. Nothing of it is kept.</summary>
    public BedrockBlock(DecoderOutput output)
        : base(output, content: null)
    {
    }

    /// <summary>Begins a block of content.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="whole">Collects the content of a block that is shown only whole; <see langword="null"/> for text and reasoning.</param>
    public BedrockBlock(DecoderOutput output, ContentKind kind, BedrockWholeContent? whole = null)
        : base(output, new ContentBlock(output, kind)) => _whole = whole;

    /// <inheritdoc/>
    public BedrockBlock(DecoderOutput output, ToolCallBlock call, PayloadValue startInput)
        : base(output, call, startInput)
    {
    }

    /// <summary>Applies a member of a delta.</summary>
    /// <param name="payload">The payload of the delta.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="value">The value of the member.</param>
    /// <returns><see langword="false"/> when the block does not grow by such a member.</returns>
    public bool TryApply(in Payload payload, string name, PayloadValue value) => (Kind, name) switch
    {
        (ContentKind.Text, "text") => TryAppend(value, payload),
        (ContentKind.Text, "citation") => TryCite(value),
        (ContentKind.Reasoning, "reasoningContent") => TryReason(payload, value),
        (null, "toolUse") => TryAppend(value.Member("input"u8), payload),
        _ => _whole is not null && _whole.TryAdd(name, value),
    };

    protected override void Complete(ContentBlock content)
    {
        content.Signature = _signature?.ToString();
        content.Raw = RawJson.Of(_whole?.ToElement()) ?? (_signature is null ? null : Signed);
        base.Complete(content);
    }

    private bool TryCite(PayloadValue citation)
    {
        if (citation.IsObject)
        {
            Cite(citation);
        }

        return citation.IsObject;
    }

    private bool TryReason(in Payload payload, PayloadValue reasoning)
    {
        var isKnown = TryAppend(reasoning.Member("text"u8), payload);
        if (reasoning.Text("signature"u8) is { } signature)
        {
            AppendPiece(ref _signature, signature);
            Output.ClearGrown();
            isKnown = true;
        }

        return isKnown;
    }
}
