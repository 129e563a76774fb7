namespace Streamline.Text;

/// <summary>The Markdown blocks of the text before this event changed; see <c>UseMarkdown</c>. It is a report, not part of the response.</summary>
public sealed class MarkdownUpdated : StreamEvent
{
    /// <summary>Gets what changed.</summary>
    public required MarkdownEvent Update { get; init; }
}
