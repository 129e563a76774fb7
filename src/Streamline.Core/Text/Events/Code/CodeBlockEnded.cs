namespace Streamline.Text;

/// <summary>A block ended.</summary>
public sealed class CodeBlockEnded : CodeBlockEvent
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }

    /// <summary>Gets a value indicating whether the closing fence has arrived.</summary>
    /// <value>
    /// <see langword="false"/> when the text ended or failed, or the quote or list item around the block ended, before a closing fence. The code may then be cut anywhere.
    /// </value>
    public required bool IsComplete { get; init; }
}
