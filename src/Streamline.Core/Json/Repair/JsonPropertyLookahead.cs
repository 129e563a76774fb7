namespace Streamline.Json;

/// <summary>Decides from the bytes behind the end of an object whether another property of it follows: a comma or newline, a name in quotes, and a colon.</summary>
/// <remarks>Behind a newline alone may also stand prose that tells what the names mean: there, a value has to follow that is no word.</remarks>
internal struct JsonPropertyLookahead
{
    private JsonNameLookahead _name;
    private bool _isSeparated;
    private bool _hasComma;
    private bool _isInName;
    private bool _isBehindColon;
    private int _count;

    /// <summary>Looks at the next byte.</summary>
    /// <returns><see langword="null"/> as long as more has to come.</returns>
    public bool? Next(byte found)
    {
        if (++_count > JsonQuoteLookahead.MaxBytes)
        {
            return false;
        }

        if (_isInName && !_isBehindColon)
        {
            var isName = _name.Next(found);
            _isBehindColon = isName == true && !_hasComma;
            return _isBehindColon ? null : isName;
        }

        if (_isBehindColon)
        {
            return found is (byte)' ' or (byte)'\t' ? null : found is (byte)'"' or (byte)'{' or (byte)'[' or (byte)'-' or (>= (byte)'0' and <= (byte)'9');
        }

        switch (found)
        {
            case (byte)' ' or (byte)'\t':
                return null;
            case (byte)'\n' or (byte)'\r' or (byte)',':
                _isSeparated = true;
                _hasComma |= found == (byte)',';
                return null;
            case (byte)'"' when _isSeparated:
                _isInName = true;
                return null;
            default:
                return false;
        }
    }
}
