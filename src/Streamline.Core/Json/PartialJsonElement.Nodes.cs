using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Json;

/// <content>A mutable copy, and a report of names that occur twice.</content>
public readonly partial struct PartialJsonElement
{
    /// <summary>Gets what has arrived as mutable nodes of the base class library, with open strings and containers closed.</summary>
    /// <returns>
    /// An independent copy; <see langword="null"/> for <see cref="JsonValueKind.Null"/> and <see cref="JsonValueKind.Undefined"/>. Of several properties with
    /// one name, only the last one is in it. Numbers keep their digits.
    /// </returns>
    public JsonNode? ToJsonNode()
    {
        if (!HasValue)
        {
            return null;
        }

        // Containers are added to their parents when they end: a node is then not yet below anything, and adding it takes one step.
        var open = new Stack<(JsonNode Container, string? Name)>();
        var end = _snapshot.GetNext(_row);
        string? name = null;
        for (var row = _row; row < end; row++)
        {
            var kind = _snapshot.Row(row).Kind;
            if (kind == JsonRowKind.PropertyName)
            {
                name = JsonText.GetString(_snapshot.GetRawText(row));
                continue;
            }

            if (kind is JsonRowKind.Object or JsonRowKind.Array)
            {
                open.Push((kind == JsonRowKind.Object ? new JsonObject() : new JsonArray(), name));
                continue;
            }

            JsonNode? node;
            (node, name) = kind == JsonRowKind.EndOfContainer ? open.Pop() : (ToValueNode(kind, row), name);
            if (open.Count == 0)
            {
                return node;
            }

            Add(open.Peek().Container, name, node);
        }

        return CloseAll(open);
    }

    /// <summary>Finds the properties, anywhere in this value, that repeat the name of an earlier one of the same object.</summary>
    /// <returns>The value of each, in the order of the text, of which <see cref="GetPath"/> tells the place; empty when all names are unique.</returns>
    /// <remarks>Lookups take the last of several. The time it takes is in proportion to the size of this value.</remarks>
    public IReadOnlyList<PartialJsonElement> FindDuplicates()
    {
        var duplicates = new List<PartialJsonElement>();
        var open = new Stack<HashSet<string>?>();
        var end = HasValue ? _snapshot.GetNext(_row) : 0;
        for (var row = _row; row < end; row++)
        {
            switch (_snapshot.Row(row).Kind)
            {
                case JsonRowKind.Object:
                    open.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonRowKind.Array:
                    open.Push(null);
                    break;
                case JsonRowKind.EndOfContainer:
                    open.Pop();
                    break;
                case JsonRowKind.PropertyName when !open.Peek()!.Add(JsonText.GetString(_snapshot.GetRawText(row))):
                    duplicates.Add(new PartialJsonElement(_snapshot, row + 1));
                    break;
                default:
                    break;
            }
        }

        return duplicates;
    }

    private static void Add(JsonNode container, string? name, JsonNode? node)
    {
        if (container is JsonObject properties)
        {
            properties[name!] = node;
        }
        else
        {
            ((JsonArray)container).Add(node);
        }
    }

    private static JsonNode? CloseAll(Stack<(JsonNode Container, string? Name)> open)
    {
        while (open.TryPop(out var last))
        {
            if (open.Count == 0)
            {
                return last.Container;
            }

            Add(open.Peek().Container, last.Name, last.Container);
        }

        return null;
    }

    private JsonValue? ToValueNode(JsonRowKind kind, int row) => kind switch
    {
        JsonRowKind.String => JsonValue.Create(JsonText.GetString(_snapshot.GetRawText(row))),
        JsonRowKind.Number => JsonValue.Create(JsonElement.Parse(_snapshot.GetRaw(row))),
        JsonRowKind.Null => null,
        _ => JsonValue.Create(kind == JsonRowKind.True),
    };
}
