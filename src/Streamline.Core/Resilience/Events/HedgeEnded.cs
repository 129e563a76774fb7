namespace Streamline.Resilience;

/// <summary>One of two requests has won; what follows is its answer. The other one is being closed, and nothing of it was shown.</summary>
public sealed class HedgeEnded : StreamEvent
{
    /// <summary>Gets the name of the client that answers.</summary>
    public required string Winner { get; init; }

    /// <summary>Gets the name of the client that does not.</summary>
    public required string Loser { get; init; }

    /// <summary>Gets a value indicating whether the loser had failed by itself.</summary>
    public bool LoserFailed { get; init; }

    /// <summary>Gets what the loser had used, as far as its provider had said; <see langword="null"/> when it had said nothing. The provider may charge for more.</summary>
    public TokenUsage? LoserUsage { get; init; }

    internal override bool IsNotice => true;
}
