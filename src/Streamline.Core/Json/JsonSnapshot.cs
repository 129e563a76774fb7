namespace Streamline.Json;

/// <summary>What was decided of a document at one moment. Immutable, although the arrays behind it go on being appended to.</summary>
/// <param name="bytes">The text.</param>
/// <param name="rows">The tape.</param>
/// <param name="byteCount">How many bytes of the text are decided; nothing behind them is read.</param>
/// <param name="rowCount">How many rows are shown; nothing behind them is read.</param>
/// <param name="growingRow">The row of the string or number that is not at its end, or -1. Containers tell by their end.</param>
internal readonly struct JsonSnapshot(byte[] bytes, JsonRow[] rows, int byteCount, int rowCount, int growingRow)
{
    public JsonRow[] Rows { get; } = rows;

    public bool Contains(int row) => (uint)row < (uint)rowCount;

    public bool IsComplete(int row) => Rows[row].IsContainer ? EndOfContainer(row) != 0 : row != growingRow;

    /// <summary>The bytes of a value as they were written, quotes included, as far as they are decided.</summary>
    public ReadOnlySpan<byte> GetRaw(int row)
    {
        var end = Rows[row].IsContainer ? EndOfContainer(row) : row == growingRow ? 0 : Rows[row].End;
        return bytes.AsSpan(Rows[row].Start..(end == 0 ? byteCount : end));
    }

    /// <summary>The bytes between the quotes of a string or property name.</summary>
    public ReadOnlySpan<byte> GetRawText(int row)
    {
        var raw = GetRaw(row);
        return row == growingRow ? raw[1..] : raw[1..^1];
    }

    /// <summary>The row behind a value and everything in it.</summary>
    public int GetNext(int row) => !Rows[row].IsContainer ? row + 1 : EndOfContainer(row) == 0 ? rowCount : Rows[row].Next;

    /// <summary>The row of the last element or property value of a container, or -1. Takes as many steps as the container is deep inside.</summary>
    public int GetLastChild(int container)
    {
        var row = GetNext(container) - 1;
        if (row == container)
        {
            return -1;
        }

        while (Rows[row].Parent != container)
        {
            row = Rows[row].Parent;
        }

        return row;
    }

    // An end beyond the decided bytes was written after this snapshot was taken.
    private int EndOfContainer(int row)
    {
        var end = Rows[row].End;
        return end <= byteCount ? end : 0;
    }
}
