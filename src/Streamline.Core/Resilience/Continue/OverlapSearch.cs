namespace Streamline.Resilience;

/// <summary>Finds how much of the end of a shown text the beginning of a new one repeats, character by character.</summary>
internal static class OverlapSearch
{
    /// <summary>How far back a model is looked for in what it wrote. Beyond that, only a repetition from the very beginning is found.</summary>
    public const int Window = 4096;

    /// <summary>Searches.</summary>
    /// <param name="shown">The shown text.</param>
    /// <param name="text">The new text, as far as it has arrived.</param>
    /// <returns>
    /// The longest and the second longest end of the shown text that the new one begins with, 0 for none; and whether the new text, all of it, is still a repetition of something before the end, so
    /// that the overlap may yet turn out longer.
    /// </returns>
    public static (int Longest, int Second, bool IsPending) Find(ReadOnlySpan<char> shown, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return (0, 0, IsPending: true);
        }

        var window = shown[Math.Max(0, shown.Length - Window)..];
        var (longest, second) = (0, 0);
        if (shown.Length > window.Length && text.StartsWith(shown))
        {
            longest = shown.Length;
        }

        for (var length = Math.Min(text.Length, window.Length); length > 0 && second == 0; length--)
        {
            if (window[^length] == text[0] && window[^length..].SequenceEqual(text[..length]))
            {
                (longest, second) = longest == 0 ? (length, 0) : (longest, length);
            }
        }

        return (longest, second, IsRepetition(shown, window, text));
    }

    /// <summary>Tells whether a text has enough letters to be told from another: indentation, lines of dashes and fences are alike everywhere.</summary>
    public static bool IsTelling(ReadOnlySpan<char> text)
    {
        const int Enough = 4;
        var letters = 0;
        foreach (var line in text.EnumerateLines())
        {
            foreach (var c in CodeFence.Is(line) ? [] : line)
            {
                letters += char.IsLetterOrDigit(c) || char.IsSurrogate(c) ? 1 : 0;
            }
        }

        return letters >= Enough;
    }

    private static bool IsRepetition(ReadOnlySpan<char> shown, ReadOnlySpan<char> window, ReadOnlySpan<char> text) =>
        text.Length < shown.Length && (shown.StartsWith(text) || (window.Length > text.Length && window[..^1].IndexOf(text) >= 0));
}
