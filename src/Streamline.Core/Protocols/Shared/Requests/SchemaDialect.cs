using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Protocols.Shared;

/// <summary>The part of JSON Schema that a provider accepts where it holds the model to a schema. It refuses, or ignores, everything else.</summary>
/// <param name="accepts">Whether the provider accepts a keyword with its value. Keywords that begin with <c>$</c> are not asked for.</param>
internal sealed class SchemaDialect(Func<string, JsonNode?, bool> accepts)
{
    /// <summary>Gets a value indicating whether every object must exclude properties that the schema does not list.</summary>
    public bool ClosesObjects { get; private init; }

    /// <summary>Gets a value indicating whether a property that leads back to its own object must not be required.</summary>
    public bool HasOptionalCycles { get; private init; }

    /// <summary>Gets the dialect of Anthropic, also on Bedrock: no ranges, no lengths, no patterns.</summary>
    public static SchemaDialect Anthropic { get; } = new(static (keyword, value) => keyword switch
    {
        "allOf" or "default" => true,
        "format" => IsOneOf(value, "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"),
        "minItems" => value is JsonValue number && number.TryGetValue<int>(out var count) && count is 0 or 1,
        _ => IsStructure(keyword),
    })
    {
        ClosesObjects = true,
    };

    /// <summary>Gets the dialect of OpenAI's strict mode: no lengths, and only known formats.</summary>
    public static SchemaDialect OpenAIStrict { get; } = new(static (keyword, value) => keyword switch
    {
        "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf" or "minItems" or "maxItems" or "pattern" => true,
        "format" => IsOneOf(value, "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"),
        _ => IsStructure(keyword),
    });

    /// <summary>Gets the dialect of Azure OpenAI's strict mode: nothing but types, enumerations and alternatives.</summary>
    public static SchemaDialect AzureStrict { get; } = new(static (keyword, _) => IsStructure(keyword));

    /// <summary>Gets the dialect of Gemini, which ignores every other keyword.</summary>
    public static SchemaDialect Gemini { get; } = new(static (keyword, _) => keyword switch
    {
        "format" or "prefixItems" or "minItems" or "maxItems" or "minimum" or "maximum" or "oneOf" or "propertyOrdering" => true,
        "const" => false,
        _ => IsStructure(keyword),
    })
    {
        HasOptionalCycles = true,
    };

    /// <summary>Gets the dialect of Cohere: no ranges, no lengths, no patterns.</summary>
    public static SchemaDialect Cohere { get; } = new(static (keyword, value) => keyword switch
    {
        "format" => IsOneOf(value, "date-time", "date", "time", "uuid"),
        _ => IsStructure(keyword),
    });

    /// <summary>Gets the dialect of Ollama, which makes a grammar of everything but patterns that may match a part of a text.</summary>
    public static SchemaDialect Ollama { get; } = new(static (keyword, value) => keyword != "pattern" || value?.ToString() is ['^', .., '$']);

    /// <summary>Gives a schema the form that the provider accepts. What it does not accept moves into descriptions, where the model can read it.</summary>
    /// <param name="schema">The schema, which nests at most as deeply as requests may.</param>
    /// <returns>The same schema when there is nothing to change.</returns>
    public JsonElement Apply(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema;
        }

        var root = JsonObject.Create(schema)!;
        var graph = HasOptionalCycles ? new SchemaGraph(root) : null;
        Adapt(root, graph, SchemaGraph.Root);
        return JsonNode.DeepEquals(root, JsonObject.Create(schema)) ? schema : JsonElement.Parse(root.ToJsonString());
    }

    private static bool IsStructure(string keyword) =>
        keyword is "type" or "properties" or "required" or "additionalProperties" or "items" or "enum" or "const" or "anyOf" or "definitions" or "title" or "description";

    private static bool IsOneOf(JsonNode? value, params ReadOnlySpan<string> names) => value is JsonValue text && text.TryGetValue<string>(out var name) && names.Contains(name);

    private void Adapt(JsonNode? node, SchemaGraph? graph, string definition)
    {
        if (node is not JsonObject schema)
        {
            return;
        }

        foreach (var (keyword, member) in schema)
        {
            switch (keyword)
            {
                case SchemaGraph.Definitions or "definitions":
                    AdaptAll(member, graph, name => $"#/{keyword}/{name}");
                    break;
                case "properties":
                    AdaptAll(member, graph, _ => definition);
                    break;
                case "anyOf" or "oneOf" or "allOf" or "prefixItems":
                    foreach (var branch in member as JsonArray ?? [])
                    {
                        Adapt(branch, graph, definition);
                    }

                    break;
                case "items" or "additionalProperties":
                    Adapt(member, graph, definition);
                    break;
                default:
                    break;
            }
        }

        Replace(schema, "oneOf", "anyOf", static branches => branches);
        Replace(schema, "const", "enum", static value => new JsonArray { value });
        MoveToDescription(schema);
        LetReferencesStandAlone(schema);
        CloseObject(schema);
        MakeCyclesOptional(schema, graph, definition);
    }

    private void AdaptAll(JsonNode? schemas, SchemaGraph? graph, Func<string, string> definitionOf)
    {
        foreach (var (name, schema) in schemas as JsonObject ?? [])
        {
            Adapt(schema, graph, definitionOf(name));
        }
    }

    // A keyword that another one can stand for.
    private void Replace(JsonObject schema, string keyword, string other, Func<JsonNode?, JsonNode?> convert)
    {
        if (schema.TryGetPropertyValue(keyword, out var value) && !accepts(keyword, value) && !schema.ContainsKey(other))
        {
            schema.Remove(keyword);
            schema[other] = convert(value);
        }
    }

    private void MoveToDescription(JsonObject schema)
    {
        var refused = schema.Where(member => !member.Key.StartsWith('$') && !accepts(member.Key, member.Value)).ToList();
        if (refused.Count == 0)
        {
            return;
        }

        foreach (var (keyword, _) in refused)
        {
            schema.Remove(keyword);
        }

        var words = string.Join(", ", refused.Select(member => $"{member.Key}: {(member.Value is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : member.Value?.ToJsonString() ?? "null")}"));
        schema["description"] = schema["description"]?.ToString() is { Length: > 0 } description ? $"{description} ({words})" : $"({words})";
    }

    private static void LetReferencesStandAlone(JsonObject schema)
    {
        if (schema[SchemaGraph.Reference] is { } reference && !schema.ContainsKey("anyOf") && schema.Any(member => !member.Key.StartsWith('$')))
        {
            schema.Remove(SchemaGraph.Reference);
            schema["anyOf"] = new JsonArray { (JsonNode)new JsonObject { [SchemaGraph.Reference] = reference } };
        }
    }

    // An object without properties is free in its form; that it has none would be another schema.
    private void CloseObject(JsonObject schema)
    {
        if (ClosesObjects && schema["properties"] is JsonObject && schema["additionalProperties"] is null or JsonValue)
        {
            schema["additionalProperties"] = false;
        }
    }

    private static void MakeCyclesOptional(JsonObject schema, SchemaGraph? graph, string definition)
    {
        if (graph is null || schema["properties"] is not JsonObject properties || schema["required"] is not JsonArray required)
        {
            return;
        }

        for (var index = required.Count - 1; index >= 0; index--)
        {
            if (SchemaGraph.ReferencesOf(properties[required[index]?.ToString() ?? ""]).Any(reference => reference == definition || graph.Reaches(reference, definition)))
            {
                required.RemoveAt(index);
            }
        }
    }
}
