namespace Streamline;

/// <summary>The closing fence has arrived: the block is whole.</summary>
public sealed class CodeBlockCompleted : CodeBlockEvent
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }
}
