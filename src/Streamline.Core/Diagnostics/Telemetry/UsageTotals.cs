namespace Streamline.Diagnostics;

/// <summary>Compares token counts that are totals of a response, over all requests that have brought a part of it.</summary>
internal static class UsageTotals
{
    /// <summary>Gets what was used since an earlier total. A count that has not grown is <see langword="null"/>.</summary>
    public static TokenUsage? Since(TokenUsage? before, TokenUsage? total) => before is null || total is null ? total : new TokenUsage
    {
        InputTokens = Since(before.InputTokens, total.InputTokens),
        OutputTokens = Since(before.OutputTokens, total.OutputTokens),
        CachedInputTokens = Since(before.CachedInputTokens, total.CachedInputTokens),
        CacheWriteTokens = Since(before.CacheWriteTokens, total.CacheWriteTokens),
        ReasoningTokens = Since(before.ReasoningTokens, total.ReasoningTokens),
    };

    /// <summary>Gets the later one of two totals: totals only grow.</summary>
    public static TokenUsage? Later(TokenUsage? first, TokenUsage? second) => first is null || second is null ? first ?? second : new TokenUsage
    {
        InputTokens = Later(first.InputTokens, second.InputTokens),
        OutputTokens = Later(first.OutputTokens, second.OutputTokens),
        CachedInputTokens = Later(first.CachedInputTokens, second.CachedInputTokens),
        CacheWriteTokens = Later(first.CacheWriteTokens, second.CacheWriteTokens),
        ReasoningTokens = Later(first.ReasoningTokens, second.ReasoningTokens),
    };

    private static long? Since(long? before, long? total) => before is null ? total : total > before ? total - before : null;

    private static long? Later(long? first, long? second) => first is null || second > first ? second : first;
}
