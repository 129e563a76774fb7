namespace Streamline.Protocols.Shared;

/// <summary>An open block of text, reasoning, refusal, or of any content that is completed with the provider's own JSON.</summary>
internal class ContentBlock : GrowingText
{
    private readonly DecoderOutput _output;

    /// <summary>Opens a block and emits its start.</summary>
    /// <param name="output">Where events go.</param>
    /// <param name="kind">What the block holds.</param>
    /// <param name="choice">The number of the answer that it belongs to.</param>
    /// <param name="providerData">What the provider said of the block at its start; <see langword="null"/> for nothing.</param>
    /// <exception cref="StreamLimitException">Too many blocks are open.</exception>
    public ContentBlock(DecoderOutput output, ContentKind kind, int choice = 0, RawJson? providerData = null)
    {
        _output = output;
        Index = output.OpenBlock();
        Kind = kind;
        output.Emit(new ContentStarted { Index = Index, Kind = kind, Choice = choice, RawProviderData = providerData });
    }

    public int Index { get; }

    public ContentKind Kind { get; }

    /// <summary>Gets or sets the signature, with which the block is completed.</summary>
    public string? Signature { get; set; }

    /// <summary>Gets or sets the provider's own JSON, with which the block is completed.</summary>
    public RawJson? Raw { get; set; }

    /// <summary>Ends the block.</summary>
    public void Complete()
    {
        EndText();
        _output.Emit(new ContentCompleted { Index = Index, Kind = Kind, Signature = Signature, RawBlock = Raw });
        _output.CloseBlock();
    }

    protected override void Show(string text) => _output.Emit(Kind switch
    {
        ContentKind.Reasoning => new ReasoningDelta { Index = Index, Text = text },
        ContentKind.Refusal => new RefusalDelta { Index = Index, Text = text },
        _ => new TextDelta { Index = Index, Text = text },
    });
}
