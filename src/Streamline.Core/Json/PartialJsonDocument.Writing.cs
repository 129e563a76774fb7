using System.Buffers;

namespace Streamline.Json;

/// <content>The text with what is missing at its end, and what tests ask for.</content>
public sealed partial class PartialJsonDocument
{
    /// <summary>Whether more than one document was found.</summary>
    internal bool HasFurtherDocuments => _repairer?.HasFurtherDocuments ?? false;

    /// <summary>How many bytes the repairer looked at, those included that it looked at again. A measure of the work done.</summary>
    internal long BytesExamined
    {
        get
        {
            _repairer?.CatchUp(_bytesReceived);
            return _repairer?.BytesExamined ?? _bytesReceived;
        }
    }

    /// <summary>Writes the text as it was read, up to the last of what is decided, and closes what is open.</summary>
    internal void WriteWhole(IBufferWriter<byte> destination)
    {
        var snapshot = new JsonSnapshot(_record.Store, _shown);
        if (snapshot.RowCount == 0)
        {
            destination.Write("null"u8);
        }
        else if (snapshot.IsComplete(0))
        {
            destination.Write(WrittenSpan);
        }
        else
        {
            WriteCut(destination, snapshot);
        }
    }

    private void WriteCut(IBufferWriter<byte> destination, in JsonSnapshot snapshot)
    {
        var last = snapshot.RowCount - 1;
        ref readonly var row = ref snapshot.Row(last);
        var isGrowing = !row.IsContainer && row.Kind != JsonRowKind.EndOfContainer && !snapshot.IsComplete(last);
        var lastName = _record.Tape.Count - 1;
        if (_mayGuess && lastName == last + 1 && _record.Row(lastName).Kind == JsonRowKind.PropertyName && !_record.Tape.IsLastGrowing)
        {
            // A name that is whole is not dropped from a text.
            _repairs.Add(PartialJsonRepairKind.MissingValue, _bytesReceived, PartialJsonRepairConfidence.Guess);
            destination.Write(WrittenSpan[.._record.EndOf(lastName)]);
            destination.Write(":null"u8);
        }
        else
        {
            destination.Write(WrittenSpan[..(isGrowing ? row.Start + snapshot.GetRaw(last).Length : _record.EndOf(last))]);
        }

        if (isGrowing && row.Kind == JsonRowKind.String)
        {
            destination.Write("\""u8);
        }

        var open = row.Kind switch
        {
            JsonRowKind.Object or JsonRowKind.Array => last,
            JsonRowKind.EndOfContainer => snapshot.Row(row.Parent).Parent,
            _ => row.Parent,
        };
        for (; open >= 0; open = snapshot.Row(open).Parent)
        {
            destination.Write(snapshot.Row(open).Kind == JsonRowKind.Object ? "}"u8 : "]"u8);
        }
    }
}
