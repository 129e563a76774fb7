namespace Streamline.Text;

/// <summary>Settings of a <see cref="MarkdownStream"/>.</summary>
/// <remarks>Not thread-safe. The stream takes a copy, so later changes have no effect.</remarks>
public sealed class MarkdownOptions
{
    internal const int DefaultMaxUndecidedChars = 256 * 1024;
    internal const int DefaultMaxBlockChars = 4 * 1024 * 1024;
    internal const int DefaultMaxDepth = 100;
    internal const int DefaultMaxLabels = 10_000;

    /// <summary>Gets or sets a value indicating whether tables are read, as in GitHub Flavored Markdown.</summary>
    /// <value>The default is <see langword="true"/>. When <see langword="false"/>, blocks are those of CommonMark 0.31.</value>
    public bool Tables { get; set; } = true;

    /// <summary>Gets or sets how much text may wait for a decision, such as the info string of a fence or a link reference definition.</summary>
    /// <value>In UTF-16 code units. The default is 262,144. At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxUndecidedChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxUndecidedChars));
            field = value;
        }
    } = DefaultMaxUndecidedChars;

    /// <summary>Gets or sets the greatest length of the text of one block, which is kept while the block is open.</summary>
    /// <value>In UTF-16 code units. The default is 4,194,304. At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxBlockChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxBlockChars));
            field = value;
        }
    } = DefaultMaxBlockChars;

    /// <summary>Gets or sets how many quotes, lists and list items may be open at once.</summary>
    /// <value>The default is 100. At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxDepth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxDepth));
            field = value;
        }
    } = DefaultMaxDepth;

    /// <summary>Gets or sets how many labels of links are remembered: those that are defined, and those in closed blocks that may still be defined.</summary>
    /// <value>The default is 10,000. At least 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaxLabels
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxLabels));
            field = value;
        }
    } = DefaultMaxLabels;

    internal MarkdownOptions Copy() => (MarkdownOptions)MemberwiseClone();
}
