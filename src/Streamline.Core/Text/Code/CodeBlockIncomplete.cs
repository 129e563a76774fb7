namespace Streamline;

/// <summary>The block ended without a closing fence: the text ended or failed, or the quote or list item around it ended first. Its code may be cut anywhere.</summary>
public sealed class CodeBlockIncomplete : CodeBlockEvent
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }
}
