using System.Buffers;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Strings: <c>quotation-mark *char quotation-mark</c> (RFC 8259, section 7), and the UTF-8 inside them (RFC 3629, section 4).</content>
public partial struct PartialJsonReader
{
    // Everything that ends a run of plain ASCII: the quote, the backslash, control characters, and the lead bytes of longer characters.
    private static readonly SearchValues<byte> s_textStops = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(value => (byte)value), .. Enumerable.Range(0x80, 0x80).Select(value => (byte)value)]);

    private OperationStatus ReadString(scoped ref ReadOnlySpan<byte> input, bool isFirst, out PartialJsonToken token)
    {
        var bytes = input;
        var start = isFirst ? 1 : 0; // the opening quote
        if (isFirst)
        {
            _state = PartialJsonReaderState.Text;
        }

        var position = start;
        while (position < bytes.Length)
        {
            if (_state == PartialJsonReaderState.Text)
            {
                var run = bytes[position..].IndexOfAny(s_textStops);
                if (run != 0)
                {
                    EndCharacter();
                }

                if (run < 0)
                {
                    position = bytes.Length;
                    break;
                }

                position += run;
                if (bytes[position] == (byte)'"')
                {
                    return EndString(ref input, start, position, isFirst, out token);
                }
            }

            if (!TryConsumeCharacterByte(bytes[position]))
            {
                return FailInsideString(ref input, start, position, isFirst, out token);
            }

            position++;
        }

        token = StringFragment(input, start, position, isFirst, isFinal: false);
        Skip(ref input, position);
        return OperationStatus.Done;
    }

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

    private OperationStatus EndString(scoped ref ReadOnlySpan<byte> input, int start, int quote, bool isFirst, out PartialJsonToken token)
    {
        EndCharacter();
        token = StringFragment(input, start, quote, isFirst, isFinal: true);
        Skip(ref input, quote + 1);
        if (_isName)
        {
            _state = PartialJsonReaderState.Colon;
        }
        else
        {
            EndValue();
        }

        return OperationStatus.Done;
    }

    // What came before the fault is handed out first, as it would have been had the input been cut there.
    private OperationStatus FailInsideString(scoped ref ReadOnlySpan<byte> input, int start, int position, bool isFirst, out PartialJsonToken token)
    {
        var found = input[position];
        token = position == 0 ? default : StringFragment(input, start, position, isFirst, isFinal: false);
        Skip(ref input, position);
        var failure = Fail(found);
        return position == 0 ? failure : OperationStatus.Done;
    }

    private readonly PartialJsonToken StringFragment(ReadOnlySpan<byte> input, int start, int end, bool isFirst, bool isFinal) =>
        new(_isName ? JsonTokenType.PropertyName : JsonTokenType.String, input[start..end], _bytesConsumed, isFirst, isFinal);
}
