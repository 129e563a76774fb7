using System.Runtime.CompilerServices;

namespace Streamline.Json;

/// <summary>How much of a text that may yet be repaired is shown, and how much of it a repair may read again.</summary>
/// <remarks>
/// <para>Without guesses, everything is shown as in the mode that repairs nothing: a repair never changes what came before the byte that the grammar refuses.</para>
/// <para>
/// With guesses, a string counts as growing until what follows it is what JSON wants there; commas, closers and spaces at the end of a growing one wait, and so do
/// numbers until something ends them. What has not been shown may be read again when a fault comes.
/// </para>
/// </remarks>
internal sealed class JsonShown(JsonRecord record, int rootDepth, bool mayGuess, bool isWhole)
{
    /// <summary>How many commas, closers and spaces at the end of a string may wait for what follows them.</summary>
    public const int MaxTail = 64;

    private PartialJsonReader _definite; // where everything before is decided
    private int _definiteRows;
    private int _definiteBytes;

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

    /// <summary>All that was read stays as it is.</summary>
    public void Settle() => (_definiteRows, _definiteBytes, _definite) = (record.Tape.Count, record.ByteCount, record.Reader);

    /// <summary>Finds what a repair may read again, and takes back from the record what is not shown of it.</summary>
    /// <param name="isHurried">Whether nothing is read again that does not have to be.</param>
    public JsonRewound Rewind(bool isHurried)
    {
        var place = FindPlace(isHurried ? FindToken() : isWhole || !mayGuess ? FindWindow() : Measure());
        var again = record.WrittenSpan[place.ByteCount..].ToArray();
        var reader = ReaderAt(place);
        var isTextEmpty = place.IsLastGrowing && place.ByteCount == record.Row(place.RowCount - 1).Start + 1;
        if (!mayGuess)
        {
            place = FindPlace(FindToken());
        }

        var kept = again.Length - (record.ByteCount - place.ByteCount);
        if (place.ByteCount < record.ByteCount)
        {
            var rewound = ReaderAt(place);
            record.RewindTo(place.RowCount, place.ByteCount, place.IsLastGrowing);
            record.Reader = rewound;
        }

        Settle();
        return new JsonRewound(again, kept, reader, isTextEmpty);
    }

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

    private JsonExtent MeasureScalar(in JsonRow last, int rows) =>
        rows == record.Tape.Count && record.Tape.IsLastGrowing ? MeasureGrowing(rows, record.DecidedBytes)
        : !IsEnded && last.Kind == JsonRowKind.String && IsUnconfirmed(rows - 1) ? MeasureGrowing(rows, last.End - 1)
        : new JsonExtent(record.EndOf(rows - 1), rows, isLastGrowing: false);

    private JsonExtent MeasureSafe()
    {
        var shown = record.MeasureShown(showsGrowingNumber: IsEnded);
        var isWordAtRoot = shown.RowCount > rootDepth && record.Row(shown.RowCount - 1) is { Kind: JsonRowKind.True or JsonRowKind.False or JsonRowKind.Null or JsonRowKind.Number } last
            && last.Parent == rootDepth - 1 && (rootDepth == 0 || shown.RowCount > _definiteRows);
        return isWordAtRoot && !IsEnded ? new JsonExtent(record.Row(shown.RowCount - 1).Start, shown.RowCount - 1, isLastGrowing: false) : shown; // it may be prose
    }

    // What was settled is not read again, and no more than a decision may take.
    private JsonExtent FindPlace(JsonExtent place)
    {
        var start = place.RowCount == 0 && record.Tape.Count > 0 ? record.Row(0).Start : place.ByteCount;
        place = start <= _definiteBytes ? new JsonExtent(_definiteBytes, _definiteRows, _definite.IsInText)
            : new JsonExtent(start, place.RowCount, place.IsLastGrowing);
        if (record.ByteCount - place.ByteCount <= JsonHypotheses.MaxBytes)
        {
            return place;
        }

        var isInText = record.Reader.IsInText;
        return new JsonExtent(record.ByteCount - (isInText ? record.Reader.UndecidedBytes : 0), record.Tape.Count, isInText);
    }

    private PartialJsonReader ReaderAt(JsonExtent place) =>
        place.ByteCount == _definiteBytes ? _definite
        : place.ByteCount == record.ByteCount ? record.Reader
        : record.ReaderAt(place.RowCount, place.ByteCount, place.IsLastGrowing);

    // Of a token that is being read, what may have another meaning: half an escape or character, a number, the beginning of a literal.
    private JsonExtent FindToken()
    {
        var rows = record.Tape.Count;
        if (record.Reader.IsBetweenTokens || record.Reader.IsInText)
        {
            return new JsonExtent(record.ByteCount - record.Reader.UndecidedBytes, rows, record.Reader.IsInText);
        }

        rows -= record.Tape.IsLastGrowing ? 1 : 0;
        return new JsonExtent(rows == 0 ? record.ByteCount - record.Reader.UndecidedBytes : record.EndOf(rows - 1), rows, isLastGrowing: false);
    }

    // Where a repair begins that may read again what is shown, or whatever a whole text holds.
    private JsonExtent FindWindow()
    {
        var least = record.ByteCount - JsonHypotheses.WindowBytes;
        var rows = record.Tape.Count;
        while (rows > 0 && record.Row(rows - 1).Start >= least)
        {
            rows--;
        }

        if (rows == 0)
        {
            return default;
        }

        ref readonly var last = ref record.Row(rows - 1);
        var isGrowing = rows == record.Tape.Count && record.Tape.IsLastGrowing;
        return isGrowing && last.Kind != JsonRowKind.Number ? MeasureGrowing(rows, record.DecidedBytes)
            : last.Kind == JsonRowKind.String && last.End > least ? MeasureGrowing(rows, last.End - 1)
            : new JsonExtent(isGrowing ? 0 : record.EndOf(rows - 1), rows, isLastGrowing: false);
    }

    // All that was added after an offset may belong after the text. So may what was not shown before it, which is not looked at again.
    private int MeasureTail(int byteCount, int before, int shown)
    {
        var goesOn = IsTailByte(record.WrittenSpan[before - 1]);
        return goesOn != (shown < before) ? byteCount - TailLength(byteCount, record.Tape.Count - 1)
            : byteCount - shown <= MaxTail ? shown
            : byteCount;
    }

    // What is at the end of a growing text, and may not belong to it.
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
        return found.Kind switch
        {
            JsonRowKind.Number when IsEnded => isGrowing && record.Reader.UndecidedBytes == record.ByteCount - found.Start, // not a digit
            JsonRowKind.EndOfContainer => !IsEnded && row >= _definiteRows && record.Row(found.Parent) is { Kind: JsonRowKind.Object } root && root.Parent == rootDepth - 1,
            _ when IsEnded => false,

            // It may be prose, or the first name of an object without its brace.
            _ when record.Reader.Depth <= rootDepth && found.Parent == rootDepth - 1 && (rootDepth == 0 || row >= _definiteRows) => true,
            JsonRowKind.Number when isGrowing => true,
            JsonRowKind.String => false,
            _ => row >= _definiteRows && isLast && IsOpen(row),
        };
    }

    // A number or literal, and after it what may belong to it: spaces, and in an object a comma, as in 2,000.
    private bool IsOpen(int row)
    {
        ref readonly var scalar = ref record.Row(row);
        if (scalar.End - scalar.Start > JsonHypotheses.MaxBytes)
        {
            return false;
        }

        var after = record.WrittenSpan[scalar.End..];
        var spaces = after.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return after.Length <= MaxTail && (spaces < 0 || (after[spaces] == (byte)',' && record.Reader.IsInObject && after[(spaces + 1)..].IndexOfAnyExcept(" \t\r\n"u8) < 0));
    }

    // Only a name may have come after it.
    private bool IsUnconfirmed(int row)
    {
        if (row < _definiteRows || record.ByteCount - record.Row(row).End > JsonHypotheses.MaxBytes)
        {
            return false;
        }

        var after = record.Tape.Count - 1 - row;
        return after == 0
            || (after == 1 && record.EndsWith(JsonRowKind.PropertyName) && (record.Tape.IsLastGrowing || record.Reader.State == PartialJsonReaderState.Colon));
    }
}

/// <summary>What a repair may read again.</summary>
/// <param name="Bytes">The bytes, as they are in the text.</param>
/// <param name="Kept">How many of them the record keeps.</param>
/// <param name="Reader">The reader as it stood before them.</param>
/// <param name="IsTextEmpty">Whether they begin right after the quote that begins a string.</param>
internal readonly record struct JsonRewound(byte[] Bytes, int Kept, PartialJsonReader Reader, bool IsTextEmpty);
