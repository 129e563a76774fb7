using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Streamline.Json;

/// <summary>The characters of a string that take more than a byte: escapes (RFC 8259, section 7) and UTF-8 (RFC 3629, section 4), byte by byte.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct JsonCharacterMachine
{
    // Of \uXXXX: how many digits are still to come, and the value of those that came.
    // Of UTF-8: how many continuation bytes are still to come, and the range that the next one must lie in.
    private byte _unitsLeft;
    private byte _continuationMin;
    private byte _continuationMax;
    private ushort _codeUnit;

    /// <summary>The length of an escape, or of a character of several bytes, if it is valid and whole, and not half of a pair; else 0.</summary>
    public static int WholeLength(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        (byte)'\\' when bytes.Length > 1 =>
            bytes[1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' ? 2 : UnicodeEscapeLength(bytes),
        >= 0x80 when Rune.DecodeFromUtf8(bytes, out _, out var length) == OperationStatus.Done => length,
        _ => 0,
    };

    // Surrogates, which begin with D8 to DF, are left to the reading byte by byte.
    private static int UnicodeEscapeLength(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= JsonText.UnicodeEscapeLength && bytes[1] == (byte)'u' && !((bytes[2] | 0x20) == (byte)'d' && bytes[3] >= (byte)'8')
        && char.IsAsciiHexDigit((char)bytes[2]) && char.IsAsciiHexDigit((char)bytes[3]) && char.IsAsciiHexDigit((char)bytes[4]) && char.IsAsciiHexDigit((char)bytes[5])
            ? JsonText.UnicodeEscapeLength : 0;

    /// <summary>Of an escape that has begun: how many of its bytes have come.</summary>
    public readonly int EscapeBytes(PartialJsonReaderState state) => state switch
    {
        PartialJsonReaderState.Escape => 1,
        PartialJsonReaderState.HexDigits => JsonText.UnicodeEscapeLength - _unitsLeft,
        _ => 0,
    };

    /// <summary>Whether another one in the same state reads alike whatever follows.</summary>
    public readonly bool IsSameAs(in JsonCharacterMachine other, PartialJsonReaderState state) => state switch
    {
        PartialJsonReaderState.HexDigits => _unitsLeft == other._unitsLeft && _codeUnit == other._codeUnit,
        PartialJsonReaderState.MultiByte => _unitsLeft == other._unitsLeft && _continuationMin == other._continuationMin && _continuationMax == other._continuationMax,
        _ => true,
    };

    /// <summary>Reads a character as far as it has come.</summary>
    /// <param name="at">Where the reader stands.</param>
    /// <param name="bytes">At least one byte.</param>
    /// <param name="isWhole">Whether the character is whole: neither do the bytes end before it does, nor is it at fault.</param>
    /// <returns>How many bytes were read.</returns>
    public int Read(ref JsonReaderPosition at, ReadOnlySpan<byte> bytes, out bool isWhole)
    {
        var count = 0;
        do
        {
            if (!TryConsume(ref at, bytes[count]))
            {
                isWhole = false;
                return count;
            }

            count++;
        }
        while (at.State != PartialJsonReaderState.Text && count < bytes.Length);
        isWhole = at.State == PartialJsonReaderState.Text;
        return count;
    }

    /// <summary>Reads one byte of anything but plain ASCII.</summary>
    /// <returns><see langword="false"/> when the grammar refuses it.</returns>
    public bool TryConsume(ref JsonReaderPosition at, byte found) => at.State switch
    {
        PartialJsonReaderState.Escape => TryConsumeEscape(ref at, found),
        PartialJsonReaderState.HexDigits => TryConsumeHexDigit(ref at, found),
        PartialJsonReaderState.MultiByte => TryConsumeContinuation(ref at, found),
        _ when found == (byte)'\\' => BeginEscape(ref at),
        _ => TryConsumeLead(ref at, found),
    };

    private static bool BeginEscape(ref JsonReaderPosition at)
    {
        // Added to what is undecided before: a high surrogate, whose other half this escape may be.
        at.UndecidedBytes++;
        at.State = PartialJsonReaderState.Escape;
        return true;
    }

    private static void End(ref JsonReaderPosition at)
    {
        at.UndecidedBytes = 0;
        at.State = PartialJsonReaderState.Text;
    }

    private bool TryConsumeEscape(ref JsonReaderPosition at, byte found)
    {
        switch (found)
        {
            case (byte)'u':
                at.UndecidedBytes++;
                _unitsLeft = 4;
                _codeUnit = 0;
                at.State = PartialJsonReaderState.HexDigits;
                return true;
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                End(ref at);
                return true;
            default:
                return false;
        }
    }

    private bool TryConsumeHexDigit(ref JsonReaderPosition at, byte found)
    {
        if (!char.IsAsciiHexDigit((char)found))
        {
            return false;
        }

        at.UndecidedBytes++;
        _codeUnit = (ushort)((_codeUnit << 4) | JsonText.HexValue(found));
        if (--_unitsLeft == 0)
        {
            End(ref at);
            if (char.IsHighSurrogate((char)_codeUnit))
            {
                at.UndecidedBytes = JsonText.UnicodeEscapeLength; // the escape of a low surrogate right after it would be its other half
            }
        }

        return true;
    }

    // UTF8-octets: the range of the second byte shuts out overlong forms, surrogates and what lies above U+10FFFF.
    private bool TryConsumeLead(ref JsonReaderPosition at, byte found)
    {
        (_unitsLeft, _continuationMin, _continuationMax) = found switch
        {
            >= 0xC2 and <= 0xDF => ((byte)1, (byte)0x80, (byte)0xBF),
            0xE0 => ((byte)2, (byte)0xA0, (byte)0xBF),
            0xED => ((byte)2, (byte)0x80, (byte)0x9F),
            >= 0xE1 and <= 0xEF => ((byte)2, (byte)0x80, (byte)0xBF),
            0xF0 => ((byte)3, (byte)0x90, (byte)0xBF),
            >= 0xF1 and <= 0xF3 => ((byte)3, (byte)0x80, (byte)0xBF),
            0xF4 => ((byte)3, (byte)0x80, (byte)0x8F),
            _ => default,
        };
        if (_unitsLeft == 0)
        {
            return false;
        }

        at.UndecidedBytes = 1; // a high surrogate before it is alone after all
        at.State = PartialJsonReaderState.MultiByte;
        return true;
    }

    private bool TryConsumeContinuation(ref JsonReaderPosition at, byte found)
    {
        if (found < _continuationMin || found > _continuationMax)
        {
            return false;
        }

        at.UndecidedBytes++;
        _continuationMin = 0x80;
        _continuationMax = 0xBF;
        if (--_unitsLeft == 0)
        {
            End(ref at);
        }

        return true;
    }
}
