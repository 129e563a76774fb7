namespace Streamline.Structured;

/// <summary>Adds the token counts of several responses.</summary>
internal static class UsageSum
{
    public static TokenUsage? Of(TokenUsage? first, TokenUsage? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        return new TokenUsage
        {
            InputTokens = Add(first.InputTokens, second.InputTokens),
            OutputTokens = Add(first.OutputTokens, second.OutputTokens),
            TotalTokens = Add(first.TotalTokens, second.TotalTokens),
            CachedInputTokens = Add(first.CachedInputTokens, second.CachedInputTokens),
            CacheWriteTokens = Add(first.CacheWriteTokens, second.CacheWriteTokens),
            ReasoningTokens = Add(first.ReasoningTokens, second.ReasoningTokens),
            AdditionalCounts = Add(first.AdditionalCounts, second.AdditionalCounts),
        };
    }

    private static long? Add(long? first, long? second) => first is null ? second : first + (second ?? 0);

    private static IReadOnlyDictionary<string, long>? Add(IReadOnlyDictionary<string, long>? first, IReadOnlyDictionary<string, long>? second)
    {
        if (first is null || second is null)
        {
            return first ?? second;
        }

        var sum = new Dictionary<string, long>(first, StringComparer.Ordinal);
        foreach (var (name, count) in second)
        {
            sum[name] = sum.GetValueOrDefault(name) + count;
        }

        return sum;
    }
}
