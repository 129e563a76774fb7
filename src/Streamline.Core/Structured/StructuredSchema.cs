using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Streamline;

/// <summary>The JSON schema that a model is given for a type, and where in its answer the value is.</summary>
/// <remarks>Providers want an object at the root. So what is not one, and a list of items always, is put into an object with one property.</remarks>
internal sealed class StructuredSchema
{
    private const int MaxNameLength = 64;

    private static readonly ConditionalWeakTable<JsonTypeInfo, StructuredSchema> Objects = [];
    private static readonly ConditionalWeakTable<JsonTypeInfo, StructuredSchema> Lists = [];

    private static readonly JsonSchemaExporterOptions ExporterOptions = new() { TreatNullObliviousAsNonNullable = true };

    private StructuredSchema(JsonNode schema, string? property, string name)
    {
        IsStrict = StrictSchema.TryMake(schema);
        Schema = JsonElement.Parse(schema.ToJsonString());
        Property = property;
        Name = name;
    }

    public JsonElement Schema { get; }

    /// <summary>The property of the root that holds the value; <see langword="null"/> when the root is the value.</summary>
    public string? Property { get; }

    /// <summary>A name for the schema, of the characters that providers allow.</summary>
    public string Name { get; }

    /// <summary>Whether the schema leaves nothing open, as strict modes of providers demand.</summary>
    public bool IsStrict { get; }

    /// <summary>The schema of one value.</summary>
    public static StructuredSchema OfValue(JsonTypeInfo type) => Objects.GetValue(type, static type =>
    {
        var schema = Export(type);
        var isObject = schema is JsonObject { } properties && properties["type"] is JsonValue kind && kind.ToString() == "object" && !properties.ContainsKey("anyOf");
        return isObject ? new StructuredSchema(schema, property: null, NameOf(type)) : Wrap("value", schema, "#/properties/value", type);
    });

    /// <summary>The schema of a list of values.</summary>
    public static StructuredSchema OfItems(JsonTypeInfo type) => Lists.GetValue(type, static type =>
        Wrap("items", new JsonObject { ["type"] = "array", ["items"] = Export(type) }, "#/properties/items/items", type));

    private static StructuredSchema Wrap(string property, JsonNode schema, string root, JsonTypeInfo type)
    {
        Rebase(schema, root);
        return new StructuredSchema(new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { [property] = schema } }, property, NameOf(type));
    }

    // Numbers are asked for as numbers, also where a setting lets them be read from strings.
    private static JsonNode Export(JsonTypeInfo type)
    {
        if (type.Options.TypeInfoResolver is not null
            && new JsonSerializerOptions(type.Options) { NumberHandling = JsonNumberHandling.Strict }.TryGetTypeInfo(type.Type, out var strict))
        {
            type = strict;
        }

        return type.GetJsonSchemaAsNode(ExporterOptions);
    }

    // References are paths from the root of the schema, which is now further out.
    private static void Rebase(JsonNode? node, string root)
    {
        switch (node)
        {
            case JsonObject schema:
                if (schema["$ref"] is JsonValue value && value.ToString() is ['#', .. var path])
                {
                    schema["$ref"] = root + path;
                }

                foreach (var (_, member) in schema)
                {
                    Rebase(member, root);
                }

                break;
            case JsonArray array:
                foreach (var item in array)
                {
                    Rebase(item, root);
                }

                break;
            default:
                break;
        }
    }

    private static string NameOf(JsonTypeInfo type)
    {
        var name = string.Concat(type.Type.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
        return name.Length <= MaxNameLength ? name : name[..MaxNameLength];
    }
}
