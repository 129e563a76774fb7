namespace Streamline.Text;

/// <summary>The parts in which text is analyzed.</summary>
public enum TextAnalysisUnit
{
    /// <summary>Sentences, as <see cref="SentenceSplitter"/> finds them.</summary>
    Sentence,

    /// <summary>Parts of about the same length, which end at a blank where there is one. Together they are the whole text.</summary>
    Window,
}
