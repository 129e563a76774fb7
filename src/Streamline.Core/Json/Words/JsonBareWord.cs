using System.Buffers;

namespace Streamline.Json;

/// <summary>What a word without quotes stands for.</summary>
internal static class JsonBareWord
{
    /// <summary>The most bytes that JSON has for a literal or number.</summary>
    public const int MaxJsonLength = MaxLength + JsonForeignNumber.MaxAdded;

    private const int MaxLength = 64;

    private static readonly SearchValues<byte> GroupBytes = SearchValues.Create("0123456789,"u8);

    /// <summary>Reads a literal or number, as JSON or another language writes it.</summary>
    /// <param name="word">The word, without whitespace around it.</param>
    /// <param name="json">Where to put what JSON writes for it, <see cref="MaxJsonLength"/> bytes. NaN, which JSON has no number for, is null; an infinity is a number that is too large.</param>
    /// <param name="length">How many bytes were put there.</param>
    /// <param name="kind">The kind of repair, if it is not JSON.</param>
    /// <param name="isGuess">Whether the word has other readings: a number that was cut, or digits that were grouped.</param>
    public static bool TryRead(ReadOnlySpan<byte> word, Span<byte> json, out int length, out PartialJsonRepairKind kind, out bool isGuess)
    {
        (length, kind, isGuess) = (0, PartialJsonRepairKind.ForeignLiteral, false);
        if (word.Length is 0 or > MaxLength)
        {
            return false;
        }

        var literal = ReadLiteral(word, out isGuess);
        literal.CopyTo(json);
        length = literal.Length;
        if (length > 0)
        {
            return true;
        }

        kind = PartialJsonRepairKind.ForeignNumber;
        if (!JsonForeignNumber.TryParse(word, out var number))
        {
            return false;
        }

        (length, isGuess) = (number.WriteJson(word, json), number.IsGuess);
        return true;
    }

    /// <summary>Whether the word is a literal or number of any language.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> word) => word.Length is > 0 and <= MaxLength && (!ReadLiteral(word, out _).IsEmpty || JsonForeignNumber.TryParse(word, out _));

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

    /// <summary>Whether the word stands for what was left out.</summary>
    public static bool IsEllipsis(ReadOnlySpan<byte> word) => TrimEnd(word) is { Length: > 1 } dots && (dots.IndexOfAnyExcept((byte)'.') < 0 || dots.SequenceEqual("…"u8));

    /// <summary>Whether the word is digits, or groups of them.</summary>
    public static bool IsDigitGroup(ReadOnlySpan<byte> word) => word is not ([] or [(byte)',', ..]) && !word.ContainsAnyExcept(GroupBytes);

    /// <summary>Whether the word could be a name in a program.</summary>
    public static bool IsIdentifier(ReadOnlySpan<byte> word)
    {
        foreach (var found in word)
        {
            if (!char.IsAsciiLetterOrDigit((char)found) && found is not ((byte)'_' or (byte)'$' or (byte)'-' or (byte)'.' or >= 0x80))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The word without the whitespace after it.</summary>
    public static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> word) => word.TrimEnd(" \t\r\n"u8);

    // Empty when it is none.
    private static ReadOnlySpan<byte> ReadLiteral(ReadOnlySpan<byte> word, out bool isGuess)
    {
        isGuess = false;
        switch (word)
        {
            case [] or [< (byte)'A' and not ((byte)'+' or (byte)'-'), ..]:
                return default;
            case [(byte)'t' or (byte)'T', ..] when word.SequenceEqual("true"u8) || word.SequenceEqual("True"u8) || word.SequenceEqual("TRUE"u8):
                return "true"u8;
            case [(byte)'f' or (byte)'F', ..] when word.SequenceEqual("false"u8) || word.SequenceEqual("False"u8) || word.SequenceEqual("FALSE"u8):
                return "false"u8;
            case [(byte)'n' or (byte)'N', ..] when word.SequenceEqual("null"u8) || word.SequenceEqual("Null"u8) || word.SequenceEqual("NULL"u8) || word.SequenceEqual("None"u8) || word.SequenceEqual("nil"u8):
                return "null"u8;
        }

        isGuess = true;
        return word.SequenceEqual("undefined"u8) || word.SequenceEqual("NaN"u8) || word.SequenceEqual("nan"u8) ? "null"u8
            : word.SequenceEqual("Infinity"u8) || word.SequenceEqual("+Infinity"u8) || word.SequenceEqual("inf"u8) || word.SequenceEqual("Inf"u8) ? "1e999"u8
            : word.SequenceEqual("-Infinity"u8) || word.SequenceEqual("-inf"u8) || word.SequenceEqual("-Inf"u8) ? "-1e999"u8
            : default;
    }
}
