namespace Streamline.Text;

/// <summary>The response was interrupted and starts again (<see cref="StreamRestarted"/>): discard the blocks of its first attempt.</summary>
public sealed class MarkdownRestarted : MarkdownEvent
{
    /// <summary>Gets the number of the first block to discard. Later blocks have higher numbers; those of earlier responses of the stream stand.</summary>
    public required int FirstDiscardedId { get; init; }
}
