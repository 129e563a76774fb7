namespace Streamline.Testing;

/// <summary>Cuts text into the pieces that deltas carry. No surrogate pair is split, and the pieces joined are the text.</summary>
internal static class TextFragments
{
    // Scripts without spaces, such as Chinese, must stream in pieces too.
    private const int LongestWord = 12;

    /// <summary>Cuts before each word, so that a piece is a word with the white space before it, as a model's tokens are.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            var startsWord = char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]);
            if ((startsWord || i - start >= LongestWord) && !SplitsPair(text, i))
            {
                yield return text[start..i];
                start = i;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    /// <summary>Cuts into pieces of a length; a piece is one longer where its end would split a surrogate pair.</summary>
    public static IEnumerable<string> OfLength(string text, int length)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.Length - start <= length ? text.Length : start + length;
            if (end < text.Length && SplitsPair(text, end))
            {
                end++;
            }

            yield return text[start..end];
            start = end;
        }
    }

    private static bool SplitsPair(string text, int index) => char.IsSurrogatePair(text[index - 1], text[index]);
}
