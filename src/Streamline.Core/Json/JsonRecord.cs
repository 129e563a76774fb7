using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>What a document holds: the text, the reader that goes over it, and the rows it found.</summary>
/// <remarks>
/// Text is appended and read in one step. What no snapshot has shown may be taken back again, which is how a repair replaces bytes that the
/// grammar took for something else than their writer meant.
/// </remarks>
internal sealed class JsonRecord
{
    private readonly int _maxDepth;
    private readonly int _stopRow;
#if DEBUG
    private const int RepeatedBytes = 16;
#else
    private const int RepeatedBytes = 4096; // so that what is read again, and looked back at, mostly lies in one block
#endif

    private PartialJsonReader _reader;
    private JsonTape _tape;
    private JsonStore _store;
    private JsonWholeText? _whole;

    /// <summary>Initializes a new instance of the <see cref="JsonRecord"/> class.</summary>
    /// <param name="maxDepth">The greatest depth of nesting.</param>
    /// <param name="stopRow">The row whose end, or the end of what lies in which, ends the reading; -1 for the root.</param>
    public JsonRecord(int maxDepth, int stopRow = int.MinValue)
    {
        _maxDepth = maxDepth;
        _stopRow = stopRow;
        Clear();
    }

    /// <summary>The reader, which has read all of the text unless it refused a byte.</summary>
    public ref PartialJsonReader Reader => ref _reader;

    public ref JsonTape Tape => ref _tape;

    /// <summary>Where text and rows lie.</summary>
    public JsonStore Store => _store;

    public int ByteCount { get; private set; }

    /// <summary>The text in one piece.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _store.Text is { Start: 0 } block ? block.Bytes.AsMemory(0, ByteCount) : (_whole ??= new JsonWholeText()).Get(_store.Text, ByteCount);

    /// <summary>A part of the text, which is copied if it is longer than a token and lies in several blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Slice(int start, int end) => _store.Text.Slice(start, end);

    public byte ByteAt(int offset) => Slice(offset, offset + 1)[0];

    /// <summary>Writes the text up to an offset.</summary>
    public void WriteTo(IBufferWriter<byte> destination, int end) => _store.Text.WriteTo(0, end, destination);

    /// <summary>Whether the last row is of the given kind.</summary>
    public bool EndsWith(JsonRowKind kind) => _tape.Count > 0 && Row(_tape.Count - 1).Kind == kind;

    public ref readonly JsonRow Row(int row) => ref _store.Row(row);

    /// <summary>Appends bytes and reads them. All of them are kept, also those after one that the grammar refuses.</summary>
    public OperationStatus Append(ReadOnlySpan<byte> utf8Json, out int accepted)
    {
        if (AppendText(utf8Json))
        {
            accepted = utf8Json.Length;
            return OperationStatus.NeedMoreData;
        }

        return ReadAppended(utf8Json, out accepted);
    }

    /// <summary>Appends bytes, and reads them if they are seen at once to be plain text in a string, which most deltas are.</summary>
    /// <returns><see langword="false"/> when they are still to be read: see <see cref="ReadAppended"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AppendText(ReadOnlySpan<byte> utf8Json)
    {
        var block = _store.Text;
        var start = ByteCount - block.Start;
        if (start + utf8Json.Length > block.Bytes.Length)
        {
            block = Grow(utf8Json.Length);
            start = ByteCount - block.Start;
        }

        var bytes = block.Bytes;
        ByteCount += utf8Json.Length;
        if ((uint)(utf8Json.Length - 1) < JsonShortText.MaxLength)
        {
            return JsonShortText.Copy(utf8Json, ref bytes[start]) && _reader.TrySkipText(utf8Json.Length);
        }

        utf8Json.CopyTo(bytes.AsSpan(start));
        return false;
    }

    /// <summary>Reads what was appended last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OperationStatus ReadAppended(ReadOnlySpan<byte> utf8Json, out int accepted) => _reader.ReadQuickly(utf8Json, ref _tape, out accepted);

    /// <summary>Takes back bytes that were appended and not read.</summary>
    public void TakeBack(int count) => Truncate(ByteCount - count);

    /// <summary>Appends bytes after a fault. They are not read, but they count as received.</summary>
    public void Keep(ReadOnlySpan<byte> utf8Json) => AppendText(utf8Json);

    /// <summary>Appends and reads bytes up to the first that the grammar refuses, or to the end of the document where the tape stops there.</summary>
    public OperationStatus Accept(ReadOnlySpan<byte> utf8Json, out int accepted)
    {
        var status = Append(utf8Json, out accepted);
        if (accepted < utf8Json.Length)
        {
            TakeBack(utf8Json.Length - accepted);
        }

        return status;
    }

    public OperationStatus Complete() => _reader.Complete(ref _tape);

    /// <summary>The reader as it stood at a place: see <see cref="RewindTo"/>.</summary>
    public PartialJsonReader ReaderAt(int rowCount, int byteCount, bool isGrowing)
    {
        var reader = _reader;
        for (var row = _tape.Count - 1; row >= rowCount; row--)
        {
            ref readonly var removed = ref Row(row);
            if (removed.Kind == JsonRowKind.EndOfContainer)
            {
                reader.ReopenContainer(Row(removed.Parent).Kind == JsonRowKind.Object);
            }
            else if (removed.IsContainer)
            {
                reader.TakeBackContainer();
            }
        }

        if (isGrowing)
        {
            reader.Rewind(byteCount, PartialJsonReaderState.Text, Row(rowCount - 1).Kind == JsonRowKind.PropertyName);
        }
        else
        {
            reader.Rewind(byteCount, rowCount == 0 ? PartialJsonReaderState.Value : StateAfter(Row(rowCount - 1).Kind, reader.Depth), isName: false);
        }

        return reader;
    }

    /// <summary>Takes back all that came after a place, which no snapshot may show.</summary>
    /// <param name="rowCount">How many rows stay.</param>
    /// <param name="byteCount">How many bytes stay: up to the end of the last row, or inside of it where it is to grow again.</param>
    /// <param name="isGrowing">Whether the last row that stays, a string or property name, is to grow again. The place is then not within an escape or a character.</param>
    public void RewindTo(int rowCount, int byteCount, bool isGrowing)
    {
        _reader = ReaderAt(rowCount, byteCount, isGrowing);
        while (_tape.Count > rowCount)
        {
            _tape.RemoveLastRow();
        }

        Truncate(byteCount);
        _tape.IsLastGrowing = false;
        if (isGrowing)
        {
            _tape.ReopenText();
        }
    }

    private static PartialJsonReaderState StateAfter(JsonRowKind last, int depth) => last switch
    {
        JsonRowKind.Object => PartialJsonReaderState.NameOrEnd,
        JsonRowKind.Array => PartialJsonReaderState.ElementOrEnd,
        JsonRowKind.PropertyName => PartialJsonReaderState.Colon,
        _ => depth == 0 ? PartialJsonReaderState.EndOfText : PartialJsonReaderState.CommaOrEnd,
    };

    /// <summary>Takes back the comma that came after the last row, and the whitespace around it.</summary>
    public void RemoveComma()
    {
        Truncate(EndOf(_tape.Count - 1));
        _reader.Rewind(ByteCount, PartialJsonReaderState.CommaOrEnd, isName: false);
    }

    /// <summary>The offset after a row that is not growing. Of a container: the offset after its opening bracket.</summary>
    public int EndOf(int index)
    {
        ref readonly var row = ref Row(index);
        return row.IsContainer || row.Kind == JsonRowKind.EndOfContainer ? row.Start + 1 : row.End;
    }

    /// <summary>Begins anew. Snapshots keep what they have.</summary>
    [MemberNotNull(nameof(_store))]
    public void Clear()
    {
        _store = new JsonStore();
        _whole = null;
        _reader = new PartialJsonReader(_maxDepth);
        _tape = new JsonTape(_store, _stopRow);
        ByteCount = 0;
    }

    /// <summary>How many bytes cannot change their meaning any more.</summary>
    public int DecidedBytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)_reader.BytesConsumed - _reader.UndecidedBytes;
    }

    /// <summary>How far a text that is read as it is may be shown.</summary>
    /// <remarks>A name comes into sight together with its value.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonExtent MeasureShown(bool showsGrowingNumber)
    {
        var rowCount = _tape.Count;
        var byteCount = DecidedBytes;
        if (_reader.At.IsBetweenTokens && rowCount > 0)
        {
            return new(byteCount, _reader.At.IsBehindName ? rowCount - 1 : rowCount, isLastGrowing: false);
        }

        if (_reader.IsInText)
        {
            return _reader.IsName ? new(_tape.Last.Start, rowCount - 1, isLastGrowing: false) : new(byteCount, rowCount, isLastGrowing: true);
        }

        return MeasureRare(byteCount, rowCount, showsGrowingNumber);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonExtent MeasureRare(int byteCount, int rowCount, bool showsGrowingNumber)
    {
        if (rowCount == 0)
        {
            return default;
        }

        ref readonly var last = ref _tape.Last;
        var isName = last.Kind == JsonRowKind.PropertyName;
        return _tape.IsLastGrowing && last.Kind == JsonRowKind.Number ? MeasureGrowingNumber(byteCount, rowCount, showsGrowingNumber)
            : _tape.IsLastGrowing && isName ? new(last.Start, rowCount - 1, isLastGrowing: false)
            : new(byteCount, isName ? rowCount - 1 : rowCount, _tape.IsLastGrowing && !isName);
    }

    private JsonExtent MeasureGrowingNumber(int byteCount, int rowCount, bool showsGrowingNumber)
    {
        ref readonly var last = ref _tape.Last;
        if (showsGrowingNumber && byteCount > last.Start)
        {
            return new(byteCount, rowCount, isLastGrowing: true);
        }

        // Without its value, the name before it is not shown either.
        var isNamed = rowCount > 1 && Row(rowCount - 2).Kind == JsonRowKind.PropertyName;
        return new(last.Start, isNamed ? rowCount - 2 : rowCount - 1, isLastGrowing: false);
    }

    private void Truncate(int count)
    {
        ByteCount = count;
        _whole?.Truncate(count);
        _store.Truncate(count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonTextBlock Grow(int added) => _store.Grow(ByteCount, added, FindToken());

    // Where a token begins from which on the text may lie in another block.
    private int FindToken()
    {
        var token = DecidedBytes;
        for (var row = _tape.Count - 1; row >= 0 && Row(row).Start >= ByteCount - RepeatedBytes; row--)
        {
            token = Math.Min(token, Row(row).Start);
        }

        return _tape.IsLastGrowing ? Math.Min(token, _tape.Last.Start) : token;
    }
}
