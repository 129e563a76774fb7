namespace Streamline.Json;

/// <summary>Decides from the bytes behind a parenthesis that stands where a value does whether it begins a tuple: whether a comma comes before it ends.</summary>
internal struct JsonParenthesisLookahead
{
    private int _count;
    private byte _quote; // of the string that is being looked through
    private bool _isEscaped;
    private bool _isBehindValue;
    private int _depth; // of the brackets and braces in it

    /// <summary>Looks at the next byte.</summary>
    /// <returns><see langword="null"/> as long as more has to come.</returns>
    public bool? Next(byte found)
    {
        if (++_count > JsonQuoteLookahead.MaxBytes)
        {
            return false;
        }

        if (_quote != default)
        {
            _quote = found == _quote && !_isEscaped ? default : _quote;
            _isEscaped = found == (byte)'\\' && !_isEscaped;
            return null;
        }

        bool? isTuple = found switch
        {
            (byte)')' when _depth == 0 => !_isBehindValue,
            (byte)',' when _depth == 0 => true,
            (byte)'(' or (byte)'[' when _depth == 0 => true,
            (byte)'(' => false, // each one is looked behind once
            (byte)'}' or (byte)']' when _depth == 0 => false,
            _ => null,
        };
        _depth += found switch
        {
            (byte)'{' or (byte)'[' => 1,
            (byte)'}' or (byte)']' => -1,
            _ => 0,
        };
        _isBehindValue |= found is not ((byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r');
        _quote = found is (byte)'"' or (byte)'\'' ? found : default;
        return isTuple;
    }
}
