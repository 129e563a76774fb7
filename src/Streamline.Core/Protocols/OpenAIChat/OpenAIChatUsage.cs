using System.Text.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Protocols.OpenAIChat;

/// <summary>Reads the wire's token counts.</summary>
internal static class OpenAIChatUsage
{
    public const string Prompt = "prompt_tokens";
    public const string Completion = "completion_tokens";
    public const string Total = "total_tokens";
    public const string Cached = "prompt_tokens_details.cached_tokens";
    public const string CacheWrite = "prompt_tokens_details.cache_write_tokens";
    public const string Reasoning = "completion_tokens_details.reasoning_tokens";

    private const string DeepSeekCached = "prompt_cache_hit_tokens";

    public static TokenUsage Read(JsonElement usage)
    {
        var counts = new UsageCounts();
        counts.Merge(usage);
        return new TokenUsage
        {
            InputTokens = counts[Prompt],
            OutputTokens = counts[Completion],
            TotalTokens = counts[Total] ?? counts[Prompt] + counts[Completion],
            CachedInputTokens = counts[Cached] ?? counts[DeepSeekCached],
            CacheWriteTokens = counts[CacheWrite],
            ReasoningTokens = counts[Reasoning],
            AdditionalCounts = counts.Except(Prompt, Completion, Total, Cached, CacheWrite, Reasoning),
        };
    }

    /// <summary>Whether the report holds numbers that are no counts, such as a price.</summary>
    public static bool HasMoreThanCounts(JsonElement usage) => usage.ValueKind switch
    {
        JsonValueKind.Object => usage.EnumerateObject().Any(member => HasMoreThanCounts(member.Value)),
        JsonValueKind.Array => usage.EnumerateArray().Any(HasMoreThanCounts),
        JsonValueKind.Null => false,
        JsonValueKind.Number => !usage.TryGetInt64(out _),
        _ => true,
    };
}
