using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Streamline.Json;

/// <summary>Decodes the text between the quotes of a string that the reader has accepted.</summary>
internal static class JsonText
{
    /// <summary>The length of <c>\uXXXX</c>, in bytes.</summary>
    public const int UnicodeEscapeLength = 6;

    private const int StackTextBytes = 128;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    public static bool HasEscapes(ReadOnlySpan<byte> raw) => raw.Contains((byte)'\\');

    /// <summary>The length of the escape that a text begins with; 0 where none begins.</summary>
    public static int EscapeLength(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'\\', (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t', ..] => 2,
        [(byte)'\\', (byte)'u', ..] when text.Length >= UnicodeEscapeLength && text[2..UnicodeEscapeLength].IndexOfAnyExcept(HexDigits) < 0 => UnicodeEscapeLength,
        _ => 0,
    };

    /// <summary>Decodes raw text to UTF-16.</summary>
    public static string GetString(ReadOnlySpan<byte> raw)
    {
        if (!HasEscapes(raw))
        {
            return Encoding.UTF8.GetString(raw);
        }

        using var buffer = new PooledBytes(raw.Length);
        return Encoding.UTF8.GetString(buffer.Span[..Unescape(raw, buffer.Span)]);
    }

    /// <summary>Whether raw text decodes to the given text.</summary>
    public static bool Equals(ReadOnlySpan<byte> raw, ReadOnlySpan<char> text)
    {
        if (Encoding.UTF8.GetMaxByteCount(text.Length) <= StackTextBytes)
        {
            Span<byte> utf8Text = stackalloc byte[StackTextBytes];
            return Equals(raw, utf8Text[..Encoding.UTF8.GetBytes(text, utf8Text)]);
        }

        using var buffer = new PooledBytes(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer.Span);
        return Equals(raw, buffer.Span);
    }

    /// <summary>Whether raw text decodes to the given UTF-8 text.</summary>
    public static bool Equals(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> utf8Text)
    {
        // Decoding never lengthens.
        if (raw.Length < utf8Text.Length)
        {
            return false;
        }

        if (!HasEscapes(raw))
        {
            return raw.SequenceEqual(utf8Text);
        }

        using var buffer = new PooledBytes(raw.Length);
        return buffer.Span[..Unescape(raw, buffer.Span)].SequenceEqual(utf8Text);
    }

    /// <summary>Decodes raw text to UTF-8. Lone surrogates become U+FFFD; their neighbours stay.</summary>
    /// <param name="raw">Text that ends at a whole character, as the reader has accepted it.</param>
    /// <param name="destination">At least as long as <paramref name="raw"/>: no escape is shorter than what it stands for.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var written = 0;
        while (!raw.IsEmpty)
        {
            var run = raw.IndexOf((byte)'\\');
            if (run < 0)
            {
                run = raw.Length;
            }

            raw[..run].CopyTo(destination[written..]);
            written += run;
            raw = raw[run..];
            if (!raw.IsEmpty)
            {
                written += UnescapeOne(ref raw, destination[written..]);
            }
        }

        return written;
    }

    public static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static int UnescapeOne(ref ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var symbol = raw[1];
        if (symbol == (byte)'u')
        {
            return TakeRune(ref raw).EncodeToUtf8(destination);
        }

        destination[0] = symbol switch
        {
            (byte)'b' => (byte)'\b',
            (byte)'f' => (byte)'\f',
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            _ => symbol,
        };
        raw = raw[2..];
        return 1;
    }

    private static Rune TakeRune(ref ReadOnlySpan<byte> raw)
    {
        var first = CodeUnit(raw);
        raw = raw[UnicodeEscapeLength..];
        if (Rune.TryCreate(first, out var rune))
        {
            return rune;
        }

        if (raw.StartsWith("\\u"u8) && Rune.TryCreate(first, CodeUnit(raw), out rune))
        {
            raw = raw[UnicodeEscapeLength..];
            return rune;
        }

        return Rune.ReplacementChar;
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape)
    {
        Debug.Assert(escape.Length >= UnicodeEscapeLength, "The reader shows whole escapes only.");
        return (char)((HexValue(escape[2]) << 12) | (HexValue(escape[3]) << 8) | (HexValue(escape[4]) << 4) | HexValue(escape[5]));
    }
}
