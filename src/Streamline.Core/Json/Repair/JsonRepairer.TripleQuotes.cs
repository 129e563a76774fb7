namespace Streamline.Json;

/// <content>Strings in three quotes, as in Python.</content>
internal sealed partial class JsonRepairer
{
    private const int TripleQuote = 3;

    // The reader stands right behind the second of three quotes, which it takes for an empty string.
    private bool IsBehindEmptyText
    {
        get
        {
            var row = _record.Tape.Count - 1;
            if (row <= _confirmedRow || _record.Tape.IsLastGrowing)
            {
                return false;
            }

            ref readonly var last = ref _record.Tape.Last;
            return last.Kind == JsonRowKind.String && last.End == _record.ByteCount && last.End - last.Start == 2;
        }
    }

    // Behind an apostrophe and another one.
    private bool TakeBehindSecondQuote(byte found)
    {
        if (found == (byte)'\'')
        {
            _state = JsonRepairState.ThirdQuote;
            return true;
        }

        BeginLookahead(_held.Count - 1);
        return false;
    }

    private bool TakeBehindThirdQuote(byte found)
    {
        if (found is (byte)',' or (byte)'}' or (byte)']' or (byte)')')
        {
            LeaveThirdQuote();
        }
        else
        {
            BeginTripleQuotes();
        }

        return false;
    }

    private void BeginTripleQuotes()
    {
        _state = JsonRepairState.Grammar;
        if (_quotes == JsonQuotes.Single)
        {
            _held.Clear();
            _quotes = JsonQuotes.TripleSingle;
            return;
        }

        Report(PartialJsonRepairKind.ForeignQuotes, _offset - TripleQuote);
        ReopenText(_record.Tape.Count - 1);
        _quotes = JsonQuotes.TripleDouble;
    }

    // """, is a string that is a quote.
    private void LeaveThirdQuote()
    {
        _offset--;
        if (_quotes == JsonQuotes.Single)
        {
            BeginLookahead(_held.Count - 1);
            Pump("'"u8);
            return;
        }

        _state = JsonRepairState.Grammar;
        TryReconsiderText((byte)'"');
        Pump("\""u8);
    }

    private int ReadTripleQuotedText(ReadOnlySpan<byte> input)
    {
        var quote = _quotes == JsonQuotes.TripleDouble ? (byte)'"' : (byte)'\'';
        var slice = input[..Math.Min(input.Length, _slice)];
        var stop = slice.IndexOfAny((byte)'"', (byte)'\'');
        if (stop != 0)
        {
            return ReadText(stop < 0 ? slice : slice[..stop]);
        }

        if (input[0] == quote)
        {
            _held.Clear();
            _state = JsonRepairState.TripleQuote;
            return 0;
        }

        EmitEscaped(input[0]);
        _offset++;
        return 1;
    }

    private bool TakeInTripleQuote(byte found)
    {
        if (found == (_quotes == JsonQuotes.TripleDouble ? (byte)'"' : (byte)'\''))
        {
            if (_held.Count == TripleQuote)
            {
                EmitEscaped(found); // the last three are the end
            }
            else
            {
                _held.Add(found);
            }

            return true;
        }

        if (_held.Count == TripleQuote)
        {
            EndTripleQuote();
        }
        else
        {
            ReleaseHeldText();
        }

        return false;
    }

    private void EndTripleQuote()
    {
        _held.Clear();
        CloseText();
        _state = JsonRepairState.Grammar;
    }
}
