using System.Buffers;
using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>What a document holds: the text, the reader that goes over it, and the rows it found.</summary>
/// <remarks>
/// Text is appended and read in one step. What no snapshot has shown may be taken back again, which is how a repair replaces bytes that the
/// grammar took for something else than their writer meant.
/// </remarks>
internal sealed class JsonRecord(int maxDepth, int stopRow = int.MinValue)
{
#if DEBUG
    private const int InitialBytes = 16; // so that every test grows it
#else
    private const int InitialBytes = 256;
#endif

    private PartialJsonReader _reader = new(maxDepth);
    private JsonTape _tape = new() { StopAt = stopRow };
    private byte[] _bytes = [];

    /// <summary>The reader, which has read all of the text unless it refused a byte.</summary>
    public ref PartialJsonReader Reader => ref _reader;

    public ref JsonTape Tape => ref _tape;

    /// <summary>The array that the text lies in, from its first byte on.</summary>
    public byte[] Bytes => _bytes;

    public int ByteCount { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, ByteCount);

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, ByteCount);

    /// <summary>Whether the last row is of the given kind.</summary>
    public bool EndsWith(JsonRowKind kind) => _tape.Count > 0 && Row(_tape.Count - 1).Kind == kind;

    public ref readonly JsonRow Row(int row) => ref JsonTape.Find(_tape.Segments, row);

    /// <summary>Appends bytes and reads them. All of them are kept, also those behind one that the grammar refuses.</summary>
    public OperationStatus Append(ReadOnlySpan<byte> utf8Json, out int accepted)
    {
        Store(utf8Json);
        if (_reader.TryReadPlainText(utf8Json))
        {
            accepted = utf8Json.Length;
            return OperationStatus.NeedMoreData;
        }

        return _reader.Read(utf8Json, ref _tape, out accepted);
    }

    /// <summary>Appends bytes that are nothing but plain text inside a string.</summary>
    /// <returns><see langword="false"/> when they are something else, or too many; nothing has changed then.</returns>
    public bool TryAppendPlainText(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > JsonRow.MaxTextBytes - ByteCount || !_reader.TryReadPlainText(utf8Json))
        {
            return false;
        }

        Store(utf8Json);
        return true;
    }

    /// <summary>Appends bytes behind a fault, which nobody reads: for whoever asks what was received.</summary>
    public void Keep(ReadOnlySpan<byte> utf8Json) => Store(utf8Json);

    /// <summary>Appends and reads bytes up to the first that the grammar refuses, or to the end of the document where the tape stops there.</summary>
    public OperationStatus Accept(ReadOnlySpan<byte> utf8Json, out int accepted)
    {
        var status = Append(utf8Json, out accepted);
        ByteCount -= utf8Json.Length - accepted;
        return status;
    }

    public OperationStatus Complete() => _reader.Complete(ref _tape);

    /// <summary>Makes the last row, a string or property name, grow again: takes back its closing quote and all that came after it.</summary>
    public void ReopenText(int row)
    {
        var isName = Row(row).Kind == JsonRowKind.PropertyName;
        ByteCount = Row(row).End - 1;
        _tape.Reopen(row);
        _reader.Rewind(ByteCount, PartialJsonReaderState.Text, isName);
    }

    /// <summary>Takes back the end of a text that grows.</summary>
    /// <param name="byteCount">How much to take back; nothing before the opening quote, and no part of an escape.</param>
    public void TrimText(int byteCount)
    {
        ByteCount -= byteCount;
        _reader.Rewind(ByteCount, PartialJsonReaderState.Text, EndsWith(JsonRowKind.PropertyName));
    }

    /// <summary>Takes back the last row, a scalar, with all that came after it began.</summary>
    public void RemoveLastScalar()
    {
        ref readonly var row = ref Row(_tape.Count - 1);
        ByteCount = row.Start;
        var state = row.Index == 0 && IsElement(row) ? PartialJsonReaderState.ElementOrEnd : PartialJsonReaderState.Value;
        _tape.RemoveLastScalar();
        _reader.Rewind(ByteCount, state, isName: false);
    }

    /// <summary>Takes back the letters of a literal that is not whole and so has no row.</summary>
    public void RemoveLiteral(int letters)
    {
        ByteCount -= letters;
        var isFirst = _tape.Count > 0 && Row(_tape.Count - 1).Kind == JsonRowKind.Array;
        _reader.Rewind(ByteCount, isFirst ? PartialJsonReaderState.ElementOrEnd : PartialJsonReaderState.Value, isName: false);
    }

    /// <summary>Takes back the comma that came after the last row, and the whitespace around it.</summary>
    public void RemoveComma()
    {
        ByteCount = EndOf(_tape.Count - 1);
        _reader.Rewind(ByteCount, PartialJsonReaderState.CommaOrEnd, isName: false);
    }

    /// <summary>The offset behind a row that is not growing. Of a container: the offset behind its opening bracket.</summary>
    public int EndOf(int index)
    {
        ref readonly var row = ref Row(index);
        return row.IsContainer || row.Kind == JsonRowKind.EndOfContainer ? row.Start + 1 : row.End;
    }

    /// <summary>Begins anew. Snapshots keep what they have.</summary>
    public void Clear()
    {
        _reader = new PartialJsonReader(maxDepth);
        _tape = new JsonTape { StopAt = stopRow };
        _bytes = [];
        ByteCount = 0;
    }

    public JsonSnapshot TakeSnapshot(int byteCount, int rowCount, bool isLastGrowing) => new(_bytes, _tape.Segments, byteCount, rowCount, isLastGrowing);

    /// <summary>Whether the last row may have to be hidden: a name comes into sight together with its value, a growing number only where that is asked for.</summary>
    public bool MayHideLastRow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _tape.LastKind == JsonRowKind.PropertyName || (_tape.LastKind == JsonRowKind.Number && _tape.IsLastGrowing);
    }

    /// <summary>How many bytes cannot change their meaning any more.</summary>
    public int DecidedBytes => (int)_reader.BytesConsumed - _reader.UndecidedBytes;

    /// <summary>Takes a snapshot of a text that is read as it is.</summary>
    public JsonSnapshot TakeSnapshot(bool showsGrowingNumber) =>
        MayHideLastRow ? TakeSnapshotBeforeLast(DecidedBytes, showsGrowingNumber) : TakeSnapshot(DecidedBytes, _tape.Count, _tape.IsLastGrowing);

    private JsonSnapshot TakeSnapshotBeforeLast(int byteCount, bool showsGrowingNumber)
    {
        var rowCount = _tape.Count;
        ref readonly var last = ref Row(rowCount - 1);
        if (last.Kind == JsonRowKind.PropertyName)
        {
            return TakeSnapshot(_tape.IsLastGrowing ? last.Start : byteCount, rowCount - 1, isLastGrowing: false);
        }

        if (showsGrowingNumber && byteCount > last.Start)
        {
            return TakeSnapshot(byteCount, rowCount, isLastGrowing: true);
        }

        // Without its value, the name before it is not shown either.
        var isNamed = rowCount > 1 && Row(rowCount - 2).Kind == JsonRowKind.PropertyName;
        return TakeSnapshot(last.Start, isNamed ? rowCount - 2 : rowCount - 1, isLastGrowing: false);
    }

    private bool IsElement(in JsonRow row) => row.Parent >= 0 && Row(row.Parent).Kind == JsonRowKind.Array;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(ReadOnlySpan<byte> utf8Json)
    {
        var needed = ByteCount + utf8Json.Length;
        if (needed > _bytes.Length)
        {
            // Snapshots may hold the old array: it is left as it is, and never goes to a pool.
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(needed, Math.Max(InitialBytes, _bytes.Length * 2)));
            WrittenSpan.CopyTo(larger);
            _bytes = larger;
        }

        utf8Json.CopyTo(_bytes.AsSpan(ByteCount));
        ByteCount = needed;
    }
}
