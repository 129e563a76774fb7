namespace Streamline.Protocols.Cohere;

/// <summary>The finish reasons of the Chat API. Two of them say that the generation failed.</summary>
internal static class CohereFinishReasons
{
    public const string Error = "ERROR";
    public const string Timeout = "TIMEOUT";

    /// <summary>Reads a word together with what the answer holds: gateways say that a message with calls has ended as if it had none.</summary>
    public static FinishReason Read(string? word, bool hasCalls) => FinishReasons.Read(word, hasCalls);

    public static bool IsFailure(string? word) =>
        string.Equals(word, Error, StringComparison.OrdinalIgnoreCase) || string.Equals(word, Timeout, StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds the word for the end of a response, which another protocol may have given.</summary>
    public static string? Write(ResponseCompleted completed) =>
        Read(completed.RawFinishReason, completed.FinishReason == FinishReason.ToolCalls) == completed.FinishReason && IsOwn(completed.RawFinishReason)
            ? completed.RawFinishReason
            : completed.FinishReason switch
            {
                FinishReason.Stop => completed.StopSequence is null ? "COMPLETE" : "STOP_SEQUENCE",
                FinishReason.ToolCalls => "TOOL_CALL",
                FinishReason.Length => "MAX_TOKENS",
                FinishReason.ContentFilter or FinishReason.Refusal => "ERROR_TOXIC",
                _ => IsFailure(completed.RawFinishReason) ? null : completed.RawFinishReason,
            };

    // A word that no provider is known to use may be newer than this version.
    private static bool IsOwn(string? word) =>
        word is "COMPLETE" or "STOP_SEQUENCE" or "TOOL_CALL" or "MAX_TOKENS" or "ERROR_TOXIC" || (FinishReasons.Read(word) is null && !IsFailure(word));
}
