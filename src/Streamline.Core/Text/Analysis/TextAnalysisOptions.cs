namespace Streamline.Text;

/// <summary>How <c>UseTextAnalysis</c> cuts the text, and how many analyses run at once.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class TextAnalysisOptions
{
    /// <summary>The default of <see cref="WindowChars"/>.</summary>
    internal const int DefaultWindowChars = 200;

    /// <summary>The default of <see cref="MaxConcurrency"/>.</summary>
    internal const int DefaultMaxConcurrency = 4;

    /// <summary>The default of <see cref="MaxPending"/>.</summary>
    internal const int DefaultMaxPending = 16;

    /// <summary>Gets or sets the parts in which text is analyzed.</summary>
    /// <value>The default is <see cref="TextAnalysisUnit.Sentence"/>.</value>
    public TextAnalysisUnit Unit { get; set; }

    /// <summary>Gets the settings of sentences.</summary>
    public SentenceOptions Sentences { get; private set; } = new();

    /// <summary>Gets or sets the greatest length of a window, in characters (UTF-16 code units).</summary>
    /// <value>2 or more. The default is 200.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 2.</exception>
    public int WindowChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(WindowChars));
            field = value;
        }
    } = DefaultWindowChars;

    /// <summary>Gets or sets how many analyses run at once.</summary>
    /// <value>1 or more. The default is 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxConcurrency
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxConcurrency));
            field = value;
        }
    } = DefaultMaxConcurrency;

    /// <summary>Gets or sets how many parts may wait for their findings. When there are more, the stream is not read further until the first of them has its own.</summary>
    /// <value>1 or more. The default is 16.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxPending
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxPending));
            field = value;
        }
    } = DefaultMaxPending;

    /// <summary>Gets or sets a value indicating whether reasoning is analyzed too.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IncludeReasoning { get; set; }

    /// <summary>Gets or sets a value indicating whether an analysis that throws ends the stream with its exception.</summary>
    /// <value>The default is <see langword="false"/>: the failure is a <see cref="TextFinding"/> with <see cref="TextFinding.Error"/>, and the stream continues.</value>
    public bool FailStream { get; set; }

    internal TextAnalysisOptions Copy()
    {
        var copy = (TextAnalysisOptions)MemberwiseClone();
        copy.Sentences = Sentences.Copy();
        return copy;
    }
}
