using System.Text.Json;

namespace Streamline.Protocols.Ollama;

/// <summary>The wire's counts, and its durations in nanoseconds, which stand beside the message in the last line.</summary>
internal static class OllamaUsage
{
    private const string Prompt = "prompt_eval_count";
    private const string Output = "eval_count";

    private static readonly string[] Durations = ["total_duration", "load_duration", "prompt_eval_duration", "eval_duration"];

    public static bool Includes(string member) => member is Prompt or Output || Durations.Contains(member, StringComparer.Ordinal);

    /// <summary>Reads the last line; <see langword="null"/> when it reports nothing.</summary>
    public static TokenUsage? Read(JsonElement root)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject().Where(member => Includes(member.Name)))
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

        // The wire leaves out what is zero, such as the count of a prompt that was cached whole.
        var (input, output) = (counts.GetValueOrDefault(Prompt), counts.GetValueOrDefault(Output));
        counts.Remove(Prompt);
        counts.Remove(Output);
        return new TokenUsage
        {
            InputTokens = input,
            OutputTokens = output,
            TotalTokens = input + output,
            AdditionalCounts = counts.Count > 0 ? counts : null,
        };
    }

    /// <summary>Writes the members of the last line.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        foreach (var duration in Durations)
        {
            if (usage.AdditionalCounts?.TryGetValue(duration, out var nanoseconds) == true)
            {
                writer.WriteNumber(duration, nanoseconds);
            }
        }

        writer.WriteNumber(Prompt, usage.InputTokens ?? 0);
        writer.WriteNumber(Output, usage.OutputTokens ?? 0);
    }
}
