using System.Globalization;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Makes shapes of a JSON schema: of <c>type</c>, <c>properties</c>, <c>items</c>, <c>enum</c>, <c>anyOf</c>, <c>$ref</c> and their like.</summary>
/// <remarks>
/// A place that several schemas describe (<c>anyOf</c>, <c>oneOf</c>, <c>allOf</c>) gets one shape that allows whatever any of them allows. That is less than the schema says, so
/// nothing that is valid is ever taken for a misfit.
/// </remarks>
internal sealed class JsonShapeCompiler(JsonElement root)
{
    private const int MaxShapes = 4096; // further places may hold anything
    private const int MaxNodes = 256; // of one place

    private readonly Dictionary<string, JsonShape> _shapes = new(StringComparer.Ordinal);
    private readonly Queue<(JsonShape Shape, JsonElement[] Nodes, string[] Paths)> _pending = [];

    /// <summary>Makes the shape of the root.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="wrapper">The property whose value may also replace the root; <see langword="null"/> for none.</param>
    public static JsonShape Compile(JsonElement schema, string? wrapper = null) => new JsonShapeCompiler(schema).Compile(wrapper is null ? null : "#/properties/" + wrapper);

    private JsonShape Compile(string? otherRoot)
    {
        var shape = ShapeOf(otherRoot is null ? [("#", root)] : [("#", root), (otherRoot, Resolve(otherRoot))]);
        while (_pending.TryDequeue(out var next))
        {
            Fill(next.Shape, next.Nodes, next.Paths);
        }

        return shape;
    }

    private JsonShape ShapeOf(List<(string Path, JsonElement Node)> places)
    {
        var nodes = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        if (places.Count == 0 || !places.TrueForAll(place => TryFlatten(place.Path, place.Node, nodes)) || nodes.Count is 0 or > MaxNodes)
        {
            return JsonShape.Any;
        }

        var key = string.Join('\n', nodes.Keys);
        if (!_shapes.TryGetValue(key, out var shape))
        {
            if (_shapes.Count >= MaxShapes)
            {
                return JsonShape.Any;
            }

            shape = new JsonShape();
            _shapes.Add(key, shape);
            _pending.Enqueue((shape, [.. nodes.Values], [.. nodes.Keys]));
        }

        return shape;
    }

    // The schemas that a schema consists of, without references and alternatives. False when it allows anything.
    private bool TryFlatten(string path, JsonElement node, SortedDictionary<string, JsonElement> nodes)
    {
        var pending = new Stack<(string Path, JsonElement Node)>([(path, node)]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (pending.TryPop(out var next))
        {
            if (!seen.Add(next.Path) || next.Node.ValueKind == JsonValueKind.False)
            {
                continue;
            }

            if (next.Node.ValueKind != JsonValueKind.Object || seen.Count > MaxNodes)
            {
                return false;
            }

            var isComposed = PushParts(next.Path, next.Node, pending);
            if (DescribesForm(next.Node))
            {
                nodes[next.Path] = next.Node;
            }
            else if (!isComposed)
            {
                return false;
            }
        }

        return true;
    }

    private bool PushParts(string path, JsonElement node, Stack<(string Path, JsonElement Node)> pending)
    {
        var isComposed = false;
        if (node.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String)
        {
            pending.Push((reference.GetString()!, Resolve(reference.GetString()!)));
            isComposed = true;
        }

        foreach (var keyword in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
        {
            if (node.TryGetProperty(keyword, out var parts) && parts.ValueKind == JsonValueKind.Array)
            {
                foreach (var (index, part) in parts.EnumerateArray().Index())
                {
                    pending.Push(($"{path}/{keyword}/{index}", part));
                    isComposed = true;
                }
            }
        }

        return isComposed;
    }

    private static bool DescribesForm(JsonElement node)
    {
        foreach (var keyword in (ReadOnlySpan<string>)["type", "properties", "additionalProperties", "items", "prefixItems", "enum", "const"])
        {
            if (node.TryGetProperty(keyword, out _))
            {
                return true;
            }
        }

        return false;
    }

    // A JSON pointer within the schema. What it does not find may be anything.
    private JsonElement Resolve(string reference)
    {
        var found = root;
        if (!reference.StartsWith('#'))
        {
            return default;
        }

        foreach (var part in reference.Split('/').Skip(1))
        {
            var name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < found.GetArrayLength())
            {
                found = found[index];
            }
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return default;
            }
        }

        return found;
    }

    private void Fill(JsonShape shape, JsonElement[] nodes, string[] paths)
    {
        var properties = new Dictionary<string, List<(string, JsonElement)>>(StringComparer.Ordinal);
        var (items, others, strings) = (new List<(string, JsonElement)>(), new List<(string, JsonElement)>(), new JsonNameTable());
        var (hasAnyItems, hasAnyOthers, hasAnyString) = (false, false, false);
        foreach (var (node, path) in nodes.Zip(paths))
        {
            var kinds = JsonShapeKinds.Of(node);
            shape.Kinds |= kinds;
            hasAnyString |= kinds.HasFlag(JsonKinds.String) && !TryAddStrings(node, strings);
            hasAnyItems |= kinds.HasFlag(JsonKinds.Array) && !TryAddItems(node, path, items);
            if (kinds.HasFlag(JsonKinds.Object))
            {
                AddProperties(node, path, properties);
                hasAnyOthers |= !TryAddOthers(node, path, others);
            }
        }

        shape.Strings = shape.Allows(JsonKinds.String) && !hasAnyString ? strings : null;
        shape.Items = hasAnyItems ? JsonShape.Any : ShapeOf(items);
        shape.Others = hasAnyOthers ? JsonShape.Any : others.Count > 0 ? ShapeOf(others) : null;
        foreach (var (name, places) in properties)
        {
            shape.AddProperty(name, ShapeOf(places));
        }
    }

    private static bool TryAddStrings(JsonElement node, JsonNameTable strings)
    {
        var hasValues = false;
        foreach (var value in JsonShapeKinds.ValuesOf(node))
        {
            hasValues = true;
            if (value.ValueKind == JsonValueKind.String)
            {
                strings.Add(value.GetString()!);
            }
        }

        return hasValues;
    }

    private static bool TryAddItems(JsonElement node, string path, List<(string, JsonElement)> items)
    {
        var count = items.Count;
        if (node.TryGetProperty("items", out var item) && item.ValueKind != JsonValueKind.Array)
        {
            items.Add(($"{path}/items", item));
        }

        if (node.TryGetProperty("prefixItems", out var first) && first.ValueKind == JsonValueKind.Array)
        {
            items.AddRange(first.EnumerateArray().Select((part, index) => ($"{path}/prefixItems/{index}", part)));
        }

        return items.Count > count;
    }

    private static void AddProperties(JsonElement node, string path, Dictionary<string, List<(string, JsonElement)>> properties)
    {
        if (!node.TryGetProperty("properties", out var named) || named.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in named.EnumerateObject())
        {
            if (!properties.TryGetValue(property.Name, out var places))
            {
                properties.Add(property.Name, places = []);
            }

            places.Add(($"{path}/properties/{property.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", property.Value));
        }
    }

    // Of the properties that are not named, whether something is said.
    private static bool TryAddOthers(JsonElement node, string path, List<(string, JsonElement)> others)
    {
        if (node.TryGetProperty("patternProperties", out _) || !node.TryGetProperty("additionalProperties", out var additional) || additional.ValueKind == JsonValueKind.True)
        {
            return false;
        }

        if (additional.ValueKind == JsonValueKind.Object)
        {
            others.Add(($"{path}/additionalProperties", additional));
        }

        return true;
    }
}
