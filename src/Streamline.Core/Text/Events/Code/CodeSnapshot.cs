namespace Streamline.Text;

/// <summary>The code of a block at one moment. Immutable.</summary>
public sealed class CodeSnapshot
{
    /// <summary>Gets the number of the block.</summary>
    public required int Id { get; init; }

    /// <summary>Gets what the info string says: language and file.</summary>
    public required CodeBlockInfo Info { get; init; }

    /// <summary>Gets the code so far.</summary>
    public required string Text { get; init; }

    /// <summary>Gets a value indicating whether the closing fence has arrived. When it has not, an error at the end of the code is to be expected.</summary>
    public required bool IsComplete { get; init; }
}
