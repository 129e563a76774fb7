namespace Streamline;

/// <summary>The base of the events of a <see cref="MarkdownStream"/>.</summary>
/// <remarks>
/// One of <see cref="MarkdownBlockOpened"/>, <see cref="MarkdownBlockText"/>, <see cref="MarkdownBlockChanged"/>, <see cref="MarkdownBlockClosed"/>,
/// <see cref="MarkdownLinkDefined"/>, <see cref="MarkdownBlockAmended"/> and <see cref="MarkdownRestarted"/>.
/// </remarks>
public abstract class MarkdownEvent
{
    private protected MarkdownEvent()
    {
    }
}
