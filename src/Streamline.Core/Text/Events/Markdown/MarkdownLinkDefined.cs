namespace Streamline.Text;

/// <summary>The text defines the destination of a label, for links such as <c>[text][label]</c> anywhere in the text. Only the first definition of a label counts, and only that one is reported.</summary>
public sealed class MarkdownLinkDefined : MarkdownEvent
{
    /// <summary>Gets the label as it is written. Labels are compared without regard to case and to the number of blanks.</summary>
    public required string Label { get; init; }

    /// <summary>Gets the destination, without escapes and character references.</summary>
    public required string Destination { get; init; }

    /// <summary>Gets the title; <see langword="null"/> when there is none.</summary>
    public string? Title { get; init; }
}
