namespace Streamline.Cli.Highlighting;

/// <summary>What a piece of code changes: take back the unstable tokens of the update before, then add the stable and the unstable ones of this.</summary>
internal sealed class HighlightUpdate
{
    /// <summary>Gets how many tokens to take back: all that were unstable.</summary>
    public required int RecalledTokens { get; init; }

    /// <summary>Gets the tokens that never change again: those of whole lines.</summary>
    public required IReadOnlyList<CodeToken> Stable { get; init; }

    /// <summary>Gets the tokens of the line that still grows.</summary>
    public required IReadOnlyList<CodeToken> Unstable { get; init; }
}
