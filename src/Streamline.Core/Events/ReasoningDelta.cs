namespace Streamline;

/// <summary>Reasoning in clear, as it was generated. Never empty.</summary>
public sealed class ReasoningDelta : StreamEvent
{
    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the next piece of the block's reasoning. A surrogate pair is never split.</summary>
    public required string Text { get; init; }

    internal override bool CommitsResponse => true;
}
