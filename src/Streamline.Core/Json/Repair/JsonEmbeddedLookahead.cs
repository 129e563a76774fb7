namespace Streamline.Json;

/// <summary>Decides from the bytes behind a bracket and a quote in a string whether a JSON document begins there: whether a name and its colon follow, or an element.</summary>
/// <remarks>Code and patterns have brackets before quotes too; what follows them is seldom a word that another quote and a colon, comma or closer end.</remarks>
internal struct JsonEmbeddedLookahead(bool isObject)
{
    private JsonNameLookahead _next;
    private Phase _phase;
    private int _count;

    private enum Phase : byte
    {
        First,
        InText,
        Escaped,
        BehindText,
        BehindComma,
        InNext,
    }

    /// <summary>Looks at the next byte behind the quote.</summary>
    /// <returns><see langword="null"/> as long as more has to come; an answer is the last one.</returns>
    public bool? Next(byte found)
    {
        if (++_count > JsonQuoteLookahead.MaxBytes)
        {
            return false;
        }

        switch (_phase)
        {
            case Phase.First when found is (byte)'"' or (byte)' ':
                return false;
            case Phase.Escaped:
                return Enter(Phase.InText);
            case Phase.First or Phase.InText:
                return Enter(found == (byte)'\\' ? Phase.Escaped : found == (byte)'"' ? Phase.BehindText : Phase.InText);
            case Phase.InNext:
                return !_next.Next(found);
        }

        if (found is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            return null;
        }

        if (_phase == Phase.BehindText)
        {
            return found == (byte)',' && !isObject ? Enter(Phase.BehindComma) : found == (isObject ? (byte)'}' : (byte)']') || (isObject && found == (byte)':');
        }

        // What is around the string goes on with a name; an array does not.
        return found == (byte)'"' ? Enter(Phase.InNext) : true;
    }

    private bool? Enter(Phase phase)
    {
        _phase = phase;
        return null;
    }
}
