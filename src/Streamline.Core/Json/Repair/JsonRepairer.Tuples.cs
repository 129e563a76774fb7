namespace Streamline.Json;

/// <content>Parentheses around values: tuples, which are arrays, and groups, which are what is in them.</content>
internal sealed partial class JsonRepairer
{
    private readonly Stack<(int Depth, int Calls)> _tuples = new(); // those that are open: how many containers in each, and how many calls around it
    private JsonParenthesisLookahead _parenthesisAhead;
    private bool _isProseRead; // as a document; a word at the root makes it prose again

    private bool IsInParentheses => _calls > 0 || TryPeekTuple(out _);

    private bool BeginParenthesis()
    {
        _parenthesisAhead = new JsonParenthesisLookahead();
        _held.Clear();
        _state = JsonRepairState.Parenthesis;
        return true;
    }

    private bool TakeBehindParenthesis(byte found)
    {
        _held.Add(found);
        if (_parenthesisAhead.Next(found) is var verdict and not JsonParenthesisVerdict.Undecided)
        {
            _offset++; // it is among the held bytes now, which end before the offset
            ResolveParenthesis(verdict);
            _offset--;
        }

        return true;
    }

    private void ResolveParenthesis(JsonParenthesisVerdict verdict)
    {
        var start = _offset - _held.Count - 1;
        _state = JsonRepairState.Grammar;
        switch (verdict)
        {
            case JsonParenthesisVerdict.Tuple:
                Report(PartialJsonRepairKind.ForeignBrackets, start);
                Emit("["u8);
                _tuples.Push((_record.Reader.Depth, _calls));
                break;
            case JsonParenthesisVerdict.Text when !IsAtRoot:
                BeginParenthesisWord();
                return;
            default:
                Report(PartialJsonRepairKind.UnexpectedCharacter, start, isGuess: true);
                _calls++; // its end is skipped like that of a call
                break;
        }

        ReplayHeld();
    }

    private void BeginParenthesisWord()
    {
        using var buffer = new PooledBytes(_held.Count);
        _held.Span.CopyTo(buffer.Span);
        _offset -= buffer.Span.Length;
        _held.Clear();
        _held.Add((byte)'(');
        BeginWord();
        Pump(buffer.Span);
    }

    private bool TryPeekTuple(out (int Depth, int Calls) tuple)
    {
        while (_tuples.TryPeek(out tuple) && tuple.Depth > _record.Reader.Depth)
        {
            _tuples.Pop(); // a bracket closed it
        }

        return _tuples.Count > 0;
    }

    // A closing parenthesis behind a value or a comma, where a call or a tuple is open.
    private bool TakeParenthesisEnd()
    {
        if (!TryPeekTuple(out var tuple) || _calls > tuple.Calls)
        {
            _calls = Math.Max(0, _calls - 1);
            return true;
        }

        if (ReaderState is PartialJsonReaderState.Value or PartialJsonReaderState.Name)
        {
            return TakeBackComma();
        }

        while (Error is null && _record.Reader.Depth > tuple.Depth)
        {
            CloseInnermost();
        }

        _tuples.Pop();
        Emit("]"u8);
        return true;
    }

    // What came before any document stands in parentheses as a whole, with commas. Outside of a fence, a word in it is prose.
    private bool IsProseTuple()
    {
        var text = _prose.Span.TrimEnd(" \t\r\n"u8);
        if (_hasBegun || _isProseRead || _isProseLost || text is not [(byte)'(', .., (byte)')'] || !text.Contains((byte)','))
        {
            return false;
        }

        var first = text[1..].TrimStart(" \t\r\n"u8);
        return _isFenced || IsOpener(first[0]) || first[0] == (byte)'(' || IsScalar(TrimEnd(first[..first.IndexOf((byte)',')]));
    }

    private void BeginProseDocument()
    {
        using var buffer = new PooledBytes(_prose.Count);
        _prose.Span.CopyTo(buffer.Span);
        var offset = _offset;
        _offset = _proseStart;
        _isProseRead = true;
        ClearProse();
        BeginDocument(_offset);
        Pump(buffer.Span);
        _offset = offset;
    }
}
