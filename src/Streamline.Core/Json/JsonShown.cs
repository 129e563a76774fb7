using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>How much of a text that may yet be repaired is shown.</summary>
/// <remarks>
/// <para>Without guesses, everything is shown as in the mode that repairs nothing: a repair never changes what came before the byte that the grammar refuses.</para>
/// <para>
/// With guesses, a string counts as growing until what follows it is what JSON wants there; commas, closers and spaces at the end of a growing one wait, and so do
/// numbers until something ends them. What has not been shown may be read again when a fault comes.
/// </para>
/// </remarks>
internal sealed class JsonShown(JsonRecord record, int rootDepth, bool mayGuess)
{
    /// <summary>How many commas, closers and spaces at the end of a string may wait for what follows them.</summary>
    public const int MaxTail = 64;

    private const int MaxUnconfirmed = JsonHypotheses.MaxBytes; // how many bytes may leave it open what a string or scalar before them is

    private PartialJsonReader _settledReader;

    // A bit for each byte: a lookup, as what branches is guessed wrong at every other word of a text.
    private static ReadOnlySpan<ulong> TailBytes =>
    [
        (1UL << ' ') | (1UL << '\t') | (1UL << '\n') | (1UL << '\r') | (1UL << ',') | (1UL << '\''),
        (1UL << ('}' - 64)) | (1UL << (']' - 64)),
        0,
        0,
    ];

    /// <summary>Whether the end of the text has been declared.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether a byte at the end of a string may belong to what follows it, so that it is not shown yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTailByte(byte value) => ((TailBytes[value >> 6] >> value) & 1) != 0;

    /// <summary>How many rows are decided.</summary>
    public int SettledRows { get; private set; }

    /// <summary>How many bytes are decided.</summary>
    public int SettledBytes { get; private set; }

    /// <summary>The reader as it stood after them.</summary>
    public ref readonly PartialJsonReader SettledReader => ref _settledReader;

    /// <summary>All that was read stays as it is.</summary>
    public void Settle() => (SettledRows, SettledBytes, _settledReader) = (record.Tape.Count, record.ByteCount, record.Reader);

    /// <summary>How far the text is shown.</summary>
    public JsonExtent Measure()
    {
        if (!mayGuess)
        {
            return MeasureSafe();
        }

        if (record.Reader.IsInText && !record.Reader.IsName && record.Reader.Depth > rootDepth)
        {
            return MeasureGrowing(record.Tape.Count, record.DecidedBytes);
        }

        var rows = record.Tape.Count;
        while (rows > 0)
        {
            ref readonly var last = ref record.Row(rows - 1);
            if (last.Kind is JsonRowKind.Object or JsonRowKind.Array || (last.Kind == JsonRowKind.EndOfContainer && record.Reader.Depth > rootDepth))
            {
                return new JsonExtent(last.Start + 1, rows, isLastGrowing: false);
            }

            if (last.Kind != JsonRowKind.PropertyName && !IsHidden(rows - 1))
            {
                return MeasureScalar(last, rows);
            }

            rows--;
        }

        return default;
    }

    /// <summary>How much of a string that grows is shown, where its end may be before its last bytes.</summary>
    /// <param name="added">The bytes that it has grown by, of which the last <see cref="IsTailByte"/>.</param>
    /// <param name="shown">How much was shown before.</param>
    public int MeasureText(ReadOnlySpan<byte> added, int shown)
    {
        if (!mayGuess)
        {
            return record.ByteCount;
        }

        var tail = 1;
        while (tail < added.Length && IsTailByte(added[^(tail + 1)]))
        {
            tail++;
        }

        return tail < added.Length ? record.ByteCount - tail : MeasureTail(record.ByteCount, record.ByteCount - tail, shown);
    }

    /// <summary>How far the text is shown when its last row, a string or number, grows.</summary>
    public JsonExtent MeasureGrowing(int rows, int byteCount)
    {
        if (!IsEnded && IsTailByte(record.ByteAt(byteCount - 1)))
        {
            byteCount -= TailLength(byteCount, rows - 1);
        }

        return new JsonExtent(byteCount, rows, isLastGrowing: true);
    }

    private JsonExtent MeasureScalar(in JsonRow last, int rows) =>
        rows == record.Tape.Count && record.Tape.IsLastGrowing ? MeasureGrowing(rows, record.DecidedBytes)
        : !IsEnded && last.Kind == JsonRowKind.String && IsUnconfirmed(rows - 1) ? MeasureGrowing(rows, last.End - 1)
        : new JsonExtent(record.EndOf(rows - 1), rows, isLastGrowing: false);

    private JsonExtent MeasureSafe()
    {
        var shown = record.MeasureShown(showsGrowingNumber: IsEnded);
        var isWordAtRoot = shown.RowCount > rootDepth && record.Row(shown.RowCount - 1) is { Kind: JsonRowKind.True or JsonRowKind.False or JsonRowKind.Null or JsonRowKind.Number } last
            && last.Parent == rootDepth - 1 && (rootDepth == 0 || shown.RowCount > SettledRows);
        return isWordAtRoot && !IsEnded ? new JsonExtent(record.Row(shown.RowCount - 1).Start, shown.RowCount - 1, isLastGrowing: false) : shown; // it may be prose
    }

    // All that was added after an offset may belong after the text. So may what was not shown before it, which is not looked at again.
    private int MeasureTail(int byteCount, int before, int shown)
    {
        var goesOn = IsTailByte(record.ByteAt(before - 1));
        return goesOn != (shown < before) ? byteCount - TailLength(byteCount, record.Tape.Count - 1)
            : byteCount - shown <= MaxTail ? shown
            : byteCount;
    }

    // What is at the end of a growing text, and may not belong to it.
    private int TailLength(int byteCount, int row)
    {
        var start = Math.Max(record.Row(row).Start + 1, byteCount - MaxTail - 1);
        var text = start < byteCount ? record.Slice(start, byteCount) : default;
        var count = 0;
        while (count < text.Length && IsTailByte(text[^(count + 1)]))
        {
            if (++count > MaxTail)
            {
                return 0; // so much of it is text
            }
        }

        return count;
    }

    private bool IsHidden(int row)
    {
        ref readonly var found = ref record.Row(row);
        var isLast = row == record.Tape.Count - 1;
        var isGrowing = isLast && record.Tape.IsLastGrowing;
        return found.Kind switch
        {
            JsonRowKind.Number when IsEnded => isGrowing && record.Reader.UndecidedBytes == record.ByteCount - found.Start, // not a digit
            JsonRowKind.EndOfContainer => !IsEnded && row >= SettledRows && record.Row(found.Parent) is { Kind: JsonRowKind.Object } root && root.Parent == rootDepth - 1,
            _ when IsEnded => false,

            // It may be prose, or the first name of an object without its brace.
            _ when record.Reader.Depth <= rootDepth && found.Parent == rootDepth - 1 && (rootDepth == 0 || row >= SettledRows) => true,
            JsonRowKind.Number when isGrowing => true,
            JsonRowKind.String => false,
            _ => row >= SettledRows && isLast && IsOpen(row),
        };
    }

    // A number or literal, and after it what may belong to it: spaces, and in an object a comma, as in 2,000.
    private bool IsOpen(int row)
    {
        ref readonly var scalar = ref record.Row(row);
        if (scalar.End - scalar.Start > MaxUnconfirmed)
        {
            return false;
        }

        var after = record.Slice(scalar.End, record.ByteCount);
        var spaces = after.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return after.Length <= MaxTail && (spaces < 0 || (after[spaces] == (byte)',' && record.Reader.IsInObject && after[(spaces + 1)..].IndexOfAnyExcept(" \t\r\n"u8) < 0));
    }

    // Only a name may have come after it.
    private bool IsUnconfirmed(int row)
    {
        if (row < SettledRows || record.ByteCount - record.Row(row).End > MaxUnconfirmed)
        {
            return false;
        }

        var after = record.Tape.Count - 1 - row;
        return after == 0
            || (after == 1 && record.EndsWith(JsonRowKind.PropertyName) && (record.Tape.IsLastGrowing || record.Reader.State == PartialJsonReaderState.Colon));
    }
}
