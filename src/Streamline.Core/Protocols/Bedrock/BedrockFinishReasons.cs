namespace Streamline.Protocols.Bedrock;

/// <summary>The stop reasons of Converse.</summary>
internal static class BedrockFinishReasons
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
                FinishReason.ContentFilter or FinishReason.Refusal => "content_filtered",
                _ => completed.RawFinishReason,
            };

    // A word that no provider is known to use may be newer than this version.
    private static bool IsOwn(string? word) =>
        word is "end_turn" or "stop_sequence" or "tool_use" or "max_tokens" or "model_context_window_exceeded" or "guardrail_intervened" or "content_filtered"
        || FinishReasons.Read(word) is null;
}
