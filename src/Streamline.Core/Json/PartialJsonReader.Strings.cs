using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Strings: <c>quotation-mark *char quotation-mark</c> (RFC 8259, section 7), and the UTF-8 inside them (RFC 3629, section 4).</content>
public partial struct PartialJsonReader
{
    /// <summary>Skips bytes that are plain text in a string, if the reader is in one.</summary>
    /// <returns><see langword="false"/> when nothing was skipped.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TrySkipText(int count)
    {
        if (_state != PartialJsonReaderState.Text)
        {
            return false;
        }

        _undecided = 0;
        _bytesConsumed += count;
        return true;
    }

    private bool ReadString<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink, bool isFirst)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var start = position;
        if (isFirst)
        {
            position++; // the opening quote
            _state = PartialJsonReaderState.Text;
        }

        var isFinal = false;
        for (; position < bytes.Length; position++)
        {
            if (_state == PartialJsonReaderState.Text)
            {
                var stop = SkipWholeText(bytes, position);
                if (stop != position)
                {
                    _undecided = 0;
                    position = stop;
                    if (position == bytes.Length)
                    {
                        break;
                    }
                }

                if (bytes[position] == (byte)'"')
                {
                    isFinal = true;
                    break;
                }
            }

            if (!TryConsumeCharacterByte(bytes[position]))
            {
                if (position == start)
                {
                    return Fail(bytes[position]);
                }

                break; // What came before the fault is handed out first, as it would have been had the input been cut there.
            }
        }

        return EndFragment(bytes, start, ref position, ref sink, isFirst, isFinal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool EndFragment<TSink>(ReadOnlySpan<byte> bytes, int start, ref int position, ref TSink sink, bool isFirst, bool isFinal)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var value = bytes[(isFirst ? start + 1 : start)..position];
        if (isFinal)
        {
            position++; // the closing quote
            _undecided = 0;
            if (_isName)
            {
                _state = PartialJsonReaderState.Colon;
            }
            else
            {
                EndValue();
            }
        }

        var type = _isName ? JsonTokenType.PropertyName : JsonTokenType.String;
        return sink.Fragment(type, value, _bytesConsumed + start, _bytesConsumed + position, isFirst, isFinal);
    }

    // Skips what needs no state: plain ASCII, and longer characters that are here whole. Half ones, and what is not UTF-8, go byte by byte.
    private static int SkipWholeText(ReadOnlySpan<byte> bytes, int position)
    {
        position = SkipPlain(bytes, position);
        while (position < bytes.Length && bytes[position] >= 0x80
            && Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == OperationStatus.Done)
        {
            position += length;
            if (position < bytes.Length && bytes[position] < 0x80)
            {
                position = SkipPlain(bytes, position);
            }
        }

        return position;
    }

    // Stops at a quote, a backslash, a control character, a longer character, or the end.
    private static int SkipPlain(ReadOnlySpan<byte> bytes, int position)
    {
        while (bytes.Length - position >= Vector128<byte>.Count)
        {
            var stops = TextStops(Vector128.Create(bytes[position..]));
            if (stops != 0)
            {
                return position + BitOperations.TrailingZeroCount(stops);
            }

            position += Vector128<byte>.Count;
        }

        // The last block overlaps what was looked at before; those bits are shifted out. Deltas of 16 bytes and more never take the loop below.
        if (bytes.Length >= Vector128<byte>.Count)
        {
            var start = bytes.Length - Vector128<byte>.Count;
            var stops = TextStops(Vector128.Create(bytes[start..])) >> (position - start);
            return stops == 0 ? bytes.Length : position + BitOperations.TrailingZeroCount(stops);
        }

        while (position < bytes.Length && bytes[position] is >= (byte)' ' and < 0x80 and not (byte)'"' and not (byte)'\\')
        {
            position++;
        }

        return position;
    }

    // One bit for each byte that is not plain. As signed numbers, control characters and the bytes of longer characters are both below the space.
    private static uint TextStops(Vector128<byte> bytes) =>
        (Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
            | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();

    // One byte of anything but plain ASCII.
    private bool TryConsumeCharacterByte(byte found) => _state switch
    {
        PartialJsonReaderState.Escape => TryConsumeEscape(found),
        PartialJsonReaderState.HexDigits => TryConsumeHexDigit(found),
        PartialJsonReaderState.MultiByte => TryConsumeContinuation(found),
        _ when found == (byte)'\\' => BeginEscape(),
        _ => TryConsumeLead(found),
    };

    private bool BeginEscape()
    {
        // Added to what is undecided before: a high surrogate, whose other half this escape may be.
        _undecided++;
        _state = PartialJsonReaderState.Escape;
        return true;
    }

    private bool TryConsumeEscape(byte found)
    {
        switch (found)
        {
            case (byte)'u':
                _undecided++;
                _unitsLeft = 4;
                _codeUnit = 0;
                _state = PartialJsonReaderState.HexDigits;
                return true;
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                EndCharacter();
                return true;
            default:
                return false;
        }
    }

    private bool TryConsumeHexDigit(byte found)
    {
        if (!char.IsAsciiHexDigit((char)found))
        {
            return false;
        }

        _undecided++;
        _codeUnit = (ushort)((_codeUnit << 4) | JsonText.HexValue(found));
        if (--_unitsLeft == 0)
        {
            EndUnicodeEscape();
        }

        return true;
    }

    private void EndUnicodeEscape()
    {
        EndCharacter();
        if (char.IsHighSurrogate((char)_codeUnit))
        {
            _undecided = JsonText.UnicodeEscapeLength; // the escape of a low surrogate right after it would be its other half
        }
    }

    // UTF8-octets: the range of the second byte shuts out overlong forms, surrogates and what lies above U+10FFFF.
    private bool TryConsumeLead(byte found)
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

        _undecided = 1; // a high surrogate before it is alone after all
        _state = PartialJsonReaderState.MultiByte;
        return true;
    }

    private bool TryConsumeContinuation(byte found)
    {
        if (found < _continuationMin || found > _continuationMax)
        {
            return false;
        }

        _undecided++;
        _continuationMin = 0x80;
        _continuationMax = 0xBF;
        if (--_unitsLeft == 0)
        {
            EndCharacter();
        }

        return true;
    }

    private void EndCharacter()
    {
        _undecided = 0;
        _state = PartialJsonReaderState.Text;
    }
}
