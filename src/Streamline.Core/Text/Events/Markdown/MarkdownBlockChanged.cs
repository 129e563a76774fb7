namespace Streamline.Text;

/// <summary>An open block turned out to be something else: a paragraph became a heading or a table, or a list became loose. Its text stays.</summary>
public sealed class MarkdownBlockChanged : MarkdownEvent
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }

    /// <summary>Gets the kind that the block has now.</summary>
    public required MarkdownBlockKind Kind { get; init; }

    /// <summary>Gets the level of a heading, 1 or 2; 0 for other blocks.</summary>
    public int Level { get; init; }

    /// <summary>Gets a value indicating whether a list is loose: its items are separated by blank lines, and their text is shown as paragraphs.</summary>
    public bool IsLoose { get; init; }

    /// <summary>Gets the alignment of each column of a table; empty for other blocks.</summary>
    public IReadOnlyList<MarkdownAlignment> Columns { get; init; } = [];
}
