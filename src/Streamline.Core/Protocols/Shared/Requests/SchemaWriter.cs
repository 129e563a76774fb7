using System.Runtime.InteropServices;
using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Writes JSON schemas: of a function's parameters and of an answer.</summary>
internal static class SchemaWriter
{
    /// <summary>Writes the schema of a function's parameters. One without a type becomes that of an object, as every protocol requires.</summary>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static void WriteParameters(Utf8JsonWriter writer, string function, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "object"u8);
            writer.WriteStartObject("properties"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
            return;
        }

        ThrowIfTooDeep(schema, $"the parameters of the function '{function}'");
        if (schema.TryGetProperty("type"u8, out _))
        {
            schema.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "object"u8);
        if (schema.GetPropertyCount() == 0)
        {
            writer.WriteStartObject("properties"u8);
            writer.WriteEndObject();
        }

        foreach (var member in schema.EnumerateObject())
        {
            member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the schema of the answer.</summary>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static void WriteAnswer(Utf8JsonWriter writer, JsonElement schema)
    {
        ThrowIfTooDeep(schema, "the answer");
        schema.WriteTo(writer);
    }

    /// <summary>Gets the schema of the answer, for a protocol that takes it as text.</summary>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static string AnswerText(JsonElement schema)
    {
        ThrowIfTooDeep(schema, "the answer");
        return schema.RawText();
    }

    private static void ThrowIfTooDeep(JsonElement schema, string what)
    {
        if (WireJson.IsTooDeep(JsonMarshal.GetRawUtf8Value(schema)))
        {
            throw new ArgumentException(
                $"The JSON schema of {what} nests too deeply: expected at most {StreamReadOptions.MaxPayloadDepth} levels.", nameof(schema));
        }
    }
}
