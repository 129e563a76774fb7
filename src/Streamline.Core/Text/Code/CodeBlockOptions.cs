namespace Streamline.Text;

/// <summary>Settings of a <see cref="CodeBlockReader"/>.</summary>
/// <remarks>Not thread-safe. The reader takes a copy, so later changes have no effect.</remarks>
public sealed class CodeBlockOptions
{
    /// <summary>Gets or sets the greatest length of the code of one block.</summary>
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
    } = MarkdownOptions.DefaultMaxBlockChars;

    /// <summary>Gets or sets how much text may wait for a decision, such as an info string.</summary>
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
    } = MarkdownOptions.DefaultMaxUndecidedChars;

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
    } = MarkdownOptions.DefaultMaxDepth;

    internal CodeBlockOptions Copy() => (CodeBlockOptions)MemberwiseClone();

    internal MarkdownOptions ToMarkdown() => new() { Tables = false, MaxUndecidedChars = MaxUndecidedChars, MaxDepth = MaxDepth };
}
