namespace Streamline.Text;

/// <summary>A piece of the text of a block, with the text around it.</summary>
public sealed class GuardWindow
{
    internal GuardWindow()
    {
    }

    /// <summary>Gets the index of the block within the response.</summary>
    public required int Index { get; init; }

    /// <summary>Gets what the block holds.</summary>
    public required ContentKind Kind { get; init; }

    /// <summary>Gets how many characters (UTF-16 code units) of the block come before <see cref="Text"/>.</summary>
    public required long Position { get; init; }

    /// <summary>Gets the text before the window, which was decided before; as the check left it.</summary>
    public required string Context { get; init; }

    /// <summary>Gets the text to decide on. Not empty.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the text after the window, which is decided next.</summary>
    public required string Lookahead { get; init; }

    /// <summary>Gets a value indicating whether nothing follows the window.</summary>
    public required bool IsLast { get; init; }
}
