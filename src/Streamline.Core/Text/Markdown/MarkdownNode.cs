using System.Text;

namespace Streamline.Text;

/// <summary>A block that is open, or the last child of one that is.</summary>
internal sealed class MarkdownNode(MarkdownBlockKind? kind)
{
    /// <summary>What it is; <see langword="null"/> for the document.</summary>
    public MarkdownBlockKind? Kind { get; set; } = kind;

    public MarkdownNode? Parent { get; set; }

    public MarkdownNode? LastChild { get; set; }

    /// <summary>The number of the block, in the order in which blocks are announced; -1 before it is.</summary>
    public int Id { get; set; } = -1;

    /// <summary>Whether the sink knows the block. A paragraph that may turn out to be a link reference definition is not announced before that is decided.</summary>
    public bool IsAnnounced => Id >= 0;

    public long FirstLine { get; init; }

    public bool IsLastLineBlank { get; set; }

    /// <summary>For a list: the bullet, or the delimiter after the number.</summary>
    public char Marker { get; init; }

    /// <summary>For an ordered list: the number of its first item.</summary>
    public int Start { get; init; }

    /// <summary>For a list: whether a blank line separates its items or the blocks of one.</summary>
    public bool IsLoose { get; set; }

    /// <summary>For an item: the columns by which its content is indented.</summary>
    public int ContentOffset { get; init; }

    /// <summary>For a heading: 1 to 6. For HTML: the kind of its start, 1 to 7.</summary>
    public int Level { get; set; }

    /// <summary>For fenced code.</summary>
    public MarkdownFence Fence { get; init; }

    /// <summary>For a closed block: whether the end of a fence was found. Always set for other kinds.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>For a paragraph that began with a bracket: reads link reference definitions, until it is known not to be one.</summary>
    public LinkDefinitionReader? Definitions { get; set; }

    /// <summary>For a paragraph: its first line, which may be the header of a table.</summary>
    public StringBuilder? Header { get; set; }

    /// <summary>For a table: the alignment of its columns.</summary>
    public MarkdownAlignment[]? Columns { get; set; }

    public bool IsLiteral => Kind is MarkdownBlockKind.FencedCode or MarkdownBlockKind.IndentedCode or MarkdownBlockKind.Html;

    public bool IsLeaf => IsLiteral || Kind is MarkdownBlockKind.Paragraph or MarkdownBlockKind.Heading or MarkdownBlockKind.Table;

    public bool IsList => Kind is MarkdownBlockKind.BulletList or MarkdownBlockKind.OrderedList;

    public bool CanContain(MarkdownBlockKind child) => Kind switch
    {
        null or MarkdownBlockKind.Quote or MarkdownBlockKind.ListItem => child != MarkdownBlockKind.ListItem,
        MarkdownBlockKind.BulletList or MarkdownBlockKind.OrderedList => child == MarkdownBlockKind.ListItem,
        _ => false,
    };

    /// <summary>Whether the block, or what it ends with, ends with a blank line. It makes a list loose when another block follows.</summary>
    public bool EndsWithBlankLine()
    {
        for (var node = this; node is not null; node = node.LastChild)
        {
            if (node.IsLastLineBlank)
            {
                return true;
            }

            if (!node.IsList && node.Kind != MarkdownBlockKind.ListItem)
            {
                return false;
            }
        }

        return false;
    }
}
