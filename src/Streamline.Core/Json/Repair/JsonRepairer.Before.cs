namespace Streamline.Json;

/// <content>Before a document: prose, and where a document begins.</content>
internal sealed partial class JsonRepairer
{
    // How much of the text before a document is kept, in case it turns out to be the document: a word, or a list of them.
    private const int MaxProse = 1024;

    private HeldBytes _prose;
    private long _proseStart;
    private bool _isProseLost; // there was more of it
    private bool _isLineStart = true;
    private bool _isWordStart = true; // the last byte is whitespace
    private byte _lastProse; // the last byte that is no whitespace

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
            case (byte)'{' or (byte)'"' or (byte)'\'':
            case (byte)'t' or (byte)'f' or (byte)'n' or (byte)'-' or (>= (byte)'0' and <= (byte)'9') when _documents != PartialJsonDocuments.All && !_hasBegun:
                BeginDocument(_offset);
                return false;
            case (byte)'[':
                BeginOpener(found);
                return true;
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
                BeginOpener(found);
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

    private void ReportProse()
    {
        if (HasProse)
        {
            Report(PartialJsonRepairKind.TextBefore, _proseStart);
        }
    }

    private void BeginDocument(long start)
    {
        ReportProse();
        ClearProse();
        _label.Clear();
        if (_hasBegun)
        {
            _isFurtherReported = true;
            Report(PartialJsonRepairKind.FurtherDocument, start);
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
            ClearRecord();
        }

        _hasBegun = true;
        _isInDocument = true;
        _documentStart = start;
        _tuples.Clear();
        _isOpenerAlone = true;
        _confirmedRow = _record.Tape.Count - 1;
        _quotes = JsonQuotes.Double;
        _state = JsonRepairState.Grammar;
    }
}
