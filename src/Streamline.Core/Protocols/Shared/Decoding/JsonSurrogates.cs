using System.Globalization;
using System.Text;

namespace Streamline.Protocols.Shared;

/// <summary>Finds <c>\u</c> escapes that are half of a surrogate pair: well-formed JSON, but no text. Readers of it throw when they are asked for the string.</summary>
internal static class JsonSurrogates
{
    private const int EscapeLength = 6;

    /// <summary>Tells whether each escaped surrogate in well-formed JSON text has its other half.</summary>
    /// <param name="utf8Json">The text, or the body of a string in it.</param>
    public static bool AreWhole(ReadOnlySpan<byte> utf8Json) => IndexOfHalf(utf8Json) < 0;

    /// <summary>Replaces each half by U+FFFD, so that every string of a payload can be read.</summary>
    /// <param name="utf8Json">Well-formed JSON text.</param>
    /// <returns>The text itself when there is nothing to replace.</returns>
    public static ReadOnlySpan<byte> Replace(ReadOnlySpan<byte> utf8Json)
    {
        var half = IndexOfHalf(utf8Json);
        if (half < 0)
        {
            return utf8Json;
        }

        var copy = utf8Json.ToArray();
        for (var start = 0; half >= 0; half = IndexOfHalf(copy.AsSpan(start)))
        {
            start += half;
            "\\ufffd"u8.CopyTo(copy.AsSpan(start));
            start += EscapeLength;
        }

        return copy;
    }

    private static int IndexOfHalf(ReadOnlySpan<byte> utf8Json)
    {
        for (var i = 0; i < utf8Json.Length;)
        {
            var next = utf8Json[i..].IndexOf((byte)'\\');
            if (next < 0)
            {
                return -1;
            }

            i += next;
            var unit = ReadUnit(utf8Json[i..]);
            if (!char.IsSurrogate(unit))
            {
                i += 2;
            }
            else if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(ReadUnit(utf8Json[(i + EscapeLength)..])))
            {
                i += 2 * EscapeLength;
            }
            else
            {
                return i;
            }
        }

        return -1;
    }

    private static char ReadUnit(ReadOnlySpan<byte> text) =>
        text.Length >= EscapeLength
        && text.StartsWith("\\u"u8)
        && ushort.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : default;
}
