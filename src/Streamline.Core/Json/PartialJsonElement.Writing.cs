using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Json;

/// <content>Ways out: well-formed JSON, <see cref="JsonElement"/>, and typed values.</content>
public readonly partial struct PartialJsonElement
{
    // The depth is bounded where the text is read, by an option.
    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = int.MaxValue,
        SkipValidation = true,
    };

    /// <summary>Writes what has arrived as well-formed JSON: open strings and containers are closed.</summary>
    /// <param name="writer">The writer to write one value to.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The value is of kind <see cref="JsonValueKind.Undefined"/>.</exception>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        RequireValue(nameof(WriteTo));
        var end = _snapshot.GetNext(_row);
        for (var row = _row; row < end; row++)
        {
            WriteRow(writer, row);
        }

        WriteMissingEnds(writer, end - 1);
    }

    /// <summary>Gets what has arrived as an element of the base class library, with open strings and containers closed.</summary>
    /// <returns>An independent copy. The default <see cref="JsonElement"/> for <see cref="JsonValueKind.Undefined"/>.</returns>
    public JsonElement ToJsonElement()
    {
        if (!HasValue)
        {
            return default;
        }

        return IsVerbatim ? JsonElement.Parse(GetRawUtf8(), AnyDepth) : JsonElement.Parse(WriteCompletion().WrittenSpan, AnyDepth);
    }

    /// <summary>Deserializes what has arrived, with open strings and containers closed.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="jsonTypeInfo">How the type is read, from a source-generated context.</param>
    /// <returns>The value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="jsonTypeInfo"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The value is of kind <see cref="JsonValueKind.Undefined"/>.</exception>
    /// <exception cref="JsonException">The value does not fit the type, or lacks what the type requires.</exception>
    public T? Deserialize<T>(JsonTypeInfo<T> jsonTypeInfo)
    {
        ArgumentNullException.ThrowIfNull(jsonTypeInfo);
        RequireValue(nameof(Deserialize));
        return JsonSerializer.Deserialize(IsVerbatim ? GetRawUtf8() : WriteCompletion().WrittenSpan, jsonTypeInfo);
    }

    /// <summary>Deserializes what has arrived to a type that is known only when the program runs.</summary>
    internal object? Deserialize(JsonTypeInfo jsonTypeInfo) =>
        JsonSerializer.Deserialize(IsVerbatim ? GetRawUtf8() : WriteCompletion().WrittenSpan, jsonTypeInfo);

    /// <summary>Gets the value as text.</summary>
    /// <returns>The text of a string; well-formed JSON for everything else; empty for null and <see cref="JsonValueKind.Undefined"/>.</returns>
    public override string ToString() => ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => GetString()!,
        JsonValueKind.True => bool.TrueString,
        JsonValueKind.False => bool.FalseString,
        _ => IsComplete ? GetRawText() : Encoding.UTF8.GetString(WriteCompletion().WrittenSpan),
    };

    // The text as received will do, unless it may hold a lone surrogate, on which the base class library throws.
    private bool IsVerbatim => IsComplete && GetRawUtf8() is var raw && raw.IndexOf("\\ud"u8) < 0 && raw.IndexOf("\\uD"u8) < 0;

    private ArrayBufferWriter<byte> WriteCompletion()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        WriteTo(writer);
        writer.Flush();
        return buffer;
    }

    private void WriteRow(Utf8JsonWriter writer, int row)
    {
        switch (_snapshot.Row(row).Kind)
        {
            case JsonRowKind.Object:
                writer.WriteStartObject();
                break;
            case JsonRowKind.Array:
                writer.WriteStartArray();
                break;
            case JsonRowKind.EndOfContainer:
                WriteEnd(writer, _snapshot.Row(row).Parent);
                break;
            case JsonRowKind.PropertyName or JsonRowKind.String:
                WriteText(writer, row);
                break;
            case JsonRowKind.Number:
                writer.WriteRawValue(_snapshot.GetRaw(row), skipInputValidation: true);
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

    private void WriteText(Utf8JsonWriter writer, int row)
    {
        var raw = _snapshot.GetRawText(row);
        using var buffer = new PooledBytes(raw.Length);
        var text = buffer.Span[..JsonText.Unescape(raw, buffer.Span)];
        if (_snapshot.Row(row).Kind == JsonRowKind.PropertyName)
        {
            writer.WritePropertyName(text);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    // What the text has not closed: every container from the last row out to this value.
    private void WriteMissingEnds(Utf8JsonWriter writer, int lastRow)
    {
        var outside = _snapshot.Row(_row).Parent;
        ref readonly var last = ref _snapshot.Row(lastRow);
        var open = last.Kind switch
        {
            JsonRowKind.Object or JsonRowKind.Array => lastRow,
            JsonRowKind.EndOfContainer => _snapshot.Row(last.Parent).Parent,
            _ => last.Parent,
        };
        for (; open != outside; open = _snapshot.Row(open).Parent)
        {
            WriteEnd(writer, open);
        }
    }

    private void WriteEnd(Utf8JsonWriter writer, int container)
    {
        if (_snapshot.Row(container).Kind == JsonRowKind.Object)
        {
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteEndArray();
        }
    }

    private void RequireValue(string member)
    {
        if (!HasValue)
        {
            throw WrongKind("a value", member);
        }
    }
}
