using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Writes the rows of a value as well-formed JSON: open strings and containers are closed.</summary>
internal readonly struct JsonRowWriter(Utf8JsonWriter writer, JsonSnapshot snapshot)
{
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = int.MaxValue,
        SkipValidation = true,
    };

    /// <summary>A value with what is open closed: the text as received, unless it is incomplete or may hold a lone surrogate, on which the base class library throws.</summary>
    public static ReadOnlySpan<byte> WriteClosed(JsonSnapshot snapshot, int value) =>
        snapshot.IsComplete(value) && snapshot.GetRaw(value) is var raw && raw.IndexOf("\\ud"u8) < 0 && raw.IndexOf("\\uD"u8) < 0 ? raw : Write(snapshot, value);

    /// <summary>Writes a value to a buffer of its own.</summary>
    public static ReadOnlySpan<byte> Write(JsonSnapshot snapshot, int value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        new JsonRowWriter(writer, snapshot).Write(value);
        writer.Flush();
        return buffer.WrittenSpan;
    }

    /// <summary>Writes a value.</summary>
    public void Write(int value)
    {
        var end = snapshot.GetNext(value);
        for (var row = value; row < end; row++)
        {
            WriteRow(row);
        }

        WriteMissingEnds(snapshot.Row(value).Parent, end - 1);
    }

    private void WriteRow(int row)
    {
        switch (snapshot.Row(row).Kind)
        {
            case JsonRowKind.Object:
                writer.WriteStartObject();
                break;
            case JsonRowKind.Array:
                writer.WriteStartArray();
                break;
            case JsonRowKind.EndOfContainer:
                WriteEnd(snapshot.Row(row).Parent);
                break;
            case JsonRowKind.PropertyName or JsonRowKind.String:
                WriteText(row);
                break;
            case JsonRowKind.Number:
                writer.WriteRawValue(snapshot.GetRaw(row), skipInputValidation: true);
                break;
            case JsonRowKind.True:
                writer.WriteBooleanValue(true);
                break;
            case JsonRowKind.False:
                writer.WriteBooleanValue(false);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private void WriteText(int row)
    {
        var raw = snapshot.GetRawText(row);
        using var buffer = new PooledBytes(raw.Length);
        var text = buffer.Span[..JsonText.Unescape(raw, buffer.Span)];
        if (snapshot.Row(row).Kind == JsonRowKind.PropertyName)
        {
            writer.WritePropertyName(text);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    // What the text has not closed: every container from the last row out to this value.
    private void WriteMissingEnds(int outside, int lastRow)
    {
        for (var open = snapshot.InnermostOpen(lastRow); open != outside; open = snapshot.Row(open).Parent)
        {
            WriteEnd(open);
        }
    }

    private void WriteEnd(int container)
    {
        if (snapshot.Row(container).Kind == JsonRowKind.Object)
        {
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteEndArray();
        }
    }
}
