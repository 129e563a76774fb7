namespace Streamline.Protocols.Shared;

/// <summary>The names that providers give to the counts of <see cref="TokenUsage"/>.</summary>
internal sealed class UsageSpelling
{
    /// <summary>Any count that has no member of its own.</summary>
    public static readonly UsageSpelling Additional = new(UsageField.Additional, "", int.MaxValue);

    // Of several that one report has for a count, the first in this order counts, and the others are additional.
    private static readonly UsageSpelling[] Known = [.. Rows().Select((row, rank) => new UsageSpelling(row.Field, row.Path, rank) { IsBeside = row.IsBeside })];

    private readonly byte[] _utf8Path;

    private UsageSpelling(UsageField field, string path, int rank)
    {
        Field = field;
        Rank = rank;
        _utf8Path = Encoding.UTF8.GetBytes(path);
    }

    public UsageField Field { get; }

    public int Rank { get; }

    /// <summary>Gets a value indicating whether the count is a part that the provider counts beside the rest: a part of the prompt that went through a cache, or thoughts.</summary>
    public bool IsBeside { get; private init; }

    /// <summary>Finds a spelling by the path of the count in the report.</summary>
    public static UsageSpelling Find(ReadOnlySpan<byte> utf8Path)
    {
        foreach (var spelling in Known)
        {
            if (utf8Path.SequenceEqual(spelling._utf8Path))
            {
                return spelling;
            }
        }

        return Additional;
    }

    private static (UsageField Field, string Path, bool IsBeside)[] Rows() =>
    [
        (UsageField.Input, "prompt_tokens", false),
        (UsageField.Input, "promptTokenCount", false),
        (UsageField.Input, "prompt_eval_count", false),
        (UsageField.Input, "promptTokens", false),
        (UsageField.Input, "prompt_token_count", false),
        (UsageField.Input, "inputTokenCount", false),
        (UsageField.Input, "input_token_count", false),
        (UsageField.Input, "tokens.input_tokens", false),
        (UsageField.Input, "input_tokens", true),
        (UsageField.Input, "inputTokens", true),
        (UsageField.Input, "total_input_tokens", false),
        (UsageField.Output, "completion_tokens", false),
        (UsageField.Output, "candidatesTokenCount", true),
        (UsageField.Output, "eval_count", false),
        (UsageField.Output, "output_tokens", false),
        (UsageField.Output, "outputTokens", false),
        (UsageField.Output, "tokens.output_tokens", false),
        (UsageField.Output, "completionTokens", false),
        (UsageField.Output, "outputTokenCount", false),
        (UsageField.Output, "output_token_count", false),
        (UsageField.Output, "total_output_tokens", true),
        (UsageField.Total, "total_tokens", false),
        (UsageField.Total, "totalTokenCount", false),
        (UsageField.Total, "totalTokens", false),
        (UsageField.Total, "total_token_count", false),
        (UsageField.CachedInput, "prompt_tokens_details.cached_tokens", false),
        (UsageField.CachedInput, "input_tokens_details.cached_tokens", false),
        (UsageField.CachedInput, "cachedContentTokenCount", false),
        (UsageField.CachedInput, "prompt_cache_hit_tokens", false),
        (UsageField.CachedInput, "cached_tokens", false),
        (UsageField.CachedInput, "total_cached_tokens", false),
        (UsageField.CachedInput, "cache_read_input_tokens", true),
        (UsageField.CachedInput, "cacheReadInputTokens", true),
        (UsageField.CacheWrite, "prompt_tokens_details.cache_write_tokens", false),
        (UsageField.CacheWrite, "input_tokens_details.cache_write_tokens", false),
        (UsageField.CacheWrite, "cache_creation_input_tokens", true),
        (UsageField.CacheWrite, "cacheWriteInputTokens", true),
        (UsageField.Reasoning, "completion_tokens_details.reasoning_tokens", false),
        (UsageField.Reasoning, "output_tokens_details.reasoning_tokens", false),
        (UsageField.Reasoning, "output_tokens_details.thinking_tokens", false),
        (UsageField.Reasoning, "reasoning_tokens", false),
        (UsageField.Reasoning, "tokens.reasoning_tokens", false),
        (UsageField.Reasoning, "total_thought_tokens", true),
        (UsageField.Reasoning, "thoughtsTokenCount", true),
    ];
}
