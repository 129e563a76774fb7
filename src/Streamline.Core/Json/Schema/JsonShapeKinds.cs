using System.Text.Json;

namespace Streamline.Json;

/// <summary>The kinds of values that a schema without references and alternatives allows.</summary>
internal static class JsonShapeKinds
{
    public static JsonKinds Of(JsonElement node)
    {
        var kinds = node.TryGetProperty("type", out var type) ? OfType(type) : OfKeywords(node);
        return node.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True ? kinds | JsonKinds.Null : kinds;
    }

    /// <summary>The values of <c>enum</c> or <c>const</c>.</summary>
    public static IEnumerable<JsonElement> ValuesOf(JsonElement node) =>
        node.TryGetProperty("const", out var value) ? [value]
        : node.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array ? values.EnumerateArray()
        : [];

    private static JsonKinds OfType(JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.Array => type.EnumerateArray().Aggregate(JsonKinds.None, (kinds, one) => kinds | OfName(one.ValueKind == JsonValueKind.String ? one.GetString() : null)),
        JsonValueKind.String => OfName(type.GetString()),
        _ => JsonKinds.All,
    };

    // Without a type, what the other keywords are for.
    private static JsonKinds OfKeywords(JsonElement node)
    {
        var kinds = ValuesOf(node).Aggregate(JsonKinds.None, (kinds, value) => kinds | OfValue(value.ValueKind));
        if (kinds != JsonKinds.None)
        {
            return kinds;
        }

        kinds |= node.TryGetProperty("properties", out _) || node.TryGetProperty("additionalProperties", out _) ? JsonKinds.Object : JsonKinds.None;
        kinds |= node.TryGetProperty("items", out _) || node.TryGetProperty("prefixItems", out _) ? JsonKinds.Array : JsonKinds.None;
        return kinds == JsonKinds.None ? JsonKinds.All : kinds;
    }

    private static JsonKinds OfName(string? name) => name switch
    {
        "object" => JsonKinds.Object,
        "array" => JsonKinds.Array,
        "string" => JsonKinds.String,
        "number" or "integer" => JsonKinds.Number,
        "boolean" => JsonKinds.Boolean,
        "null" => JsonKinds.Null,
        _ => JsonKinds.All,
    };

    private static JsonKinds OfValue(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => JsonKinds.Object,
        JsonValueKind.Array => JsonKinds.Array,
        JsonValueKind.String => JsonKinds.String,
        JsonValueKind.Number => JsonKinds.Number,
        JsonValueKind.True or JsonValueKind.False => JsonKinds.Boolean,
        _ => JsonKinds.Null,
    };
}
