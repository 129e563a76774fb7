namespace Streamline;

/// <summary>The base of everything that a <see cref="CodeBlockReader"/> tells about a text while it arrives.</summary>
/// <remarks>
/// One of <see cref="SurroundingText"/>, <see cref="CodeBlockStarted"/>, <see cref="CodeBlockDelta"/>, <see cref="CodeBlockCompleted"/>, <see cref="CodeBlockIncomplete"/> and
/// <see cref="CodeBlocksRestarted"/>. Blocks do not overlap: each is completed or incomplete before the next one starts.
/// </remarks>
public abstract class CodeBlockEvent
{
    private protected CodeBlockEvent()
    {
    }
}
