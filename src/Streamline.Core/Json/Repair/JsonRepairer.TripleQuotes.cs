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

    private bool TakeThirdQuote()
    {
        Report(PartialJsonRepairKind.ForeignQuotes, _offset - 2);
        ReopenText(_record.Tape.Count - 1);
        _quotes = JsonQuotes.TripleDouble;
        return true;
    }

    // Behind an apostrophe and another one.
    private bool TakeBehindSecondQuote(byte found)
    {
        if (found == (byte)'\'')
        {
            _held.Clear();
            _quotes = JsonQuotes.TripleSingle;
            _state = JsonRepairState.Grammar;
            return true;
        }

        BeginLookahead(_held.Count - 1);
        return false;
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
            _held.Add(found);
            if (_held.Count == TripleQuote)
            {
                EndTripleQuote();
            }

            return true;
        }

        ReleaseHeldText();
        return false;
    }

    private void EndTripleQuote()
    {
        _held.Clear();
        CloseText();
        _state = JsonRepairState.Grammar;
    }
}
