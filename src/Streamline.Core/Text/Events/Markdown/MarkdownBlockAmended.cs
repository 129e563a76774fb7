namespace Streamline.Text;

/// <summary>A closed block may show a link where it showed text: its label has been defined by the <see cref="MarkdownLinkDefined"/> before this event.</summary>
public sealed class MarkdownBlockAmended : MarkdownEvent
{
    /// <summary>Gets the number of the block, which is closed.</summary>
    public required int Id { get; init; }

    /// <summary>Gets the label as its definition writes it.</summary>
    public required string Label { get; init; }
}
