using System.Runtime.InteropServices;

namespace Streamline.Resilience;

/// <summary>
/// Finds the end of a shown text somewhere in the beginning of a new one, whatever the white space: after a sentence that introduces the continuation, after the reopening of a code
/// block, or with other line breaks.
/// </summary>
internal static class LooseOverlap
{
    private const int MaxPreface = 200;

    /// <summary>Searches.</summary>
    /// <param name="shown">The shown text.</param>
    /// <param name="text">The new text, as far as it has arrived.</param>
    /// <param name="minLength">How many characters other than white space have to be the same.</param>
    /// <returns>Where it was found; <see langword="null"/> for nowhere.</returns>
    public static Match? Find(string shown, string text, int minLength)
    {
        var tail = Ink.Of(shown.AsSpan(Math.Max(0, shown.Length - OverlapSearch.Window)));
        var head = Ink.Of(text);
        if (tail.Chars.Length < minLength || !OverlapSearch.IsTelling(tail.Chars.AsSpan(tail.Chars.Length - minLength)))
        {
            return null;
        }

        var anchor = tail.Chars.AsSpan(tail.Chars.Length - minLength);
        var at = head.Chars.AsSpan().IndexOf(anchor);
        if (at < 0)
        {
            return null;
        }

        var isUnique = head.Chars.AsSpan(at + 1).IndexOf(anchor) < 0;
        var length = minLength;
        while (at > 0 && length < tail.Chars.Length && head.Chars[at - 1] == tail.Chars[tail.Chars.Length - length - 1])
        {
            at--;
            length++;
        }

        var start = head.Places[at];
        var end = head.Places[at + length - 1] + 1;
        return new Match(start, end, isUnique, IsPreface(text.AsSpan(0, start)));
    }

    /// <summary>Searches for words that are repeated character by character after an introduction. They may be few, among white space or marks.</summary>
    /// <param name="shown">The shown text.</param>
    /// <param name="text">The new text.</param>
    /// <param name="minLength">How many characters have to be the same.</param>
    public static Match? FindIntroduced(string shown, string text, int minLength)
    {
        for (var start = 1; start <= Math.Min(MaxPreface, text.Length - minLength); start++)
        {
            var (longest, second, _) = IsPreface(text.AsSpan(0, start)) ? OverlapSearch.Find(shown, text.AsSpan(start)) : default;
            if (longest >= minLength)
            {
                return new Match(start, start + longest, second < minLength && OverlapSearch.IsTelling(text.AsSpan(start, longest)), IsIntroduced: true);
            }
        }

        return null;
    }

    /// <summary>Tells whether the text before the repeated words introduces them: nothing, a line of its own, a phrase that ends with a colon or the like, a fence after these.</summary>
    private static bool IsPreface(ReadOnlySpan<char> before)
    {
        if (before.Length > MaxPreface)
        {
            return false;
        }

        var phrases = 0;
        var isOpen = false; // the last line continues with the repeated words
        foreach (var line in before.EnumerateLines())
        {
            var words = line.Trim();
            isOpen = !words.IsEmpty && !CodeFence.Is(words);
            phrases += isOpen ? 1 : 0;
            if (isOpen)
            {
                isOpen = !words.EndsWith("...") && words[^1] is not (':' or '…' or '"' or '“' or '„' or '«' or '`');
            }
        }

        return phrases <= 1 && !isOpen;
    }

    /// <summary>The repeated words in the new text.</summary>
    /// <param name="Start">Where they begin.</param>
    /// <param name="End">Where they end.</param>
    /// <param name="IsUnique">Whether they are there only once.</param>
    /// <param name="IsIntroduced">Whether what is before them is nothing, or an introduction.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Match(int Start, int End, bool IsUnique, bool IsIntroduced);

    /// <summary>A text without its white space.</summary>
    /// <param name="Chars">The characters that are left.</param>
    /// <param name="Places">Where each of them was.</param>
    private readonly record struct Ink(char[] Chars, int[] Places)
    {
        public static Ink Of(ReadOnlySpan<char> text)
        {
            var chars = new List<char>(text.Length);
            var places = new List<int>(text.Length);
            for (var i = 0; i < text.Length; i++)
            {
                if (!char.IsWhiteSpace(text[i]))
                {
                    chars.Add(text[i]);
                    places.Add(i);
                }
            }

            return new Ink([.. chars], [.. places]);
        }
    }
}
