namespace Streamline.Json;

/// <summary>What was decided of a document at one moment. Immutable, although its arrays are still being appended to.</summary>
internal readonly struct JsonSnapshot(JsonStore store, JsonExtent extent)
{
    private readonly JsonStore _store = store;
    private readonly JsonExtent _extent = extent;

    public int RowCount => _extent.RowCount;

    /// <summary>How many rows will not change any more, except the ends of open containers.</summary>
    public int SettledRowCount => _extent.SettledRowCount;

    public bool Contains(int row) => (uint)row < (uint)RowCount;

    /// <summary>Whether this is a later snapshot of the same document, or the same one.</summary>
    public bool IsLaterThan(in JsonSnapshot earlier) => _store == earlier._store && RowCount >= earlier.RowCount;

    public ref readonly JsonRow Row(int row) => ref _store.Row(row);

    public bool IsComplete(int row)
    {
        ref readonly var found = ref Row(row);
        return found.IsContainer ? IsShownEnd(found.End) : !IsGrowingScalar(row);
    }

    /// <summary>The bytes of a value as they were written, quotes included, as far as they are decided.</summary>
    public ReadOnlySpan<byte> GetRaw(int row) => _store.Text.Slice(Row(row).Start, GetEndOffset(row));

    /// <summary>How many bytes <see cref="GetRaw"/> has.</summary>
    public int GetRawLength(int row) => GetEndOffset(row) - Row(row).Start;

    /// <summary>The bytes between the quotes of a string or property name.</summary>
    public ReadOnlySpan<byte> GetRawText(int row)
    {
        var raw = GetRaw(row);
        return IsGrowingScalar(row) ? raw[1..] : raw[1..^1];
    }

    /// <summary>What grows of a string or number: the bytes between the quotes, or the digits.</summary>
    public ReadOnlySpan<byte> GetGrowingText(int row) => Row(row).Kind == JsonRowKind.String ? GetRawText(row) : GetRaw(row);

    /// <summary>The row after a value and everything in it, the row of its end included.</summary>
    public int GetNext(int row)
    {
        if (!Row(row).IsContainer)
        {
            return row + 1;
        }

        return EndOfContainer(row) is var end and >= 0 ? end + 1 : RowCount;
    }

    /// <summary>The row after the last row inside a container.</summary>
    public int GetEndOfChildren(int container) => EndOfContainer(container) is var end and >= 0 ? end : RowCount;

    /// <summary>The row of the last element or property value of a container, or -1. Takes as many steps as the container is deep inside.</summary>
    public int GetLastChild(int container)
    {
        var row = GetEndOfChildren(container) - 1;
        if (row == container)
        {
            return -1;
        }

        while (Row(row).Parent != container)
        {
            row = Row(row).Parent;
        }

        return row;
    }

    /// <summary>The innermost container that is open after a row; -1 when none is.</summary>
    public int InnermostOpen(int row) => Row(row).Kind switch
    {
        JsonRowKind.Object or JsonRowKind.Array => row,
        JsonRowKind.EndOfContainer => Row(Row(row).Parent).Parent,
        _ => Row(row).Parent,
    };

    private bool IsGrowingScalar(int row) => _extent.IsGrowingScalar(row);

    // -1 while the container grows.
    private int EndOfContainer(int container) => Row(container).End is var end && IsShownEnd(end) ? end : -1;

    // A row after the last one was written after this snapshot was taken; 0 means that there is no end.
    private bool IsShownEnd(int end) => (uint)(end - 1) < (uint)(RowCount - 1);

    private int GetEndOffset(int row)
    {
        if (!Row(row).IsContainer)
        {
            return IsGrowingScalar(row) ? _extent.ByteCount : Row(row).End;
        }

        return EndOfContainer(row) is var end and >= 0 ? Row(end).Start + 1 : _extent.ByteCount;
    }
}
