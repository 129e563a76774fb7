namespace Streamline.Text;

/// <summary>More code of a block, or more of the text around the blocks. Never empty.</summary>
public sealed class CodeBlockDelta : CodeBlockEvent
{
    /// <summary>Gets the number of the block; <see langword="null"/> for text outside of fenced code.</summary>
    public int? Id { get; init; }

    /// <summary>Gets the next piece.</summary>
    /// <value>
    /// Of code: without the indentation of the fence and the markers of quotes and lists around it, and each line ends with <c>\n</c>, whatever line ends the model wrote. Of other text: as it was received.
    /// </value>
    public required string Text { get; init; }
}
