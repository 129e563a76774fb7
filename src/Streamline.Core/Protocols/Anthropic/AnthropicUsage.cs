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
    private const int MaxItems = 1024;
    private const string Thinking = "output_tokens_details.thinking_tokens";

    /// <summary>Makes the counts so far; <see langword="null"/> while none was reported.</summary>
    /// <param name="counts">Everything that was reported.</param>
    public static TokenUsage? Read(UsageCounts counts)
    {
        // The wire counts the parts of the prompt that went through a cache beside the rest of it.
        var input = counts[Input] is null && counts[CacheWrite] is null && counts[CacheRead] is null
            ? (long?)null
            : (counts[Input] ?? 0) + (counts[CacheWrite] ?? 0) + (counts[CacheRead] ?? 0);
        var usage = new TokenUsage
        {
            InputTokens = input,
            OutputTokens = counts[Output],
            TotalTokens = input + counts[Output],
            CachedInputTokens = counts[CacheRead],
            CacheWriteTokens = counts[CacheWrite],
            ReasoningTokens = counts[Thinking],
            AdditionalCounts = counts.Except(Input, Output, CacheWrite, CacheRead, Thinking),
        };
        return usage == new TokenUsage() ? null : usage;
    }

    /// <summary>Tells whether all counts are zero, as in the placeholder that begins some responses.</summary>
    public static bool IsZero(TokenUsage usage) =>
        (usage.InputTokens ?? 0) == 0
        && (usage.OutputTokens ?? 0) == 0
        && (usage.ReasoningTokens ?? 0) == 0
        && (usage.AdditionalCounts?.Values.All(count => count == 0) ?? true);

    /// <summary>Writes the usage object. The two counts that the wire demands are zero where they are unknown.</summary>
    /// <param name="writer">The writer, after the name of a member.</param>
    /// <param name="usage">The counts; <see langword="null"/> when there are none.</param>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage)
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
