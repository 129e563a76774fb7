namespace Streamline.Json;

/// <summary>Decides from the bytes behind the end of an object whether another property of it follows: a comma or newline, a name in quotes, and a colon.</summary>
internal struct JsonPropertyLookahead
{
    private JsonNameLookahead _name;
    private bool _isSeparated;
    private bool _isInName;
    private int _count;

    /// <summary>Looks at the next byte.</summary>
    /// <returns><see langword="null"/> as long as more has to come.</returns>
    public bool? Next(byte found)
    {
        if (_isInName)
        {
            return _name.Next(found);
        }

        if (++_count > JsonQuoteLookahead.MaxBytes)
        {
            return false;
        }

        switch (found)
        {
            case (byte)' ' or (byte)'\t':
                return null;
            case (byte)'\n' or (byte)'\r' or (byte)',':
                _isSeparated = true;
                return null;
            case (byte)'"' when _isSeparated:
                _isInName = true;
                return null;
            default:
                return false;
        }
    }
}
