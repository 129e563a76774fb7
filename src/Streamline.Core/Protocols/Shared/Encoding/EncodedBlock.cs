namespace Streamline.Protocols.Shared;

/// <summary>A block that an encoder has begun: content or a tool call.</summary>
/// <param name="index">The index of the block in the events.</param>
/// <param name="kind">What it holds; <see langword="null"/> for a tool call.</param>
/// <param name="choice">The index of the answer that it belongs to.</param>
internal sealed class EncodedBlock(int index, ContentKind? kind, int choice)
{
    public int Index { get; } = index;

    public ContentKind? Kind { get; } = kind;

    public int Choice { get; } = choice;

    /// <summary>Gets what the protocol itself said of the block, unchanged; <see langword="null"/> for nothing, and for a response of another protocol.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Gets the beginning of the tool call; <see langword="null"/> for content.</summary>
    public ToolCallStarted? Call { get; init; }

    /// <summary>Gets a value indicating whether the call is one of a free-form tool.</summary>
    public bool IsFreeForm => Call is not null && FreeFormInput.Is(Call);

    /// <summary>Gets or sets a value indicating whether the protocol does not support the block, so that nothing of it is written.</summary>
    public bool IsOmitted { get; set; }

    /// <summary>Gets or sets a value indicating whether text, arguments or a citation of it were written.</summary>
    public bool HasContent { get; set; }

    /// <summary>Gets or sets the number that the protocol's writer gave the block.</summary>
    public int Number { get; set; }
}
