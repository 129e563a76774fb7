namespace Streamline.Protocols.Gemini;

/// <summary>The wire's <c>finishReason</c> and <c>blockReason</c>, and <see cref="FinishReason"/>.</summary>
internal static class GeminiFinishReasons
{
    /// <summary>Whether the word says anything: the first value of each list stands for none.</summary>
    public static bool IsGiven(string? word) => word is { Length: > 0 } and not ("FINISH_REASON_UNSPECIFIED" or "BLOCKED_REASON_UNSPECIFIED" or "BLOCK_REASON_UNSPECIFIED");

    /// <summary>Reads a word together with what the answer holds: the wire has no word for tool calls.</summary>
    public static FinishReason Read(string? word, bool hasCalls) => word switch
    {
        "STOP" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR" or "IMAGE_SAFETY"
            or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => FinishReason.ContentFilter,
        _ => FinishReason.Other,
    };

    /// <summary>The word for the end of a response.</summary>
    /// <param name="completed">The end of the response.</param>
    /// <param name="isOwnWire">Whether the response came over this wire, so that its raw word is one of this wire.</param>
    public static string Write(ResponseCompleted completed, bool isOwnWire) => completed switch
    {
        { RawFinishReason: { } raw } when isOwnWire => raw,
        { FinishReason: FinishReason.Length } => "MAX_TOKENS",
        { FinishReason: FinishReason.ContentFilter or FinishReason.Refusal } => "SAFETY",
        { FinishReason: FinishReason.Other } => "OTHER",
        _ => "STOP",
    };
}
