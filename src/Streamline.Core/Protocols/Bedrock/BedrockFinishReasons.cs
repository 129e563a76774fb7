namespace Streamline.Protocols.Bedrock;

/// <summary>The wire's stop reasons and what they are in the words that the providers share.</summary>
internal static class BedrockFinishReasons
{
    public static FinishReason Read(string? stopReason) => stopReason switch
    {
        "end_turn" or "stop_sequence" => FinishReason.Stop,
        "tool_use" => FinishReason.ToolCalls,
        "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
        "guardrail_intervened" or "content_filtered" => FinishReason.ContentFilter,
        _ => FinishReason.Other,
    };

    /// <summary>Finds the stop reason for an event, which another wire may have given.</summary>
    public static string? Write(ResponseCompleted completed) =>
        Read(completed.RawFinishReason) == completed.FinishReason
            ? completed.RawFinishReason
            : completed.FinishReason switch
            {
                FinishReason.Stop => completed.StopSequence is null ? "end_turn" : "stop_sequence",
                FinishReason.ToolCalls => "tool_use",
                FinishReason.Length => "max_tokens",
                FinishReason.ContentFilter or FinishReason.Refusal => "content_filtered",
                _ => completed.RawFinishReason,
            };
}
