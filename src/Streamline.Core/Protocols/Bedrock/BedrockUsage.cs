using System.Text.Json;

namespace Streamline.Protocols.Bedrock;

/// <summary>The wire's usage object and <see cref="TokenUsage"/>.</summary>
internal static class BedrockUsage
{
    private const string Input = "inputTokens";
    private const string Output = "outputTokens";
    private const string Total = "totalTokens";
    private const string CacheRead = "cacheReadInputTokens";
    private const string CacheWrite = "cacheWriteInputTokens";

    /// <summary>Makes the counts.</summary>
    /// <param name="reported">The usage object. Lists and objects in it are no counts of the whole response.</param>
    /// <returns><see langword="null"/> when it holds no count.</returns>
    public static TokenUsage? Read(JsonElement reported)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in reported.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var count))
            {
                counts[member.Name] = count;
            }
        }

        if (counts.Count == 0)
        {
            return null;
        }

        var (input, output, total) = (Take(counts, Input), Take(counts, Output), Take(counts, Total));
        var (read, written) = (Take(counts, CacheRead), Take(counts, CacheWrite));

        // The wire counts the parts of the prompt that went through a cache beside the rest of it.
        var prompt = input is null && read is null && written is null ? (long?)null : (input ?? 0) + (read ?? 0) + (written ?? 0);
        return new TokenUsage
        {
            InputTokens = prompt,
            OutputTokens = output,
            TotalTokens = total ?? (prompt + output),
            CachedInputTokens = read,
            CacheWriteTokens = written,
            AdditionalCounts = counts.Count > 0 ? counts : null,
        };
    }

    /// <summary>Writes the members of the usage object. The counts that the wire demands are zero where they are unknown.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage)
    {
        var input = usage?.InputTokens ?? 0;
        var output = usage?.OutputTokens ?? 0;
        writer.WriteNumber(Input, input - (usage?.CachedInputTokens ?? 0) - (usage?.CacheWriteTokens ?? 0));
        writer.WriteNumber(Output, output);
        writer.WriteNumber(Total, usage?.TotalTokens ?? (input + output));
        Write(writer, CacheRead, usage?.CachedInputTokens);
        Write(writer, CacheWrite, usage?.CacheWriteTokens);

        // The paths of other wires' counts are no names of this one's.
        foreach (var (name, count) in (usage?.AdditionalCounts ?? new Dictionary<string, long>()).Where(pair => pair.Key.All(char.IsAsciiLetterOrDigit)))
        {
            writer.WriteNumber(name, count);
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, long? count)
    {
        if (count is { } known)
        {
            writer.WriteNumber(name, known);
        }
    }

    private static long? Take(Dictionary<string, long> counts, string name) => counts.Remove(name, out var count) ? count : null;
}
