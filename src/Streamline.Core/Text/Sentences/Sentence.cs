namespace Streamline.Text;

/// <summary>A sentence of a text that is still arriving. Immutable.</summary>
public sealed class Sentence
{
    internal Sentence()
    {
    }

    /// <summary>Gets the sentence, without the blanks around it. Never empty.</summary>
    public required string Text { get; init; }

    /// <summary>Gets where the sentence starts in its text.</summary>
    /// <value>In UTF-16 code units, from 0.</value>
    public required long Start { get; init; }

    /// <summary>Gets the number of the text, from 0: each response of a stream, and each attempt at one, is a text of its own.</summary>
    public int TextNumber { get; init; }

    /// <summary>Gets a value indicating whether the sentences of the text before are to be discarded, because the response was restarted (<see cref="StreamRestarted"/>).</summary>
    /// <value><see langword="true"/> only for the first sentence of a text.</value>
    public bool ReplacesPreviousText { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
