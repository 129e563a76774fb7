namespace Streamline;

/// <summary>More of the text outside of fenced code, as it was received. Never empty.</summary>
public sealed class SurroundingText : CodeBlockEvent
{
    /// <summary>Gets the next piece of the text.</summary>
    public required string Text { get; init; }
}
