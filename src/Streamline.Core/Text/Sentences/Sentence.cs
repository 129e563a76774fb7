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

    /// <summary>Gets the number of the text, from 0: each response of a stream is a text of its own. A response that was restarted keeps its number.</summary>
    public int TextNumber { get; init; }

    /// <summary>Gets a value indicating whether the sentences that came before under the same <see cref="TextNumber"/> are to be discarded, because the response was restarted (<see cref="StreamRestarted"/>).</summary>
    /// <value><see langword="true"/> only for the first sentence after a restart.</value>
    public bool RestartsText { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
