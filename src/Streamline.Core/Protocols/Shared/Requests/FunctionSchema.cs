using System.Text.Json;

namespace Streamline.Protocols.Shared;

/// <summary>Writes the schema of a function's parameters.</summary>
internal static class FunctionSchema
{
    /// <summary>Writes a schema. A function without parameters may have none, and the wires want that of an object.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type"u8, out _))
        {
            schema.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "object"u8);
        writer.WriteStartObject("properties"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
