namespace Streamline.Text;

/// <summary>Settings of a <see cref="SentenceSplitter"/>.</summary>
/// <remarks>Not thread-safe. The splitter takes a copy, so later changes have no effect.</remarks>
public sealed class SentenceOptions
{
    internal const int DefaultMaxChars = 4096;
    internal const int LeastMaxChars = 64;

    /// <summary>Gets or sets the least length of a sentence. A shorter one is joined with the next, but not across a blank line or the end of a list item or heading.</summary>
    /// <value>In UTF-16 code units, without the blanks around it. The default is 0. At least 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MinChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MinChars));
            field = value;
        }
    }

    /// <summary>Gets or sets the greatest length of a sentence. A longer one is cut at the last blank before, or where there is none, anywhere but within a surrogate pair.</summary>
    /// <value>In UTF-16 code units. The default is 4,096. At least 64.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 64.</exception>
    public int MaxChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, LeastMaxChars, nameof(MaxChars));
            field = value;
        }
    } = DefaultMaxChars;

    /// <summary>Gets or sets a value indicating whether the end of every line ends a sentence.</summary>
    /// <value>
    /// The default is <see langword="false"/>: a line break is a blank, unless the line is a heading, or the next line is blank or begins a list item, heading, quote, table or fence.
    /// </value>
    public bool BreakAtLineEnds { get; set; }

    /// <summary>Gets more abbreviations that do not end a sentence, without their last period: <c>Univ</c>, <c>a.k.a</c>. Upper and lower case are distinct.</summary>
    /// <value>Empty by default. The usual ones of English, German, French, Spanish, Italian, Portuguese and Dutch are known.</value>
    public ICollection<string> Abbreviations { get; private set; } = [];

    internal SentenceOptions Copy()
    {
        var copy = (SentenceOptions)MemberwiseClone();
        copy.Abbreviations = new HashSet<string>(Abbreviations, StringComparer.Ordinal);
        return copy;
    }
}
