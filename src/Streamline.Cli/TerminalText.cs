using System.Buffers;
using System.Text;

namespace Streamline.Cli;

/// <summary>Text of others that goes to a terminal: what would steer the terminal is shown, not obeyed.</summary>
internal static class TerminalText
{
    private static readonly SearchValues<char> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code).Where(c => c is not ('\n' or '\t')), '\x7f', .. Enumerable.Range(0x80, 0x20).Select(code => (char)code), '\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068']);

    /// <summary>Replaces control characters and overrides of the writing direction by visible signs.</summary>
    public static string Clean(string text)
    {
        var first = text.AsSpan().IndexOfAny(Controls);
        if (first < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length).Append(text, 0, first);
        foreach (var next in text.AsSpan(first))
        {
            if (next == '\r')
            {
                continue; // a line feed comes with it, or nothing does
            }

            clean.Append(!Controls.Contains(next) ? next : next < 0x20 ? (char)('\u2400' + next) : '\ufffd');
        }

        return clean.ToString();
    }

    /// <summary>Counts the columns that a text takes on a terminal.</summary>
    public static int Width(ReadOnlySpan<char> text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.EnclosingMark or System.Globalization.UnicodeCategory.Format ? 0
                : IsWide(rune.Value) ? 2 : 1;
        }

        return width;
    }

    private static bool IsWide(int code) => code is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff)
        or (>= 0xfe30 and <= 0xfe6f) or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6) or (>= 0x1f300 and <= 0x1f64f) or (>= 0x1f900 and <= 0x1f9ff) or (>= 0x20000 and <= 0x3fffd);
}
