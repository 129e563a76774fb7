namespace Streamline.Json;

/// <summary>What was decided of a document at one moment. Immutable, although the arrays behind it go on being appended to.</summary>
internal readonly struct JsonSnapshot
{
    private readonly byte[] _bytes;
    private readonly JsonRow[][] _segments;
    private readonly int _byteCount;
    private readonly int _rowCountAndGrowth; // the row count, doubled, plus 1 when the last row is growing

    /// <param name="bytes">The text.</param>
    /// <param name="segments">The segments of the tape.</param>
    /// <param name="byteCount">How many bytes of the text are decided; nothing behind them is read.</param>
    /// <param name="rowCount">How many rows are shown; nothing behind them is read.</param>
    /// <param name="isLastGrowing">Whether the last row is a string or number that is not at its end. Containers tell by their end.</param>
    public JsonSnapshot(byte[] bytes, JsonRow[][] segments, int byteCount, int rowCount, bool isLastGrowing)
    {
        _bytes = bytes;
        _segments = segments;
        _byteCount = byteCount;
        _rowCountAndGrowth = (rowCount << 1) | (isLastGrowing ? 1 : 0);
    }

    public int RowCount => _rowCountAndGrowth >> 1;

    /// <summary>How many rows will not change any more, but for the ends of open containers.</summary>
    public int SettledRowCount => RowCount - (_rowCountAndGrowth & 1);

    public bool Contains(int row) => (uint)row < (uint)RowCount;

    /// <summary>Whether this may be a later snapshot of the same document, or the same one. Documents have no identity to compare.</summary>
    public bool IsLaterThan(in JsonSnapshot earlier) =>
        RowCount >= earlier.RowCount
        && Row(earlier.RowCount - 1).Start == earlier.Row(earlier.RowCount - 1).Start
        && Row(earlier.RowCount - 1).Kind == earlier.Row(earlier.RowCount - 1).Kind;

    public ref readonly JsonRow Row(int row) => ref JsonTape.Find(_segments, row);

    public bool IsComplete(int row) => Row(row).IsContainer ? EndOfContainer(row) >= 0 : !IsGrowingScalar(row);

    /// <summary>The bytes of a value as they were written, quotes included, as far as they are decided.</summary>
    public ReadOnlySpan<byte> GetRaw(int row) => _bytes.AsSpan(Row(row).Start..GetEndOffset(row));

    /// <summary>The bytes between the quotes of a string or property name.</summary>
    public ReadOnlySpan<byte> GetRawText(int row)
    {
        var raw = GetRaw(row);
        return IsGrowingScalar(row) ? raw[1..] : raw[1..^1];
    }

    /// <summary>What grows of a string or number: the bytes between the quotes, or the digits.</summary>
    public ReadOnlySpan<byte> GetGrowingText(int row) => Row(row).Kind == JsonRowKind.String ? GetRawText(row) : GetRaw(row);

    /// <summary>The row behind a value and everything in it, the row of its end included.</summary>
    public int GetNext(int row)
    {
        if (!Row(row).IsContainer)
        {
            return row + 1;
        }

        return EndOfContainer(row) is var end and >= 0 ? end + 1 : RowCount;
    }

    /// <summary>The row behind the last row inside a container.</summary>
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

    private bool IsGrowingScalar(int row) => (((row + 1) << 1) | 1) == _rowCountAndGrowth;

    // -1 while the container grows. A row behind the last one was written after this snapshot was taken.
    private int EndOfContainer(int container)
    {
        var end = Row(container).End;
        return end != 0 && end < RowCount ? end : -1;
    }

    private int GetEndOffset(int row)
    {
        if (!Row(row).IsContainer)
        {
            return IsGrowingScalar(row) ? _byteCount : Row(row).End;
        }

        return EndOfContainer(row) is var end and >= 0 ? Row(end).Start + 1 : _byteCount;
    }
}
