namespace Streamline.Json;

/// <summary>How much of a text a repair may read again: nothing that is shown, and nothing that was settled.</summary>
/// <param name="record">The text.</param>
/// <param name="shown">How much of it is Shown.</param>
/// <param name="mayGuess">Whether repairs with several readings are made. If not, text that is shown is looked at again, but not changed.</param>
/// <param name="isWhole">Whether nobody looks at the text before its end, so that more of it may be read again.</param>
internal sealed class JsonRewinder(JsonRecord record, JsonShown shown, bool mayGuess, bool isWhole)
{
    /// <summary>How much of the text is shown.</summary>
    public JsonShown Shown { get; } = shown;

    /// <summary>Finds what a repair may read again, and takes back from the record what is not shown of it.</summary>
    /// <param name="isHurried">Whether nothing is read again that does not have to be.</param>
    public JsonRewound Rewind(bool isHurried)
    {
        var place = FindPlace(isHurried ? FindToken() : isWhole || !mayGuess ? FindWindow() : Shown.Measure());
        var again = record.Slice(place.ByteCount, record.ByteCount).ToArray();
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

        Shown.Settle();
        return new JsonRewound(again, kept, reader, isTextEmpty);
    }

    // What was settled is not read again, and no more than a decision may take.
    private JsonExtent FindPlace(JsonExtent place)
    {
        var start = place.RowCount == 0 && record.Tape.Count > 0 ? record.Row(0).Start : place.ByteCount;
        place = start <= Shown.SettledBytes ? new JsonExtent(Shown.SettledBytes, Shown.SettledRows, Shown.SettledReader.IsInText)
            : new JsonExtent(start, place.RowCount, place.IsLastGrowing);

        // A token that is being read is read again as a whole, with the blanks before it, however long.
        return record.ByteCount - place.ByteCount <= JsonHypotheses.MaxBytes ? place : FindToken();
    }

    private PartialJsonReader ReaderAt(JsonExtent place) =>
        place.ByteCount == Shown.SettledBytes ? Shown.SettledReader
        : place.ByteCount == record.ByteCount ? record.Reader
        : record.ReaderAt(place.RowCount, place.ByteCount, place.IsLastGrowing);

    // Of a token that is being read, what may have another meaning: half an escape or character, a number, the beginning of a literal.
    private JsonExtent FindToken()
    {
        var rows = record.Tape.Count;
        if (record.Reader.At.IsBetweenTokens || record.Reader.IsInText)
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
        return isGrowing && last.Kind != JsonRowKind.Number ? Shown.MeasureGrowing(rows, record.DecidedBytes)
            : last.Kind == JsonRowKind.String && last.End > least ? Shown.MeasureGrowing(rows, last.End - 1)
            : new JsonExtent(isGrowing ? 0 : record.EndOf(rows - 1), rows, isLastGrowing: false);
    }
}

/// <summary>What a repair may read again.</summary>
/// <param name="Bytes">The bytes, as they are in the text.</param>
/// <param name="Kept">How many of them the record keeps.</param>
/// <param name="Reader">The reader as it stood before them.</param>
/// <param name="IsTextEmpty">Whether they begin right after the quote that begins a string.</param>
internal readonly record struct JsonRewound(byte[] Bytes, int Kept, PartialJsonReader Reader, bool IsTextEmpty);
