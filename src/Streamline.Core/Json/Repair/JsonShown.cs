using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>How much of a text that may yet be repaired is shown. What is not shown may be read again when a fault comes.</summary>
/// <remarks>
/// A string counts as growing until what follows it is what JSON wants there; commas, closers and spaces at the end of a growing one wait. Names wait for their
/// values, numbers and literals for what ends them, brackets for what is in them, closers for what follows, and a string that looks like a name for what tells whether it is one.
/// </remarks>
internal sealed class JsonShown(JsonRecord record, int rootDepth)
{
    /// <summary>How many commas, closers and spaces at the end of a string may wait for what follows them.</summary>
    public const int MaxTail = 64;

    private const int MaxHiddenRows = 8; // brackets
    private const int MaxName = 24;

    private PartialJsonReader _definite; // where everything before is decided

    // A bit for each byte: a lookup, as what branches is guessed wrong at every other word of a text.
    private static ReadOnlySpan<ulong> TailBytes =>
    [
        (1UL << ' ') | (1UL << '\t') | (1UL << '\n') | (1UL << '\r') | (1UL << ',') | (1UL << '\''),
        (1UL << ('}' - 64)) | (1UL << (']' - 64)),
        0,
        0,
    ];

    /// <summary>Rows before this one stay as they are.</summary>
    public int DefiniteRows { get; private set; }

    /// <summary>Bytes before this one stay as they are.</summary>
    public int DefiniteBytes { get; private set; }

    /// <summary>Whether the end of the text has been declared.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether a byte at the end of a text may belong to what is behind it, so that it is not shown yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTailByte(byte value) => ((TailBytes[value >> 6] >> value) & 1) != 0;

    /// <summary>All that was read stays as it is.</summary>
    public void Settle() => (DefiniteRows, DefiniteBytes, _definite) = (record.Tape.Count, record.ByteCount, record.Reader);

    /// <summary>Takes back what is not shown. What stays, stays as it is.</summary>
    /// <returns>The bytes that were taken back, which came as they are in the text. None when they are more than a decision may take.</returns>
    public byte[] Rewind()
    {
        var shown = Measure();
        var start = shown.RowCount == 0 && record.Tape.Count > 0 ? record.Row(0).Start : shown.ByteCount;
        var isDefinite = start <= DefiniteBytes;
        var place = isDefinite
            ? (Rows: DefiniteRows, Start: DefiniteBytes, IsGrowing: _definite.IsInText)
            : (Rows: shown.RowCount, Start: start, IsGrowing: shown.IsLastGrowing);
        if (record.ByteCount - place.Start > JsonHypotheses.MaxBytes)
        {
            isDefinite = false;
            if (!record.Reader.IsInText)
            {
                Settle();
                return [];
            }

            place = (record.Tape.Count, record.ByteCount - record.Reader.UndecidedBytes, true);
        }

        var again = record.WrittenSpan[place.Start..].ToArray();
        record.RewindTo(place.Rows, place.Start, place.IsGrowing);
        if (isDefinite)
        {
            record.Reader = _definite;
        }

        Settle();
        return again;
    }

    /// <summary>How far the text is shown.</summary>
    public JsonExtent Measure()
    {
        ref var tape = ref record.Tape;
        var rows = tape.Count;
        while (rows > 0 && IsHidden(rows - 1))
        {
            rows--;
        }

        if (rows == 0)
        {
            return default;
        }

        ref readonly var last = ref record.Row(rows - 1);
        if (rows == tape.Count && tape.IsLastGrowing)
        {
            return MeasureGrowing(rows, record.DecidedBytes);
        }

        return !IsEnded && last.Kind == JsonRowKind.String && IsUnconfirmed(rows - 1)
            ? MeasureGrowing(rows, last.End - 1)
            : new JsonExtent(record.EndOf(rows - 1), rows, isLastGrowing: false);
    }

    /// <summary>How much of a text that grows is decided now, where its end may stand behind it.</summary>
    /// <param name="added">The bytes that it has grown by, of which the last <see cref="IsTailByte"/>, and there are no more than may stand behind a text.</param>
    /// <param name="shown">How much was decided before.</param>
    public int MeasureText(ReadOnlySpan<byte> added, int shown)
    {
        var tail = 1;
        while (tail < added.Length && IsTailByte(added[^(tail + 1)]))
        {
            tail++;
        }

        return tail < added.Length ? record.ByteCount - tail : MeasureTail(record.ByteCount, record.ByteCount - tail, shown);
    }

    // All that was added behind an offset may stand behind the text. So may what was not shown before it, which is not looked at again.
    private int MeasureTail(int byteCount, int before, int shown)
    {
        var goesOn = IsTailByte(record.WrittenSpan[before - 1]);
        return goesOn != (shown < before) ? byteCount - TailLength(byteCount, record.Tape.Count - 1)
            : byteCount - shown <= MaxTail ? shown
            : byteCount;
    }

    // What stands at the end of a text that grows, and may stand outside of it.
    private int TailLength(int byteCount, int row)
    {
        var start = record.Row(row).Start + 1;
        var text = start < byteCount ? record.WrittenSpan[start..byteCount] : default;
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

    private JsonExtent MeasureGrowing(int rows, int byteCount)
    {
        if (!IsEnded && IsTailByte(record.WrittenSpan[byteCount - 1]))
        {
            byteCount -= TailLength(byteCount, rows - 1);
        }

        return new JsonExtent(byteCount, rows, isLastGrowing: true);
    }

    private bool IsHidden(int row)
    {
        ref readonly var found = ref record.Row(row);
        var isLast = row == record.Tape.Count - 1;
        var isGrowing = isLast && record.Tape.IsLastGrowing;
        switch (found.Kind)
        {
            case JsonRowKind.PropertyName:
                return true;
            case JsonRowKind.Number when IsEnded:
                return isGrowing && record.Reader.UndecidedBytes == record.ByteCount - found.Start; // not a digit
            case not (JsonRowKind.Object or JsonRowKind.Array or JsonRowKind.EndOfContainer) when !IsEnded && record.Reader.Depth <= rootDepth && found.Parent == rootDepth - 1 && (rootDepth == 0 || row >= DefiniteRows):
                return true; // it may be prose, or the first name of an object without its brace
            case JsonRowKind.Number when isGrowing:
                return true;
        }

        if (IsEnded || row < DefiniteRows)
        {
            return false;
        }

        return found.Kind switch
        {
            JsonRowKind.String => IsNameLike(row, isLast, isGrowing),
            JsonRowKind.Object or JsonRowKind.Array => row >= rootDepth && (row > rootDepth ? IsNear(row) : isLast),
            JsonRowKind.EndOfContainer => IsNear(row) && IsBeforeEndsOnly(row),
            _ => isLast && IsOpen(row),
        };
    }

    private bool IsNear(int row) => row >= record.Tape.Count - MaxHiddenRows && record.ByteCount - record.Row(row).Start <= MaxTail;

    private bool IsBeforeEndsOnly(int row)
    {
        for (var next = row + 1; next < record.Tape.Count; next++)
        {
            if (record.Row(next).Kind != JsonRowKind.EndOfContainer)
            {
                return false;
            }
        }

        return true;
    }

    // A number or literal, and behind it what may belong to it: spaces, and in an object a comma, as in 2,000.
    private bool IsOpen(int row)
    {
        ref readonly var scalar = ref record.Row(row);
        if (scalar.End - scalar.Start > JsonHypotheses.MaxBytes)
        {
            return false;
        }

        var behind = record.WrittenSpan[scalar.End..];
        var spaces = behind.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return behind.Length <= MaxTail && (spaces < 0 || (behind[spaces] == (byte)',' && record.Reader.IsInObject && behind[(spaces + 1)..].IndexOfAnyExcept(" \t\r\n"u8) < 0));
    }

    private bool IsNameLike(int row, bool isLast, bool isGrowing)
    {
        ref readonly var text = ref record.Row(row);
        var end = isGrowing ? record.ByteCount : text.End - 1;
        if (end - text.Start - 1 > MaxName || !(isLast || IsUnconfirmed(row)))
        {
            return false;
        }

        if (isLast && !isGrowing && record.Reader.IsInArray && record.WrittenSpan[text.End..].Contains((byte)','))
        {
            return false;
        }

        if (!isGrowing && !IsUnconfirmed(row))
        {
            return false;
        }

        foreach (var found in record.WrittenSpan[(text.Start + 1)..end])
        {
            if (!char.IsAsciiLetterOrDigit((char)found) && found is not ((byte)'_' or (byte)'-' or (byte)'$' or (byte)'{' or (byte)'['))
            {
                return false;
            }
        }

        return true;
    }

    // Only a name may have come behind it.
    private bool IsUnconfirmed(int row)
    {
        if (row < DefiniteRows || record.ByteCount - record.Row(row).End > JsonHypotheses.MaxBytes)
        {
            return false;
        }

        var behind = record.Tape.Count - 1 - row;
        return behind == 0
            || (behind == 1 && record.EndsWith(JsonRowKind.PropertyName) && (record.Tape.IsLastGrowing || record.Reader.State == PartialJsonReaderState.Colon));
    }
}
