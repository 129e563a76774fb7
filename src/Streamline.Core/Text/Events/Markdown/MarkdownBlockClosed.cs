namespace Streamline.Text;

/// <summary>A block ended. Neither it nor its text changes again; text in it may still become a link, by <see cref="MarkdownBlockAmended"/>.</summary>
public sealed class MarkdownBlockClosed : MarkdownEvent
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }

    /// <summary>Gets a value indicating whether the end of the block was found.</summary>
    /// <value><see langword="false"/> only for fenced code without a closing fence: the text or the block around it ended first.</value>
    public required bool IsComplete { get; init; }
}
