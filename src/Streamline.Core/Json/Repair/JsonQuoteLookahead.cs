namespace Streamline.Json;

/// <summary>Decides from the bytes behind a quote whether it ends its string. A state machine that sees each byte once and needs few of them.</summary>
/// <remarks>
/// A quote ends its string when what follows is what JSON wants there: a colon behind a name; a comma and a next name with its colon behind a member; a comma and a
/// next value behind an element; a closer. Prose that quotes a word does not go on like that. Where both readings are left, the quotes before it tell: behind an
/// even number of inner ones, none is open that this one could close.
/// </remarks>
internal struct JsonQuoteLookahead(JsonQuotePlace place, bool isAfterBreak, bool isInCall, bool isAfterSpace = false, bool isInnerOpen = false)
{
    /// <summary>How many bytes are looked at before the quote is taken for the end of its string.</summary>
    public const int MaxBytes = 256;

    private Phase _phase;
    private byte _quote; // the quote that the word being looked through is in
    private bool _isAdjacent = true; // nothing came between the quote and this byte
    private bool _hasNewline;
    private bool _isEscaped;
    private bool _isSemicolon; // stands for the comma
    private int _letters;
    private int _count;

    private enum Phase : byte
    {
        AfterQuote,
        AfterSecondQuote, // a quote right behind the quote
        AfterComma,
        AfterPlus,
        AfterSlash,
        InFullWidth, // a comma or colon of Chinese and Japanese
        AfterClosers, // behind a closer that has nothing to close
        InName, // of a next property, in quotes
        AfterName,
        InBareName,
        AfterBareName,
        InElement, // a next element, in quotes
        AfterElement,
        InBareElement,
        AfterPrefix, // letters and a quote, as in u"…"
        InLiteral,
    }

    /// <summary>Whether a plus was found, and a quote behind it.</summary>
    public readonly bool IsBehindPlus => _phase == Phase.AfterPlus;

    /// <summary>Whether a next string was found whose own quote is the one to decide about.</summary>
    private bool IsOpening { get; set; }

    // One or two letters, as in u'…', before the quote of a next string.
    private readonly bool IsPrefix => _letters < 2 && !isInnerOpen;

    // No inner quote is open that the one to decide about could close, and it is none that opens a string.
    private readonly bool IsUnpaired => !isInnerOpen && !IsOpening;

    /// <summary>Looks at the next byte behind the quote.</summary>
    public JsonQuoteVerdict Next(byte found)
    {
        if (++_count > MaxBytes)
        {
            return JsonQuoteVerdict.Ends;
        }

        var verdict = Step(found);
        _isAdjacent = false;
        _hasNewline |= found is (byte)'\n' or (byte)'\r';
        return verdict;
    }

    /// <summary>The text has ended.</summary>
    public readonly JsonQuoteVerdict End() => _phase switch
    {
        Phase.AfterSecondQuote => JsonQuoteVerdict.Inner,
        Phase.InLiteral when !_hasNewline => JsonQuoteVerdict.Inner,
        Phase.InBareElement when !_hasNewline => EndsIf(!isInnerOpen),
        Phase.InName or Phase.AfterName or Phase.InElement when IsOpening => JsonQuoteVerdict.Inner,
        Phase.AfterElement when IsOpening => JsonQuoteVerdict.Opens,
        _ => JsonQuoteVerdict.Ends,
    };

    private JsonQuoteVerdict Step(byte found) => _phase switch
    {
        Phase.AfterQuote => AfterQuote(found),
        Phase.AfterSecondQuote => AfterSecondQuote(found),
        Phase.AfterComma => AfterComma(found),
        Phase.AfterPlus => IsSpace(found) ? JsonQuoteVerdict.Undecided : EndsIf(IsQuote(found) || found is (byte)'/' or 0xE2),
        Phase.AfterSlash => EndsIf(found is (byte)'/' or (byte)'*'),
        Phase.InFullWidth => InFullWidth(found),
        Phase.AfterClosers => IsSpace(found) || found is (byte)'}' or (byte)']' ? JsonQuoteVerdict.Undecided : EndsIf(found is (byte)'`' or (byte)';'),
        Phase.InName => InQuotes(found, Phase.AfterName),
        Phase.AfterName => IsSpace(found) ? JsonQuoteVerdict.Undecided : Found(found == (byte)':' || (found == (byte)'}' && IsUnpaired) || IsThirdBacktick(found)),
        Phase.InBareName => InBareName(found),
        Phase.AfterBareName => IsSpace(found) ? JsonQuoteVerdict.Undecided : IsUnpaired && IsQuote(found) ? EnterQuotes(found, isOpening: false) : EndsIf(found == (byte)':'),
        Phase.InElement => InQuotes(found, Phase.AfterElement),
        Phase.AfterElement => IsSpace(found) ? JsonQuoteVerdict.Undecided : Found(found is (byte)',' or (byte)']' || IsNextBehind(found) || IsThirdBacktick(found) || (found == (byte)')' && isInCall)),
        Phase.InBareElement => InBareElement(found),
        Phase.AfterPrefix => AfterPrefix(found),
        _ => InLiteral(found),
    };

    private JsonQuoteVerdict AfterQuote(byte found)
    {
        switch (found)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                return JsonQuoteVerdict.Undecided;
            case (byte)':':
                return EndsIf(place != JsonQuotePlace.Member);
            case (byte)'/':
                return Enter(Phase.AfterSlash);
            case 0xEF:
                return Enter(Phase.InFullWidth);
            case (byte)')' when isInCall:
                return JsonQuoteVerdict.Ends;
            case (byte)'}' or (byte)']':
                return place == JsonQuotePlace.Root ? Enter(Phase.AfterClosers) : JsonQuoteVerdict.Ends;
            case (byte)'"' or (byte)'\'' when _isAdjacent && place != JsonQuotePlace.Name:
                _quote = found;
                return Enter(Phase.AfterSecondQuote);
        }

        return place switch
        {
            JsonQuotePlace.Name => AfterNameQuote(found),
            JsonQuotePlace.Root => AfterRootQuote(found),
            _ => AfterValueQuote(found),
        };
    }

    // The colon is missing, or the value is.
    private JsonQuoteVerdict AfterNameQuote(byte found) => found switch
    {
        (byte)',' or (byte)'=' or (byte)'{' or (byte)'[' or (byte)'-' or 0xE2 => JsonQuoteVerdict.Ends,
        >= (byte)'0' and <= (byte)'9' => JsonQuoteVerdict.Ends,
        _ when IsQuote(found) => JsonQuoteVerdict.Ends,
        _ when IsLetter(found) => Enter(Phase.InLiteral),
        _ => JsonQuoteVerdict.Inner,
    };

    private JsonQuoteVerdict AfterRootQuote(byte found) => found switch
    {
        (byte)',' => Enter(Phase.AfterComma),
        (byte)'+' => Enter(Phase.AfterPlus),
        (byte)';' or (byte)'`' or (byte)'{' or (byte)'[' => JsonQuoteVerdict.Ends,
        _ => EndsIf(_hasNewline || IsQuote(found)),
    };

    private JsonQuoteVerdict AfterValueQuote(byte found)
    {
        switch (found)
        {
            case (byte)',' or (byte)';':
                _isSemicolon = found == (byte)';';
                return Enter(Phase.AfterComma);
            case (byte)'+':
                return Enter(Phase.AfterPlus);
            case (byte)'{' or (byte)'[':
                return EndsIf(!_isAdjacent);
            case (byte)'#':
                return EndsIf(!_isAdjacent);
        }

        if (IsQuote(found))
        {
            return EnterQuotes(found, isOpening: false);
        }

        if (isAfterBreak && _isAdjacent && (IsLetter(found) || found >= 0x80 || char.IsAsciiDigit((char)found)))
        {
            return EnterQuotes((byte)'"', isOpening: true);
        }

        if (place == JsonQuotePlace.Member)
        {
            return _hasNewline && IsLetter(found) ? Enter(Phase.InBareName) : JsonQuoteVerdict.Inner;
        }

        return found switch
        {
            >= (byte)'0' and <= (byte)'9' => EndsIf(!_isAdjacent),
            _ when IsLetter(found) && !_isAdjacent => Enter(_hasNewline ? Phase.InBareElement : Phase.InLiteral),
            _ => JsonQuoteVerdict.Inner,
        };
    }

    // One of the two is inside: either the first is, and the second ends the string, or both are.
    private JsonQuoteVerdict AfterSecondQuote(byte found)
    {
        if (IsSpace(found) || found is (byte)',' or (byte)'}' or (byte)']' or (byte)')')
        {
            return JsonQuoteVerdict.Inner;
        }

        EnterQuotes(_quote, isOpening: false);
        return Step(found);
    }

    private JsonQuoteVerdict AfterComma(byte found)
    {
        if (IsSpace(found) || found == (byte)',')
        {
            return JsonQuoteVerdict.Undecided;
        }

        if (found is (byte)'}' or (byte)']')
        {
            return EndsIf(!_isSemicolon); // code has semicolons before its braces
        }

        if (found is (byte)'/' or (byte)'#' or (byte)'.' or (byte)'{' or (byte)'`' or 0xE2)
        {
            return JsonQuoteVerdict.Ends;
        }

        if (place == JsonQuotePlace.Member)
        {
            return found switch
            {
                (byte)'[' => EndsIf(IsUnpaired),
                _ when IsQuote(found) => EnterQuotes(found, isOpening: false),
                _ when IsLetter(found) || char.IsAsciiDigit((char)found) => Enter(Phase.InBareName),
                _ => JsonQuoteVerdict.Inner,
            };
        }

        return IsLetter(found) && !_hasNewline ? Enter(Phase.InBareElement) : JsonQuoteVerdict.Ends;
    }

    // U+FF0C and U+FF1A are EF BC 8C and EF BC 9A.
    private JsonQuoteVerdict InFullWidth(byte found) => found switch
    {
        0xBC => JsonQuoteVerdict.Undecided,
        0x8C when place is JsonQuotePlace.Member or JsonQuotePlace.Element => Enter(Phase.AfterComma),
        0x9A => EndsIf(place == JsonQuotePlace.Name),
        _ => JsonQuoteVerdict.Inner,
    };

    private JsonQuoteVerdict EnterQuotes(byte quote, bool isOpening)
    {
        _quote = quote;
        IsOpening = isOpening;
        return Enter(place == JsonQuotePlace.Element ? Phase.InElement : Phase.InName);
    }

    private JsonQuoteVerdict InQuotes(byte found, Phase after)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
        }
        else if (found == (byte)'\\')
        {
            _isEscaped = true;
        }
        else if (found == _quote)
        {
            return Enter(after);
        }

        return JsonQuoteVerdict.Undecided;
    }

    // Two of them enclose nothing: it is a Markdown fence.
    private readonly bool IsThirdBacktick(byte found) => found == (byte)'`' && _quote == found && !IsOpening;

    // A comma is missing, unless the quote is inside: behind a space, it rather begins a quotation.
    private readonly bool IsNextBehind(byte found) => IsUnpaired && !isAfterSpace && IsValueStart(found);

    private readonly JsonQuoteVerdict Found(bool isNext) =>
        !isNext ? JsonQuoteVerdict.Inner : IsOpening ? JsonQuoteVerdict.Opens : JsonQuoteVerdict.Ends;

    private JsonQuoteVerdict InBareName(byte found)
    {
        if (IsQuote(found) && IsPrefix)
        {
            return EnterPrefix(found);
        }

        _letters++;
        if (IsLetter(found) || char.IsAsciiDigit((char)found) || found is (byte)'-' or (byte)'.')
        {
            return JsonQuoteVerdict.Undecided;
        }

        return found == (byte)'"' ? Enter(Phase.AfterName) : IsSpace(found) ? Enter(Phase.AfterBareName) : EndsIf(found == (byte)':');
    }

    private JsonQuoteVerdict EnterPrefix(byte quote)
    {
        _quote = quote;
        return Enter(Phase.AfterPrefix);
    }

    // Or a name whose opening quote is missing.
    private JsonQuoteVerdict AfterPrefix(byte found)
    {
        if (_quote == (byte)'"' && (IsSpace(found) || found is (byte)':' or (byte)',' or (byte)']' or (byte)'}'))
        {
            _phase = Phase.AfterName;
            return place == JsonQuotePlace.Member ? Step(found) : JsonQuoteVerdict.Inner;
        }

        EnterQuotes(_quote, isOpening: false);
        return Step(found);
    }

    private JsonQuoteVerdict InBareElement(byte found)
    {
        var isPrefix = IsPrefix;
        _letters++;
        return found switch
        {
            (byte)')' when isInCall => JsonQuoteVerdict.Ends,
            (byte)'"' or (byte)'\'' when isPrefix => EnterPrefix(found),
            (byte)',' or (byte)']' or (byte)'\n' or (byte)'(' => EndsIf(!isInnerOpen),
            (byte)'"' => JsonQuoteVerdict.Inner,
            _ => JsonQuoteVerdict.Undecided,
        };
    }

    // Behind a name or an element: only true, false, null and their like make a value of letters likely.
    private JsonQuoteVerdict InLiteral(byte found)
    {
        const int LongestLiteral = 8;
        return IsLetter(found)
            ? ++_letters < LongestLiteral ? JsonQuoteVerdict.Undecided : JsonQuoteVerdict.Inner
            : EndsIf(!isInnerOpen && _letters >= 2 && (found is (byte)',' or (byte)'}' or (byte)']' or (byte)'\n' or (byte)'(' || (found == (byte)')' && isInCall)));
    }

    private JsonQuoteVerdict Enter(Phase phase)
    {
        _phase = phase;
        return JsonQuoteVerdict.Undecided;
    }

    private static JsonQuoteVerdict EndsIf(bool isEnd) => isEnd ? JsonQuoteVerdict.Ends : JsonQuoteVerdict.Inner;

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';

    private static bool IsValueStart(byte value) => IsQuote(value) || value is (byte)'{' or (byte)'[' or (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    private static bool IsQuote(byte value) => value is (byte)'"' or (byte)'\'' or (byte)'`';

    private static bool IsLetter(byte value) => char.IsAsciiLetter((char)value) || value is (byte)'_' or (byte)'$';
}
