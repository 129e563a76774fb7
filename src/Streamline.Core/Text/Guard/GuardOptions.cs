namespace Streamline.Text;

/// <summary>What <c>UseGuard</c> checks, and how much text it holds back for it.</summary>
/// <remarks>The client copies the values when it is built, so later changes have no effect on it.</remarks>
public sealed class GuardOptions
{
    /// <summary>The default of <see cref="WindowChars"/>.</summary>
    internal const int DefaultWindowChars = 200;

    /// <summary>The default of <see cref="ContextChars"/>.</summary>
    internal const int DefaultContextChars = 200;

    /// <summary>The default of <see cref="LookaheadChars"/>.</summary>
    internal const int DefaultLookaheadChars = 50;

    /// <summary>Gets the rules, which are applied exactly: the result is that of <see cref="GuardRule.Apply"/> on the whole text, however it arrives.</summary>
    /// <value>Empty by default.</value>
    /// <remarks>A pattern's <c>maxChars</c> must be enough to decide its matches; see <see cref="GuardRule.Redact(System.Text.RegularExpressions.Regex, string, int)"/>.</remarks>
    public ICollection<GuardRule> Rules { get; private set; } = [];

    /// <summary>Gets or sets a check of each window of text, such as a moderation service. It sees the text as the rules left it.</summary>
    /// <value>The default is <see langword="null"/>: no check.</value>
    /// <remarks>Windows of one block are checked in order, one at a time. An exception of the check ends the stream, and what was not allowed is not shown. When the stream is cancelled, it does not wait for a check that ignores its token.</remarks>
    public Func<GuardWindow, CancellationToken, ValueTask<GuardVerdict>>? Check { get; set; }

    /// <summary>Gets or sets a check of each tool call, before its tool runs and before anything outside of the guard learns that the call is complete.</summary>
    /// <value>The default is <see langword="null"/>: no check.</value>
    /// <remarks>
    /// Only the verdicts <see cref="GuardVerdict.Allow"/> and <see cref="GuardVerdict.Block"/> are possible. Rules do not apply to arguments; their preview is shown as it arrives.
    /// </remarks>
    public Func<ToolCallCompleted, CancellationToken, ValueTask<GuardVerdict>>? CheckToolCall { get; set; }

    /// <summary>Gets or sets the size of a window, in characters (UTF-16 code units).</summary>
    /// <value>1 or more. The default is 200.</value>
    public int WindowChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(WindowChars));
            field = value;
        }
    } = DefaultWindowChars;

    /// <summary>Gets or sets how much of the text before its window a check sees at most, in characters.</summary>
    /// <value>0 or more. The default is 200.</value>
    public int ContextChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(ContextChars));
            field = value;
        }
    } = DefaultContextChars;

    /// <summary>Gets or sets how much of the text after its window a check sees, in characters. So much more is held back.</summary>
    /// <value>0 or more. The default is 50.</value>
    public int LookaheadChars
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(LookaheadChars));
            field = value;
        }
    } = DefaultLookaheadChars;

    /// <summary>Gets or sets a value indicating whether reasoning is checked too.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool IncludeReasoning { get; set; } = true;

    /// <summary>
    /// Gets or sets a value indicating whether what may repeat the text is passed through unchecked: the metadata of a block, such as the log probabilities of its tokens, and events of the provider
    /// that this version does not know (<see cref="ProviderEvent"/>).
    /// </summary>
    /// <value>The default is <see langword="false"/>. Without <see cref="Rules"/> and a <see cref="Check"/>, they are always passed through.</value>
    public bool PassMetadata { get; set; }

    internal bool PassesMetadata => PassMetadata || (Rules.Count == 0 && Check is null);

    internal GuardOptions Copy()
    {
        var copy = (GuardOptions)MemberwiseClone();
        copy.Rules = [.. Rules];
        return copy;
    }
}
