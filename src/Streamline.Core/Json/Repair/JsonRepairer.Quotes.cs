using System.Buffers;

namespace Streamline.Json;

/// <content>Where a string ends: quotes that may be inner ones, quotes that are missing, and quotes that JSON does not have.</content>
internal sealed partial class JsonRepairer
{
    // What a string in other quotes is looked through for. 0xC2 and 0xE2 begin typographic quotes.
    private static readonly SearchValues<byte> ForeignStops = SearchValues.Create([(byte)'"', (byte)'\'', (byte)'`', (byte)'\\', 0xC2, 0xE2]);

    private JsonQuotes _quotes; // of the string that is being read
    private int _confirmedRow = Undecided; // strings up to this row have their end for good
    private int _concatenatedRow = Undecided; // a string that ended before a plus and a quote
    private JsonQuoteLookahead _lookahead;
    private JsonQuoteVerdict _quoteVerdict;
    private int _heldQuote; // where among the held bytes the quote is that is being decided
    private int _heldQuoteLength;
    private int _innerQuoteRow = Undecided; // the string that the last inner quote is in
    private bool _isInnerOpen; // an odd number of them is

    private JsonQuotePlace Place
    {
        get
        {
            ref var reader = ref _record.Reader;
            if (reader.IsName)
            {
                return JsonQuotePlace.Name;
            }

            return reader.Depth == RootDepth ? JsonQuotePlace.Root : reader.IsInObject ? JsonQuotePlace.Member : JsonQuotePlace.Element;
        }
    }

    private int RootDepth => _documents == PartialJsonDocuments.All ? 1 : 0;

    // The reader stands behind a string, and what came after it is not what JSON wants there.
    private bool TryReconsiderText(byte found)
    {
        var row = UnconfirmedText();
        if (row == Undecided)
        {
            return false;
        }

        if (TrySplitName(row, found))
        {
            return true;
        }

        var quote = _record.Row(row).End - 1;
        var region = _record.WrittenSpan[quote..];
        using var buffer = new PooledBytes(region.Length);
        region.CopyTo(buffer.Span);
        ReopenText(row);
        _quotes = JsonQuotes.Double;
        _held.Clear();
        HoldTail();
        _held.Add((byte)'"');
        BeginLookahead(_held.Count - 1);
        for (var index = 1; index < buffer.Span.Length; index++)
        {
            BytesExamined++;
            _held.Add(buffer.Span[index]);
            if (DecidesQuote(buffer.Span[index]))
            {
                _held.Add(buffer.Span[(index + 1)..]);
                ResolveQuote();
                break;
            }
        }

        return true;
    }

    // The strings before it have been settled, by what came behind them. They stay so, although some of it is taken back.
    private void ReopenText(int row)
    {
        _record.ReopenText(row);
        _confirmedRow = row - 1;
    }

    // The last string that has ended, as long as what follows it may show that it has not.
    private int UnconfirmedText()
    {
        var last = _record.Tape.Count - 1;
        if (last < 0 || _record.Tape.IsLastGrowing)
        {
            return Undecided;
        }

        if (_record.EndsWith(JsonRowKind.PropertyName))
        {
            if (ReaderState != PartialJsonReaderState.Colon)
            {
                return Undecided;
            }

            return IsUnconfirmedText(last - 1, JsonRowKind.String) ? last - 1 : IsUnconfirmedText(last, JsonRowKind.PropertyName) ? last : Undecided;
        }

        return IsUnconfirmedText(last, JsonRowKind.String) ? last : Undecided;
    }

    private bool IsUnconfirmedText(int row, JsonRowKind kind) =>
        row > _confirmedRow && _record.Row(row).Kind == kind && _record.ByteCount - _record.Row(row).End <= JsonQuoteLookahead.MaxBytes;

    private void BeginLookahead(int quote, int length = 1)
    {
        _heldQuote = quote;
        _heldQuoteLength = length;
        var isAfterBreak = _held.Span[..quote].IndexOfAny((byte)',', (byte)'\n', (byte)'\r') >= 0;
        var isAfterSpace = _held.Span[..quote] is [.., (byte)' '];
        _lookahead = new JsonQuoteLookahead(Place, isAfterBreak, IsInParentheses, isAfterSpace, _isInnerOpen && _innerQuoteRow == _record.Tape.Count - 1);
        _quoteVerdict = JsonQuoteVerdict.Undecided;
        BeginEmbeddedLookahead(_held.Span[..quote]);
        _state = JsonRepairState.Quote;
    }

    private bool TakeBehindQuote(byte found)
    {
        _held.Add(found);
        if (DecidesQuote(found))
        {
            _offset++; // it is among the held bytes now, which end before the offset
            ResolveQuote();
            _offset--;
        }

        return true;
    }

    private bool DecidesQuote(byte found)
    {
        _quoteVerdict = _quoteVerdict == JsonQuoteVerdict.Undecided ? _lookahead.Next(found) : _quoteVerdict;
        _isEmbedding ??= _embeddedAhead.Next(found);
        return _quoteVerdict == JsonQuoteVerdict.Ends || (_quoteVerdict != JsonQuoteVerdict.Undecided && _isEmbedding is not null);
    }

    // The text has ended.
    private void EndQuote()
    {
        _quoteVerdict = _quoteVerdict == JsonQuoteVerdict.Undecided ? _lookahead.End() : _quoteVerdict;
        ResolveQuote();
    }

    private void ResolveQuote()
    {
        _state = JsonRepairState.Grammar;
        var start = _offset - _held.Count;
        var verdict = _quoteVerdict;
        var isEmbedding = verdict != JsonQuoteVerdict.Ends && _isEmbedding != false;
        if (verdict == JsonQuoteVerdict.Opens && !isEmbedding)
        {
            Report(PartialJsonRepairKind.MissingQuote, start, isGuess: true);
            CloseText();
            ReplayHeld();
            return;
        }

        EmitText(_held.Span[.._heldQuote], start);
        if (verdict == JsonQuoteVerdict.Ends)
        {
            CloseText();
            _concatenatedRow = _lookahead.IsBehindPlus ? _confirmedRow : Undecided;
        }
        else
        {
            Report(PartialJsonRepairKind.UnescapedQuote, start + _heldQuote, isGuess: true);
            EmitAnyText(_held.Span.Slice(_heldQuote, _heldQuoteLength), start + _heldQuote);
            NoteInnerQuote();
        }

        if (isEmbedding)
        {
            BeginEmbedded();
        }

        ReplayHeld(_heldQuote + _heldQuoteLength);
    }

    private void NoteInnerQuote()
    {
        _isInnerOpen = _innerQuoteRow != _record.Tape.Count - 1 || !_isInnerOpen;
        _innerQuoteRow = _record.Tape.Count - 1;
    }

    private void CloseText()
    {
        Emit("\""u8);
        _quotes = JsonQuotes.Double;
        _confirmedRow = _record.Tape.Count - 1;
        _innerQuoteRow = Undecided;
    }

    private void BeginForeignText(JsonQuotes quotes, long offset)
    {
        BeginToken(offset);
        if (quotes != JsonQuotes.None)
        {
            Report(PartialJsonRepairKind.ForeignQuotes, offset);
        }

        Emit("\""u8);
        _quotes = quotes;
        _state = JsonRepairState.Grammar;
    }

    // A string that does not stand in the quotes of JSON: the reader gets what is certainly text.
    private int ReadForeignText(ReadOnlySpan<byte> input)
    {
        switch (_quotes)
        {
            case JsonQuotes.None:
                return ReadBareText(input);
            case JsonQuotes.Embedding:
                return ReadEmbeddedText(input);
        }

        if (ReaderState != PartialJsonReaderState.Text)
        {
            return ReadText(input[..1]);
        }

        if (_quotes is JsonQuotes.TripleDouble or JsonQuotes.TripleSingle)
        {
            return ReadTripleQuotedText(input);
        }

        var slice = input[..Math.Min(input.Length, _slice)];
        var stop = slice.IndexOfAny(ForeignStops);
        if (stop != 0)
        {
            return ReadText(stop < 0 ? slice : slice[..stop]);
        }

        var found = input[0];
        switch (found)
        {
            case (byte)'"' when _quotes != JsonQuotes.DoubleTypographic:
                EmitEscaped(found);
                _offset++;
                return 1;
            case (byte)'"':
            case (byte)'\'' when _quotes != JsonQuotes.DoubleTypographic:
            case (byte)'`' when _quotes == JsonQuotes.SingleTypographic:
                _held.Clear();
                HoldTail();
                _held.Add(found);
                if (found == (byte)'\'' && _quotes == JsonQuotes.Single && _held.Count == 1 && _record.ByteCount == _record.Tape.Last.Start + 1)
                {
                    _state = JsonRepairState.SecondQuote;
                }
                else
                {
                    BeginLookahead(_held.Count - 1);
                }

                _offset++;
                return 1;
            case 0xC2 or 0xE2 when _quotes != JsonQuotes.Single:
                _held.Clear();
                _state = JsonRepairState.QuoteCharacter;
                return 0;
            default:
                return ReadText(input[..1]);
        }
    }

    private int ReadText(ReadOnlySpan<byte> input)
    {
        var status = Accept(input, out var count);
        if (status != OperationStatus.InvalidData)
        {
            _slice = Math.Min(_slice * 2, MaxSlice);
            return count;
        }

        _slice = MinSlice;
        return TakeRefused(input[count]) ? count + 1 : count;
    }

    private bool TakeInQuoteCharacter(byte found)
    {
        _held.Add(found);
        if (_held.Count < (_held.Span[0] == 0xC2 ? 2 : 3))
        {
            return true;
        }

        var isEnd = (_quotes == JsonQuotes.DoubleTypographic && IsDoubleQuote(_held.Span))
            || (_quotes == JsonQuotes.SingleTypographic && IsSingleQuote(_held.Span));
        _offset++;
        if (!isEnd)
        {
            EmitUndecidedText();
        }
        else
        {
            Span<byte> quote = stackalloc byte[_held.Count];
            _held.Span.CopyTo(quote);
            _held.Clear();
            HoldTail();
            _held.Add(quote);
            BeginLookahead(_held.Count - quote.Length, quote.Length);
        }

        _offset--;
        return true;
    }

    // Three bytes that are not the quote looked for: the reader gets the first, and the others are looked at anew.
    private void EmitUndecidedText()
    {
        Span<byte> bytes = stackalloc byte[_held.Count];
        _held.Span.CopyTo(bytes);
        _held.Clear();
        _state = JsonRepairState.Grammar;
        _offset -= bytes.Length;
        ReadText(bytes[..1]);
        Pump(bytes[1..]);
    }

    private bool BeginConcatenation()
    {
        Report(PartialJsonRepairKind.Concatenation, _offset);
        ReopenText(_concatenatedRow);
        _concatenatedRow = Undecided;
        _state = JsonRepairState.Concatenation;
        return true;
    }

    private bool TakeInConcatenation(byte found)
    {
        switch (found)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                return true;
            case (byte)'/':
                _state = JsonRepairState.Slash;
                _isSlashInText = true;
                return true;
            case (byte)'"' or (byte)'\'' or (byte)'`':
                _quotes = found switch
                {
                    (byte)'"' => JsonQuotes.Double,
                    (byte)'\'' => JsonQuotes.Single,
                    _ => JsonQuotes.SingleTypographic,
                };
                _state = JsonRepairState.Grammar;
                return true;
            default:
                CloseText();
                _state = JsonRepairState.Grammar;
                return false;
        }
    }

    // U+201C to U+201F, and the quotes of JSON.
    private static bool IsDoubleQuote(ReadOnlySpan<byte> character) => character is [0xE2, 0x80, >= 0x9C and <= 0x9F];

    // U+2018 to U+201B, and the acute accent.
    private static bool IsSingleQuote(ReadOnlySpan<byte> character) => character is [0xE2, 0x80, >= 0x98 and <= 0x9B] or [0xC2, 0xB4];
}
