using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Random schemas, each from a seed, of the names and words that <see cref="MalformedText"/> writes. Some contain themselves.</summary>
internal static class RandomSchema
{
    private static readonly string[] Names = ["a", "b", "c", "d", "e", "k", "x", "h", "A_b", ""];
    private static readonly string[] Words = ["x", "v", "a", "b c", "true", "12", "F", "say \"hi\""];

    public static PartialJsonSchema Create(Random random)
    {
        var root = CreateNode(random, depth: 0);
        if (root is JsonObject schema)
        {
            schema["$defs"] = new JsonObject { ["other"] = CreateNode(random, depth: 1) };
        }

        return PartialJsonSchema.Create(JsonElement.Parse(root.ToJsonString()));
    }

    private static JsonNode CreateNode(Random random, int depth)
    {
        switch (random.Next(depth > 3 ? 6 : 12))
        {
            case 0:
                return new JsonObject { ["type"] = "string" };
            case 1:
                return new JsonObject { ["type"] = random.Next(2) == 0 ? "number" : "boolean" };
            case 2:
                return new JsonObject { ["enum"] = new JsonArray([.. Words.Where(_ => random.Next(2) == 0).Select(word => (JsonNode)word)]) };
            case 3:
                return new JsonObject { ["$ref"] = random.Next(2) == 0 ? "#" : "#/$defs/other" };
            case 4:
                return new JsonObject { ["type"] = new JsonArray("null", random.Next(2) == 0 ? "integer" : "string") };
            case 5:
                return JsonValue.Create(random.Next(8) != 0);
            case 6 or 7:
                return new JsonObject { ["type"] = "array", ["items"] = CreateNode(random, depth + 1) };
            case 8:
                return new JsonObject { ["anyOf"] = new JsonArray(CreateNode(random, depth + 1), CreateNode(random, depth + 1)) };
            default:
                var properties = new JsonObject();
                foreach (var name in Names.Where(_ => random.Next(3) == 0))
                {
                    properties[name] = CreateNode(random, depth + 1);
                }

                return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = random.Next(2) == 0 };
        }
    }
}
