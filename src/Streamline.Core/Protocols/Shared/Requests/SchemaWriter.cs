using System.Runtime.InteropServices;

namespace Streamline.Protocols.Shared;

/// <summary>Writes JSON schemas: of a function's parameters and of an answer.</summary>
internal static class SchemaWriter
{
    /// <summary>The schema of a function without parameters.</summary>
    public static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}"""u8);

    /// <summary>Writes the schema of a function's parameters. One without a type becomes that of an object, as every protocol requires.</summary>
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="function">The function.</param>
    /// <param name="strict">What the provider accepts of a function whose schema the model is held to; <see langword="null"/> for everything.</param>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static void WriteParameters(Utf8JsonWriter writer, string name, AIFunctionDeclaration function, SchemaDialect? strict = null)
    {
        var schema = function.JsonSchema;
        writer.WritePropertyName(name);
        if (schema.ValueKind != JsonValueKind.Object)
        {
            NoParameters.WriteTo(writer);
            return;
        }

        ThrowIfTooDeep(schema, $"the parameters of the function '{function.Name}'");
        if (strict is not null && function.IsStrict() == true)
        {
            schema = strict.Apply(schema);
        }

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
    /// <param name="writer">The writer, inside an object.</param>
    /// <param name="name">The name of the member.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="dialect">What the provider accepts of it; <see langword="null"/> for everything.</param>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static void WriteAnswer(Utf8JsonWriter writer, string name, JsonElement schema, SchemaDialect? dialect)
    {
        ThrowIfTooDeep(schema, "the answer");
        writer.WritePropertyName(name);
        (dialect?.Apply(schema) ?? schema).WriteTo(writer);
    }

    /// <summary>Gets the schema of the answer, for a protocol that takes it as text.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="dialect">What the provider accepts of it.</param>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static string AnswerText(JsonElement schema, SchemaDialect dialect)
    {
        ThrowIfTooDeep(schema, "the answer");
        return dialect.Apply(schema).RawText();
    }

    /// <summary>Writes the form of the answer as both OpenAI protocols have it: a type, and a schema with its name.</summary>
    /// <param name="writer">The writer, inside the object.</param>
    /// <param name="format">The form.</param>
    /// <param name="holder">The member whose object holds the schema and its name; <see langword="null"/> where they are beside the type.</param>
    /// <param name="options">The options, which say whether the model is held to the schema.</param>
    /// <param name="strict">What the provider accepts of such a schema.</param>
    /// <exception cref="ArgumentException">The schema nests too deeply.</exception>
    public static void WriteFormat(Utf8JsonWriter writer, ChatResponseFormat format, string? holder, ChatOptions options, SchemaDialect strict)
    {
        if (format is not ChatResponseFormatJson { Schema: { } schema } json)
        {
            writer.WriteString("type"u8, format is ChatResponseFormatJson ? "json_object"u8 : "text"u8);
            return;
        }

        writer.WriteString("type"u8, "json_schema"u8);
        if (holder is not null)
        {
            writer.WriteStartObject(holder);
        }

        writer.WriteString("name"u8, json.SchemaName ?? "response");
        writer.WriteText("description"u8, json.SchemaDescription);
        var isStrict = options.AdditionalProperties?.GetValueOrDefault(ToolWriter.Strict) as bool?;
        WriteAnswer(writer, "schema", schema, isStrict == true ? strict : null);
        writer.WriteFlag("strict"u8, isStrict);
        if (holder is not null)
        {
            writer.WriteEndObject();
        }
    }

    private static void ThrowIfTooDeep(JsonElement schema, string what)
    {
        if (ProviderJson.IsTooDeep(JsonMarshal.GetRawUtf8Value(schema)))
        {
            throw new ArgumentException(
                $"The JSON schema of {what} nests too deeply: expected at most {StreamReadOptions.MaxPayloadDepth} levels.", nameof(schema));
        }
    }
}
