using System.Buffers;
using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>The reading of one growing text: what was read, repaired where that is wanted, and how much of it is shown.</summary>
internal struct JsonReading
{
    private readonly JsonRepairer? _repairer; // null in the mode that repairs nothing
    private readonly bool _showGrowingNumbers;

    /// <summary>Initializes a new instance of the <see cref="JsonReading"/> struct.</summary>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="isWhole">Whether nobody looks at the document before the end of its text.</param>
    public JsonReading(PartialJsonOptions? options, bool isWhole)
    {
        _showGrowingNumbers = options?.ShowGrowingNumbers ?? false;
        Repairs = new JsonRepairLog(options?.MaxRepairs ?? PartialJsonOptions.DefaultMaxRepairs, options?.MaxGuesses ?? PartialJsonOptions.DefaultMaxGuesses);
        var maxDepth = options?.MaxDepth ?? PartialJsonReader.DefaultMaxDepth;
        if (options is null or { Repair: PartialJsonRepairMode.None })
        {
            Record = new JsonRecord(maxDepth);
            return;
        }

        MayGuess = options.Repair == PartialJsonRepairMode.Guess;
        Record = new JsonRecord(maxDepth, options.Documents == PartialJsonDocuments.All ? 0 : -1);
        _repairer = new JsonRepairer(Record, Repairs, MayGuess, options.Documents, options.Schema, isWhole);
    }

    /// <summary>What was read.</summary>
    public JsonRecord Record { get; }

    /// <summary>What was repaired.</summary>
    public JsonRepairLog Repairs { get; }

    /// <summary>How far the text is shown.</summary>
    public JsonExtent Shown { readonly get; private set; }

    /// <summary>What is wrong with the text, if anything is.</summary>
    public StreamlineException? Error { readonly get; set; }

    /// <summary>Whether the end of the text has been declared.</summary>
    public bool IsEnded { readonly get; set; }

    /// <summary>Whether malformed text is repaired.</summary>
    public readonly bool IsRepairing => _repairer is not null;

    /// <summary>Whether repairs with several readings are made.</summary>
    public bool MayGuess { get; }

    /// <summary>Whether more than one document was found.</summary>
    public readonly bool HasFurtherDocuments => _repairer is { HasFurtherDocuments: true };

    /// <summary>Whether the next bytes may go through <see cref="TryAppendUsual"/>.</summary>
    public readonly bool IsUsual => Error is null && !IsEnded && _repairer is not { TakesGrammar: false };

    /// <summary>Reads the next bytes by the grammar. Mostly they are text in a string, and nothing else has changed.</summary>
    /// <param name="utf8Json">The bytes.</param>
    /// <param name="received">How many bytes have come, these included.</param>
    /// <returns><see langword="false"/> when something is unusual, or wrong: then the caller measures what is shown.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAppendUsual(ReadOnlySpan<byte> utf8Json, int received)
    {
        if (Record.AppendText(utf8Json))
        {
            ShowText(utf8Json);
            return true;
        }

        var status = Record.ReadAppended(utf8Json, out var count);
        if (status == OperationStatus.NeedMoreData)
        {
            if (_repairer is null)
            {
                Shown = Record.MeasureShown(_showGrowingNumbers);
            }
            else if (!HasOnlyNumberGrown(utf8Json.Length))
            {
                Shown = _repairer.MeasureShown();
            }

            return true;
        }

        _repairer?.TakeStop(status, utf8Json[count..], received - utf8Json.Length + count);
        EndRead();
        return false;
    }

    /// <summary>Reads the next bytes.</summary>
    /// <param name="utf8Json">The bytes.</param>
    /// <param name="offset">How many came before them.</param>
    /// <returns>Whether nothing is wrong with them. The caller measures what is shown.</returns>
    public bool TryAppend(ReadOnlySpan<byte> utf8Json, int offset)
    {
        if (Error is not null)
        {
            if (_repairer is null)
            {
                Record.Keep(utf8Json);
            }

            return false;
        }

        if (_repairer is null)
        {
            Record.Append(utf8Json, out _);
        }
        else
        {
            _repairer.Append(utf8Json, offset);
        }

        EndRead();
        return Error is null;
    }

    /// <summary>The text has ended.</summary>
    /// <param name="received">How many bytes have come.</param>
    /// <param name="allowsTruncation">Whether the text may be cut short.</param>
    public void Complete(int received, bool allowsTruncation)
    {
        IsEnded = true;
        if (_repairer is not null)
        {
            _repairer.CatchUp(received);
            _repairer.Complete();
            Error = _repairer.Error;
        }

        if (Record.Complete() == OperationStatus.InvalidData && !allowsTruncation && Error is null)
        {
            Error = Record.Reader.CreateException();
        }

        Measure();
    }

    /// <summary>Finds how far the text is shown.</summary>
    public void Measure() => Shown = _repairer is null ? Record.MeasureShown(showsGrowingNumber: _showGrowingNumbers || IsEnded) : _repairer.MeasureShown();

    /// <summary>How many bytes were looked at, those included that were looked at again.</summary>
    public readonly long CountExamined(int received)
    {
        _repairer?.CatchUp(received);
        return _repairer?.BytesExamined ?? received;
    }

    // A number that grows is not shown where it may be repaired. It began before the bytes that were added.
    private readonly bool HasOnlyNumberGrown(int added) =>
        Record.Reader.At.State is >= PartialJsonReaderState.Minus and < PartialJsonReaderState.Literal && Record.Tape.Last.Start < Record.ByteCount - added;

    private void EndRead() => Error = _repairer is null ? Record.Reader.CreateException() : _repairer.Error;

    // A string or property name has grown, and nothing else has changed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ShowText(ReadOnlySpan<byte> utf8Json)
    {
        if (!Shown.IsLastGrowing)
        {
            return; // a property name is not shown as long as it grows, and what is before it does not change
        }

        if (_repairer is null)
        {
            Shown = Shown.WithByteCount(Record.ByteCount);
        }
        else if (Shown.RowCount == Record.Tape.Count)
        {
            Shown = Shown.WithByteCount(JsonShown.IsTailByte(utf8Json[^1]) ? _repairer.Shown.MeasureText(utf8Json, Shown.ByteCount) : Record.ByteCount);
        }
        else if (!Record.Reader.IsName)
        {
            Shown = _repairer.MeasureShown();
        }
    }
}
