using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Writes values that a provider sent as they were received, and builds objects from them.</summary>
internal static class JsonWriting
{
    /// <summary>The output is never part of an HTML page, so quotes and text beyond ASCII need no escapes.</summary>
    public static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Builds an object.</summary>
    /// <param name="writeMembers">Writes its members.</param>
    public static JsonElement ToElement(Action<Utf8JsonWriter> writeMembers)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteObject(output, writeMembers);
        return WireJson.Parse(output.WrittenSpan);
    }

    /// <summary>Writes an object as a JSON text.</summary>
    /// <param name="output">Where to write the text, in UTF-8.</param>
    /// <param name="writeMembers">Writes its members.</param>
    public static void WriteObject(IBufferWriter<byte> output, Action<Utf8JsonWriter> writeMembers)
    {
        using var writer = new Utf8JsonWriter(output, Relaxed);
        writer.WriteStartObject();
        writeMembers(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes a value exactly as it was received.</summary>
    public static void WriteVerbatim(this Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>Writes a member whose value is written exactly as it was received.</summary>
    public static void WriteMember(this Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        writer.WriteVerbatim(value);
    }

    /// <summary>Writes the members of an object, except some. A value that is not an object has none.</summary>
    public static void WriteMembers(this Utf8JsonWriter writer, JsonElement? owner, params ReadOnlySpan<string> except)
    {
        if (owner is not { ValueKind: JsonValueKind.Object } value)
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (!except.Contains(member.Name))
            {
                writer.WriteMember(member.Name, member.Value);
            }
        }
    }

    /// <summary>Writes an array of values, each exactly as it was received.</summary>
    public static void WriteArray(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, params IEnumerable<JsonElement> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteVerbatim(item);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a member that is an object.</summary>
    public static void WriteObject(this Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> writeMembers)
    {
        writer.WriteStartObject(name);
        writeMembers(writer);
        writer.WriteEndObject();
    }

    /// <summary>Writes a member that is an array with one object.</summary>
    public static void WriteSingle(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, Action<Utf8JsonWriter> writeMembers)
    {
        writer.WritePropertyName(name);
        writer.WriteSingle(writeMembers);
    }

    /// <inheritdoc cref="WriteSingle(Utf8JsonWriter, ReadOnlySpan{byte}, Action{Utf8JsonWriter})"/>
    public static void WriteSingle(this Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> writeMembers)
    {
        writer.WritePropertyName(name);
        writer.WriteSingle(writeMembers);
    }

    private static void WriteSingle(this Utf8JsonWriter writer, Action<Utf8JsonWriter> writeMembers)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writeMembers(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    /// <summary>Writes a string, unless there is none.</summary>
    public static void WriteText(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
