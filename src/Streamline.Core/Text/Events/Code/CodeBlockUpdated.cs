namespace Streamline.Text;

/// <summary>The fenced code of the text before this event changed; see <c>UseCodeBlocks</c>. It is a report, not part of the response.</summary>
public sealed class CodeBlockUpdated : StreamEvent
{
    /// <summary>Gets what changed.</summary>
    public required CodeBlockEvent Update { get; init; }
}
