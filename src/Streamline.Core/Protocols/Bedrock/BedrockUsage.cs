using System.Text.Json;

namespace Streamline.Protocols.Bedrock;

/// <summary>Writes token counts as Converse does.</summary>
internal static class BedrockUsage
{
    private const string Input = "inputTokens";
    private const string Output = "outputTokens";
    private const string Total = "totalTokens";
    private const string CacheRead = "cacheReadInputTokens";
    private const string CacheWrite = "cacheWriteInputTokens";

    /// <summary>Writes the members of the usage object. The counts that the protocol requires are zero where they are unknown.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage? usage)
    {
        var input = usage?.InputTokens ?? 0;
        var output = usage?.OutputTokens ?? 0;
        writer.WriteNumber(Input, input - (usage?.CachedInputTokens ?? 0) - (usage?.CacheWriteTokens ?? 0));
        writer.WriteNumber(Output, output);
        writer.WriteNumber(Total, usage?.TotalTokens ?? (input + output));
        Write(writer, CacheRead, usage?.CachedInputTokens);
        Write(writer, CacheWrite, usage?.CacheWriteTokens);

        // The paths of other protocols' counts are not names of this one.
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
}
