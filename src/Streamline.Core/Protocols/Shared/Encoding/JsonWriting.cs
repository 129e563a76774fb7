using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

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
        return ProviderJson.Parse(output.WrittenSpan);
    }

    /// <summary>Makes the JSON text of a value.</summary>
    /// <param name="write">Writes the value.</param>
    public static string ToText(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Relaxed))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
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

    /// <summary>Writes the members of an object that are not null, except some. A value that is not an object has none.</summary>
    public static void WriteOthers(this Utf8JsonWriter writer, JsonElement? owner, PayloadNames except)
    {
        if (owner is not { ValueKind: JsonValueKind.Object } value)
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && !except.Contains(member))
            {
                writer.WriteMember(member.Name, member.Value);
            }
        }
    }

    /// <summary>Writes a node, which may be null.</summary>
    public static void WriteNode(this Utf8JsonWriter writer, JsonNode? node)
    {
        if (node is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            node.WriteTo(writer);
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

    /// <summary>Writes a whole number, unless there is none.</summary>
    public static void WriteCount(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? count)
    {
        if (count is { } value)
        {
            writer.WriteNumber(name, value);
        }
    }

    /// <summary>Writes a boolean, unless there is none.</summary>
    public static void WriteFlag(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? flag)
    {
        if (flag is { } value)
        {
            writer.WriteBoolean(name, value);
        }
    }

    /// <summary>Writes an object that has a type and a text, as in <c>{"type":"text","text":"…"}</c>.</summary>
    /// <param name="writer">The writer, at an element of an array.</param>
    /// <param name="type">The type.</param>
    /// <param name="text">The text.</param>
    /// <param name="member">The member of the text; <see langword="null"/> for that which is called as the type is.</param>
    public static void WriteTextBlock(this Utf8JsonWriter writer, string type, string text, string? member = null)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString(member ?? type, text);
        writer.WriteEndObject();
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter writer, string name, IEnumerable<string> texts) =>
        writer.WriteArray(name, texts, static (writer, text) => writer.WriteStringValue(text));

    /// <summary>Writes an array.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="items">The items.</param>
    /// <param name="write">Writes an item.</param>
    public static void WriteArray<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes an array, unless it is empty.</summary>
    /// <inheritdoc cref="WriteArray{T}(Utf8JsonWriter, string, IEnumerable{T}, Action{Utf8JsonWriter, T})"/>
    public static void WriteNonEmptyArray<T>(this Utf8JsonWriter writer, string name, IReadOnlyCollection<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count > 0)
        {
            writer.WriteArray(name, items, write);
        }
    }

    /// <summary>Writes the members of an object as they were received, except that some have another text as their value.</summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="owner">The object.</param>
    /// <param name="textOf">Gets the text for the name of a member; <see langword="null"/> for a member that stays as it is.</param>
    /// <param name="except">The names of members that are left out.</param>
    public static void WriteMembers(this Utf8JsonWriter writer, JsonElement owner, Func<string, string?> textOf, params ReadOnlySpan<string> except)
    {
        foreach (var member in owner.EnumerateObject())
        {
            if (except.Contains(member.Name))
            {
                continue;
            }

            if (textOf(member.Name) is { } text)
            {
                writer.WriteString(member.Name, text);
            }
            else
            {
                writer.WriteMember(member.Name, member.Value);
            }
        }
    }
}
