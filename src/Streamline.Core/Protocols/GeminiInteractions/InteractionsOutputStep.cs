namespace Streamline.Protocols.GeminiInteractions;

/// <summary>What the model says: contents in turn. A text grows; an image, sound, film or file comes whole and is a block of its own.</summary>
/// <param name="output">Where events go.</param>
/// <param name="envelope">What the step says besides its contents; <see langword="null"/> for nothing.</param>
internal sealed class InteractionsOutputStep(DecoderOutput output, JsonElement? envelope) : InteractionsStep
{
    private ContentBlock? _text;
    private int? _latest;

    public override int? BlockIndex => _text?.Index ?? _latest;

    public override bool TryAppend(in Payload payload, string kind, PayloadValue delta)
    {
        if (InteractionsStepTypes.IsMedia(kind))
        {
            EndText();
            var block = new ContentBlock(output, ContentKind.Other) { Raw = delta.ToElement() };
            _latest = block.Index;
            block.Complete();
            return true;
        }

        var isText = kind == "text" && delta.Member("text"u8).TextSlice.Exists;
        var annotations = delta.Array("annotations"u8);
        if (!isText && !annotations.Exists)
        {
            return false;
        }

        _text ??= new ContentBlock(output, ContentKind.Text, providerData: envelope);
        if (isText)
        {
            output.Append(_text, delta.Member("text"u8).TextSlice, payload.Bytes);
        }

        foreach (var annotation in annotations.Items)
        {
            output.Emit(new CitationAdded { Index = _text.Index, Citation = annotation.ToElement() });
        }

        return true;
    }

    public override void Complete() => EndText();

    public override void Abandon() => EndText();

    private void EndText()
    {
        if (_text is { } text)
        {
            text.Raw = envelope;
            text.Complete();
            (_latest, _text) = (text.Index, null);
        }
    }
}
