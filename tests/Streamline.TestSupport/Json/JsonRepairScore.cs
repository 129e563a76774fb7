using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.TestSupport.Json;

/// <summary>How well repaired texts agree with the documents that they were meant to be.</summary>
/// <remarks>
/// A leaf is a scalar or an empty container, together with the nearest property name above it. A leaf that was moved elsewhere under the same name is neither
/// lost nor invented; only <see cref="Exact"/> tells.
/// </remarks>
public sealed class JsonRepairScore
{
    /// <summary>Gets how many texts were scored.</summary>
    public int Texts { get; private set; }

    /// <summary>Gets how many of them gave exactly the value that was meant. The order of properties does not count.</summary>
    public int Exact { get; private set; }

    /// <summary>Gets how many texts gave no JSON at all. All their leaves are lost.</summary>
    public int Failed { get; private set; }

    /// <summary>Gets how many leaves were meant.</summary>
    public int Leaves { get; private set; }

    /// <summary>Gets how many of them are missing.</summary>
    public int Lost { get; private set; }

    /// <summary>Gets how many leaves there are that were not meant.</summary>
    public int Invented { get; private set; }

    /// <summary>Gets the share of exact values, from 0 to 1.</summary>
    public double ExactShare => Share(Exact, Texts);

    /// <summary>Gets the share of leaves that were lost, from 0 to 1.</summary>
    public double LostShare => Share(Lost, Leaves);

    /// <summary>Gets the number of leaves that were invented for each one that was meant.</summary>
    public double InventedShare => Share(Invented, Leaves);

    /// <summary>Scores one text.</summary>
    /// <param name="expected">The document that was meant.</param>
    /// <param name="repaired">What the repair gave; <see langword="null"/> when it gave up.</param>
    /// <returns>Whether the value is exactly the one that was meant.</returns>
    public bool Add(string expected, string? repaired)
    {
        var meant = JsonNode.Parse(expected);
        var leaves = CountLeaves(meant);
        var total = leaves.Values.Sum();
        Texts++;
        Leaves += total;
        if (!TryParse(repaired, out var found))
        {
            Failed++;
            Lost += total;
            return false;
        }

        var foundLeaves = CountLeaves(found);
        var kept = leaves.Sum(leaf => Math.Min(leaf.Value, foundLeaves.GetValueOrDefault(leaf.Key)));
        Lost += total - kept;
        Invented += foundLeaves.Values.Sum() - kept;
        var isExact = JsonNode.DeepEquals(meant, found);
        Exact += isExact ? 1 : 0;
        return isExact;
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    // Repeated property names are read as most parsers do: the last one counts.
    private static bool TryParse(string? text, out JsonNode? node)
    {
        node = null;
        try
        {
            if (text is null)
            {
                return false;
            }

            using var document = JsonDocument.Parse(text);
            node = Copy(document.RootElement);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    copy[property.Name] = Copy(property.Value);
                }

                return copy;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return JsonValue.Create(ReadText(element));
            default:
                return JsonValue.Create(element.Clone());
        }
    }

    // An escaped surrogate without its other half is JSON, but not text.
    private static string ReadText(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return element.GetRawText();
        }
    }

    private static Dictionary<string, int> CountLeaves(JsonNode? root)
    {
        var leaves = new Dictionary<string, int>(StringComparer.Ordinal);
        Visit(root, "");
        return leaves;

        void Visit(JsonNode? node, string name)
        {
            switch (node)
            {
                case JsonObject { Count: > 0 } properties:
                    foreach (var (property, value) in properties)
                    {
                        Visit(value, property);
                    }

                    break;
                case JsonArray { Count: > 0 } items:
                    foreach (var item in items)
                    {
                        Visit(item, name);
                    }

                    break;
                default:
                    var leaf = $"{name}\n{Describe(node)}";
                    leaves[leaf] = leaves.GetValueOrDefault(leaf) + 1;
                    break;
            }
        }
    }

    private static string Describe(JsonNode? leaf) => leaf?.GetValueKind() == JsonValueKind.String ? "\"" + leaf.GetValue<string>() : leaf?.ToJsonString() ?? "null";
}
