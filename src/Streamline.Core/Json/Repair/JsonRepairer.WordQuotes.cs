using System.Buffers;

namespace Streamline.Json;

/// <content>Quotes in words without quotes: one that is missing in front, one too many, or the next name.</content>
internal sealed partial class JsonRepairer
{
    private static readonly SearchValues<byte> StringPrefixes = SearchValues.Create("uUbBrRfF"u8);

    private JsonNameLookahead _nameAhead; // from the quote on
    private JsonQuoteVerdict _wordQuoteVerdict;

    // A quote behind a name: the one in front is missing, or it begins the value, or the name in front of which the word does not belong.
    private bool TakeQuoteInName()
    {
        if (_held.Last == (byte)' ' || IsStringPrefix(_held.Span))
        {
            BeginWordQuote(JsonQuoteVerdict.Inner);
            return true;
        }

        EndNameAtItsQuote();
        return true;
    }

    private void EndNameAtItsQuote()
    {
        Report(PartialJsonRepairKind.MissingQuote, _offset - _held.Count, isGuess: true);
        EndWord();
    }

    private bool TakeQuoteInValue()
    {
        var isInObject = _record.Reader.IsInObject;
        _lookahead = new JsonQuoteLookahead(isInObject ? JsonQuotePlace.Member : JsonQuotePlace.Element, isAfterBreak: false, IsInParentheses);
        BeginWordQuote(JsonQuoteVerdict.Undecided);
        if (!isInObject || !IsSpace(_held.Span[_heldQuote - 1]))
        {
            _nameAhead.Abandon();
        }

        return true;
    }

    private void BeginWordQuote(JsonQuoteVerdict verdict)
    {
        _heldQuote = _held.Count;
        _held.Add((byte)'"');
        _nameAhead = default;
        _wordQuoteVerdict = verdict;
        _state = JsonRepairState.WordQuote;
    }

    private bool TakeBehindWordQuote(byte found)
    {
        if (_held.Count == _heldQuote + 1 && IsStringPrefix(_held.Span[.._heldQuote]) && TryTakeBehindPrefix(found))
        {
            return false;
        }

        _held.Add(found);
        if (_wordQuoteVerdict == JsonQuoteVerdict.Undecided)
        {
            _wordQuoteVerdict = found == (byte)',' && _held.Count == _heldQuote + 2 ? JsonQuoteVerdict.Ends : _lookahead.Next(found);
        }

        var isName = _nameAhead.Next(found);
        if (isName == true || _wordQuoteVerdict == JsonQuoteVerdict.Ends || (isName == false && _wordQuoteVerdict != JsonQuoteVerdict.Undecided))
        {
            _offset++; // it is among the held bytes now, which end before the offset
            ResolveWordQuote(isName == true);
            _offset--;
        }

        return true;
    }

    private void EndWordQuote()
    {
        _wordQuoteVerdict = _wordQuoteVerdict == JsonQuoteVerdict.Undecided ? _lookahead.End() : _wordQuoteVerdict;
        ResolveWordQuote(isNameBehind: false);
    }

    private void ResolveWordQuote(bool isNameBehind)
    {
        var start = _offset - _held.Count;
        var word = TrimEnd(_held.Span[.._heldQuote]);
        var isEnd = _wordQuoteVerdict == JsonQuoteVerdict.Ends && !isNameBehind;
        if (_isWordName && isNameBehind)
        {
            Report(PartialJsonRepairKind.UnexpectedCharacter, start, isGuess: true); // a word before a whole property
            _state = JsonRepairState.Grammar;
        }
        else if (_isWordName || isNameBehind || IsScalar(word))
        {
            EndWordAtQuote(isQuoteTooMany: isEnd);
            return;
        }
        else if (isEnd)
        {
            Report(PartialJsonRepairKind.MissingQuote, start, isGuess: true);
            BeginForeignText(JsonQuotes.None, start);
            EmitAnyText(_held.Span[.._heldQuote], start);
            CloseText();
        }
        else
        {
            BeginBareText();
            EmitAnyText(_held.Span[..(_heldQuote + 1)], start);
        }

        ReplayHeld(_heldQuote + (_isWordName && isNameBehind ? 0 : 1));
    }

    // What is before the quote is a whole word.
    private void EndWordAtQuote(bool isQuoteTooMany)
    {
        var behind = _held.Span[_heldQuote..];
        using var buffer = new PooledBytes(behind.Length);
        behind.CopyTo(buffer.Span);
        _held.Truncate(_heldQuote);
        EndWord(heldBehind: buffer.Span.Length);
        var skipped = 0;
        if (isQuoteTooMany)
        {
            Report(PartialJsonRepairKind.UnexpectedCharacter, _offset - buffer.Span.Length, isGuess: true);
            skipped = 1;
        }

        _held.Clear();
        _held.Add(buffer.Span);
        ReplayHeld(skipped);
    }

    // Of Python: u'…', b'…', r"…", f"…".
    private static bool IsStringPrefix(ReadOnlySpan<byte> word) => word.Length is 1 or 2 && word.IndexOfAnyExcept(StringPrefixes) < 0;

    private void DropStringPrefix(long start)
    {
        BeginToken(start);
        Report(PartialJsonRepairKind.ForeignQuotes, start);
        _state = JsonRepairState.Grammar;
    }

    // Behind u" or the like: a string, unless the word is a name or value whose opening quote is missing.
    private bool TryTakeBehindPrefix(byte found)
    {
        var isText = char.IsAsciiLetterOrDigit((char)found) || found is (byte)'"' or (byte)'\\' or (byte)'{' or (byte)'[' or (byte)'/' or >= 0x80;
        if (!isText && !_isWordName)
        {
            return false;
        }

        if (isText)
        {
            DropStringPrefix(_offset - _held.Count);
            ReplayHeld(_heldQuote);
            return true;
        }

        _held.RemoveLast();
        _offset--;
        EndNameAtItsQuote();
        _offset++;
        return true;
    }
}
