using System.Buffers;

namespace Streamline.Json;

/// <summary>Turns malformed JSON, cut anywhere, into bytes that the grammar accepts.</summary>
/// <remarks>
/// The strict reader goes first; valid text costs nothing more than without repairs. Where it refuses a byte, a bounded part of the text is read again by several hypotheses about
/// what is wrong, each with a strict reader of its own, until one is left. All that enters the record has gone through a strict reader, so what comes out is well-formed by construction.
/// </remarks>
internal sealed class JsonRepairer
{
    private const int MinSlice = 64;
    private const int MaxSlice = 64 * 1024;

    private readonly JsonRepairOutput _output;
    private readonly JsonShapeCheck? _check; // null without a schema
    private readonly PartialJsonDocuments _documents;
    private readonly JsonProse _prose;
    private readonly JsonHypotheses _hypotheses;
    private readonly JsonEditWriter _writer;
    private readonly JsonTextAfter _after;
    private readonly JsonRewinder _rewinder;
    private Phase _phase;
    private long _documentStart;
    private long _offset; // of the next byte, in the text as received
    private int _slice = MinSlice; // how much the reader is given at once: what comes after a byte that it refuses is copied in vain

    // The tape of the record stops where a document ends. A text is whole when nobody looks at the document before its end, so that more of it may be read again.
    public JsonRepairer(JsonRecord record, JsonRepairLog log, bool mayGuess, PartialJsonDocuments documents, PartialJsonSchema? schema, bool isWhole)
    {
        var rootDepth = documents == PartialJsonDocuments.All ? 1 : 0;
        _output = new JsonRepairOutput(record, log, mayGuess);
        _check = schema is null || !mayGuess ? null : new JsonShapeCheck(record, schema.Shape, rootDepth);
        _documents = documents;
        _prose = new JsonProse(_output, documents == PartialJsonDocuments.All);
        _hypotheses = new JsonHypotheses(rootDepth);
        _writer = new JsonEditWriter(_output, _hypotheses);
        _after = new JsonTextAfter(_output);
        _rewinder = new JsonRewinder(record, new JsonShown(record, rootDepth, mayGuess), mayGuess, isWhole);
    }

    private enum Phase : byte
    {
        Before,
        Grammar,
        Weighing,
        After,
    }

    /// <summary>Why the repairer stopped: a limit, or a repair that the mode does not make.</summary>
    public StreamlineException? Error => _output.Error;

    /// <summary>How many bytes were looked at, those that were looked at again included. A measure of the work done.</summary>
    public long BytesExamined => _offset + _hypotheses.BytesRead;

    /// <summary>Whether more than one document was found.</summary>
    public bool HasFurtherDocuments => _after.HasFurtherDocuments;

    /// <summary>How much of the text is shown.</summary>
    public JsonShown Shown => _rewinder.Shown;

    /// <summary>Whether the next bytes may go into the record as they are, for the reader to find out what is wrong with them.</summary>
    public bool TakesGrammar => _phase == Phase.Grammar && !IsAll && _check is null;

    private JsonRecord Record => _output.Record;

    private bool IsAll => _documents == PartialJsonDocuments.All;

    /// <summary>How far the text is shown now.</summary>
    public JsonExtent MeasureShown() => _documents == PartialJsonDocuments.Last && !Shown.IsEnded ? default : Shown.Measure();

    /// <summary>Takes the next bytes of the text.</summary>
    /// <param name="utf8Json">The bytes.</param>
    /// <param name="offset">How many came before them. Those that this was not told of are in the record unchanged.</param>
    public void Append(ReadOnlySpan<byte> utf8Json, long offset)
    {
        CatchUp(offset);
        Pump(utf8Json);
    }

    /// <summary>Takes the place where the reader stopped: after a document, or before a byte that it refuses.</summary>
    /// <param name="status">What the reader said.</param>
    /// <param name="rest">The bytes from there on, which lie in the record already.</param>
    /// <param name="offset">How many came before them.</param>
    public void TakeStop(OperationStatus status, ReadOnlySpan<byte> rest, long offset)
    {
        CatchUp(offset);
        Record.TakeBack(rest.Length);
        Stop(status, rest.IsEmpty ? default : rest[0]);
        Pump(rest);
    }

    /// <summary>Takes note of bytes that went into the record unchanged.</summary>
    /// <param name="offset">How many bytes have come.</param>
    public void CatchUp(long offset) => _offset = offset;

    /// <summary>The text has ended: decides what waits for a decision.</summary>
    public void Complete()
    {
        while (Error is null && TryDecideAtEnd())
        {
        }

        JsonEndReading.EndRoot(_output, IsAll, Shown.Measure().RowCount == 0 ? _check : null);
        Shown.IsEnded = true;
    }

    private void Pump(ReadOnlySpan<byte> input)
    {
        while (!input.IsEmpty && Error is null)
        {
            switch (_phase)
            {
                case Phase.Before:
                    input = TakeBefore(input);
                    break;
                case Phase.Grammar:
                    input = ReadGrammar(input);
                    break;
                case Phase.Weighing:
                    var read = _hypotheses.Read(input);
                    _offset += read;
                    input = input[read..];
                    if (_hypotheses.Count == 1 && !_hypotheses.IsBeforeFault)
                    {
                        TakeDecision();
                    }

                    break;
                default:
                    var count = _after.Skip(input, _offset);
                    _offset += count;
                    input = input[count..];
                    break;
            }
        }
    }

    // Reads bytes again that end before the offset.
    private void Replay(ReadOnlySpan<byte> bytes)
    {
        using var buffer = new PooledBytes(bytes.Length);
        bytes.CopyTo(buffer.Span);
        _offset -= bytes.Length;
        Pump(buffer.Span);
    }

    private ReadOnlySpan<byte> TakeBefore(ReadOnlySpan<byte> input)
    {
        var isFirst = Record.Tape.Count == 0;
        if (isFirst && _documents == PartialJsonDocuments.First && _prose.IsIdle && input[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _output.Write(input[..1]);
        }

        _offset++;
        if (!isFirst && _prose.IsIdle && input[0] is (byte)',' or (byte)';')
        {
            return input[1..];
        }

        if (_prose.Take(input[0], _offset - 1, isFirst && !IsAll))
        {
            BeginDocument(_offset - _prose.Begun.Length);
            Replay(_prose.Begun);
        }

        return input[1..];
    }

    private void BeginDocument(long start)
    {
        _prose.Report();
        if (Record.Tape.Count > 0)
        {
            _after.ReportDocument(start, isDropped: !IsAll);
        }

        if (IsAll)
        {
            _output.Write(Record.Tape.Count == 0 ? "["u8 : Record.Reader.State is var state && (state == PartialJsonReaderState.CommaOrEnd || JsonNumberMachine.MayEndIn(state)) ? ","u8 : default);
        }
        else if (Record.Tape.Count > 0)
        {
            Record.Clear();
        }

        _documentStart = start;
        BeginGrammar();
    }

    // All that is in the record is decided, and the grammar continues from there.
    private void BeginGrammar()
    {
        _phase = Phase.Grammar;
        Shown.Settle();
        _check?.Settle();
    }

    private ReadOnlySpan<byte> ReadGrammar(ReadOnlySpan<byte> input)
    {
        var status = _output.Accept(input.Length <= _slice ? input : input[.._slice], out var count);
        _offset += count;
        if (_check is not null && _check.TryTakeBackMisfit(out var misfit, out var isText))
        {
            _offset -= misfit;
            BeginWeighing(isRefused: false, isProbe: isText);
            return input[(count - misfit)..];
        }

        _slice = status == OperationStatus.NeedMoreData ? Math.Min(_slice * 2, MaxSlice) : MinSlice;
        if (status != OperationStatus.NeedMoreData)
        {
            Stop(status, count < input.Length ? input[count] : default);
        }

        return input[count..];
    }

    // The reader has stopped: after the root, or before a byte that it refuses.
    private void Stop(OperationStatus status, byte found)
    {
        if (status == OperationStatus.Done)
        {
            EndRoot();
        }
        else if (Record.Reader.IsTooDeep)
        {
            _output.Fail();
        }
        else
        {
            Record.Reader.Resume();
            TakeFault(found);
        }
    }

    private void EndRoot()
    {
        if (_output.MayGuess && Record.EndsWith(JsonRowKind.EndOfContainer) && Record.Row(Record.Tape.Last.Parent).Kind == JsonRowKind.Object
            && Record.Tape.Last.Parent != Record.Tape.Count - 2)
        {
            BeginWeighing(isRefused: false); // unless a closer was one too many
        }
        else if (Record.EndsWith(JsonRowKind.EndOfContainer) || IsAll)
        {
            EndDocument();
        }
    }

    private void EndDocument()
    {
        _phase = _documents == PartialJsonDocuments.First ? Phase.After : Phase.Before;
        Shown.Settle();
    }

    private void TakeFault(byte found)
    {
        var state = Record.Reader.State;
        var isString = Record.EndsWith(JsonRowKind.String);
        var isAsReceived = _offset - _documentStart <= Record.ByteCount;
        if (Record.Reader.Depth > _hypotheses.RootDepth || state is PartialJsonReaderState.Value or PartialJsonReaderState.ElementOrEnd or (>= PartialJsonReaderState.Text and <= PartialJsonReaderState.MultiByte)
            || (IsAll && state > PartialJsonReaderState.MultiByte && !JsonNumberMachine.MayEndIn(state)) || (isString && found != (byte)':' && !IsAll && isAsReceived && Record.ByteCount <= JsonHypotheses.MaxBytes)) // unless the quote is text
        {
            BeginWeighing();
        }
        else if (isString && found == (byte)':' && !IsAll)
        {
            var name = _output.OpenObject(_documentStart);
            BeginGrammar();
            _output.Write(name);
            _check?.Settle();
        }
        else if (isString || IsAll || !isAsReceived || Record.EndsWith(JsonRowKind.EndOfContainer))
        {
            EndDocument();
        }
        else
        {
            LeaveDocument();
        }
    }

    // A word or number at the root: prose, until the end of the text shows that there is nothing else.
    private void LeaveDocument()
    {
        var bytes = Record.Slice(Record.ByteCount - (int)(_offset - _documentStart), Record.ByteCount).ToArray();
        Record.Clear();
        _prose.Add(bytes, _offset);
        _phase = Phase.Before;
    }

    // What is not shown is read again. Without guesses all is shown: it is only looked at again.
    private void BeginWeighing(bool isRefused = true, bool isProbe = false)
    {
        var flags = (_output.HasControl ? JsonReadingFlags.HasControl : JsonReadingFlags.None) | (isRefused ? JsonReadingFlags.None : JsonReadingFlags.IsWellFormed);
        var again = _rewinder.Rewind(_hypotheses.IsHurried || isProbe);
        var start = _offset - again.Bytes.Length;
        _hypotheses.IsFenced = _prose.IsFenced;
        _hypotheses.Window.Begin(start, _offset, start + again.Kept, Record.ByteCount > again.Kept ? Record.ByteAt(Record.ByteCount - again.Kept - 1) : default, isProbe);
        _hypotheses.Begin(again.Reader, flags | (again.IsTextEmpty ? JsonReadingFlags.IsTextEmpty : JsonReadingFlags.None), _check?.Cursor ?? default);
        _phase = Phase.Weighing;
        _offset = start;
        Pump(again.Bytes);
    }

    // One hypothesis is left: it is written as far as it is decided.
    private void TakeDecision()
    {
        if (_hypotheses.Best.Mode == JsonReadingMode.After)
        {
            EndWeighing(_writer.Write(_offset));
            return;
        }

        if (_writer.WriteDecided(_offset) && Error is null)
        {
            BeginGrammar();
        }
        else
        {
            Shown.Settle();
        }
    }

    // The root has ended: what was held after it is read as what it is there.
    private void EndWeighing(long end)
    {
        if (Error is null)
        {
            EndDocument();
            Replay(_hypotheses.HeldFrom(end));
        }
    }

    // The text has ended. Whether there may be more to decide.
    private bool TryDecideAtEnd()
    {
        switch (_phase)
        {
            case Phase.Before:
                return TryEndBefore();
            case Phase.Weighing:
                return TryEndWeighing();
            case Phase.Grammar when Record.Reader.State <= PartialJsonReaderState.MultiByte && Record.Reader.Depth > _hypotheses.RootDepth:
                BeginWeighing();
                return true;
            case Phase.Grammar:
                JsonEndReading.EndToken(_output, _offset);
                return false;
            default:
                _after.Complete();
                return false;
        }
    }

    private bool TryEndWeighing()
    {
        JsonEndReading.Decide(_hypotheses, _output.MayGuess);
        var end = _writer.Write(_offset);
        if (_hypotheses.Best.Mode == JsonReadingMode.After)
        {
            EndWeighing(end);
            return true;
        }

        if (!_output.MayGuess && Record.EndsWith(JsonRowKind.EndOfContainer) && Record.Reader.State == PartialJsonReaderState.CommaOrEnd)
        {
            _output.Refuse(PartialJsonRepairKind.MissingCloser, _offset); // text that is cut seldom ends here
        }

        Shown.Settle();
        _phase = Phase.After;
        return false;
    }

    private bool TryEndBefore()
    {
        var start = _offset - _prose.Begun.Length;
        if (_prose.TryEnd() || (Record.Tape.Count == 0 && _prose.TryTakeLabel(out start)))
        {
            _offset = start + _prose.Begun.Length;
            BeginDocument(start);
            Replay(_prose.Begun);
            return true;
        }

        if (Record.Tape.Count == 0)
        {
            _prose.WriteAsValue();
        }

        _prose.Report(PartialJsonRepairKind.TextAfter);
        return false;
    }
}
