using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>The JSON schema that a model is given for a type, and where in its answer the value is.</summary>
/// <remarks>
/// It is what <see cref="AIJsonUtilities"/> writes: with descriptions, ranges, lengths, formats and the names of enumerations. Where it leaves nothing open, it is closed
/// as strict modes of providers demand. Providers want an object at the root, so what is not one, and a list of items always, is put into an object with one property.
/// </remarks>
internal sealed class StructuredSchema
{
    private const int MaxNameLength = 64;

    private static readonly ConditionalWeakTable<JsonTypeInfo, StructuredSchema> Objects = [];
    private static readonly ConditionalWeakTable<JsonTypeInfo, StructuredSchema> Lists = [];

    private static readonly AIJsonSchemaCreateOptions CreateOptions = new() { IncludeSchemaKeyword = false };

    // A property may hold the value, which may also stand without the object.
    private StructuredSchema(JsonObject schema, StructuredRoot root, string? property, string name)
    {
        SchemaDefinitions.Move(schema);
        IsRecursive = new SchemaGraph(schema).IsRecursive;
        var closed = schema.DeepClone();
        IsStrict = StrictSchema.TryMake(closed);
        Schema = JsonElement.Parse((IsStrict ? closed : schema).ToJsonString());
        Expected = property is null ? PartialJsonSchema.Create(Schema) : PartialJsonSchema.CreateWrapped(Schema, property);
        Root = root;
        Name = name;
    }

    public JsonElement Schema { get; }

    /// <summary>What a repair of the answer prefers.</summary>
    public PartialJsonSchema Expected { get; }

    /// <summary>Where the value is in the answer.</summary>
    public StructuredRoot Root { get; }

    /// <summary>A name for the schema, of the characters that providers allow.</summary>
    public string Name { get; }

    /// <summary>Whether the schema leaves nothing open, as strict modes of providers demand.</summary>
    public bool IsStrict { get; }

    /// <summary>Whether a value may contain values of its own type.</summary>
    public bool IsRecursive { get; }

    /// <summary>The schema of one value.</summary>
    public static StructuredSchema OfValue(JsonTypeInfo type) => Objects.GetValue(type, static type =>
    {
        var schema = Export(type);
        return schema is JsonObject root && root["type"] is JsonValue kind && kind.ToString() == "object" && !root.ContainsKey("anyOf")
            ? new StructuredSchema(root, StructuredRoot.Of(type, isWrapped: false), property: null, NameOf(type))
            : new StructuredSchema(Wrap("value", schema, "#/properties/value"), StructuredRoot.Of(type, isWrapped: true), "value", NameOf(type));
    });

    /// <summary>The schema of a list of values.</summary>
    public static StructuredSchema OfItems(JsonTypeInfo type) => Lists.GetValue(type, static type =>
    {
        var item = Export(type);
        Rebase(item, "#/items");
        var list = Wrap("items", new JsonObject { ["type"] = "array", ["items"] = item }, "#/properties/items");
        return new StructuredSchema(list, StructuredRoot.OfItems(), "items", NameOf(type));
    });

    private static JsonNode Export(JsonTypeInfo type) =>
        JsonNode.Parse(AIJsonUtilities.CreateJsonSchema(type.Type, serializerOptions: type.Options, inferenceOptions: CreateOptions).GetRawText())!;

    private static JsonObject Wrap(string property, JsonNode schema, string root)
    {
        Rebase(schema, root);
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { [property] = schema },
            ["required"] = new JsonArray { (JsonNode)property },
        };
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
