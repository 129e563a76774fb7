namespace Streamline.Text;

/// <summary>More text of a leaf block. Never empty.</summary>
public sealed class MarkdownBlockText : MarkdownEvent
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }

    /// <summary>Gets the next piece of the block's text: inline Markdown, or the literal text of code and HTML.</summary>
    /// <value>Without the markup of the block and of those around it. Lines end with <c>\n</c>.</value>
    public required string Text { get; init; }
}
