using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Streamline.Json;

/// <summary>What a word without quotes stands for.</summary>
internal static class JsonBareWord
{
    /// <summary>The longest number in another notation that is looked into.</summary>
    private const int LongestNumber = 64;

    /// <summary>Reads a literal of JSON or of another language.</summary>
    /// <param name="word">The word, without whitespace around it.</param>
    /// <param name="json">What JSON writes for it. NaN, which JSON has no number for, is null; an infinity is a number that is too large.</param>
    /// <param name="isGuess">Whether the word has other readings.</param>
    public static bool TryReadLiteral(ReadOnlySpan<byte> word, out ReadOnlySpan<byte> json, out bool isGuess)
    {
        isGuess = false;
        json = default;
        const int Longest = 9;
        if (word.Length is 0 or > Longest)
        {
            return false;
        }

        Span<char> chars = stackalloc char[Longest];
        var text = chars[..Encoding.Latin1.GetChars(word, chars)];
        (json, isGuess) = text switch
        {
            "true" or "True" or "TRUE" => Safe("true"u8),
            "false" or "False" or "FALSE" => Safe("false"u8),
            "null" or "Null" or "NULL" or "None" or "nil" => Safe("null"u8),
            "undefined" or "NaN" or "nan" => Guess("null"u8),
            "Infinity" or "+Infinity" or "inf" or "Inf" => Guess("1e999"u8),
            "-Infinity" or "-inf" or "-Inf" => Guess("-1e999"u8),
            _ => Guess(default),
        };
        return !json.IsEmpty;
    }

    /// <summary>The literal that a word is the beginning of.</summary>
    public static bool TryCompleteLiteral(ReadOnlySpan<byte> word, out ReadOnlySpan<byte> json)
    {
        json = word switch
        {
            [] => default,
            _ when "true"u8.StartsWith(word) || "True"u8.StartsWith(word) => "true"u8,
            _ when "false"u8.StartsWith(word) || "False"u8.StartsWith(word) => "false"u8,
            _ when "null"u8.StartsWith(word) || (word.Length > 1 && "None"u8.StartsWith(word)) => "null"u8,
            _ => default,
        };
        return !json.IsEmpty;
    }

    /// <summary>Reads a number as JSON or another language writes it.</summary>
    /// <param name="word">The word, without whitespace around it.</param>
    /// <param name="json">The number in the grammar of RFC 8259.</param>
    /// <param name="isGuess">Whether the word has other readings: a number that was cut, or digits that were grouped.</param>
    public static bool TryReadNumber(ReadOnlySpan<byte> word, out string json, out bool isGuess)
    {
        isGuess = false;
        json = "";
        if (word.Length is 0 or > LongestNumber || !(char.IsAsciiDigit((char)word[0]) || word[0] is (byte)'-' or (byte)'+' or (byte)'.'))
        {
            return false;
        }

        var text = Encoding.Latin1.GetString(word);
        if (TryReadHex(text, out json))
        {
            return true;
        }

        var isGrouped = TryUngroup(ref text);
        return TryReadDecimal(text, out json, out isGuess) && (isGuess |= isGrouped) | true;
    }

    // 2,000 or 1,234,567.89: groups of three digits.
    private static bool TryUngroup(ref string text)
    {
        var whole = text.Split('.')[0].TrimStart('-', '+').Split(',');
        if (whole.Length < 2 || whole[0].Length is 0 or > 3 || whole.Skip(1).Any(group => group.Length != 3))
        {
            return false;
        }

        text = text.Replace(",", "", StringComparison.Ordinal);
        return true;
    }

    private static bool TryReadHex(string text, out string json)
    {
        json = "";
        var digits = text.AsSpan().TrimStart('-');
        if (text.Length - digits.Length > 1 || !digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            || !ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        json = string.Create(CultureInfo.InvariantCulture, $"{(text[0] == '-' ? "-" : "")}{value}");
        return true;
    }

    // [+-] digits [. digits] [e [+-] digits], where either side of the point may be missing, and the end may be cut off.
    private static bool TryReadDecimal(string text, out string json, out bool isGuess)
    {
        isGuess = false;
        json = "";
        var position = text[0] is '+' or '-' ? 1 : 0;
        var result = new StringBuilder(text[0] == '-' ? "-" : "");
        var whole = TakeDigits(text, ref position, result);
        if (whole.Length > 1 && whole[0] == '0')
        {
            return false; // an identifier, such as a postal code, in which the zero counts
        }

        result.Append(whole.Length == 0 ? "0" : "");
        var hasPoint = position < text.Length && text[position] == '.';
        if (hasPoint)
        {
            position++;
            result.Append('.');
            result.Append(TakeDigits(text, ref position, result).Length == 0 ? "0" : "");
        }

        isGuess = whole.Length == 0 && position == text.Length && !char.IsAsciiDigit(text[^1]); // nothing but a sign or a point
        if (position < text.Length && text[position] is 'e' or 'E' && char.IsAsciiDigit(text[position - 1]) | text[position - 1] == '.')
        {
            result.Append(text[position++]);
            if (position < text.Length && text[position] is '+' or '-')
            {
                result.Append(text[position++]);
            }

            isGuess = position == text.Length;
            result.Append(TakeDigits(text, ref position, result).Length == 0 ? "0" : "");
        }

        json = result.ToString();
        return position == text.Length;
    }

    // Digits, with single underscores between them as programming languages allow.
    private static ReadOnlySpan<char> TakeDigits(string text, ref int position, StringBuilder result)
    {
        var start = position;
        while (position < text.Length && (char.IsAsciiDigit(text[position]) || IsGroupSeparator(text, position)))
        {
            if (text[position] != '_')
            {
                result.Append(text[position]);
            }

            position++;
        }

        return text.AsSpan(start, position - start);
    }

    private static bool IsGroupSeparator(string text, int position) =>
        text[position] == '_' && position > 0 && position + 1 < text.Length
        && char.IsAsciiDigit(text[position - 1]) && char.IsAsciiDigit(text[position + 1]);

    private static Reading Safe(ReadOnlySpan<byte> json) => new(json, isGuess: false);

    private static Reading Guess(ReadOnlySpan<byte> json) => new(json, isGuess: true);

    private readonly ref struct Reading(ReadOnlySpan<byte> json, bool isGuess)
    {
        private readonly ReadOnlySpan<byte> _json = json;

        public void Deconstruct(out ReadOnlySpan<byte> json, out bool guess)
        {
            json = _json;
            guess = isGuess;
        }
    }
}
