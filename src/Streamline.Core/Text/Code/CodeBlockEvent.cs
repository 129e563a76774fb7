namespace Streamline;

/// <summary>The base of the events of a <see cref="CodeBlockReader"/>.</summary>
/// <remarks>
/// One of <see cref="CodeBlockStarted"/>, <see cref="CodeBlockDelta"/> and <see cref="CodeBlockEnded"/>, in this order for each block, and <see cref="CodeBlocksRestarted"/>. Blocks do not overlap. With
/// <see cref="CodeDiagnosticsExtensions.WithDiagnosticsAsync"/>, also <see cref="CodeDiagnosticsFound"/>.
/// </remarks>
public abstract class CodeBlockEvent
{
    private protected CodeBlockEvent()
    {
    }
}
