namespace Streamline.Text;

/// <summary>An opening fence has arrived.</summary>
public sealed class CodeBlockStarted : CodeBlockEvent
{
    /// <summary>Gets the number of the block, from 0.</summary>
    public required int Id { get; init; }

    /// <summary>Gets what the info string says: language and file.</summary>
    public required CodeBlockInfo Info { get; init; }
}
