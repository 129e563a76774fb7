using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.Anthropic;

/// <summary>The wire's usage object and <see cref="TokenUsage"/>.</summary>
internal static class AnthropicUsage
{
    private const string Input = "input_tokens";
    private const string Output = "output_tokens";
    private const string CacheWrite = "cache_creation_input_tokens";
    private const string CacheRead = "cache_read_input_tokens";
    /// <summary>What the names of metadata begin with that came among the counts, such as a tier.</summary>
    public const string MetadataPrefix = "usage.";

    private const int MaxItems = 1024;
    private const string Thinking = "output_tokens_details.thinking_tokens";

    /// <summary>Tells whether all counts are zero, as in the placeholder that begins some responses.</summary>
    public static bool IsZero(TokenUsage usage) =>
        (usage.InputTokens ?? 0) == 0
        && (usage.OutputTokens ?? 0) == 0
        && (usage.ReasoningTokens ?? 0) == 0
        && (usage.AdditionalCounts?.Values.All(count => count == 0) ?? true);

    /// <summary>Writes the usage object. The two counts that the wire demands are zero where they are unknown.</summary>
    /// <param name="writer">The writer, after the name of a member.</param>
    /// <param name="usage">The counts; <see langword="null"/> when there are none.</param>
    /// <param name="metadata">Metadata, of which what came among the counts is written back.</param>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage, IEnumerable<ProviderMetadata> metadata)
    {
        var value = new JsonObject
        {
            [Input] = (usage?.InputTokens ?? 0) - (usage?.CachedInputTokens ?? 0) - (usage?.CacheWriteTokens ?? 0),
            [Output] = usage?.OutputTokens ?? 0,
        };
        Add(value, CacheWrite, usage?.CacheWriteTokens);
        Add(value, CacheRead, usage?.CachedInputTokens);
        Add(value, Thinking, usage?.ReasoningTokens);
        foreach (var (path, count) in usage?.AdditionalCounts ?? new Dictionary<string, long>())
        {
            Add(value, path, count);
        }

        foreach (var member in metadata.Where(member => member.Name.StartsWith(MetadataPrefix, StringComparison.Ordinal)))
        {
            value[member.Name[MetadataPrefix.Length..]] = WireJson.ParseNode(member.Value.RawText());
        }

        value.WriteTo(writer);
    }

    // A path is names joined by dots; a name may have the index of an item behind it, as in iterations[1].output_tokens.
    private static void Add(JsonObject value, string path, long? count)
    {
        if (count is null)
        {
            return;
        }

        var parts = path.Split('.');
        foreach (var part in parts[..^1])
        {
            value = Child(value, part);
        }

        value[parts[^1]] = count;
    }

    private static JsonObject Child(JsonObject value, string part)
    {
        var bracket = part.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0 || !int.TryParse(part.AsSpan(bracket + 1).TrimEnd(']'), CultureInfo.InvariantCulture, out var index) || index is < 0 or > MaxItems)
        {
            return GetOrAdd(value, part, static () => new JsonObject());
        }

        var items = GetOrAdd(value, part[..bracket], static () => new JsonArray());
        while (items.Count <= index)
        {
            items.Add((JsonNode)new JsonObject());
        }

        return (JsonObject)items[index]!;
    }

    private static T GetOrAdd<T>(JsonObject value, string name, Func<T> create)
        where T : JsonNode
    {
        if (value[name] is not T child)
        {
            child = create();
            value[name] = child;
        }

        return child;
    }
}
