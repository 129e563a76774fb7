using System.Globalization;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Structured;

/// <summary>Moves the schemas that others refer to into the definitions at the root. Strict modes refuse references to other places, which the exporter makes.</summary>
internal static class SchemaDefinitions
{
    /// <summary>Moves them, in place.</summary>
    /// <param name="root">The schema.</param>
    public static void Move(JsonObject root)
    {
        var references = SchemaGraph.Holders(root, withDefinitions: true)
            .Select(reference => (reference.Holder, Target: Find(root, reference.Reference)))
            .Where(reference => reference.Target is not null && reference.Target != root)
            .ToList();
        var names = new Dictionary<JsonNode, string>(ReferenceEqualityComparer.Instance);
        foreach (var (holder, target) in references)
        {
            if (!names.TryGetValue(target!, out var name))
            {
                names.Add(target!, name = NameOf(target!, names.Values));
            }

            holder[SchemaGraph.Reference] = ReferenceTo(name);
        }

        var definitions = new JsonObject();
        foreach (var (target, name) in names)
        {
            Replace(target, new JsonObject { [SchemaGraph.Reference] = ReferenceTo(name) });
            definitions[name] = target;
        }

        if (definitions.Count > 0)
        {
            root[SchemaGraph.Definitions] = definitions;
        }
    }

    private static string ReferenceTo(string name) => $"#/{SchemaGraph.Definitions}/{name}";

    private static JsonNode? Find(JsonObject root, string reference)
    {
        JsonNode? found = reference.StartsWith('#') ? root : null;
        foreach (var part in reference.Split('/').Skip(1))
        {
            found = found switch
            {
                JsonObject schema => schema[part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)],
                JsonArray array when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < array.Count => array[index],
                _ => null,
            };
        }

        return found is JsonObject ? found : null;
    }

    // The name of the property that had it first.
    private static string NameOf(JsonNode target, ICollection<string> others)
    {
        var node = target;
        while (node.Parent is { } parent && !(parent is JsonObject && parent.Parent is not null && parent.GetPropertyName() == "properties"))
        {
            node = parent;
        }

        var name = node.Parent is null ? "" : string.Concat(node.GetPropertyName().Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'));
        name = name.Length == 0 ? "type" : name;
        var unique = name;
        for (var number = 2; others.Contains(unique); number++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}{number}");
        }

        return unique;
    }

    private static void Replace(JsonNode node, JsonObject replacement)
    {
        switch (node.Parent)
        {
            case JsonObject parent:
                parent[node.GetPropertyName()] = replacement;
                break;
            case JsonArray parent:
                parent[node.GetElementIndex()] = replacement;
                break;
            default:
                break;
        }
    }
}
