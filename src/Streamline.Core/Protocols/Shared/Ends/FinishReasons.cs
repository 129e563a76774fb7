namespace Streamline.Protocols.Shared;

/// <summary>The words with which providers say why a model stopped.</summary>
internal static class FinishReasons
{
    private static readonly WordTable<FinishReason> Words = new(
        (FinishReason.Stop, "stop end_turn stop_sequence stopped eos eos_token eod end complete completed finish finished normal natural_stop end_of_text end_of_sequence"),
        (FinishReason.ToolCalls, "tool_calls tool_call tool_use function_call function_calls"),
        (FinishReason.Length, "length max_tokens max_length max_output_tokens max_output_reached max_new_tokens max_tokens_reached model_length context_length context_length_exceeded "
            + "context_window_exceeded model_context_window_exceeded token_limit token_limit_reached error_limit"),
        (FinishReason.ContentFilter, "content_filter content_filtered content_policy_violation filtered safety recitation blocklist prohibited_content spii model_armor "
            + "image_safety image_prohibited_content image_recitation jailbreak guardrail guardrails guardrail_intervened sensitive error_toxic"),
        (FinishReason.Refusal, "refusal refused"),
        (FinishReason.Pause, "pause pause_turn compaction requires_continuation"));

    // The server gave up; nothing was wrong with the request.
    private static readonly WordTable<bool> Failures = new((true, "error insufficient_system_resource network_error server_error internal_error abort"));

    private static readonly WordTable<bool> Placeholders = new((true, "null none unspecified finish_reason_unspecified block_reason_unspecified blocked_reason_unspecified"));

    /// <summary>Reads a word.</summary>
    /// <param name="word">The provider's word, in any casing.</param>
    /// <returns><see langword="null"/> for no word, and for one that is unknown, which is <see cref="FinishReason.Other"/> once the response has ended.</returns>
    public static FinishReason? Read(string? word) => word is null ? null : Words.Find(word);

    /// <summary>Reads a word together with what the answer holds, for protocols that have no word for tool calls.</summary>
    public static FinishReason Read(string? word, bool hasCalls) => Read(word) switch
    {
        FinishReason.Stop when hasCalls => FinishReason.ToolCalls,
        { } reason => reason,
        null => FinishReason.Other,
    };

    /// <summary>Gets the word that counts when a server gives several: the last one, except that a stop does not make a whole answer of one that was cut or filtered.</summary>
    /// <param name="before">The word before; <see langword="null"/> for none.</param>
    /// <param name="word">The word that has come.</param>
    public static string Later(string? before, string word) =>
        Read(before) is FinishReason.Length or FinishReason.ContentFilter or FinishReason.Refusal && Read(word) is FinishReason.Stop or FinishReason.ToolCalls ? before! : word;

    /// <summary>Tells whether a word says that the answer was cut by a failure of the server.</summary>
    public static bool IsFailure(string? word) => word is not null && Failures.Find(word) is not null;

    /// <summary>Tells whether a word says that the answer has ended: servers send placeholders, such as an empty text, while it continues.</summary>
    public static bool IsGiven(string? word) => !string.IsNullOrWhiteSpace(word) && Placeholders.Find(word) is null;
}
