using System.Globalization;
using System.Text.Json.Nodes;

namespace Streamline.Protocols.Shared;

/// <summary>
/// Builds the usage object of a protocol from counts by their paths, the opposite of <see cref="UsageReader"/>: names joined by dots, and the positions of items in
/// brackets, as in <c>iterations[1].output_tokens</c>.
/// </summary>
internal sealed class UsageTree
{
    private const int MaxItems = 1024;

    private readonly JsonObject _root = [];

    /// <summary>Sets a count, unless it is unknown.</summary>
    public UsageTree Set(string path, long? count)
    {
        if (count is null)
        {
            return this;
        }

        var names = path.Split('.');
        var parent = names[..^1].Aggregate(_root, Child);
        if (TryReadItem(names[^1], out var list, out var index))
        {
            Items(parent, list, index)[index] = count;
        }
        else
        {
            parent[names[^1]] = count;
        }

        return this;
    }

    /// <summary>Sets the counts that have no member of their own.</summary>
    public UsageTree SetAdditional(TokenUsage? usage)
    {
        foreach (var (path, count) in usage?.AdditionalCounts ?? new Dictionary<string, long>())
        {
            Set(path, count);
        }

        return this;
    }

    /// <summary>Sets members whose whole values were reported as metadata, because they hold more than counts. The names of such metadata begin with a prefix.</summary>
    public UsageTree SetMetadata(IEnumerable<ProviderMetadata> metadata, string prefix)
    {
        foreach (var member in metadata.Where(member => member.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            _root[member.Name[prefix.Length..]] = ProviderJson.ParseNode(member.Value.RawText());
        }

        return this;
    }

    /// <summary>Adds an object that the protocol requires, even when it is empty.</summary>
    public UsageTree AddObject(string name)
    {
        Child(_root, name);
        return this;
    }

    public void WriteTo(Utf8JsonWriter writer) => _root.WriteTo(writer);

    /// <summary>Writes the counts as members of an object that has others too.</summary>
    public void WriteMembersTo(Utf8JsonWriter writer)
    {
        foreach (var (name, value) in _root)
        {
            writer.WritePropertyName(name);
            value!.WriteTo(writer);
        }
    }

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (!TryReadItem(name, out var list, out var index))
        {
            return GetOrAdd(parent, name, static () => new JsonObject());
        }

        var items = Items(parent, list, index);
        if (items[index] is not JsonObject item)
        {
            items[index] = item = [];
        }

        return item;
    }

    private static JsonArray Items(JsonObject parent, string list, int index)
    {
        var items = GetOrAdd(parent, list, static () => new JsonArray());
        while (items.Count <= index)
        {
            items.Add((JsonNode)new JsonObject());
        }

        return items;
    }

    private static bool TryReadItem(string name, out string list, out int index)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        list = bracket < 0 ? name : name[..bracket];
        index = 0;
        return bracket >= 0
            && name[^1] == ']'
            && int.TryParse(name.AsSpan(bracket + 1, name.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && index <= MaxItems;
    }

    private static T GetOrAdd<T>(JsonObject parent, string name, Func<T> create)
        where T : JsonNode
    {
        if (parent[name] is not T child)
        {
            parent[name] = child = create();
        }

        return child;
    }
}
