namespace Streamline.Protocols.Gemini;

/// <summary>Finds the <c>finishReason</c> of a response.</summary>
internal static class GeminiFinishReasons
{
    /// <summary>Gets the word for the end of a response.</summary>
    /// <param name="completed">The end of the response.</param>
    /// <param name="isOwn">Whether the response came from this protocol, so that its raw word is one of this protocol.</param>
    public static string Write(ResponseCompleted completed, bool isOwn) => completed switch
    {
        { RawFinishReason: { } raw } when isOwn => raw,
        { FinishReason: FinishReason.Length } => "MAX_TOKENS",
        { FinishReason: FinishReason.ContentFilter or FinishReason.Refusal } => "SAFETY",
        { FinishReason: FinishReason.Other } => "OTHER",
        _ => "STOP",
    };
}
