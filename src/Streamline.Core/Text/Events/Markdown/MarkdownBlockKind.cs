using System.Text.Json.Serialization;

namespace Streamline.Text;

/// <summary>The kinds of Markdown blocks, as CommonMark names them.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<MarkdownBlockKind>))]
public enum MarkdownBlockKind
{
    /// <summary>A block quote. It contains other blocks.</summary>
    Quote,

    /// <summary>A bullet list. It contains list items.</summary>
    BulletList,

    /// <summary>An ordered list. It contains list items.</summary>
    OrderedList,

    /// <summary>An item of a list. It contains other blocks.</summary>
    ListItem,

    /// <summary>A paragraph. Its text is inline Markdown.</summary>
    Paragraph,

    /// <summary>A heading of level 1 to 6. Its text is inline Markdown.</summary>
    Heading,

    /// <summary>A thematic break, without text.</summary>
    ThematicBreak,

    /// <summary>A fenced code block. Its text is literal.</summary>
    FencedCode,

    /// <summary>An indented code block. Its text is literal.</summary>
    IndentedCode,

    /// <summary>An HTML block. Its text is literal.</summary>
    Html,

    /// <summary>A table, with one line of text for each row; the first is the header, and the delimiter row is left out. See <c>MarkdownTable</c>.</summary>
    Table,
}
