using System.Text.Json;

namespace Streamline.Json;

/// <summary>Finds where a text that the grammar accepts does not fit the schema, so that it can be weighed like malformed text.</summary>
internal sealed class JsonShapeCheck(JsonRecord record, JsonShape shape, int rootDepth)
{
    private const int MaxDepth = 256; // after a repair that lies deeper, the schema has no say

    private readonly JsonShapePlace _text = new(parent: null, JsonShape.ListOf(rootDepth == 0 ? shape : JsonShape.ListOf(shape)), isObject: false, outerFirst: 0);
    private JsonShapeCursor _cursor;
    private int _rows; // how many rows have been looked at

    /// <summary>The record's place in the schema.</summary>
    public JsonShapeCursor Cursor => CursorAt(record.Tape.Count - 1);

    /// <summary>Puts a list around a scalar that is all of the text, where a list of such is wanted.</summary>
    public void WrapRoot(JsonRepairOutput output)
    {
        var isEnded = record.Reader.State == PartialJsonReaderState.EndOfText || JsonNumberMachine.MayEndIn(record.Reader.State);
        if (record.Tape.Count != 1 || !isEnded || output.Error is not null || !Shape.IsListOf(KindOf(record.Row(0).Kind)))
        {
            return;
        }

        var scalar = record.Slice(record.Row(0).Start, record.ByteCount).TrimEnd(" \t\r\n"u8).ToArray();
        record.Clear();
        output.Report(PartialJsonRepairKind.WrappedValue, offset: 0, isGuess: true);
        output.Write([(byte)'[', .. scalar, (byte)']']);
    }

    /// <summary>Takes note that all that is in the record has been decided.</summary>
    public void Settle()
    {
        _rows = record.Tape.Count - (IsNameGrowing ? 1 : 0);
        _cursor = Cursor;
    }

    /// <summary>Looks at the rows that were added. Takes back what came from the byte on that does not fit.</summary>
    /// <param name="count">How many bytes were taken back.</param>
    /// <param name="isText">Whether it is a string, which may be one that is wanted.</param>
    public bool TryTakeBackMisfit(out int count, out bool isText)
    {
        (count, isText) = (0, false);
        for (var end = record.Tape.Count - (IsNameGrowing ? 1 : 0); _rows < end; _rows++)
        {
            ref readonly var row = ref record.Row(_rows);
            if (!Fits(row))
            {
                isText = row.Kind == JsonRowKind.String && _cursor.Wanted.Allows(JsonKinds.String);
                count = TakeBack(row.Kind is JsonRowKind.PropertyName or JsonRowKind.True or JsonRowKind.False ? row.End - 1 : row.Start);
                return true;
            }
        }

        return false;
    }

    private static JsonKinds KindOf(JsonRowKind kind) => kind switch
    {
        JsonRowKind.String => JsonKinds.String,
        JsonRowKind.Number => JsonKinds.Number,
        JsonRowKind.True or JsonRowKind.False => JsonKinds.Boolean,
        _ => JsonKinds.None,
    };

    private JsonShape Shape => rootDepth == 0 ? shape : JsonShape.Any;

    private bool IsNameGrowing => record.Tape.IsLastGrowing && record.EndsWith(JsonRowKind.PropertyName);

    private bool Fits(in JsonRow row)
    {
        switch (row.Kind)
        {
            case JsonRowKind.Object or JsonRowKind.Array:
                _cursor.StartContainer(row.Kind == JsonRowKind.Object, row.Start);
                var mayBeElement = row.Kind == JsonRowKind.Object && row.Parent < 0 && Shape.IsListOf(JsonKinds.Object);
                return _cursor.TakeCost() == 0 && !mayBeElement;
            case JsonRowKind.EndOfContainer:
                _cursor.EndContainer(isObject: true, row.Start);
                return true;
            case JsonRowKind.PropertyName:
                return FitsName(NameOf(row));
            case JsonRowKind.Null:
                return true; // what models write for what they do not know
            case JsonRowKind.String:
                return row.Parent < rootDepth || !_cursor.MayConvertText;
            default:
                return row.Parent < rootDepth || _cursor.Wanted.Allows(row.Kind == JsonRowKind.Number ? JsonKinds.Number : JsonKinds.Boolean);
        }
    }

    private bool FitsName(ReadOnlySpan<byte> name)
    {
        _cursor.ReadName(name);
        var cost = _cursor.TakeCost();
        return cost is < JsonShapeCost.UnknownName or JsonShapeCost.RepeatedName && (cost == 0 || _cursor.Place!.Shape.FindAlike(name) is null);
    }

    private int TakeBack(int end)
    {
        var count = record.ByteCount - end;
        var start = _rows == 0 ? record.Row(0).Start : record.EndOf(_rows - 1);
        var kept = record.Slice(start, end).ToArray();
        record.RewindTo(_rows, start, isGrowing: false);
        record.Accept(kept, out _);
        return count;
    }

    private ReadOnlySpan<byte> NameOf(in JsonRow row) => record.Slice(row.Start + 1, row.End == 0 ? record.ByteCount : row.End - 1);

    // The places of the open containers, from the outermost to the innermost.
    private JsonShapeCursor CursorAt(int row)
    {
        var cursor = new JsonShapeCursor(_text);
        if (row < 0)
        {
            return cursor;
        }

        if (record.Reader.Depth > MaxDepth)
        {
            return default;
        }

        var open = new Stack<int>();
        for (var container = InnermostOpen(row); container >= 0; container = record.Row(container).Parent)
        {
            open.Push(container);
        }

        foreach (var container in open)
        {
            ReadNameBefore(container, ref cursor);
            cursor.StartContainer(record.Row(container).Kind == JsonRowKind.Object, 0);
            ReadFirstName(container, ref cursor);
        }

        if (IsNameGrowing)
        {
            cursor.BeginName(NameOf(record.Row(row)));
        }
        else if (record.Row(row).Kind != JsonRowKind.EndOfContainer && !record.Row(row).IsContainer)
        {
            ReadNameBefore(record.Row(row).Kind == JsonRowKind.PropertyName ? row + 1 : row, ref cursor);
        }

        cursor.TakeCost();
        return cursor;
    }

    private int InnermostOpen(int row)
    {
        ref readonly var last = ref record.Row(row);
        return last.IsContainer ? row : last.Kind == JsonRowKind.EndOfContainer ? record.Row(last.Parent).Parent : last.Parent;
    }

    private void ReadFirstName(int container, ref JsonShapeCursor cursor)
    {
        var row = container + 1;
        if (row < record.Tape.Count && record.Row(row) is { Kind: JsonRowKind.PropertyName } name && !(IsNameGrowing && row == record.Tape.Count - 1))
        {
            cursor.ReadName(NameOf(name));
        }
    }

    private void ReadNameBefore(int row, ref JsonShapeCursor cursor)
    {
        if (row > 0 && record.Row(row - 1) is { Kind: JsonRowKind.PropertyName } name)
        {
            cursor.ReadName(NameOf(name));
        }
    }
}
