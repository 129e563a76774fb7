namespace Streamline.Protocols.OpenAIResponses;

/// <summary>An item that is carried whole, as one block: of a type that has no form here, or of one that is newer than this version.</summary>
internal sealed class OpenAIResponsesWholeItem : OpenAIResponsesItem
{
    private readonly ContentBlock _block;

    /// <summary>Initializes a new instance of the <see cref="OpenAIResponsesWholeItem"/> class.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="begun">The item as it began.</param>
    public OpenAIResponsesWholeItem(DecoderOutput output, PayloadValue begun)
    {
        var isResult = begun.Word("type"u8)?.EndsWith("_output", StringComparison.Ordinal) == true;
        _block = new ContentBlock(output, isResult ? ContentKind.ServerToolResult : ContentKind.Other, providerData: begun.Exists ? begun.ToRaw() : null);
    }

    public override int? BlockIndex => _block.Index;

    // In the output of a response that was cut short, an item can stand as it was.
    public override void Complete(in Payload payload, PayloadValue item)
    {
        _block.Raw = item.TextEquals("status"u8, "in_progress"u8) ? null : item.ToRaw();
        _block.Complete();
    }

    public override void Abandon() => _block.Complete();
}
