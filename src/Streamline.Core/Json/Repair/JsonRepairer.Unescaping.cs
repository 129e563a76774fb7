namespace Streamline.Json;

/// <content>Documents that were escaped as a whole: <c>{\"a\":1}</c>, or with quotes doubled as in CSV, <c>{""a"":1}</c>.</content>
internal sealed partial class JsonRepairer
{
    private bool _isUnescaping; // bytes go through Unescape first
    private bool _areQuotesDoubled; // the escapes are these
    private bool _isEscapePending; // the first byte of an escape has come

    private void BeginUnescaping(bool areQuotesDoubled)
    {
        _isUnescaping = true;
        _areQuotesDoubled = areQuotesDoubled;
        _isEscapePending = !areQuotesDoubled; // the first escape is still to be taken off
        _state = _isInDocument ? JsonRepairState.Grammar : JsonRepairState.Before;
    }

    // Takes one level of escapes off, one byte at a time.
    private void Unescape(ReadOnlySpan<byte> input)
    {
        foreach (var found in input)
        {
            if (!_isEscapePending && found == (_areQuotesDoubled ? (byte)'"' : (byte)'\\'))
            {
                _isEscapePending = true;
                _offset++;
            }
            else if (!_isEscapePending)
            {
                Pump([found]);
            }
            else
            {
                _isEscapePending = false;
                if (_areQuotesDoubled)
                {
                    UnescapeQuote(found);
                }
                else
                {
                    UnescapeBackslash(found);
                }
            }
        }
    }

    private void UnescapeBackslash(byte found)
    {
        switch (found)
        {
            case (byte)'n':
                Pump("\n"u8);
                break;
            case (byte)'r':
                Pump("\r"u8);
                break;
            case (byte)'t':
                Pump("\t"u8);
                break;
            case (byte)'"' or (byte)'\\' or (byte)'/':
                Pump([found]);
                break;
            default:
                _offset--;
                Pump([(byte)'\\', found]);
                break;
        }
    }

    private void UnescapeQuote(byte found)
    {
        if (found == (byte)'"')
        {
            Pump("\""u8);
            return;
        }

        _offset--;
        Pump([(byte)'"', found]);
    }

    // The end of the text behind the first half of a doubled quote, which is all of it then.
    private void EndUnescaping()
    {
        if (_areQuotesDoubled && _isEscapePending)
        {
            _isEscapePending = false;
            _offset--;
            Pump("\""u8);
        }
    }

    // {""a: what stands in front of the name is one quote, doubled.
    private bool TryBeginDoubledQuotes(byte found)
    {
        if (_isUnescaping || _record.Tape.Count != RootDepth + 2)
        {
            return false;
        }

        ref readonly var last = ref _record.Tape.Last;
        if (last.Kind != JsonRowKind.PropertyName || last.End != _record.ByteCount || last.End - last.Start != 2 || !char.IsAsciiLetter((char)found))
        {
            return false;
        }

        Report(PartialJsonRepairKind.EscapedDocument, _offset - 2, isGuess: true);
        ReopenText(_record.Tape.Count - 1);
        BeginUnescaping(areQuotesDoubled: true);
        return true;
    }
}
