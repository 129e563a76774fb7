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

    private JsonRow[] _segment; // the last one
    private int _segmentCount; // how many segments are in use
    private int _used; // how many rows of the last segment are in use
    private int _open; // the row of the innermost open container, or -1
    private int _nextIndex; // the position of the next child of that container

    public JsonTape()
    {
        _segment = [];
        Segments = [];
        _open = -1;
        StopAt = int.MinValue;
    }

    /// <summary>The segments. An entry never changes; more are added behind, in a new array when this one is full.</summary>
    public JsonRow[][] Segments { readonly get; private set; }

    public int Count { readonly get; private set; }

    /// <summary>Whether the last row is a string, property name or number that is not at its end.</summary>
    public bool IsLastGrowing { readonly get; private set; }

    /// <summary>What the last row stands for; the default before there is one.</summary>
    public JsonRowKind LastKind { readonly get; private set; }

    /// <summary>The reading stops when a container or string ends that lies in this row; -1 for the root.</summary>
    public int StopAt { readonly get; init; }

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
        ref var container = ref Find(Segments, _open);
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

    /// <summary>Takes back the end of a string or property name, and the name behind it if there is one.</summary>
    /// <remarks>No snapshot may show that the text has ended, nor what is behind it.</remarks>
    public void Reopen(int row)
    {
        while (Count - 1 > row)
        {
            RemoveLast();
        }

        ref var text = ref Find(Segments, row);
        text.End = 0;
        _nextIndex = text.Kind == JsonRowKind.String ? text.Index + 1 : text.Index;
        IsLastGrowing = true;
    }

    /// <summary>Takes back the last row, a string or another scalar, which no snapshot may show.</summary>
    public void RemoveLastScalar()
    {
        _nextIndex = Find(Segments, Count - 1).Index;
        RemoveLast();
        IsLastGrowing = false;
    }

    private void RemoveLast()
    {
        Count--;
        if (--_used == 0 && _segmentCount > 1)
        {
            Segments[--_segmentCount] = null!;
            _segment = Segments[_segmentCount - 1];
            _used = SegmentRows;
        }

        LastKind = Count == 0 ? default : _segment[_used - 1].Kind;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in JsonRow row)
    {
        if (_used == _segment.Length)
        {
            Grow();
        }

        _segment[_used++] = row;
        Count++;
        LastKind = row.Kind;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        if (_used is > 0 and < SegmentRows)
        {
            // Only the first segment is ever smaller. Old snapshots keep the old one, by the old list.
            var larger = GC.AllocateUninitializedArray<JsonRow>(_used * 2);
            _segment.CopyTo(larger, 0);
            _segment = larger;
            Segments = [larger];
            return;
        }

        if (_segmentCount == Segments.Length)
        {
            var segments = new JsonRow[Math.Max(1, _segmentCount * 2)][];
            Segments.CopyTo(segments, 0);
            Segments = segments;
        }

        _segment = GC.AllocateUninitializedArray<JsonRow>(_segmentCount == 0 ? FirstSegmentRows : SegmentRows);
        Segments[_segmentCount++] = _segment;
        _used = 0;
    }
}
