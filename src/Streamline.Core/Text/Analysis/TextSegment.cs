namespace Streamline.Text;

/// <summary>A part of the text of a block that is to be analyzed. Immutable.</summary>
public sealed class TextSegment
{
    internal TextSegment()
    {
    }

    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets what the block holds: <see cref="ContentKind.Text"/> or <see cref="ContentKind.Reasoning"/>.</summary>
    public required ContentKind Kind { get; init; }

    /// <summary>Gets where the part starts within the text of the block.</summary>
    /// <value>In UTF-16 code units, from 0.</value>
    public required long Start { get; init; }

    /// <summary>Gets the text to analyze. Not empty.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the part before it of the same block; <see langword="null"/> for the first one.</summary>
    public required string? Previous { get; init; }
}
