namespace Streamline.Json;

/// <content>Before, between and behind documents: prose, and where a document begins and ends.</content>
internal sealed partial class JsonRepairer
{
    // How much of the text before a document is kept, in case it turns out to be the document: a word, or a list of them.
    private const int MaxProse = 1024;

    private HeldBytes _prose;
    private long _proseStart;
    private bool _isProseLost; // there was more of it
    private bool _isInDocument;
    private bool _isOpenerAlone; // nothing has come behind the bracket that began the document
    private bool _hasBegun; // a document has begun, now or before
    private bool _isLineStart = true;
    private bool _isWordStart = true; // the last byte is whitespace
    private byte _lastProse; // the last byte that is no whitespace
    private bool _isTextAfterReported;
    private bool _isFurtherReported;

    /// <summary>Whether more than one document was found.</summary>
    public bool HasFurtherDocuments => _isFurtherReported;

    private bool HasProse => _prose.Count > 0 || _isProseLost;

    private bool TakeBefore(byte found)
    {
        if (HasProse)
        {
            return TakeInProse(found);
        }

        switch (found)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                if (!_hasBegun && _documents == PartialJsonDocuments.First)
                {
                    Emit([found]);
                }

                return true;
            case (byte)'{' or (byte)'[' or (byte)'"' or (byte)'\'':
            case (byte)'t' or (byte)'f' or (byte)'n' or (byte)'-' or (>= (byte)'0' and <= (byte)'9') when _documents != PartialJsonDocuments.All && !_hasBegun:
                BeginDocument();
                return false;
            case (byte)'\\':
                _state = JsonRepairState.Backslash;
                return true;
            case (byte)'#':
                BeginComment(JsonRepairState.LineComment, _offset);
                return true;
            case (byte)',' or (byte)';' when _hasBegun:
                return true;
            case >= 0x80:
                _held.Clear();
                _state = JsonRepairState.Character;
                return false;
            default:
                return TakeInProse(found);
        }
    }

    private bool TakeInProse(byte found)
    {
        switch (found)
        {
            case (byte)'/' when _isWordStart:
                _state = JsonRepairState.Slash;
                return true;
            case (byte)'`':
                _held.Clear();
                _held.Add(found);
                _state = JsonRepairState.FenceBefore;
                return true;
            case (byte)'{' or (byte)'[':
                _held.Clear();
                _held.Add(found);
                _state = JsonRepairState.Opener;
                return true;
            case (byte)'(' when IsCall(_prose.Span):
                Report(PartialJsonRepairKind.FunctionCall, _proseStart);
                _calls++;
                ClearProse();
                return true;
        }

        if (TakeInTag(found))
        {
            return true;
        }

        AddProse(found, _offset);
        return true;
    }

    private void AddProse(byte found, long offset)
    {
        if (!HasProse)
        {
            _proseStart = offset;
        }

        if (_prose.Count < MaxProse)
        {
            _prose.Add(found);
        }
        else
        {
            _isProseLost = true;
        }

        _isWordStart = IsSpace(found);
        if (found is (byte)'\n' or (byte)'\r')
        {
            _isLineStart = true;
        }
        else if (found is not ((byte)' ' or (byte)'\t'))
        {
            _isLineStart = false;
            _lastProse = found;
        }
    }

    // Held bytes are prose after all; they end before the offset.
    private void AddHeldToProse()
    {
        _state = JsonRepairState.Before;
        var start = _offset - _held.Count;
        foreach (var found in _held.Span)
        {
            AddProse(found, start++);
        }

        _held.Clear();
    }

    private void ClearProse()
    {
        _prose.Clear();
        _isProseLost = false;
        _isLineStart = true;
        _isWordStart = true;
        _lastProse = default;
    }

    // In prose, a bracket begins a document when what follows looks like one.
    private bool TakeBehindOpener(byte found)
    {
        _held.Add(found);
        _offset++;
        var verdict = LooksLikeDocument(_held.Span);
        if (verdict == true)
        {
            BeginDocument();
            ReplayHeld();
        }
        else if (verdict == false)
        {
            var opener = _held.Span[0];
            AddProse(opener, _offset - _held.Count);
            _state = JsonRepairState.Before;
            ReplayHeld(1);
        }

        _offset--;
        return true;
    }

    private bool? LooksLikeDocument(ReadOnlySpan<byte> text)
    {
        var rest = text[1..].TrimStart(" \t\r\n"u8);
        if (text.Length > MaxTail)
        {
            return !rest.IsEmpty && char.IsAsciiLetter((char)rest[0]) ? false : true;
        }

        if (rest.IsEmpty || !HasProse)
        {
            return rest.IsEmpty && HasProse ? null : true;
        }

        var isPlain = _isLineStart || _lastProse is (byte)':' or (byte)'=' or (byte)'(' or (byte)'>';
        if (text[0] == (byte)'[')
        {
            return rest[0] is (byte)'{' or (byte)'[' or (byte)'"' or (byte)'\'' || isPlain;
        }

        if (!char.IsAsciiLetter((char)rest[0]) && rest[0] != (byte)'_')
        {
            return rest[0] is (byte)'"' or (byte)'\'' or (byte)'}' or (byte)'\\' or (byte)'/' or 0xE2 || (isPlain && rest[0] != (byte)'{');
        }

        var last = rest[^1];
        return char.IsAsciiLetterOrDigit((char)last) || last is (byte)'_' or (byte)'-' or (byte)' ' ? null : last is (byte)':' or (byte)'"';
    }

    private void ReportProse()
    {
        if (HasProse)
        {
            Report(PartialJsonRepairKind.TextBefore, _proseStart);
        }
    }

    private void BeginDocument()
    {
        ReportProse();
        ClearProse();
        if (_hasBegun)
        {
            _isFurtherReported = true;
            Report(PartialJsonRepairKind.FurtherDocument, _offset);
        }

        if (_documents == PartialJsonDocuments.All)
        {
            if (!_hasBegun)
            {
                Emit("["u8);
            }
            else if (ReaderState == PartialJsonReaderState.CommaOrEnd)
            {
                Emit(","u8);
            }
        }
        else if (_hasBegun)
        {
            _record.Clear();
        }

        _hasBegun = true;
        _isInDocument = true;
        _isOpenerAlone = true;
        _confirmedRow = _record.Tape.Count - 1;
        _quotes = JsonQuotes.Double;
        _state = JsonRepairState.Grammar;
    }

    // Where all documents go into one array, that array is not theirs to close.
    private bool IsBehindRootText =>
        _documents == PartialJsonDocuments.All && _record.Reader.Depth == 1 && ReaderState == PartialJsonReaderState.CommaOrEnd;

    private int TakeBehindRootText(ReadOnlySpan<byte> input)
    {
        if (IsSpace(input[0]))
        {
            Accept(input[..1], out var count);
            return count;
        }

        if (input[0] == (byte)'+' && _concatenatedRow == _record.Tape.Count - 1)
        {
            BeginConcatenation();
            _offset++;
            return 1;
        }

        if (!TryReconsiderText())
        {
            EndDocument();
        }

        return 0;
    }

    // The reading has stopped. Only behind a bracket is it certain that the document has ended.
    private void EndContainer()
    {
        if (_record.EndsWith(JsonRowKind.EndOfContainer))
        {
            EndDocument();
        }
    }

    // The root has ended.
    private void EndDocument()
    {
        _isInDocument = false;
        _state = _documents == PartialJsonDocuments.First ? JsonRepairState.After : JsonRepairState.Before;
        ClearProse();
    }

    // A word at the root: prose, until the end of the text shows that there is nothing else. The held bytes are its beginning.
    private void LeaveDocument()
    {
        _isInDocument = false;
        _hasBegun = _record.Tape.Count > 0;
        AddHeldToProse();
    }

    private bool TakeBehindRoot(byte found)
    {
        if (found == (byte)')' && _calls > 0)
        {
            _calls--;
            EndDocument();
            return true;
        }

        if (found == (byte)'+' && _concatenatedRow == _record.Tape.Count - 1)
        {
            return BeginConcatenation();
        }

        if (found == (byte)':' && _record.EndsWith(JsonRowKind.String) && _documents != PartialJsonDocuments.All)
        {
            return BeginObjectWithoutBrace();
        }

        if (!_record.EndsWith(JsonRowKind.String) && _record.Tape.Count == 1)
        {
            return TakeWordBack();
        }

        EndDocument();
        return false;
    }

    // A string at the root, which has not been shown, is the first name: the brace in front of it is missing.
    private bool BeginObjectWithoutBrace()
    {
        Report(PartialJsonRepairKind.MissingBrackets, _offset - (_record.ByteCount - _record.Row(0).Start), isGuess: true);
        var text = _record.WrittenSpan[_record.Row(0).Start..];
        using var buffer = new PooledBytes(text.Length);
        text.CopyTo(buffer.Span);
        _record.Clear();
        Emit("{"u8);
        Emit(buffer.Span);
        _confirmedRow = _record.Tape.Count - 1;
        return false;
    }

    private int SkipAfter(ReadOnlySpan<byte> input)
    {
        var space = input.IndexOfAnyExcept(" \t\r\n"u8);
        if (space != 0 && !_isTextAfterReported && !_isFurtherReported)
        {
            // Whitespace right behind the document belongs to its text.
            Accept(space < 0 ? input : input[..space], out var count);
            return count;
        }

        var index = 0;
        for (; index < input.Length && !(_isTextAfterReported && _isFurtherReported); index++)
        {
            var found = input[index];
            if (IsSpace(found) && !_isTextAfterReported && !_isFurtherReported)
            {
                break;
            }

            if (found is (byte)'{' or (byte)'[' && !_isFurtherReported)
            {
                _isFurtherReported = true;
                Report(PartialJsonRepairKind.FurtherDocument, _offset + index);
            }
            else if (!_isTextAfterReported && !IsSpace(found) && !(found is (byte)')' or (byte)';' && _calls > 0))
            {
                _isTextAfterReported = true;
                Report(KindBehind(found), _offset + index);
            }
        }

        index = _isTextAfterReported && _isFurtherReported ? input.Length : index;
        BytesExamined += index;
        _offset += index;
        return index;
    }

    private static PartialJsonRepairKind KindBehind(byte found) => found switch
    {
        (byte)'`' => PartialJsonRepairKind.MarkdownFence,
        (byte)'/' => PartialJsonRepairKind.Comment,
        (byte)',' => PartialJsonRepairKind.ExtraComma,
        (byte)'}' or (byte)']' => PartialJsonRepairKind.ExtraCloser,
        _ => PartialJsonRepairKind.TextAfter,
    };

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
}
