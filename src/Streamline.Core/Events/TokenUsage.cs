namespace Streamline;

/// <summary>Token counts of one response, cumulative: a later report replaces an earlier one. A count that was not reported is <see langword="null"/>.</summary>
public sealed record TokenUsage
{
    /// <summary>Gets the tokens of the whole prompt, those read from and written to a cache included.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Gets the tokens of the answer, reasoning included where the provider counts it so.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Gets the total that the provider reported, or else the sum of input and output.</summary>
    public long? TotalTokens { get; init; }

    /// <summary>Gets the part of the prompt that was read from a cache.</summary>
    public long? CachedInputTokens { get; init; }

    /// <summary>Gets the part of the prompt that was written to a cache.</summary>
    public long? CacheWriteTokens { get; init; }

    /// <summary>Gets the tokens spent on reasoning.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>Gets every further count that the provider reported, by its path such as <c>server_tool_use.web_search_requests</c>.</summary>
    public IReadOnlyDictionary<string, long>? AdditionalCounts { get; init; }

    /// <summary>Compares the counts, the additional ones by content.</summary>
    /// <param name="other">The usage to compare with.</param>
    /// <returns><see langword="true"/> when every count is equal.</returns>
    public bool Equals(TokenUsage? other) =>
        other is not null
        && InputTokens == other.InputTokens
        && OutputTokens == other.OutputTokens
        && TotalTokens == other.TotalTokens
        && CachedInputTokens == other.CachedInputTokens
        && CacheWriteTokens == other.CacheWriteTokens
        && ReasoningTokens == other.ReasoningTokens
        && SameCounts(AdditionalCounts, other.AdditionalCounts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InputTokens, OutputTokens, TotalTokens, CachedInputTokens, CacheWriteTokens, ReasoningTokens);

    private static bool SameCounts(IReadOnlyDictionary<string, long>? left, IReadOnlyDictionary<string, long>? right) =>
        (left?.Count ?? 0) == (right?.Count ?? 0)
        && (left is null || left.All(pair => right!.TryGetValue(pair.Key, out var count) && count == pair.Value));
}
