using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <content>Inside strings: control characters, escapes, and bytes that are not UTF-8.</content>
internal sealed partial class JsonRepairer
{
    // How many commas, closers and spaces at the end of a string may wait for what follows them.
    private const int MaxTail = 64;

    // A bit for each byte: a lookup, as what branches is guessed wrong at every other word of a text.
    private static ReadOnlySpan<ulong> TailBytes =>
    [
        (1UL << ' ') | (1UL << '\t') | (1UL << '\n') | (1UL << '\r') | (1UL << ',') | (1UL << '+'),
        (1UL << ('}' - 64)) | (1UL << (']' - 64)),
        0,
        0,
    ];

    private static ReadOnlySpan<byte> ReplacementCharacter => "\uFFFD"u8;

    private bool TakeTextFault(byte found)
    {
        _repairedTextRow = _record.Tape.Count - 1;
        if (_record.Reader.IsName)
        {
            // The value before the name was taken for whole; what was repaired since cannot be read again.
            _confirmedRow = Math.Max(_confirmedRow, _record.Tape.Count - 2);
        }

        switch (ReaderState)
        {
            case PartialJsonReaderState.MultiByte:
                var bytes = _record.Reader.UndecidedBytes;
                Report(PartialJsonRepairKind.InvalidUtf8, _offset - bytes);
                _record.TrimText(bytes);
                Emit(ReplacementCharacter);
                return false;
            case PartialJsonReaderState.Escape:
                return TakeEscapeFault(found);
            case PartialJsonReaderState.HexDigits:
                return TakeHexFault();
            default:
                return TakeCharacterFault(found);
        }
    }

    private bool TakeCharacterFault(byte found)
    {
        if (found >= 0x80)
        {
            Report(PartialJsonRepairKind.InvalidUtf8, _offset);
            Emit(ReplacementCharacter);
        }
        else if (found is (byte)'\n' or (byte)'\r' && _quotes is not (JsonQuotes.Embedding or JsonQuotes.TripleDouble or JsonQuotes.TripleSingle))
        {
            _held.Clear();
            HoldTail();
            _held.Add(found);
            _state = JsonRepairState.Tail;
        }
        else
        {
            EmitText([found], _offset);
        }

        return true;
    }

    private bool TakeEscapeFault(byte found)
    {
        _record.TrimText(1);
        if (found is (byte)'\'' or (byte)'`' or (byte)'\n' or (byte)'\r')
        {
            // A quote that JSON does not escape, or a newline that was escaped as it is.
            Report(PartialJsonRepairKind.InvalidEscape, _offset - 1);
            EmitEscaped(found);
            return true;
        }

        Report(PartialJsonRepairKind.InvalidEscape, _offset - 1, isGuess: true);
        Emit("\\\\"u8);
        return false;
    }

    private bool TakeHexFault()
    {
        var count = _record.Reader.EscapeBytes;
        Span<byte> escape = stackalloc byte[JsonText.UnicodeEscapeLength + 1];
        escape[0] = (byte)'\\';
        _record.WrittenSpan[^count..].CopyTo(escape[1..]);
        Report(PartialJsonRepairKind.InvalidEscape, _offset - count, isGuess: true);
        _record.TrimText(count);
        Emit(escape[..(count + 1)]);
        return false;
    }

    // Text that goes into the open string: printable ASCII, UTF-8 as it came, and control characters.
    private void EmitText(ReadOnlySpan<byte> text, long offset)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] < (byte)' ')
            {
                Report(PartialJsonRepairKind.ControlCharacter, offset + index);
            }

            EmitEscaped(text[index]);
        }
    }

    private void EmitEscaped(byte value)
    {
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                Emit([(byte)'\\', value]);
                break;
            case (byte)'\n':
                Emit("\\n"u8);
                break;
            case (byte)'\r':
                Emit("\\r"u8);
                break;
            case (byte)'\t':
                Emit("\\t"u8);
                break;
            case < (byte)' ':
                Emit([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', (byte)('0' + (value >> 4)), (byte)"0123456789abcdef"[value & 0xF]]);
                break;
            default:
                Emit([value]);
                break;
        }
    }

    // Bytes of any kind that go into the open string. They are whole characters, or not UTF-8.
    private void EmitAnyText(ReadOnlySpan<byte> text, long offset)
    {
        while (!text.IsEmpty && Error is null)
        {
            var status = System.Text.Rune.DecodeFromUtf8(text, out _, out var length);
            if (status != System.Buffers.OperationStatus.Done)
            {
                Report(PartialJsonRepairKind.InvalidUtf8, offset);
                Emit(ReplacementCharacter);
            }
            else if (length > 1)
            {
                Emit(text[..length]);
            }
            else
            {
                EmitText(text[..1], offset);
            }

            text = text[length..];
            offset += length;
        }
    }

    // Moves what stands at the end of the open string, and may stand outside of it, to the held bytes.
    private void HoldTail()
    {
        var count = TailLength(_record.ByteCount, _record.Tape.Count - 1);
        _held.Add(_record.WrittenSpan[^count..]);
        _record.TrimText(count);
    }

    // What stands at the end of a text that grows, and may stand outside of it.
    private int TailLength(int byteCount, int row)
    {
        var start = Math.Max(_record.Row(row).Start + 1, _embeddedEnd);
        var text = start < byteCount ? _record.WrittenSpan[start..byteCount] : default;
        var count = 0;
        while (count < text.Length && IsTailByte(text[^(count + 1)]))
        {
            if (++count > MaxTail)
            {
                return 0; // so much of it is text
            }
        }

        return count;
    }

    private bool TakeInTail(byte found)
    {
        if ((_held.Count <= MaxTail && IsTailByte(found) && !_held.Span.Contains((byte)'`')) || IsFenceEnd(found))
        {
            _held.Add(found);
            return true;
        }

        if (found == (byte)'"' && _quotes == JsonQuotes.Double)
        {
            _held.Add(found);
            BeginLookahead(_held.Count - 1);
            return true;
        }

        ReleaseHeldText();
        return false;
    }

    private void ReleaseHeldText()
    {
        EmitAnyText(_held.Span, _offset - _held.Count);
        _held.Clear();
        _state = JsonRepairState.Grammar;
    }

    /// <summary>Whether a byte at the end of a text may belong to what is behind it, so that it is not shown yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTailByte(byte value) => ((TailBytes[value >> 6] >> value) & 1) != 0;
}
