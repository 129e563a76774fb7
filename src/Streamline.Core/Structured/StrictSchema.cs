using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Gives an exported schema the form that the strict modes of providers demand: every object closed, every property required, no defaults.</summary>
/// <remarks>That a property is required costs nothing: the schema says of what may be missing that it may be null, or the model writes it.</remarks>
internal static class StrictSchema
{
    /// <summary>Closes a schema in place.</summary>
    /// <param name="node">The schema, or a part of one.</param>
    /// <returns>Whether nothing was left open: no dictionary, and no value of any kind.</returns>
    public static bool TryMake(JsonNode? node)
    {
        if (node is not JsonObject schema)
        {
            return false; // `true`, which stands for anything
        }

        MoveDefaultToDescription(schema);
        var isClosed = !IsFree(schema);
        isClosed &= schema.ContainsKey("type") || schema.ContainsKey("enum") || schema.ContainsKey("const") || schema.ContainsKey("anyOf") || schema.ContainsKey("$ref");
        isClosed &= schema["anyOf"] is not JsonArray branches || TryMakeBranches(schema, branches);
        isClosed &= schema["properties"] is not JsonObject properties || TryMakeProperties(schema, properties);
        isClosed &= !schema.ContainsKey("items") || TryMake(schema["items"]);
        foreach (var (_, definition) in schema[SchemaGraph.Definitions] as JsonObject ?? [])
        {
            isClosed &= TryMake(definition);
        }

        if (schema["additionalProperties"] is JsonObject entries)
        {
            TryMake(entries);
            return false;
        }

        return isClosed;
    }

    // An object or array of anything: of a class without members, too, since a type that holds any object has the same schema.
    private static bool IsFree(JsonObject schema) =>
        (Is(schema, "object") && !schema.ContainsKey("properties") && !schema.ContainsKey("anyOf") && schema["additionalProperties"]?.GetValueKind() != JsonValueKind.False)
        || (Is(schema, "array") && !schema.ContainsKey("items"));

    private static bool Is(JsonObject schema, string kind) => schema["type"] switch
    {
        JsonArray kinds => kinds.Any(one => one?.ToString() == kind),
        var one => one?.ToString() == kind,
    };

    // What is always there needs no default, but the model may want to know it.
    private static void MoveDefaultToDescription(JsonObject schema)
    {
        if (schema["default"] is { } value)
        {
            var description = schema["description"]?.ToString();
            schema["description"] = $"{(description is null ? "" : description + " ")}(Default value: {value.ToJsonString()})";
        }

        schema.Remove("default");
    }

    // Of a type with derived types, the exporter says outside of the branches what holds for all of them. Strict modes read each branch by itself.
    private static bool TryMakeBranches(JsonObject schema, JsonArray branches)
    {
        var isNullable = schema["type"] is JsonArray && Is(schema, "null");
        var isObject = schema["type"] is not null;
        schema.Remove("type");
        schema.Remove("required");
        var isClosed = true;
        foreach (var branch in branches.OfType<JsonObject>())
        {
            if (isObject && !branch.ContainsKey("type") && branch.ContainsKey("properties"))
            {
                branch["type"] = "object";
            }

            isClosed &= TryMake(branch);
        }

        if (isNullable)
        {
            branches.Add((JsonNode)new JsonObject { ["type"] = "null" });
        }

        return isClosed;
    }

    private static bool TryMakeProperties(JsonObject schema, JsonObject properties)
    {
        var isClosed = true;
        var required = new JsonArray();
        foreach (var (name, property) in properties)
        {
            isClosed &= TryMake(property);
            required.Add((JsonNode)name);
        }

        schema["required"] = required;
        if (!schema.ContainsKey("additionalProperties"))
        {
            schema["additionalProperties"] = false;
        }

        return isClosed;
    }
}
