namespace Streamline.Json;

/// <content>Behind and between documents: where a document ends, and what follows it.</content>
internal sealed partial class JsonRepairer
{
    private bool _isInDocument;
    private long _documentStart;
    private bool _isOpenerAlone; // nothing has come behind the bracket that began the document
    private bool _hasBegun; // a document has begun, now or before
    private bool _isTextAfterReported;
    private bool _isFurtherReported;

    /// <summary>Whether more than one document was found.</summary>
    public bool HasFurtherDocuments => _isFurtherReported;

    // Where all documents go into one array, that array is not theirs to close.
    private bool IsBehindRootText =>
        _documents == PartialJsonDocuments.All && _record.Reader.Depth == 1 && ReaderState == PartialJsonReaderState.CommaOrEnd;

    private bool IsBeforeRootValue => _documents == PartialJsonDocuments.All && _record.Reader.Depth == 1
        && ReaderState is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd;

    private int TakeBeforeRootValue(ReadOnlySpan<byte> input)
    {
        if (input[0] != (byte)']')
        {
            return ReadGrammar(input[..1]);
        }

        Skip(PartialJsonRepairKind.ExtraCloser, isGuess: true);
        BytesExamined++;
        _offset++;
        return 1;
    }

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

        if (!TryReconsiderText(input[0]))
        {
            EndDocument();
        }

        return 0;
    }

    // The reading has stopped. Only behind a bracket is it certain that the document has ended.
    private void EndContainer()
    {
        if (!_record.EndsWith(JsonRowKind.EndOfContainer))
        {
            return;
        }

        if (CanHoldRootEnd())
        {
            HoldRootEnd();
        }
        else
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
        Report(PartialJsonRepairKind.MissingBrackets, _documentStart, isGuess: true);
        var text = _record.WrittenSpan[_record.Row(0).Start..];
        using var buffer = new PooledBytes(text.Length);
        text.CopyTo(buffer.Span);
        ClearRecord();
        Emit("{"u8);
        Emit(buffer.Span);
        _confirmedRow = _record.Tape.Count - 1;
        return false;
    }

    private void ClearRecord()
    {
        _record.Clear();
        _embeddedEnd = 0;
        _innerQuoteRow = Undecided;
        _repairedTextRow = Undecided;
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
