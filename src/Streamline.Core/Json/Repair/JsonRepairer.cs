using System.Buffers;
using System.Diagnostics;

namespace Streamline.Json;

/// <summary>Turns malformed JSON, cut anywhere, into bytes that the grammar accepts.</summary>
/// <remarks>
/// <para>
/// The strict reader goes ahead over the bytes as they are; valid text costs nothing more than in the strict mode. Where the reader refuses a byte, the
/// repairer decides what its writer meant, writes that, and lets the reader go on. All that enters the record has gone through the reader, so what comes
/// out is well-formed by construction.
/// </para>
/// <para>
/// What may still have another reading is not shown: a string counts as growing until what follows its quote is what JSON wants there. It can
/// then be taken back and read again. No reading needs more than <see cref="JsonQuoteLookahead.MaxBytes"/> bytes, so the time stays linear.
/// </para>
/// </remarks>
internal sealed partial class JsonRepairer
{
    private const int MinSlice = 64;
    private const int MaxSlice = 64 * 1024;
    private const int Undecided = -1;

    private readonly JsonRecord _record;
    private readonly JsonRepairLog _log;
    private readonly PartialJsonMode _mode;
    private readonly PartialJsonDocuments _documents;

    private JsonRepairState _state = JsonRepairState.Before;
    private long _offset; // of the next byte, in the text as received
    private int _slice = MinSlice; // how much the reader is given at once: what lies behind a byte that it refuses is copied in vain
    private HeldBytes _held; // what waits for a decision; its last byte lies right before _offset
    private bool _isEnded;

    /// <summary>Initializes a new instance of the <see cref="JsonRepairer"/> class.</summary>
    /// <param name="record">Where the repaired text goes; its tape stops at <see cref="StopRow"/>.</param>
    /// <param name="log">Where the repairs are reported.</param>
    /// <param name="mode">Whether repairs with several readings are made.</param>
    /// <param name="documents">Which of several documents is read.</param>
    public JsonRepairer(JsonRecord record, JsonRepairLog log, PartialJsonMode mode, PartialJsonDocuments documents)
    {
        _record = record;
        _log = log;
        _mode = mode;
        _documents = documents;
    }

    /// <summary>Why the repairer stopped: a limit, or a repair that the mode does not make.</summary>
    public StreamlineException? Error { get; private set; }

    /// <summary>How many bytes were looked at, those that were looked at again included. A measure of the work done.</summary>
    public long BytesExamined { get; private set; }

    private PartialJsonReaderState ReaderState => _record.Reader.State;

    private bool IsInText => ReaderState is >= PartialJsonReaderState.Text and <= PartialJsonReaderState.MultiByte;

    /// <summary>The row at whose end a document ends.</summary>
    public static int StopRow(PartialJsonDocuments documents) => documents == PartialJsonDocuments.All ? 0 : -1;

    /// <summary>Whether the next bytes may go into the record as they are, for the reader to find out what is wrong with them.</summary>
    public bool TakesGrammar =>
        _state == JsonRepairState.Grammar && _quotes == JsonQuotes.Double && !_isUnescaping && _documents != PartialJsonDocuments.All;

    /// <summary>Takes the next bytes of the text.</summary>
    /// <param name="utf8Json">The bytes.</param>
    /// <param name="offset">How many came before them. Those that this was not told of are in the record as they came.</param>
    public void Append(ReadOnlySpan<byte> utf8Json, long offset)
    {
        CatchUp(offset);
        if (_isUnescaping)
        {
            Unescape(utf8Json);
        }
        else
        {
            Pump(utf8Json);
        }
    }

    /// <summary>Takes the place where the reader stopped: behind a document, or before a byte that it refuses.</summary>
    /// <param name="status">What the reader said.</param>
    /// <param name="rest">The bytes from there on, which lie in the record already.</param>
    /// <param name="offset">How many came before them.</param>
    public void TakeStop(OperationStatus status, ReadOnlySpan<byte> rest, long offset)
    {
        CatchUp(offset);
        _record.TakeBack(rest.Length);
        Append(rest[EndSlice(rest, 0, status)..], _offset);
    }

    /// <summary>Takes note of bytes that went into the record as they came.</summary>
    /// <param name="offset">How many bytes have come.</param>
    public void CatchUp(long offset) => Advance((int)(offset - _offset));

    /// <summary>The text has ended: decides what waits for a decision.</summary>
    public void Complete()
    {
        EndUnescaping();

        // What is held may, when it is read again, leave something held; it is shorter every time.
        while (Error is null && _state is not (JsonRepairState.Grammar or JsonRepairState.After) && TakeEnd())
        {
        }

        if (Error is null)
        {
            EndGrammar();
        }

        _isEnded = true;
    }

    private void Pump(ReadOnlySpan<byte> input)
    {
        var isUnescaping = _isUnescaping;
        while (!input.IsEmpty && Error is null)
        {
            if (_isUnescaping && !isUnescaping)
            {
                Unescape(input);
                return;
            }

            input = input[TakeNext(input)..];
        }
    }

    private int TakeNext(ReadOnlySpan<byte> input)
    {
        switch (_state)
        {
            case JsonRepairState.Grammar when IsBehindRootText:
                return TakeBehindRootText(input);
            case JsonRepairState.Grammar when IsBeforeRootValue:
                return TakeBeforeRootValue(input);
            case JsonRepairState.Grammar:
                return _quotes == JsonQuotes.Double || !IsInText ? ReadGrammar(input) : ReadForeignText(input);
            case JsonRepairState.After:
                return SkipAfter(input);
            default:
                BytesExamined++;
                if (!Take(input[0]))
                {
                    return 0;
                }

                _offset++;
                return 1;
        }
    }

    // Whether the byte was taken; else the state has changed, and the byte is to be taken there.
    private bool Take(byte found) => _state switch
    {
        JsonRepairState.Before => TakeBefore(found),
        JsonRepairState.Opener => TakeBehindOpener(found),
        JsonRepairState.FenceBefore => TakeFenceBefore(found),
        JsonRepairState.FenceLine => TakeInFenceLine(found),
        JsonRepairState.Reasoning => TakeInReasoning(found),
        JsonRepairState.Quote => TakeBehindQuote(found),
        JsonRepairState.Tail => TakeInTail(found),
        JsonRepairState.QuoteCharacter => TakeInQuoteCharacter(found),
        JsonRepairState.RootEnd => TakeBehindRootEnd(found),
        JsonRepairState.SecondQuote => TakeBehindSecondQuote(found),
        JsonRepairState.ThirdQuote => TakeBehindThirdQuote(found),
        JsonRepairState.TripleQuote => TakeInTripleQuote(found),
        JsonRepairState.Concatenation => TakeInConcatenation(found),
        JsonRepairState.Word => TakeInWord(found),
        JsonRepairState.WordQuote => TakeBehindWordQuote(found),
        JsonRepairState.Parenthesis => TakeBehindParenthesis(found),
        JsonRepairState.Arguments => TakeInArguments(found),
        JsonRepairState.Character => TakeInCharacter(found),
        JsonRepairState.Backslash => TakeBehindBackslash(found),
        JsonRepairState.Backticks => TakeBehindBackticks(found),
        JsonRepairState.FenceLanguage => TakeInFenceLanguage(found),
        JsonRepairState.Slash => TakeBehindSlash(found),
        JsonRepairState.LineComment => TakeInLineComment(found),
        _ => TakeInBlockComment(found),
    };

    private int ReadGrammar(ReadOnlySpan<byte> input)
    {
        var status = Accept(input.Length <= _slice ? input : input[.._slice], out var count);
        if (status == OperationStatus.NeedMoreData)
        {
            _slice = Math.Min(_slice * 2, MaxSlice);
            return count;
        }

        return EndSlice(input, count, status);
    }

    private int EndSlice(ReadOnlySpan<byte> input, int count, OperationStatus status)
    {
        _slice = MinSlice;
        if (status == OperationStatus.Done)
        {
            EndContainer();
            return count;
        }

        return Error is null && TakeRefused(input[count]) ? count + 1 : count;
    }

    // The reader has refused a byte.
    private bool TakeRefused(byte found)
    {
        if (_record.Reader.IsTooDeep)
        {
            Error = _record.Reader.CreateException();
            return false;
        }

        BytesExamined++;
        _isOpenerAlone &= found == (byte)'`' && _record.Tape.Count == 1;
        _record.Reader.Resume();
        if (!TakeFault(found))
        {
            return false;
        }

        _offset++;
        return true;
    }

    private bool TakeFault(byte found) => ReaderState switch
    {
        >= PartialJsonReaderState.Text and <= PartialJsonReaderState.MultiByte => TakeTextFault(found),
        >= PartialJsonReaderState.Minus and <= PartialJsonReaderState.ExponentDigits => TakeNumberFault(found),
        PartialJsonReaderState.Literal => TakeLiteralFault(found),
        _ => TakeStructureFault(found),
    };

    // Bytes of the text that go into the record as they are.
    private OperationStatus Accept(ReadOnlySpan<byte> input, out int count)
    {
        count = 0;
        input = input[..Math.Min(input.Length, JsonRow.MaxTextBytes - _record.ByteCount)]; // what fits, however the text is cut
        if (input.IsEmpty && !HasRoom(1))
        {
            return OperationStatus.NeedMoreData;
        }

        var status = _record.Accept(input, out count);
        Advance(count);
        return status;
    }

    private void Advance(int count)
    {
        _offset += count;
        BytesExamined += count;
    }

    // Bytes that the repairer puts into the record. The grammar allows them here.
    private void Emit(ReadOnlySpan<byte> json)
    {
        if (Error is not null || !HasRoom(json.Length))
        {
            return;
        }

        var status = _record.Accept(json, out var count);
        if (status == OperationStatus.InvalidData && _record.Reader.IsTooDeep)
        {
            Error = _record.Reader.CreateException();
            return;
        }

        Debug.Assert(count == json.Length && status != OperationStatus.InvalidData, "A repair is well-formed.");
        if (status == OperationStatus.Done)
        {
            EndContainer();
        }
    }

    private bool HasRoom(int count)
    {
        if (count <= JsonRow.MaxTextBytes - _record.ByteCount)
        {
            return true;
        }

        Error = new StreamLimitException(nameof(PartialJsonOptions.MaxBytes), JsonRow.MaxTextBytes, (long)_record.ByteCount + count);
        return false;
    }

    private void Report(PartialJsonRepairKind kind, long offset, bool isGuess = false)
    {
        if (Error is not null)
        {
            return;
        }

        if (isGuess && _mode == PartialJsonMode.Safe)
        {
            Error = new StreamProtocolException(
                StreamProtocolError.InvalidJson, $"The JSON text is malformed: a repair ({kind}) would be a guess, expected what has one reading only", offset);
            return;
        }

        _log.Add(kind, offset, isGuess ? PartialJsonRepairConfidence.Guess : PartialJsonRepairConfidence.Safe);
    }

    // Reads held bytes again, from one of them on, in the state that is set now.
    private void ReplayHeld(int from = 0)
    {
        var bytes = _held.Span[from..];
        using var buffer = new PooledBytes(bytes.Length);
        bytes.CopyTo(buffer.Span);
        _held.Clear();
        _offset -= buffer.Span.Length;
        Pump(buffer.Span);
    }
}
