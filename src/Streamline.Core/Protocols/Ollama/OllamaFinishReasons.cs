namespace Streamline.Protocols.Ollama;

/// <summary>The wire's <c>done_reason</c> and <see cref="FinishReason"/>.</summary>
internal static class OllamaFinishReasons
{
    /// <summary>Reads a word together with what the answer holds: the wire has no word for tool calls.</summary>
    public static FinishReason Read(string? word, bool hasCalls) => word switch
    {
        "stop" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "length" => FinishReason.Length,
        _ => FinishReason.Other,
    };

    /// <summary>Gets the word of a response; <see langword="null"/> when it is to have none.</summary>
    /// <param name="completed">The end of the response.</param>
    /// <param name="isOwnWire">Whether the response came over this wire, so that its raw word is one of this wire.</param>
    public static string? Write(ResponseCompleted completed, bool isOwnWire) => completed switch
    {
        { RawFinishReason: { } raw } when isOwnWire => raw,
        { FinishReason: FinishReason.Other } when isOwnWire => null,
        { FinishReason: FinishReason.Length } => "length",
        _ => "stop",
    };
}
