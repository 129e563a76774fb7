namespace Streamline.Text;

/// <summary>A block began. Blocks that contain it have begun before, and are still open.</summary>
public sealed class MarkdownBlockOpened : MarkdownEvent
{
    /// <summary>Gets the number of the block, from 0, in the order in which blocks begin.</summary>
    public required int Id { get; init; }

    /// <summary>Gets the number of the block that contains it; <see langword="null"/> for a block of the document itself.</summary>
    public int? ParentId { get; init; }

    /// <summary>Gets the kind of block. A paragraph may still become a heading or a table: see <see cref="MarkdownBlockChanged"/>.</summary>
    public required MarkdownBlockKind Kind { get; init; }

    /// <summary>Gets the level of a heading, 1 to 6; 0 for other blocks.</summary>
    public int Level { get; init; }

    /// <summary>Gets the number of the first item of an ordered list; 0 for other blocks.</summary>
    public int Start { get; init; }

    /// <summary>Gets what the info string of fenced code says; <see langword="null"/> for other blocks.</summary>
    public CodeBlockInfo? Code { get; init; }
}
