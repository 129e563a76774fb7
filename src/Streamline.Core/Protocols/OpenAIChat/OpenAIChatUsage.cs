namespace Streamline.Protocols.OpenAIChat;

/// <summary>The names of the token counts, as they are written.</summary>
internal static class OpenAIChatUsage
{
    public const string Prompt = "prompt_tokens";
    public const string Completion = "completion_tokens";
    public const string Total = "total_tokens";
    public const string Cached = "prompt_tokens_details.cached_tokens";
    public const string CacheWrite = "prompt_tokens_details.cache_write_tokens";
    public const string Reasoning = "completion_tokens_details.reasoning_tokens";
}
