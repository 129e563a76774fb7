namespace Streamline.Protocols.Shared;

/// <summary>Recognises a JSON number (RFC 8259, section 6).</summary>
internal static class JsonNumberText
{
    /// <summary>Measures the number at the start of a text.</summary>
    /// <param name="text">The text, in UTF-8.</param>
    /// <returns>Its length in bytes; 0 when the text does not start with a number, or the number is followed by more digits or signs.</returns>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var length = text.StartsWith((byte)'-') ? 1 : 0;
        var digits = CountDigits(text[length..]);
        if (digits == 0 || (digits > 1 && text[length] == (byte)'0'))
        {
            return 0;
        }

        length += digits;
        if (length < text.Length && text[length] == (byte)'.')
        {
            digits = CountDigits(text[(length + 1)..]);
            if (digits == 0)
            {
                return 0;
            }

            length += 1 + digits;
        }

        if (length < text.Length && (text[length] | 0x20) == 'e')
        {
            var sign = length + 1 < text.Length && text[length + 1] is (byte)'+' or (byte)'-' ? 1 : 0;
            digits = CountDigits(text[(length + 1 + sign)..]);
            if (digits == 0)
            {
                return 0;
            }

            length += 1 + sign + digits;
        }

        return length;
    }

    private static int CountDigits(ReadOnlySpan<byte> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit((char)text[count]))
        {
            count++;
        }

        return count;
    }
}
