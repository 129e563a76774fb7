using System.Buffers;

namespace Streamline.Json;

/// <content>Names and values without quotes.</content>
internal sealed partial class JsonRepairer
{
    // A word that is longer is text, and is handed on as it comes.
    private const int MaxWord = 256;

    private static readonly SearchValues<byte> BareValueStops = SearchValues.Create(",}]\n\r\"\\"u8);
    private static readonly SearchValues<byte> BareNameStops = SearchValues.Create(":,}]\n\r\"\\"u8);

    private bool _isWordName;

    private bool IsAtRoot => _record.Reader.Depth == RootDepth;

    // A pattern such as /[a,b]/, which may hold what ends a word elsewhere.
    private bool IsInPattern => _held.Count > 0 && _held.Span[0] == (byte)'/' && !EndsPattern(_held.Span[1..]);

    // The held bytes are its beginning.
    private void BeginWord()
    {
        _isWordName = ReaderState is PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd
            || (ReaderState == PartialJsonReaderState.CommaOrEnd && _record.Reader.IsInObject);
        _state = JsonRepairState.Word;
        _confirmedRow = _record.Tape.Count - 1;
        if (IsAtRoot)
        {
            LeaveDocument();
        }
    }

    private bool TakeInWord(byte found)
    {
        switch (found)
        {
            case (byte)'}' or (byte)']' when ClosesWithinWord(found):
                break;
            case (byte)'\n' or (byte)'\r':
            case (byte)',' or (byte)'}' or (byte)']' when !IsInPattern:
            case (byte)':' or (byte)'=' or (byte)'{' or (byte)'[' or 0xEF when _isWordName:
            case (byte)'\'' or (byte)'`' or 0xE2 when _isWordName && _held.Last == (byte)' ':
            case (byte)')' when IsInParentheses:
            case (byte)'{' or (byte)'[' or (byte)';' or 0xEF when IsScalar(TrimEnd(_held.Span)):
                return EndWord();
            case (byte)'\'' when IsStringPrefix(_held.Span):
                DropStringPrefix(_offset - _held.Count);
                _held.Clear();
                return false;
            case (byte)':' when IsScalarAndName():
                return TakeNameBehindScalar();
            case (byte)'"':
                return _isWordName ? TakeQuoteInName() : TakeQuoteInValue();
            case (byte)'(' when !_isWordName && IsCall(_held.Span):
                return BeginArguments(found);
            case (byte)'/' or (byte)'*' when IsCommentStart(found):
            case (byte)' ' when _held.Span is [.., (byte)' ', (byte)'#']:
                var start = _offset - 1;
                _held.RemoveLast();
                EndWord(heldBehind: 1);
                BeginComment(found == (byte)'*' ? JsonRepairState.BlockComment : JsonRepairState.LineComment, start);
                return true;
        }

        if (_held.Count < MaxWord)
        {
            _held.Add(found);
            return true;
        }

        BeginBareText();
        var count = CountWholeCharacters(_held.Span);
        EmitAnyText(_held.Span[..count], _offset - _held.Count);
        ReplayHeld(count);
        return false;
    }

    // Without a last one that is longer than a byte, which may go on.
    private static int CountWholeCharacters(ReadOnlySpan<byte> text)
    {
        var count = text.Length;
        while (text.Length - count < 3 && (text[count - 1] & 0xC0) == 0x80)
        {
            count--;
        }

        return text[count - 1] >= 0xC0 ? count - 1 : count;
    }

    // Two slashes occur in addresses; behind a space, a number or dots they begin a comment.
    private bool IsCommentStart(byte found)
    {
        if (_held.Last != (byte)'/' || _held.Count < 2)
        {
            return false;
        }

        var word = _held.Span[..^1];
        return found == (byte)'*' || word[^1] is (byte)' ' or (byte)'\t' || IsScalar(word) || IsEllipsis(word);
    }

    private void BeginBareText()
    {
        var start = _offset - _held.Count;
        BeginForeignText(JsonQuotes.None, start);
        Report(_isWordName ? PartialJsonRepairKind.UnquotedName : PartialJsonRepairKind.UnquotedValue, start, isGuess: !_isWordName);
    }

    // A long word: goes on until what ends a value, or a name.
    private int ReadBareText(ReadOnlySpan<byte> input)
    {
        if (ReaderState != PartialJsonReaderState.Text)
        {
            return ReadText(input[..1]);
        }

        var slice = input[..Math.Min(input.Length, _slice)];
        var stop = slice.IndexOfAny(_record.Reader.IsName ? BareNameStops : BareValueStops);
        if (stop != 0)
        {
            return ReadText(stop < 0 ? slice : slice[..stop]);
        }

        if (input[0] is (byte)'"' or (byte)'\\')
        {
            EmitEscaped(input[0]);
            _offset++;
            return 1;
        }

        EndBareText();
        return 0;
    }

    private void EndBareText()
    {
        _record.TrimText(TailLength(_record.ByteCount, _record.Tape.Count - 1));
        CloseText();
    }

    private bool EndWord(bool isAtEnd = false, int heldBehind = 0)
    {
        _state = JsonRepairState.Grammar;
        var start = _offset - _held.Count - heldBehind;
        var word = TrimEnd(_held.Span);
        using var buffer = new PooledBytes(word.Length);
        word.CopyTo(buffer.Span);
        _held.Clear();
        if (buffer.Span.IsEmpty)
        {
            return false;
        }

        if (IsEllipsis(buffer.Span))
        {
            Report(PartialJsonRepairKind.Ellipsis, start);
        }
        else if (!_isWordName)
        {
            EmitWord(buffer.Span, start, isAtEnd);
        }
        else if (!isAtEnd)
        {
            BeginToken(start);
            Report(PartialJsonRepairKind.UnquotedName, start);
            Emit("\""u8);
            EmitAnyText(buffer.Span, start);
            CloseText();
        }

        return false;
    }

    // A value that a word stands for. Behind a literal or number goes a space, so that what follows does not belong to it.
    private void EmitWord(ReadOnlySpan<byte> word, long start, bool isAtEnd)
    {
        BeginToken(start);
        if (JsonBareWord.TryReadLiteral(word, out var literal, out var isGuess))
        {
            ReportUnless(literal.SequenceEqual(word), PartialJsonRepairKind.ForeignLiteral, start, isGuess);
        }
        else if (JsonBareWord.TryReadNumber(word, out var number, out isGuess))
        {
            literal = System.Text.Encoding.UTF8.GetBytes(number);
            ReportUnless(literal.SequenceEqual(word), isAtEnd && isGuess ? PartialJsonRepairKind.CutToken : PartialJsonRepairKind.ForeignNumber, start, isGuess);
        }
        else if (isAtEnd && JsonBareWord.TryCompleteLiteral(word, out literal))
        {
            Report(PartialJsonRepairKind.CutToken, start);
        }
        else
        {
            Report(PartialJsonRepairKind.UnquotedValue, start, isGuess: true);
            Emit("\""u8);
            _quotes = JsonQuotes.None;
            EmitAnyText(word, start);
            if (!isAtEnd || IsAtRoot)
            {
                CloseText();
            }

            return;
        }

        Emit(literal);
        if (!isAtEnd)
        {
            Emit(" "u8);
        }
    }

    private void ReportUnless(bool isSame, PartialJsonRepairKind kind, long offset, bool isGuess)
    {
        if (!isSame)
        {
            Report(kind, offset, isGuess);
        }
    }

    private static bool IsEllipsis(ReadOnlySpan<byte> word) => word.Length > 1 && word.IndexOfAnyExcept((byte)'.') < 0;

    private static bool EndsPattern(ReadOnlySpan<byte> pattern)
    {
        for (var index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] == (byte)'/')
            {
                return true;
            }

            index += pattern[index] == (byte)'\\' ? 1 : 0;
        }

        return false;
    }

    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> word) => word.TrimEnd(" \t\r\n"u8);
}
