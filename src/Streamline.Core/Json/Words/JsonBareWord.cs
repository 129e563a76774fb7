namespace Streamline.Json;

/// <summary>What a word without quotes stands for.</summary>
internal static class JsonBareWord
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

        (json, isGuess) = ReadLiteral(word);
        if (json.Length > 0)
        {
            return true;
        }

        kind = PartialJsonRepairKind.ForeignNumber;
        if (!JsonForeignNumber.TryParse(word, out var number))
        {
            return false;
        }

        (json, isGuess) = (number.ToJson(word), number.IsGuess);
        return true;
    }

    /// <summary>Whether the word is a literal or number of any language.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> word) => word.Length is > 0 and <= MaxLength && (ReadLiteral(word).Json.Length > 0 || JsonForeignNumber.TryParse(word, out _));

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

    /// <summary>The word without the whitespace after it.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> word) => word.TrimEnd(" \t\r\n"u8);

    private static (string Json, bool IsGuess) ReadLiteral(ReadOnlySpan<byte> word) => word switch
    {
        [< (byte)'A' and not ((byte)'+' or (byte)'-'), ..] => ("", false),
        _ when word.SequenceEqual("true"u8) || word.SequenceEqual("True"u8) || word.SequenceEqual("TRUE"u8) => ("true", false),
        _ when word.SequenceEqual("false"u8) || word.SequenceEqual("False"u8) || word.SequenceEqual("FALSE"u8) => ("false", false),
        _ when word.SequenceEqual("null"u8) || word.SequenceEqual("Null"u8) || word.SequenceEqual("NULL"u8) || word.SequenceEqual("None"u8) || word.SequenceEqual("nil"u8) => ("null", false),
        _ when word.SequenceEqual("undefined"u8) || word.SequenceEqual("NaN"u8) || word.SequenceEqual("nan"u8) => ("null", true),
        _ when word.SequenceEqual("Infinity"u8) || word.SequenceEqual("+Infinity"u8) || word.SequenceEqual("inf"u8) || word.SequenceEqual("Inf"u8) => ("1e999", true),
        _ when word.SequenceEqual("-Infinity"u8) || word.SequenceEqual("-inf"u8) || word.SequenceEqual("-Inf"u8) => ("-1e999", true),
        _ => ("", false),
    };
}
