using System.Text.Json;
using System.Text.Json.Nodes;

namespace Streamline.Json;

/// <summary>Makes mutable nodes of the rows of a value, with open containers closed.</summary>
internal static class JsonNodes
{
    /// <summary>Makes the nodes of a value.</summary>
    public static JsonNode? Create(in JsonSnapshot snapshot, int value)
    {
        // Containers are added to their parents when they end: a node is then not yet below anything, and adding it takes one step.
        var open = new Stack<(JsonNode Container, string? Name)>();
        var end = snapshot.GetNext(value);
        string? name = null;
        for (var row = value; row < end; row++)
        {
            var kind = snapshot.Row(row).Kind;
            if (kind == JsonRowKind.PropertyName)
            {
                name = JsonText.GetString(snapshot.GetRawText(row));
                continue;
            }

            if (kind is JsonRowKind.Object or JsonRowKind.Array)
            {
                open.Push((kind == JsonRowKind.Object ? new JsonObject() : new JsonArray(), name));
                continue;
            }

            JsonNode? node;
            (node, name) = kind == JsonRowKind.EndOfContainer ? open.Pop() : (ToValueNode(snapshot, kind, row), name);
            if (open.Count == 0)
            {
                return node;
            }

            Add(open.Peek().Container, name, node);
        }

        return CloseAll(open);
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

    private static JsonValue? ToValueNode(in JsonSnapshot snapshot, JsonRowKind kind, int row) => kind switch
    {
        JsonRowKind.String => JsonValue.Create(JsonText.GetString(snapshot.GetRawText(row))),
        JsonRowKind.Number => JsonValue.Create(JsonElement.Parse(snapshot.GetRaw(row))),
        JsonRowKind.Null => null,
        _ => JsonValue.Create(kind == JsonRowKind.True),
    };
}
