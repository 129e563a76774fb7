namespace Streamline.Protocols.Shared;

/// <summary>Recognises an escape in a JSON string (RFC 8259, section 7).</summary>
internal static class JsonEscape
{
    private const int UnicodeLength = 6;

    /// <summary>Measures the escape at the start of a text.</summary>
    /// <param name="text">The text, in UTF-8, starting with a backslash.</param>
    /// <returns>Its length in bytes: 2 or 6; 0 when it is not a valid escape or is cut off.</returns>
    public static int Length(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        return text[1] switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => 2,
            (byte)'u' when text.Length >= UnicodeLength && AreHexDigits(text.Slice(2, 4)) => UnicodeLength,
            _ => 0,
        };
    }

    private static bool AreHexDigits(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (!char.IsAsciiHexDigit((char)value))
            {
                return false;
            }
        }

        return true;
    }
}
