namespace Streamline.Protocols.Ollama;

/// <summary>Finds the <c>done_reason</c> of a response.</summary>
internal static class OllamaFinishReasons
{
    /// <summary>Gets the word of a response; <see langword="null"/> when it is to have none.</summary>
    /// <param name="completed">The end of the response.</param>
    /// <param name="isOwn">Whether the response came from this protocol, so that its raw word is one of this protocol.</param>
    public static string? Write(ResponseCompleted completed, bool isOwn) => completed switch
    {
        { RawFinishReason: { } raw } when isOwn => raw,
        { FinishReason: FinishReason.Other } when isOwn => null,
        { FinishReason: FinishReason.Length } => "length",
        _ => "stop",
    };
}
