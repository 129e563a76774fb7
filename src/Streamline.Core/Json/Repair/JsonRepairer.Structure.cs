namespace Streamline.Json;

/// <content>Between values: commas, colons, closers, and what does not belong there.</content>
internal sealed partial class JsonRepairer
{
    private bool TakeStructureFault(byte found)
    {
        if (found == (byte)'"' && IsBehindEmptyText)
        {
            _state = JsonRepairState.ThirdQuote;
            return true;
        }

        if (TryBeginDoubledQuotes(found) || TryReconsiderText(found))
        {
            return false;
        }

        var isLastConfirmed = _confirmedRow >= _record.Tape.Count - 1;
        _confirmedRow = _record.Tape.Count - 1;
        switch (found)
        {
            case (byte)'/':
                _state = JsonRepairState.Slash;
                return true;
            case (byte)'#' when ReaderState != PartialJsonReaderState.EndOfText:
                BeginComment(JsonRepairState.LineComment, _offset);
                return true;
            case (byte)'\\' when ReaderState is not (PartialJsonReaderState.CommaOrEnd or PartialJsonReaderState.EndOfText):
                _state = JsonRepairState.Backslash;
                return true;
            case (byte)')' when IsInParentheses && ReaderState is PartialJsonReaderState.CommaOrEnd or PartialJsonReaderState.ElementOrEnd
                or PartialJsonReaderState.NameOrEnd or PartialJsonReaderState.Name:
            case (byte)')' when IsInParentheses && ReaderState == PartialJsonReaderState.Value && _record.Reader.IsInArray:
                return TakeParenthesisEnd();
            case (byte)'(' when ReaderState is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd:
                return BeginParenthesis();
        }

        if (IsTextBegunByScalar(found, isLastConfirmed) || (found == (byte)'"' && IsRightBehindScalar))
        {
            return TakeWordBack();
        }

        return ReaderState switch
        {
            PartialJsonReaderState.EndOfText => TakeBehindRoot(found),
            PartialJsonReaderState.Colon => TakeInsteadOfColon(found),
            PartialJsonReaderState.CommaOrEnd => TakeInsteadOfComma(found),
            PartialJsonReaderState.Name or PartialJsonReaderState.NameOrEnd => TakeInsteadOfName(found),
            _ => TakeInsteadOfValue(found),
        };
    }

    private bool TakeInsteadOfValue(byte found)
    {
        var isMember = _record.EndsWith(JsonRowKind.PropertyName);
        switch (found)
        {
            case (byte)',' or (byte)';' or (byte)'}' or (byte)']' or (byte)')' when isMember:
                Report(PartialJsonRepairKind.MissingValue, _offset, isGuess: true);
                Emit("null "u8);
                return false;
            case (byte)'}' or (byte)']' when ReaderState == PartialJsonReaderState.Value && _record.Reader.IsInArray:
                return TakeBackComma();
            case (byte)'}' or (byte)']':
                return TakeCloser(found);
            case (byte)',' or (byte)';':
                return Skip(PartialJsonRepairKind.ExtraComma);
            case (byte)':' or (byte)'=' or (byte)'>' or (byte)')':
                return Skip(PartialJsonRepairKind.UnexpectedCharacter, isGuess: true);
            default:
                return TakeToken(found);
        }
    }

    private bool TakeInsteadOfName(byte found)
    {
        switch (found)
        {
            case (byte)',' or (byte)';':
                return Skip(PartialJsonRepairKind.ExtraComma);
            case (byte)'}' or (byte)']' when ReaderState == PartialJsonReaderState.Name:
                return TakeBackComma();
            case (byte)']':
                return TakeCloser(found);
            case (byte)':':
                Report(PartialJsonRepairKind.MissingName, _offset, isGuess: true);
                Emit("\"\""u8);
                return false;
            case (byte)'{' when IsObjectInArray():
                if (ReaderState == PartialJsonReaderState.Name)
                {
                    RemoveComma();
                }

                CloseInnermost();
                return false;
            case (byte)'[':
                Report(PartialJsonRepairKind.MissingName, _offset, isGuess: true);
                Emit("\"\":"u8);
                return false;
            case (byte)'{' or (byte)'(' or (byte)')' or (byte)'=' or (byte)'>':
                return Skip(PartialJsonRepairKind.UnexpectedCharacter, isGuess: true);
            default:
                return TakeToken(found);
        }
    }

    private bool TakeInsteadOfColon(byte found)
    {
        switch (found)
        {
            case (byte)'=':
                Report(PartialJsonRepairKind.MissingColon, _offset);
                Emit(":"u8);
                return true;
            case (byte)',' or (byte)'}' or (byte)']' or (byte)';' or (byte)')':
                Report(PartialJsonRepairKind.MissingColon, _offset, isGuess: true);
                Emit(":"u8);
                return false;
            case >= 0x80:
                return TakeToken(found);
            default:
                Report(PartialJsonRepairKind.MissingColon, _offset);
                Emit(":"u8);
                return false;
        }
    }

    private bool TakeInsteadOfComma(byte found)
    {
        switch (found)
        {
            case (byte)'}' or (byte)']':
                return TakeCloser(found);
            case (byte)'+' when _concatenatedRow == _record.Tape.Count - 1:
                return BeginConcatenation();
            case (byte)';':
                Report(PartialJsonRepairKind.MissingComma, _offset);
                Emit(","u8);
                return true;
            case (byte)':' when _record.Reader.IsInArray:
                Report(PartialJsonRepairKind.MissingComma, _offset, isGuess: true);
                Emit(","u8);
                return true;
            case (byte)'{' when IsObjectInArray():
                CloseInnermost();
                return false;
            case (byte)'"' or (byte)'{' or (byte)'[' or (byte)'\'' or >= (byte)'0' and <= (byte)'9' or (byte)'-':
                Report(PartialJsonRepairKind.MissingComma, _offset);
                Emit(","u8);
                return false;
            case (byte)':' or (byte)'(' or (byte)')' or (byte)'=' or (byte)'>' or (byte)'+' or (byte)'\\':
                return Skip(PartialJsonRepairKind.UnexpectedCharacter, isGuess: true);
            default:
                return TakeToken(found);
        }
    }

    // A string in other quotes, a fence, a long character or a word begins here.
    private bool TakeToken(byte found)
    {
        switch (found)
        {
            case (byte)'\'':
                BeginForeignText(JsonQuotes.Single, _offset);
                return true;
            case (byte)'`':
                _held.Add(found);
                _state = JsonRepairState.Backticks;
                return true;
            case >= 0x80:
                _held.Clear();
                _state = JsonRepairState.Character;
                return false;
            case < (byte)' ' or 0x7F:
                return Skip(PartialJsonRepairKind.UnexpectedCharacter, isGuess: true);
            default:
                BeginWord();
                return false;
        }
    }

    // Before a value or a name: what has to stand between it and what came before.
    private void BeginToken(long offset)
    {
        switch (ReaderState)
        {
            case PartialJsonReaderState.CommaOrEnd:
                Report(PartialJsonRepairKind.MissingComma, offset);
                Emit(","u8);
                break;
            case PartialJsonReaderState.Colon:
                Report(PartialJsonRepairKind.MissingColon, offset);
                Emit(":"u8);
                break;
        }
    }

    private bool Skip(PartialJsonRepairKind kind, bool isGuess = false)
    {
        Report(kind, _offset, isGuess);
        return true;
    }

    // The comma before a closer.
    private bool TakeBackComma()
    {
        Report(PartialJsonRepairKind.ExtraComma, _offset);
        RemoveComma();
        return false;
    }

    // The space keeps a literal in sight, which is shown when it is known to have ended.
    private void RemoveComma()
    {
        _record.RemoveComma();
        Emit(" "u8);
    }

    // A closer that does not fit the innermost container: it closes an outer one, or none.
    private bool TakeCloser(byte found)
    {
        var isObject = found == (byte)'}';
        var isUnmatched = _record.Reader.CountOpen(isObject) == (isObject || _documents != PartialJsonDocuments.All ? 0 : 1);
        if (isUnmatched && _record.Reader.Depth > RootDepth + 1)
        {
            CloseInnermost(); // a slip: it closes what it stands in
            return true;
        }

        if (isUnmatched)
        {
            return Skip(PartialJsonRepairKind.ExtraCloser, isGuess: true);
        }

        while (Error is null && _record.Reader.IsInObject != isObject)
        {
            CloseInnermost();
        }

        return false;
    }

    private void CloseInnermost()
    {
        Report(PartialJsonRepairKind.MissingCloser, _offset, isGuess: true);
        Emit(_record.Reader.IsInObject ? "}"u8 : "]"u8);
    }

    private bool IsObjectInArray()
    {
        var containers = _record.Reader.Containers;
        if (containers.Depth < 2 || !containers.IsObject)
        {
            return false;
        }

        containers.Pop();
        return !containers.IsObject;
    }
}
