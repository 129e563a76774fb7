using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <content>The end of the text, and what is shown before it.</content>
internal sealed partial class JsonRepairer
{
    /// <summary>How far the text is decided now.</summary>
    public JsonExtent MeasureShown()
    {
        ref var tape = ref _record.Tape;
        var rows = tape.Count;
        if (rows <= 1 || _isEnded || _documents == PartialJsonDocuments.Last)
        {
            return MeasureRare();
        }

        // Names are shown with their values, numbers with what ends them.
        ref readonly var last = ref tape.Last;
        switch (last.Kind)
        {
            case JsonRowKind.String when tape.IsLastGrowing:
                return MeasureGrowing(rows, _record.DecidedBytes);
            case JsonRowKind.EndOfContainer when _state == JsonRepairState.RootEnd:
                return MeasureWhole(rows - 1);
            case JsonRowKind.Object or JsonRowKind.Array or JsonRowKind.EndOfContainer:
                return new JsonExtent(last.Start + 1, rows, isLastGrowing: false);
            case JsonRowKind.PropertyName:
                return MeasureWhole(rows - 1);
            case JsonRowKind.Number when tape.IsLastGrowing:
                return MeasureWhole(_record.Row(rows - 2).Kind == JsonRowKind.PropertyName ? rows - 2 : rows - 1);
            default:
                return MeasureRare();
        }
    }

    /// <summary>How far the text is shown after nothing but the grammar read on.</summary>
    /// <param name="before">How far it was shown before that.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonExtent MeasureShown(in JsonExtent before)
    {
        if (before.IsLastGrowing && _record.Tape.IsLastGrowing && before.RowCount == _record.Tape.Count)
        {
            var decided = _record.DecidedBytes; // of the same string
            if (!IsTailByte(_record.WrittenSpan[decided - 1]))
            {
                return before.WithByteCount(decided);
            }
        }

        return MeasureShown();
    }

    private JsonExtent MeasureRare()
    {
        var rows = _documents == PartialJsonDocuments.Last && !_isEnded ? 0 : _record.Tape.Count;
        rows = rows > 0 ? CountShown(rows) : 0;
        if (rows == 0)
        {
            return new JsonExtent(0, 0, isLastGrowing: false);
        }

        return rows == _record.Tape.Count && _record.Tape.IsLastGrowing ? MeasureGrowing(rows, _record.DecidedBytes) : MeasureWhole(rows);
    }

    // The last row is not growing, unless what ended it may be taken back.
    private JsonExtent MeasureWhole(int rows)
    {
        ref readonly var last = ref _record.Row(rows - 1);
        if (!_isEnded && last.Kind == JsonRowKind.String && IsUnconfirmed(rows - 1))
        {
            return MeasureGrowing(rows, last.End - 1);
        }

        // Behind the last row there may be a comma, which may yet be taken back.
        return new JsonExtent(_record.EndOf(rows - 1), rows, isLastGrowing: false);
    }

    /// <summary>How much of a text that grows is decided now, where its end may stand behind it.</summary>
    /// <param name="added">The bytes that it has grown by, of which the last <see cref="IsTailByte"/>, and there are no more than may stand behind a text.</param>
    /// <param name="shown">How much was decided before.</param>
    public int MeasureText(ReadOnlySpan<byte> added, int shown)
    {
        var tail = 1;
        while (tail < added.Length && IsTailByte(added[^(tail + 1)]))
        {
            tail++;
        }

        return tail < added.Length ? _record.ByteCount - tail : MeasureTail(_record.ByteCount, _record.ByteCount - tail, shown);
    }

    // All that was added behind an offset may stand behind the text. So may what was not shown before it, which is not looked at again.
    private int MeasureTail(int byteCount, int before, int shown)
    {
        var goesOn = IsTailByte(_record.WrittenSpan[before - 1]);
        return goesOn != (shown < before) ? byteCount - TailLength(byteCount, _record.Tape.Count - 1)
            : byteCount - shown <= MaxTail ? shown
            : byteCount;
    }

    private JsonExtent MeasureGrowing(int rows, int byteCount)
    {
        if (!_isEnded && IsTailByte(_record.WrittenSpan[byteCount - 1]))
        {
            byteCount -= TailLength(byteCount, rows - 1);
        }

        return new JsonExtent(byteCount, rows, isLastGrowing: true);
    }

    // Names are shown with their values, numbers and literals with what ends them, scalars at the root when nothing can follow, and the bracket that
    // begins the document with what is behind it.
    private int CountShown(int rows)
    {
        ref readonly var last = ref _record.Row(rows - 1);
        var isOpen = last.Kind switch
        {
            JsonRowKind.PropertyName => true,
            JsonRowKind.Number when _isEnded => _record.Tape.IsLastGrowing && _record.Reader.UndecidedBytes == _record.ByteCount - last.Start, // not a digit
            _ when _isEnded => false,
            JsonRowKind.Object or JsonRowKind.Array => rows == 1 && _isOpenerAlone,
            JsonRowKind.String => last.Parent < 0, // which may be the first name of an object without its brace
            JsonRowKind.Number when _record.Tape.IsLastGrowing => true,
            JsonRowKind.Number or JsonRowKind.True or JsonRowKind.False or JsonRowKind.Null => last.Parent < 0 || (IsLastScalarOpen() && IsOpenRow(rows - 1)),
            _ => false,
        };
        if (isOpen)
        {
            rows--;
        }

        return isOpen && last.Kind != JsonRowKind.PropertyName && rows > 0 && _record.Row(rows - 1).Kind == JsonRowKind.PropertyName ? rows - 1 : rows;
    }

    // Behind the last row nothing was decided yet. A row that a repair wrote counts as decided as soon as something stands behind it.
    private bool IsOpenRow(int row) => row > _confirmedRow || _record.Row(row).End == _record.ByteCount;

    // Only a name may have come behind it.
    private bool IsUnconfirmed(int row)
    {
        if (row <= _confirmedRow || _record.ByteCount - _record.Row(row).End > JsonQuoteLookahead.MaxBytes)
        {
            return false;
        }

        var behind = _record.Tape.Count - 1 - row;
        return behind == 0
            || (behind == 1 && _record.EndsWith(JsonRowKind.PropertyName) && (_record.Tape.IsLastGrowing || ReaderState == PartialJsonReaderState.Colon));
    }

    // The text has ended where the reader reads.
    private void EndGrammar()
    {
        switch (ReaderState)
        {
            case PartialJsonReaderState.Text when _quotes == JsonQuotes.None:
                _record.TrimText(TailLength(_record.ByteCount, _record.Tape.Count - 1));
                break;
            case PartialJsonReaderState.Text:
                EndTextAtEnd();
                break;
            case PartialJsonReaderState.Literal:
                Report(PartialJsonRepairKind.CutToken, _offset);
                Emit(_record.Reader.MissingLetters);
                break;
            case PartialJsonReaderState.Minus or PartialJsonReaderState.Point or PartialJsonReaderState.Exponent or PartialJsonReaderState.ExponentSign
                when _mode == PartialJsonMode.Aggressive:
                Report(PartialJsonRepairKind.CutToken, _offset, isGuess: true);
                Emit("0"u8);
                break;
        }

        if (_documents == PartialJsonDocuments.All && _record.Reader.Depth == 1)
        {
            EndAll();
        }
    }

    private void EndAll()
    {
        if (ReaderState == PartialJsonReaderState.Value)
        {
            RemoveComma();
        }

        if (ReaderState == PartialJsonReaderState.CommaOrEnd)
        {
            Emit("]"u8);
        }
    }

    // The text has ended and no document began: what came is a value without quotes, or a list of such values.
    private void EndBefore()
    {
        if (_state == JsonRepairState.FenceBefore)
        {
            AddHeldToProse();
        }

        _state = JsonRepairState.Grammar;
        using var buffer = new PooledBytes(_prose.Count);
        _prose.Span.CopyTo(buffer.Span);
        ReportLostProse();
        if (!_hasBegun && !_isProseLost)
        {
            EndProse(buffer.Span);
        }

        ClearProse();
    }

    private void ReportLostProse()
    {
        if (HasProse && (_hasBegun || _isProseLost))
        {
            Report(_hasBegun ? PartialJsonRepairKind.TextAfter : PartialJsonRepairKind.TextBefore, _proseStart);
        }
    }

    private void EndProse(ReadOnlySpan<byte> prose)
    {
        var text = prose.TrimEnd(" \t\r\n,;"u8);
        if (_calls > 0)
        {
            text = text.TrimEnd(" \t\r\n,;)"u8);
        }

        if (text.IsEmpty)
        {
            return;
        }

        var isList = IsList(text);
        if (_documents == PartialJsonDocuments.All || isList)
        {
            Emit("["u8);
        }

        if (isList)
        {
            Report(PartialJsonRepairKind.MissingBrackets, _proseStart, isGuess: true);
            foreach (var range in text.SplitAny((byte)',', (byte)'\n'))
            {
                var word = text[range].Trim(" \t\r\n"u8);
                if (!word.IsEmpty)
                {
                    BeginElement();
                    EmitWord(word, _proseStart + range.Start.Value, isAtEnd: false);
                }
            }
        }
        else
        {
            var isQuoted = text.Length > 1 && text[^1] == (byte)'"';
            EmitWord(isQuoted ? text[..^1] : text, _proseStart, isAtEnd: true);
        }

        if (isList)
        {
            Emit("]"u8);
        }
    }

    private void BeginElement()
    {
        if (ReaderState == PartialJsonReaderState.CommaOrEnd)
        {
            Emit(","u8);
        }
    }

    // Single words between commas or in lines. Prose has commas too, but between phrases.
    private static bool IsList(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var range in text.SplitAny((byte)',', (byte)'\n'))
        {
            var word = text[range].Trim(" \t\r\n"u8);
            if (word.IndexOfAny((byte)' ', (byte)'\t') >= 0)
            {
                return false;
            }

            count += word.IsEmpty ? 0 : 1;
        }

        return count > 1;
    }
}
