using System.Buffers;

namespace Streamline.Json;

/// <summary>Writes a text as it was read, up to the last of what is decided, and closes what is open.</summary>
internal static class JsonCutWriter
{
    /// <summary>Writes the text.</summary>
    /// <param name="reading">The text.</param>
    /// <param name="received">How many bytes have come.</param>
    /// <param name="destination">Where to write.</param>
    public static void Write(in JsonReading reading, int received, IBufferWriter<byte> destination)
    {
        var snapshot = new JsonSnapshot(reading.Record.Store, reading.Shown);
        if (snapshot.RowCount == 0)
        {
            destination.Write("null"u8);
        }
        else if (snapshot.IsComplete(0))
        {
            reading.Record.WriteTo(destination, reading.Record.ByteCount);
        }
        else
        {
            WriteCut(reading, received, destination, snapshot);
        }
    }

    private static void WriteCut(in JsonReading reading, int received, IBufferWriter<byte> destination, in JsonSnapshot snapshot)
    {
        var record = reading.Record;
        var last = snapshot.RowCount - 1;
        ref readonly var row = ref snapshot.Row(last);
        var isGrowing = !row.IsContainer && row.Kind != JsonRowKind.EndOfContainer && !snapshot.IsComplete(last);
        var lastName = record.Tape.Count - 1;
        if (reading.MayGuess && lastName == last + 1 && record.Row(lastName).Kind == JsonRowKind.PropertyName && !record.Tape.IsLastGrowing)
        {
            // A name that is whole is not dropped from a text.
            reading.Repairs.Add(PartialJsonRepairKind.MissingValue, received, PartialJsonRepairConfidence.Guess);
            record.WriteTo(destination, record.EndOf(lastName));
            destination.Write(":null"u8);
        }
        else
        {
            record.WriteTo(destination, isGrowing ? row.Start + snapshot.GetRaw(last).Length : record.EndOf(last));
        }

        if (isGrowing && row.Kind == JsonRowKind.String)
        {
            destination.Write("\""u8);
        }

        for (var open = snapshot.InnermostOpen(last); open >= 0; open = snapshot.Row(open).Parent)
        {
            destination.Write(snapshot.Row(open).Kind == JsonRowKind.Object ? "}"u8 : "]"u8);
        }
    }
}
