using System.Text;
using System.Text.RegularExpressions;

namespace Streamline.Json;

/// <summary>What a word without quotes stands for.</summary>
internal static partial class JsonBareWord
{
    private const int MaxLength = 64;

    /// <summary>Reads a literal or number, as JSON or another language writes it.</summary>
    /// <param name="word">The word, without whitespace around it.</param>
    /// <param name="json">What JSON writes for it. NaN, which JSON has no number for, is null; an infinity is a number that is too large.</param>
    /// <param name="kind">The kind of repair, if it is not JSON.</param>
    /// <param name="isGuess">Whether the word has other readings: a number that was cut, or digits that were grouped.</param>
    public static bool TryRead(ReadOnlySpan<byte> word, out string json, out PartialJsonRepairKind kind, out bool isGuess)
    {
        (json, kind, isGuess) = ("", PartialJsonRepairKind.ForeignLiteral, false);
        if (word.Length is 0 or > MaxLength)
        {
            return false;
        }

        var text = Encoding.Latin1.GetString(word);
        (json, isGuess) = text switch
        {
            "true" or "True" or "TRUE" => ("true", false),
            "false" or "False" or "FALSE" => ("false", false),
            "null" or "Null" or "NULL" or "None" or "nil" => ("null", false),
            "undefined" or "NaN" or "nan" => ("null", true),
            "Infinity" or "+Infinity" or "inf" or "Inf" => ("1e999", true),
            "-Infinity" or "-inf" or "-Inf" => ("-1e999", true),
            _ => ("", false),
        };
        if (json.Length > 0)
        {
            return true;
        }

        kind = PartialJsonRepairKind.ForeignNumber;
        return TryReadNumber(text, out json, out isGuess);
    }

    /// <summary>Whether the word is a literal or number of any language.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> word) => TryRead(word, out _, out _, out _);

    /// <summary>The literal that a word is the beginning of.</summary>
    public static bool TryCompleteLiteral(ReadOnlySpan<byte> word, out string json)
    {
        json = word switch
        {
            [] => "",
            _ when "true"u8.StartsWith(word) || "True"u8.StartsWith(word) => "true",
            _ when "false"u8.StartsWith(word) || "False"u8.StartsWith(word) => "false",
            _ when "null"u8.StartsWith(word) || (word.Length > 1 && "None"u8.StartsWith(word)) => "null",
            _ => "",
        };
        return json.Length > 0;
    }

    // A sign and groups of digits are allowed, a side of the point may be missing, and the end may be cut off.
    private static bool TryReadNumber(string text, out string json, out bool isGuess)
    {
        (json, isGuess) = ("", false);
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
        {
            return false;
        }

        if (text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
        {
            json = text;
            return text.Length == 1 || text[0] != '0';
        }

        var number = NumberPattern().Match(text);
        var whole = number.Groups["whole"].Value.Replace(",", "", StringComparison.Ordinal);
        if (!number.Success || (whole.Length > 1 && whole[0] == '0'))
        {
            return false; // or an identifier, such as a postal code, in which the zero counts
        }

        var (fraction, exponent) = (number.Groups["fraction"].Value, number.Groups["exponent"].Value);
        var isCut = exponent.Length > 0 && !char.IsAsciiDigit(exponent[^1]);
        isGuess = isCut || whole.Length < number.Groups["whole"].Length || (whole.Length == 0 && fraction.Length < 2);
        json = (text[0] == '-' ? "-" : "") + (whole.Length == 0 ? "0" : whole) + fraction + (fraction.Length == 1 ? "0" : "") + exponent + (isCut ? "0" : "");
        return true;
    }

    [GeneratedRegex("^[+-]?(?<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]*)(?<fraction>\\.[0-9]*)?(?<exponent>(?<=[0-9.])[eE][+-]?[0-9]*)?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumberPattern();
}
