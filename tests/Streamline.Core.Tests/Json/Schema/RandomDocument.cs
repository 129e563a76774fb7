using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Tests.Json;

/// <summary>Random well-formed documents of the names and words that <see cref="RandomSchema"/> knows.</summary>
internal static class RandomDocument
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "k", "x", "h", "AB", "other name"];
    private static readonly string[] Words = ["x", "X", "7", "12.5", "b c", "a, b", "true", "00184", "say \"hi\"", "{a}: [1],", "it's", "Via 1", "line\nline"];

    /// <summary>Written without escapes that are not needed.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode Create(Random random) => random.Next(3) == 0 ? CreateArray(random, 0) : CreateObject(random, 0);

    /// <summary>The schema that an application would have for a document: closed objects, and lists of what their elements are.</summary>
    public static JsonObject SchemaOf(JsonNode? node) => node switch
    {
        JsonObject values => new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(values.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Key, SchemaOf(value.Value)))),
        },
        JsonArray { Count: 0 } => new JsonObject { ["type"] = "array" },
        JsonArray items => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["anyOf"] = new JsonArray([.. items.Select(SchemaOf)]) } },
        _ => new JsonObject
        {
            ["type"] = node?.GetValueKind() switch { null => "null", JsonValueKind.String => "string", JsonValueKind.Number => "number", _ => "boolean" },
        },
    };

    private static JsonNode? CreateValue(Random random, int depth) => random.Next(depth > 2 ? 6 : 10) switch
    {
        0 => JsonValue.Create(random.Next(2, 1000)),
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => null,
        3 or 4 or 5 => JsonValue.Create(Words[random.Next(Words.Length)]),
        6 or 7 => CreateArray(random, depth + 1),
        _ => CreateObject(random, depth + 1),
    };

    private static JsonArray CreateArray(Random random, int depth) => new([.. Enumerable.Range(0, random.Next(4)).Select(_ => CreateValue(random, depth))]);

    private static JsonObject CreateObject(Random random, int depth) =>
        new(Names.Where(_ => random.Next(3) == 0).Select(name => KeyValuePair.Create(name, CreateValue(random, depth))));
}
