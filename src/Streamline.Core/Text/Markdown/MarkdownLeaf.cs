namespace Streamline.Text;

/// <summary>The block of a <see cref="MarkdownStream"/> whose text is growing, as it is at one moment. Immutable.</summary>
public sealed class MarkdownLeaf
{
    internal MarkdownLeaf(int id, MarkdownBlockKind kind, string text)
    {
        Id = id;
        Kind = kind;
        Text = text;
    }

    /// <summary>Gets the number of the block.</summary>
    public int Id { get; }

    /// <summary>Gets the kind of block, which may still change: see <see cref="MarkdownBlockChanged"/>.</summary>
    public MarkdownBlockKind Kind { get; }

    /// <summary>Gets the text so far, as it is.</summary>
    public string Text { get; }

    /// <summary>Gets the text so far in a form that can be drawn.</summary>
    /// <value>
    /// Inline Markdown in which nothing is half: open emphasis, strong emphasis, strikethrough and code spans are closed, an unfinished link shows its text only, and an unfinished image, tag, escape or character
    /// reference, or a delimiter that nothing follows, is hidden. The literal text of code and HTML is as it is. Made at each call, in time proportional to the text of the block.
    /// </value>
    public string GetSafeText() => Kind is MarkdownBlockKind.Paragraph or MarkdownBlockKind.Heading or MarkdownBlockKind.Table ? SafeInlines.Close(Text) : Text;
}
