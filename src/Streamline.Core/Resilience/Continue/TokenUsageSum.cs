namespace Streamline.Resilience;

/// <summary>Adds the token counts of the parts of a response.</summary>
internal static class TokenUsageSum
{
    /// <summary>Adds two counts. What only one of them has is what that one has.</summary>
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
            TotalTokens = Add(TotalOf(first), TotalOf(second)),
            CachedInputTokens = Add(first.CachedInputTokens, second.CachedInputTokens),
            CacheWriteTokens = Add(first.CacheWriteTokens, second.CacheWriteTokens),
            ReasoningTokens = Add(first.ReasoningTokens, second.ReasoningTokens),
            AdditionalCounts = Add(first.AdditionalCounts, second.AdditionalCounts),
        };
    }

    private static long? TotalOf(TokenUsage usage) => usage.TotalTokens ?? usage.InputTokens + usage.OutputTokens;

    private static long? Add(long? first, long? second) => first is null || second is null ? first ?? second : first + second;

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
