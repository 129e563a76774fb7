using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Streamline.Json;

/// <summary>What a JSON text is expected to hold, so that a repair can prefer what fits: see <see cref="PartialJsonOptions.Schema"/>.</summary>
/// <remarks>Immutable, and safe for use by several threads. Creating one reads the whole schema, so create it once and use it for many documents.</remarks>
public sealed class PartialJsonSchema
{
    private PartialJsonSchema(JsonShape shape) => Shape = shape;

    /// <summary>What the schema says of the root.</summary>
    internal JsonShape Shape { get; }

    /// <summary>Reads a JSON schema, such as the one in a <c>ChatResponseFormat</c>.</summary>
    /// <param name="schema">
    /// The schema: an object, or <see langword="true"/>. Of it, <c>type</c>, <c>properties</c>, <c>additionalProperties</c>, <c>items</c>, <c>prefixItems</c>, <c>enum</c>, <c>const</c>,
    /// <c>anyOf</c>, <c>oneOf</c>, <c>allOf</c>, <c>nullable</c> and <c>$ref</c> within the schema count. It is not used after the call.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is neither an object nor a boolean.</exception>
    public static PartialJsonSchema Create(JsonElement schema)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            throw new ArgumentException($"A JSON schema is an object or a boolean, found {schema.ValueKind}.", nameof(schema));
        }

        return new PartialJsonSchema(JsonShapeCompiler.Compile(schema));
    }

    /// <summary>Reads the schema of a type, as <see cref="JsonSchemaExporter"/> writes it.</summary>
    /// <param name="typeInfo">How the type is read, from a source-generated context.</param>
    /// <exception cref="ArgumentNullException"><paramref name="typeInfo"/> is <see langword="null"/>.</exception>
    public static PartialJsonSchema Create(JsonTypeInfo typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        var schema = JsonElement.Parse(typeInfo.GetJsonSchemaAsNode().ToJsonString());
        return new PartialJsonSchema(JsonShapeCompiler.Compile(schema));
    }

    /// <summary>Reads the schema of an object with one property, whose value may also stand without the object.</summary>
    /// <param name="schema">The schema of the object.</param>
    /// <param name="property">The name of the property.</param>
    internal static PartialJsonSchema CreateWrapped(JsonElement schema, string property) => new(JsonShapeCompiler.Compile(schema, property));
}
