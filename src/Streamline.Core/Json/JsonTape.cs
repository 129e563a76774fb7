using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>The append-only list of rows that a document writes. Snapshots read the same rows.</summary>
/// <remarks>
/// Rows lie in segments, so that a large document neither copies them again and again nor fills the large-object heap. The first segment
/// grows up to the common size, because most documents are tool arguments of a few hundred bytes.
/// </remarks>
internal struct JsonTape : IJsonSink
{
#if DEBUG
    private const int FirstSegmentRows = 1; // so that every test grows it
    private const int SegmentShift = 4;
#else
    private const int FirstSegmentRows = 8;
    private const int SegmentShift = 10;
#endif
    private const int SegmentRows = 1 << SegmentShift;

    private readonly JsonStore _store;
    private JsonRow[] _segment; // the last one
    private int _segmentCount; // how many segments are in use
    private int _used; // how many rows of the last segment are in use
    private int _earlier; // how many rows the segments before it have
    private int _open; // the row of the innermost open container, or -1
    private int _nextIndex; // the position of the next child of that container

    /// <param name="store">Where the rows go.</param>
    /// <param name="stopAt">See <see cref="StopAt"/>.</param>
    public JsonTape(JsonStore store, int stopAt)
    {
        _store = store;
        _segment = [];
        _open = -1;
        StopAt = stopAt;
    }

    public readonly int Count => _earlier + _used;

    /// <summary>Whether the last row is a string, property name or number that is not at its end.</summary>
    public bool IsLastGrowing { readonly get; set; }

    /// <summary>The last row. There must be one.</summary>
    public readonly ref readonly JsonRow Last
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _segment[_used - 1];
    }

    /// <summary>What the last row stands for; the default before there is one.</summary>
    public readonly JsonRowKind LastKind => _used == 0 ? default : _segment[_used - 1].Kind;

    /// <summary>The reading stops when a container or string ends that lies in this row; -1 for the root.</summary>
    public readonly int StopAt { get; }

    /// <summary>Whether the reading would stop at the end of a string that lies in the innermost open container.</summary>
    public readonly bool StopsBehindText => _open == StopAt;

    /// <summary>Whether the reading would stop at the end of the innermost open container.</summary>
    public readonly bool StopsBehindContainer => StopAt >= 0 && _store.Row(_open).Parent == StopAt;

    /// <summary>Finds a row in the segments of a tape.</summary>
    public static ref JsonRow Find(JsonRow[][] segments, int row) => ref segments[row >> SegmentShift][row & (SegmentRows - 1)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool StartContainer(bool isObject, long offset)
    {
        Add(new JsonRow(isObject ? JsonRowKind.Object : JsonRowKind.Array, (int)offset, _open, _nextIndex));
        _open = Count - 1;
        _nextIndex = 0;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndContainer(bool isObject, long offset)
    {
        Add(new JsonRow(JsonRowKind.EndOfContainer, (int)offset, _open, 0));
        ref var container = ref _store.Row(_open);
        container.End = Count - 1;
        _open = container.Parent;
        _nextIndex = container.Index + 1;
        return _open != StopAt;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Literal(JsonTokenType type, long start, long end)
    {
        var kind = type switch
        {
            JsonTokenType.True => JsonRowKind.True,
            JsonTokenType.False => JsonRowKind.False,
            _ => JsonRowKind.Null,
        };
        Add(new JsonRow(kind, (int)start, _open, _nextIndex++) { End = (int)end });
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Fragment(JsonTokenType type, ReadOnlySpan<byte> value, long start, long end, bool isFirst, bool isFinal)
    {
        if (isFirst)
        {
            var row = type switch
            {
                JsonTokenType.PropertyName => new JsonRow(JsonRowKind.PropertyName, (int)start, _open, _nextIndex),
                JsonTokenType.String => new JsonRow(JsonRowKind.String, (int)start, _open, _nextIndex++),
                _ => new JsonRow(JsonRowKind.Number, (int)start, _open, _nextIndex++),
            };
            Add(row);
        }

        if (isFinal)
        {
            _segment[_used - 1].End = (int)end;
        }

        IsLastGrowing = !isFinal;
        return !isFinal || _open != StopAt || type != JsonTokenType.String;
    }

    /// <summary>Whether the next row needs a new segment. The methods that say so must not be called then.</summary>
    public readonly bool IsSegmentFull => _used == _segment.Length;

    /// <summary>A string, property name or number begins. The caller must set <see cref="IsLastGrowing"/> once it knows whether the row is complete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StartScalar(JsonRowKind kind, int start)
    {
        AddToSegment(new JsonRow(kind, start, _open, _nextIndex));
        if (kind != JsonRowKind.PropertyName)
        {
            _nextIndex++;
        }
    }

    /// <summary>The last row, a string, property name or number that was growing, ends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void EndScalar(int end) => _segment[_used - 1].End = end;

    /// <summary>A literal name, whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddLiteral(byte firstLetter, int start, int end)
    {
        var kind = firstLetter switch
        {
            (byte)'t' => JsonRowKind.True,
            (byte)'f' => JsonRowKind.False,
            _ => JsonRowKind.Null,
        };
        AddToSegment(new JsonRow(kind, start, _open, _nextIndex++) { End = end });
    }

    /// <summary>Makes the last row, a string or property name, grow again. No snapshot may show that it has ended.</summary>
    public void ReopenText()
    {
        ref var text = ref _store.Row(Count - 1);
        text.End = 0;
        _nextIndex = text.Kind == JsonRowKind.String ? text.Index + 1 : text.Index;
        IsLastGrowing = true;
    }

    /// <summary>Takes back the last row, which no snapshot may show.</summary>
    public void RemoveLastRow()
    {
        ref readonly var removed = ref Last;
        if (removed.Kind == JsonRowKind.EndOfContainer)
        {
            _open = removed.Parent;
            _store.Row(_open).End = 0;
            RemoveLast();
            ref readonly var last = ref Last;
            _nextIndex = Count - 1 == _open ? 0 : (last.Kind == JsonRowKind.EndOfContainer ? _store.Row(last.Parent).Index : last.Index) + 1;
            return;
        }

        _nextIndex = removed.Index;
        _open = removed.IsContainer ? removed.Parent : _open;
        RemoveLast();
        IsLastGrowing = false;
    }

    private void RemoveLast()
    {
        if (--_used == 0 && _segmentCount > 1)
        {
            _segment = _store.Segments[--_segmentCount - 1];
            _used = SegmentRows;
            _earlier -= SegmentRows;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddToSegment(in JsonRow row)
    {
        var used = _used;
        _segment[used] = row;
        _used = used + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in JsonRow row)
    {
        var segment = _segment;
        var used = _used;
        if ((uint)used >= (uint)segment.Length)
        {
            segment = Grow();
            used = _used;
        }

        segment[used] = row;
        _used = used + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonRow[] Grow()
    {
        if (_used is > 0 and < SegmentRows)
        {
            // Only the first segment is ever smaller. Old snapshots keep the old one, by the old list.
            var larger = _store.CreateSegment(Math.Min(_used * JsonStore.Growth, SegmentRows));
            _segment.CopyTo(larger, 0);
            _segment = larger;
            _store.Segments = [larger];
            return larger;
        }

        if (_segmentCount == _store.Segments.Length)
        {
            var segments = new JsonRow[Math.Max(1, _segmentCount * 2)][];
            _store.Segments.CopyTo(segments, 0);
            _store.Segments = segments;
        }

        // One may be there already, if rows were taken back.
        _segment = _store.Segments[_segmentCount] ??= _store.CreateSegment(_segmentCount == 0 ? FirstSegmentRows : SegmentRows);
        _segmentCount++;
        _earlier += _used;
        _used = 0;
        return _segment;
    }
}
