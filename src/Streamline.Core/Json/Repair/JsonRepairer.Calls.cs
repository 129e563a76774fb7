namespace Streamline.Json;

/// <content>Calls around a value.</content>
internal sealed partial class JsonRepairer
{
    private int _calls; // open parentheses of calls that a value stands in
    private int _argumentsStart; // among the held bytes, behind the parenthesis

    // The held bytes are the name of what is called.
    private bool BeginArguments(byte found)
    {
        _held.Add(found);
        _argumentsStart = _held.Count;
        _state = JsonRepairState.Arguments;
        return true;
    }

    // Several plain arguments make no value, and neither does none: the call stays as it was written, as text. One is the value.
    private bool TakeInArguments(byte found)
    {
        var arguments = _held.Span[_argumentsStart..];
        if (found == (byte)')' && (TrimEnd(arguments).IsEmpty || arguments.Contains((byte)',')))
        {
            _held.Add(found);
            _state = JsonRepairState.Word;
            return true;
        }

        if (_held.Count >= MaxWord || found is (byte)')' or (byte)'(' or (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)'"' or (byte)'\'' or (byte)'`' or (byte)'\n')
        {
            EnterCall();
            return false;
        }

        _held.Add(found);
        return true;
    }

    private void EnterCall()
    {
        Report(PartialJsonRepairKind.FunctionCall, _offset - _held.Count);
        _calls++;
        _state = JsonRepairState.Grammar;
        ReplayHeld(_argumentsStart);
    }

    // An identifier, perhaps with dots, and perhaps behind "new".
    private static bool IsCall(ReadOnlySpan<byte> word)
    {
        word = TrimEnd(word);
        if (word.StartsWith("new "u8))
        {
            word = word["new "u8.Length..];
        }

        if (word.IsEmpty || char.IsAsciiDigit((char)word[0]))
        {
            return false;
        }

        foreach (var found in word)
        {
            if (!char.IsAsciiLetterOrDigit((char)found) && found is not ((byte)'_' or (byte)'$' or (byte)'.'))
            {
                return false;
            }
        }

        return true;
    }

    // foo[1], and text with words in braces.
    private bool ClosesWithinWord(byte closer)
    {
        var opener = closer == (byte)'}' ? (byte)'{' : (byte)'[';
        return _held.Span.Count(opener) > _held.Span.Count(closer);
    }
}
