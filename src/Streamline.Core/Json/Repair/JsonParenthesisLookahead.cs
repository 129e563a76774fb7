namespace Streamline.Json;

/// <summary>Decides from the bytes behind a parenthesis that stands where a value does what it is: a tuple when a comma comes before it ends, text when words go on behind it.</summary>
internal struct JsonParenthesisLookahead()
{
    private int _count;
    private byte _quote; // of the string that is being looked through
    private bool _isEscaped;
    private bool _isBehindValue;
    private bool _isWord = true; // no quotes, brackets or braces in it
    private bool _isBehindEnd;
    private int _depth; // of the brackets and braces in it

    /// <summary>Looks at the next byte.</summary>
    /// <returns><see cref="JsonParenthesisVerdict.Undecided"/> as long as more has to come.</returns>
    public JsonParenthesisVerdict Next(byte found)
    {
        if (++_count > JsonQuoteLookahead.MaxBytes)
        {
            return JsonParenthesisVerdict.Group;
        }

        if (_isBehindEnd)
        {
            return BehindEnd(found);
        }

        if (_quote != default)
        {
            _quote = found == _quote && !_isEscaped ? default : _quote;
            _isEscaped = found == (byte)'\\' && !_isEscaped;
            return JsonParenthesisVerdict.Undecided;
        }

        var verdict = _depth == 0 ? Inside(found) : found == (byte)'(' ? JsonParenthesisVerdict.Group : JsonParenthesisVerdict.Undecided; // each one is looked behind once
        _depth += found switch
        {
            (byte)'{' or (byte)'[' => 1,
            (byte)'}' or (byte)']' => -1,
            _ => 0,
        };
        _quote = found is (byte)'"' or (byte)'\'' ? found : default;
        _isWord &= _quote == default && _depth == 0;
        _isBehindValue |= found is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r');
        return verdict;
    }

    private JsonParenthesisVerdict Inside(byte found)
    {
        switch (found)
        {
            case (byte)')' when _isBehindValue && _isWord:
                _isBehindEnd = true;
                return JsonParenthesisVerdict.Undecided;
            case (byte)')':
                return _isBehindValue ? JsonParenthesisVerdict.Group : JsonParenthesisVerdict.Tuple;
            case (byte)',' when !_isBehindValue:
            case (byte)'}' or (byte)']':
                return JsonParenthesisVerdict.Group;
            case (byte)',' or (byte)'(' or (byte)'[':
                return JsonParenthesisVerdict.Tuple;
            default:
                return JsonParenthesisVerdict.Undecided;
        }
    }

    private static JsonParenthesisVerdict BehindEnd(byte found) => found switch
    {
        (byte)' ' or (byte)'\t' => JsonParenthesisVerdict.Undecided,
        (byte)'*' or (byte)'+' or (byte)'-' or (byte)'%' or (byte)'=' or >= 0x80 => JsonParenthesisVerdict.Text,
        _ => char.IsAsciiLetterOrDigit((char)found) ? JsonParenthesisVerdict.Text : JsonParenthesisVerdict.Group,
    };
}
