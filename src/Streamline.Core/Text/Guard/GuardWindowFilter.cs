using System.Text;

namespace Streamline.Text;

/// <summary>Cuts a text into windows of a fixed size, wherever its pieces end, and has each checked before it is handed out.</summary>
/// <param name="options">The check and the sizes.</param>
/// <param name="index">The index of the block.</param>
/// <param name="kind">What the block holds.</param>
internal sealed class GuardWindowFilter(GuardOptions options, int index, ContentKind kind)
{
    private readonly StringBuilder _waiting = new();
    private string _context = "";

    /// <summary>Gets the reason of the verdict that ended the text; <see langword="null"/> for none.</summary>
    public string? BlockReason { get; private set; }

    /// <summary>Gets how many of the characters that were added are decided.</summary>
    public long DecidedChars { get; private set; }

    /// <summary>Adds text.</summary>
    /// <param name="text">What is new.</param>
    /// <param name="isLast">Whether nothing follows.</param>
    /// <param name="cancellationToken">Cancels the checks.</param>
    /// <returns>What may be shown now.</returns>
    public async ValueTask<string> AddAsync(string text, bool isLast, CancellationToken cancellationToken)
    {
        if (options.Check is not { } check)
        {
            DecidedChars += text.Length;
            return text;
        }

        _waiting.Append(text);
        var shown = new StringBuilder();
        while (BlockReason is null && NextLength(isLast) is > 0 and var length)
        {
            var window = new GuardWindow
            {
                Index = index,
                Kind = kind,
                Position = DecidedChars,
                Context = _context,
                Text = _waiting.ToString(0, length),
                Lookahead = Lookahead(length),
                IsLast = isLast && length == _waiting.Length,
            };
            var verdict = await check(window, cancellationToken).LeaveWhenCancelledAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException("A guard's check returned null, expected a verdict.");
            BlockReason = verdict.BlockReason;
            if (BlockReason is null)
            {
                Show(verdict.Apply(window.Text), length, shown);
            }
        }

        return shown.ToString();
    }

    // 0 while the window and what it looks ahead at are not complete. A surrogate pair stays together.
    private int NextLength(bool isLast)
    {
        if (isLast ? _waiting.Length <= options.WindowChars : _waiting.Length <= (long)options.WindowChars + options.LookaheadChars)
        {
            return isLast ? _waiting.Length : 0;
        }

        return options.WindowChars + (char.IsHighSurrogate(_waiting[options.WindowChars - 1]) ? 1 : 0);
    }

    private string Lookahead(int start)
    {
        var length = Math.Min(options.LookaheadChars, _waiting.Length - start);
        return _waiting.ToString(start, length > 0 && char.IsHighSurrogate(_waiting[start + length - 1]) ? length - 1 : length);
    }

    private void Show(string text, int length, StringBuilder shown)
    {
        shown.Append(text);
        _context += text;
        var start = Math.Max(0, _context.Length - options.ContextChars);
        _context = _context[(start < _context.Length && char.IsLowSurrogate(_context[start]) ? start + 1 : start)..];
        _waiting.Remove(0, length);
        DecidedChars += length;
    }
}
