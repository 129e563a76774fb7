namespace Streamline.Protocols.Ollama;

/// <summary>The counts, and the durations in nanoseconds, which are beside the message in the last line.</summary>
internal static class OllamaUsage
{
    private static readonly string[] Durations = ["total_duration", "load_duration", "prompt_eval_duration", "eval_duration"];

    /// <summary>Tells whether a member of a line is a count.</summary>
    public static bool IsCount(PayloadMember member) =>
        (member.NameEquals("prompt_eval_count"u8)
            || member.NameEquals("eval_count"u8)
            || member.NameEquals("total_duration"u8)
            || member.NameEquals("load_duration"u8)
            || member.NameEquals("prompt_eval_duration"u8)
            || member.NameEquals("eval_duration"u8))
        && !UsageReader.HasMoreThanCounts(member);

    /// <summary>Adds what Ollama leaves out because it is zero, such as the count of a prompt that was cached whole.</summary>
    public static TokenUsage Complete(TokenUsage usage) => usage with
    {
        InputTokens = usage.InputTokens ?? 0,
        OutputTokens = usage.OutputTokens ?? 0,
        TotalTokens = (usage.InputTokens ?? 0) + (usage.OutputTokens ?? 0),
    };

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

        writer.WriteNumber("prompt_eval_count"u8, usage.InputTokens ?? 0);
        writer.WriteNumber("eval_count"u8, usage.OutputTokens ?? 0);
    }
}
