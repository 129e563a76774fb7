namespace Streamline.Protocols.Anthropic;

/// <summary>The stop reasons of the Messages API.</summary>
internal static class AnthropicFinishReasons
{
    /// <summary>Reads a word together with what the answer holds: gateways say that a message with calls has ended as if it had none.</summary>
    public static FinishReason Read(string? stopReason, bool hasCalls) => FinishReasons.Read(stopReason, hasCalls);

    /// <summary>Finds the stop reason for an event, which another protocol may have given.</summary>
    public static string? Write(ResponseCompleted completed) =>
        Read(completed.RawFinishReason, completed.FinishReason == FinishReason.ToolCalls) == completed.FinishReason && IsOwn(completed.RawFinishReason)
            ? completed.RawFinishReason
            : completed.FinishReason switch
            {
                FinishReason.Stop => completed.StopSequence is null ? "end_turn" : "stop_sequence",
                FinishReason.ToolCalls => "tool_use",
                FinishReason.Length => "max_tokens",
                FinishReason.Refusal or FinishReason.ContentFilter => "refusal",
                FinishReason.Pause => "pause_turn",
                _ => completed.RawFinishReason,
            };

    // A word that no provider is known to use may be newer than this version.
    private static bool IsOwn(string? word) =>
        word is "end_turn" or "stop_sequence" or "tool_use" or "max_tokens" or "model_context_window_exceeded" or "refusal" or "pause_turn" or "compaction"
        || FinishReasons.Read(word) is null;
}
