using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIResponses;

/// <summary>The wire's usage object and <see cref="TokenUsage"/>.</summary>
internal static class OpenAIResponsesUsage
{
    private const string Input = "input_tokens";
    private const string Output = "output_tokens";
    private const string Total = "total_tokens";
    private const string InputDetails = "input_tokens_details";
    private const string OutputDetails = "output_tokens_details";
    private const string Cached = "cached_tokens";
    private const string CacheWrite = "cache_write_tokens";
    private const string Reasoning = "reasoning_tokens";

    /// <summary>Writes the usage object. The counts that the wire demands are zero where they are unknown.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        var input = usage.InputTokens ?? 0;
        var output = usage.OutputTokens ?? 0;
        writer.WriteStartObject();
        writer.WriteNumber(Input, input);
        WriteDetails(writer, usage, InputDetails, (Cached, usage.CachedInputTokens), (CacheWrite, usage.CacheWriteTokens));
        writer.WriteNumber(Output, output);
        WriteDetails(writer, usage, OutputDetails, (Reasoning, usage.ReasoningTokens));
        writer.WriteNumber(Total, usage.TotalTokens ?? (input + output));
        foreach (var (path, count) in usage.AdditionalCounts ?? new Dictionary<string, long>())
        {
            if (!path.Contains('.', StringComparison.Ordinal))
            {
                writer.WriteNumber(path, count);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, TokenUsage usage, string name, params ReadOnlySpan<(string Name, long? Count)> details)
    {
        writer.WriteStartObject(name);
        foreach (var (detail, count) in details)
        {
            if (count is { } known)
            {
                writer.WriteNumber(detail, known);
            }
        }

        foreach (var (path, count) in usage.AdditionalCounts ?? new Dictionary<string, long>())
        {
            if (path.StartsWith(name + ".", StringComparison.Ordinal))
            {
                writer.WriteNumber(path[(name.Length + 1)..], count);
            }
        }

        writer.WriteEndObject();
    }
}
