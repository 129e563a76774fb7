using System.Text;

namespace Streamline.Text;

/// <summary>The decision of a check about a window. Immutable and thread-safe.</summary>
public sealed class GuardVerdict
{
    private readonly IReadOnlyList<Range> _redacted = [];
    private readonly string? _replacement;

    private GuardVerdict(string? replacement = null, string? blockReason = null, IReadOnlyList<Range>? redacted = null) =>
        (_replacement, BlockReason, _redacted) = (replacement, blockReason, redacted ?? []);

    /// <summary>Gets the verdict that the window may be shown as it is.</summary>
    public static GuardVerdict Allow { get; } = new();

    internal string? BlockReason { get; }

    internal bool IsAllowed => _replacement is null && BlockReason is null;

    /// <summary>Shows another text in place of the window's.</summary>
    /// <param name="text">The text; empty for nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is <see langword="null"/>.</exception>
    public static GuardVerdict Replace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new GuardVerdict(text);
    }

    /// <summary>Shows the window without some parts of it.</summary>
    /// <param name="parts">Ranges of <see cref="GuardWindow.Text"/>, in ascending order and without overlap.</param>
    /// <param name="replacement">What is shown in place of each part.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static GuardVerdict Redact(IReadOnlyList<Range> parts, string replacement = GuardRule.DefaultReplacement)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(replacement);
        return parts.Count == 0 ? Allow : new GuardVerdict(replacement, blockReason: null, [.. parts]);
    }

    /// <summary>Ends the response before the window, as a content filter of the provider would.</summary>
    /// <param name="reason">Why, for <see cref="ResponseCompleted.RawFinishReason"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reason"/> is <see langword="null"/>.</exception>
    public static GuardVerdict Block(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new GuardVerdict(replacement: null, reason);
    }

    /// <exception cref="InvalidOperationException">A part lies outside of the text, or they overlap.</exception>
    internal string Apply(string text)
    {
        if (_replacement is null || _redacted.Count == 0)
        {
            return _replacement ?? text;
        }

        var shown = new StringBuilder();
        var position = 0;
        foreach (var part in _redacted)
        {
            var (start, end) = (part.Start.GetOffset(text.Length), part.End.GetOffset(text.Length));
            if (start < position || end < start || end > text.Length)
            {
                throw new InvalidOperationException(
                    $"A guard's check redacts {start}..{end}, expected ascending ranges within {position}..{text.Length} of the window's text.");
            }

            shown.Append(text, position, start - position).Append(_replacement);
            position = end;
        }

        return shown.Append(text, position, text.Length - position).ToString();
    }
}
