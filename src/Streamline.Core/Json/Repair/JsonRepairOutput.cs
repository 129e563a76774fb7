using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Streamline.Json;

/// <summary>Where a repaired text goes: the record, the list of repairs, and what the mode does not allow.</summary>
internal sealed class JsonRepairOutput(JsonRecord record, JsonRepairLog log, bool mayGuess)
{
    private int _lastControlRow = -1; // the last string with a control character

    /// <summary>Why the repair stopped: a limit, or a repair that the mode does not make.</summary>
    public StreamlineException? Error { get; private set; }

    /// <summary>What the document holds.</summary>
    public JsonRecord Record => record;

    /// <summary>Whether repairs with several readings are made.</summary>
    public bool MayGuess => mayGuess;

    /// <summary>Whether the string that is being read has a control character already.</summary>
    public bool HasControl => _lastControlRow == record.Tape.Count - 1;

    /// <summary>Whether an array has ended last.</summary>
    public bool EndsInArray => record.EndsWith(JsonRowKind.EndOfContainer) && record.Row(record.Tape.Last.Parent).Kind == JsonRowKind.Array;

    /// <summary>Takes bytes of the text as they are.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="count">How many were taken: up to the first that the grammar refuses, or to the end of the document.</param>
    public OperationStatus Accept(ReadOnlySpan<byte> input, out int count)
    {
        count = 0;
        input = input[..Math.Min(input.Length, JsonRow.MaxTextBytes - record.ByteCount)]; // what fits, however the text is cut
        if (input.IsEmpty && !HasRoom(1))
        {
            return OperationStatus.NeedMoreData;
        }

        return record.Accept(input, out count);
    }

    /// <summary>Writes what the grammar allows here.</summary>
    public void Write(ReadOnlySpan<byte> json)
    {
        while (Error is null && !json.IsEmpty && HasRoom(json.Length))
        {
            var status = record.Accept(json, out var count);
            if (status == OperationStatus.InvalidData)
            {
                Debug.Assert(record.Reader.IsTooDeep, "A repair is well-formed.");
                Error = record.Reader.CreateException();
            }

            json = json[count..];
        }
    }

    /// <summary>Reports a repair. In the safe mode, one with several readings is an error.</summary>
    public void Report(PartialJsonRepairKind kind, long offset, bool isGuess = false)
    {
        if (Error is not null)
        {
            return;
        }

        if (isGuess && !mayGuess)
        {
            Refuse(kind, offset);
            return;
        }

        if (kind == PartialJsonRepairKind.ControlCharacter)
        {
            _lastControlRow = record.Tape.Count - 1;
        }

        Error = log.Add(kind, offset, isGuess ? PartialJsonRepairConfidence.Guess : PartialJsonRepairConfidence.Safe);
    }

    /// <summary>Stops: the repair has several readings, and the mode makes none of those.</summary>
    public void Refuse(PartialJsonRepairKind kind, long offset) => Error ??= new StreamProtocolException(
        StreamProtocolError.InvalidJson, $"The JSON text is malformed: {kind}, which only {nameof(PartialJsonRepairMode)}.{nameof(PartialJsonRepairMode.Guess)} repairs", offset);

    /// <summary>Stops at what the reader refuses because of a limit.</summary>
    public void Fail() => Error = record.Reader.CreateException();

    /// <summary>Writes text of any kind into the open string: whole characters, or bytes that are not UTF-8.</summary>
    public void WriteText(ReadOnlySpan<byte> text, long offset)
    {
        while (!text.IsEmpty && Error is null)
        {
            var status = Rune.DecodeFromUtf8(text, out _, out var length);
            if (status != OperationStatus.Done)
            {
                Report(PartialJsonRepairKind.InvalidUtf8, offset);
                Write("\uFFFD"u8);
            }
            else if (length > 1)
            {
                Write(text[..length]);
            }
            else
            {
                WriteEscaped(text[0]);
            }

            text = text[length..];
            offset += length;
        }
    }

    /// <summary>Begins an object in place of a string at the root, which has not been shown and is its first name: the brace in front of it is missing.</summary>
    /// <returns>The name, which is still to be written.</returns>
    public byte[] OpenObject(long offset)
    {
        Report(PartialJsonRepairKind.MissingBrackets, offset, isGuess: true);
        if (Error is not null)
        {
            return [];
        }

        var name = record.Slice(record.Row(0).Start, record.ByteCount).ToArray();
        record.Clear();
        Write("{"u8);
        return name is [(byte)'"', (byte)'{', .. var rest] ? [(byte)'"', .. rest] : name; // it came after the quote
    }

    /// <summary>Writes a byte into the open string.</summary>
    public void WriteEscaped(byte value)
    {
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                Write([(byte)'\\', value]);
                break;
            case (byte)'\n':
                Write("\\n"u8);
                break;
            case (byte)'\r':
                Write("\\r"u8);
                break;
            case (byte)'\t':
                Write("\\t"u8);
                break;
            case < (byte)' ':
                Write([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', (byte)('0' + (value >> 4)), (byte)"0123456789abcdef"[value & 0xF]]);
                break;
            default:
                Write([value]);
                break;
        }
    }

    private bool HasRoom(int count)
    {
        if (count <= JsonRow.MaxTextBytes - record.ByteCount)
        {
            return true;
        }

        Error = new StreamLimitException(nameof(PartialJsonOptions.MaxBytes), JsonRow.MaxTextBytes, (long)record.ByteCount + count);
        return false;
    }
}
