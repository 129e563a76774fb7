namespace Streamline.Json;

/// <summary>A number as other languages write it: a sign and groups of digits are allowed, a side of the point may be missing, and the end may be cut off.</summary>
internal readonly struct JsonForeignNumber
{
    /// <summary>How many bytes JSON may have more: a zero before the point, one after it, and one in the exponent.</summary>
    public const int MaxAdded = 3;

    private const int GroupDigits = 3;

    private readonly int _wholeStart;
    private readonly int _wholeEnd;
    private readonly int _fractionEnd; // with the point
    private readonly bool _isCut; // in the exponent

    private JsonForeignNumber(ReadOnlySpan<byte> text)
    {
        _wholeStart = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        _wholeEnd = EndOfWhole(text, _wholeStart);
        _fractionEnd = _wholeEnd < text.Length && text[_wholeEnd] == (byte)'.' ? SkipDigits(text, _wholeEnd + 1) : _wholeEnd;
        _isCut = _fractionEnd < text.Length && !char.IsAsciiDigit((char)text[^1]);
        IsGuess = _isCut || text[_wholeStart.._wholeEnd].Contains((byte)',');
    }

    /// <summary>Whether the word has other readings: it was cut, or its digits were grouped.</summary>
    public bool IsGuess { get; }

    /// <summary>Takes a word apart, if it is such a number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out JsonForeignNumber number)
    {
        number = default;
        if (text.IsEmpty || !(char.IsAsciiDigit((char)text[0]) || text[0] is (byte)'-' or (byte)'+' or (byte)'.'))
        {
            return false;
        }

        number = new JsonForeignNumber(text);
        return number.IsWhole(text) && text.ContainsAnyInRange((byte)'0', (byte)'9') && (number._wholeEnd - number._wholeStart < 2 || text[number._wholeStart] != (byte)'0'); // else an identifier, in which the zero counts
    }

    /// <summary>Writes the number as JSON has it.</summary>
    /// <param name="text">The word that was taken apart.</param>
    /// <param name="json">Room for <see cref="MaxAdded"/> bytes more than the word has.</param>
    /// <returns>How many bytes were written.</returns>
    public int WriteJson(ReadOnlySpan<byte> text, Span<byte> json)
    {
        var count = 0;
        if (text[0] == (byte)'-')
        {
            json[count++] = (byte)'-';
        }

        if (_wholeStart == _wholeEnd)
        {
            json[count++] = (byte)'0';
        }

        foreach (var found in text[_wholeStart.._fractionEnd])
        {
            if (found != (byte)',')
            {
                json[count++] = found;
            }
        }

        if (_fractionEnd - _wholeEnd == 1)
        {
            json[count++] = (byte)'0';
        }

        text[_fractionEnd..].CopyTo(json[count..]);
        count += text.Length - _fractionEnd;
        if (_isCut)
        {
            json[count++] = (byte)'0';
        }

        return count;
    }

    // Nothing comes after the fraction but an exponent, which follows a digit or point.
    private bool IsWhole(ReadOnlySpan<byte> text)
    {
        if (_fractionEnd == text.Length)
        {
            return true;
        }

        if (text[_fractionEnd] is not ((byte)'e' or (byte)'E') || _fractionEnd == _wholeStart)
        {
            return false;
        }

        var digits = _fractionEnd + 1;
        return SkipDigits(text, digits + (digits < text.Length && text[digits] is (byte)'-' or (byte)'+' ? 1 : 0)) == text.Length;
    }

    private static int EndOfWhole(ReadOnlySpan<byte> text, int start)
    {
        var end = SkipDigits(text, start);
        if (end - start is 0 or > GroupDigits)
        {
            return end;
        }

        while (end < text.Length && text[end] == (byte)',' && SkipDigits(text, end + 1) == end + 1 + GroupDigits)
        {
            end += 1 + GroupDigits;
        }

        return end;
    }

    private static int SkipDigits(ReadOnlySpan<byte> text, int start)
    {
        var count = start < text.Length ? text[start..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') : 0;
        return count < 0 ? text.Length : start + count;
    }
}
