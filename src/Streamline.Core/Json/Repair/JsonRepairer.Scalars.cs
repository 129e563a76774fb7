namespace Streamline.Json;

/// <content>Numbers and literals that turn out to be none, or to be followed by what they do not end at.</content>
internal sealed partial class JsonRepairer
{
    private bool IsRightBehindScalar =>
        ReaderState == PartialJsonReaderState.CommaOrEnd && IsLastScalarOpen() && _record.Row(_record.Tape.Count - 1).End == _record.ByteCount;

    private bool TakeNumberFault(byte found)
    {
        ref readonly var row = ref _record.Row(_record.Tape.Count - 1);
        var isWhole = ReaderState is PartialJsonReaderState.Zero or PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction
            or PartialJsonReaderState.ExponentDigits;
        var isTooLong = _record.ByteCount - row.Start > MaxWord;
        if (isTooLong || (isWhole && found == (byte)')' && IsInParentheses))
        {
            Emit(isWhole ? " "u8 : "0 "u8);
            return false;
        }

        return TakeWordBack();
    }

    private bool TakeLiteralFault(byte found)
    {
        if (TryReconsiderText(found))
        {
            return false;
        }

        _held.Clear();
        var letters = _record.Reader.UndecidedBytes;
        _held.Add(_record.WrittenSpan[^letters..]);
        _record.RemoveLiteral(letters);
        BeginWord();
        return false;
    }

    // The last row is the beginning of a word.
    private bool TakeWordBack()
    {
        _held.Clear();
        _held.Add(_record.WrittenSpan[_record.Row(_record.Tape.Count - 1).Start..]);
        _record.RemoveLastScalar();
        BeginWord();
        return false;
    }

    // "trueish", "12 inches": the reader has taken the beginning for a literal or a number.
    private bool IsTextBegunByScalar(byte found, bool isLastConfirmed)
    {
        if (IsRightBehindScalar)
        {
            return IsWordByte(found);
        }

        return !isLastConfirmed && ReaderState == PartialJsonReaderState.CommaOrEnd && IsLastScalarOpen() && (char.IsAsciiLetter((char)found) || found == (byte)'%');
    }

    // Whether the last row is a literal or a number that is short enough for a word, and only a few spaces have come behind it.
    private bool IsLastScalarOpen()
    {
        ref readonly var last = ref _record.Row(_record.Tape.Count - 1);
        if (last.Kind is not (JsonRowKind.Number or JsonRowKind.True or JsonRowKind.False or JsonRowKind.Null) || _record.Tape.IsLastGrowing
            || last.End - last.Start > MaxWord)
        {
            return false;
        }

        var behind = _record.WrittenSpan[last.End..];
        return behind.Length <= MaxTail && behind.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;
    }

    // "1 b" in front of a colon: a value, a comma that is missing, and a name.
    private bool TakeNameBehindScalar()
    {
        var start = _offset - _held.Count;
        var space = _held.Span.IndexOf((byte)' ');
        using var buffer = new PooledBytes(_held.Count);
        _held.Span.CopyTo(buffer.Span);
        _held.Clear();
        _state = JsonRepairState.Grammar;
        EmitWord(buffer.Span[..space], start, isAtEnd: false);
        _confirmedRow = _record.Tape.Count - 1;
        _held.Add(buffer.Span[space..]);
        ReplayHeld();
        return false;
    }

    private bool IsScalarAndName()
    {
        var space = _held.Span.IndexOf((byte)' ');
        return space > 0 && _record.Reader.IsInObject && IsScalar(_held.Span[..space]) && IsCall(_held.Span[space..].TrimStart((byte)' '));
    }

    private static bool IsScalar(ReadOnlySpan<byte> word) =>
        JsonBareWord.TryReadLiteral(word, out _, out _) || JsonBareWord.TryReadNumber(word, out _, out _);

    private static bool IsWordByte(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or (byte)'$' or (byte)'-' or (byte)'.' or >= 0x80;
}
