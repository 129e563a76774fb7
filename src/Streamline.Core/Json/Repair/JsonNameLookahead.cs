namespace Streamline.Json;

/// <summary>Decides from the bytes behind a quote whether it begins a property name: whether its end quote comes, and a colon behind that.</summary>
internal struct JsonNameLookahead
{
    private int _count;
    private bool _isEscaped;
    private bool _isBehindName;
    private bool _isAbandoned;

    /// <summary>Answers no to whatever comes.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>Looks at the next byte behind the quote.</summary>
    /// <returns><see langword="null"/> as long as more has to come; after an answer, the same answer or no.</returns>
    public bool? Next(byte found)
    {
        if (_isAbandoned || ++_count > JsonQuoteLookahead.MaxBytes)
        {
            return false;
        }

        if (_isBehindName)
        {
            return Answer(found);
        }

        _isBehindName = found == (byte)'"' && !_isEscaped;
        _isEscaped = found == (byte)'\\' && !_isEscaped;
        _isAbandoned = found is (byte)'\n' or (byte)'\r'; // names are in one line
        return _isAbandoned ? false : null;
    }

    private bool? Answer(byte found)
    {
        if (found is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            return null;
        }

        _isAbandoned = found != (byte)':';
        return !_isAbandoned;
    }
}
