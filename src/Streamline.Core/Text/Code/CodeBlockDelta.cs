namespace Streamline;

/// <summary>More code of the block. Never empty.</summary>
public sealed class CodeBlockDelta : CodeBlockEvent
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }

    /// <summary>Gets the next piece of the code, without the indentation of the fence and the markers of quotes and lists around it.</summary>
    /// <value>Each line ends with <c>\n</c>, whatever line ends the model wrote.</value>
    public required string Text { get; init; }
}
