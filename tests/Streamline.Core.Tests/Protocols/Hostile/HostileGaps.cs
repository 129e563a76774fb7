namespace Streamline.Tests.Protocols.Hostile;

/// <summary>What goes wrong today with the seeds of <see cref="HostileInputTests"/>. What is mended comes off the list.</summary>
internal static class HostileGaps
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        // An event before ResponseStarted.
        "anthropic to ollama: encoder throws InvalidOperationException on ProviderEvent",
        "bedrock to ollama: encoder throws InvalidOperationException on ProviderEvent",
        "bedrock-anthropic to ollama: encoder throws InvalidOperationException on ProviderEvent",
        "gemini to ollama: encoder throws InvalidOperationException on ProviderEvent",
        "gemini-array to ollama: encoder throws InvalidOperationException on ProviderEvent",
        "ollama to ollama: encoder throws InvalidOperationException on ProviderEvent",
        "openai to ollama: encoder throws InvalidOperationException on ProviderEvent",
        "openai-responses to ollama: encoder throws InvalidOperationException on ProviderEvent",

        // An unknown payload that is not an object, written as a frame of its own.
        "bedrock to anthropic: written stream ends with StreamProtocolException, expected success",
        "bedrock to bedrock-anthropic: written stream ends with StreamProtocolException, expected success",

        // Gemini: a part that is not an object, written as a chunk.
        "gemini to gemini-array: written stream ends with StreamProtocolException, expected ProviderException",
        "gemini to gemini-array: written stream ends with StreamProtocolException, expected StreamInterruptedException",
        "gemini to gemini-array: written stream ends with StreamProtocolException, expected success",
        "gemini to gemini: written stream ends with StreamProtocolException, expected ProviderException",
        "gemini to gemini: written stream ends with StreamProtocolException, expected StreamInterruptedException",
        "gemini to gemini: written stream ends with StreamProtocolException, expected success",
        "gemini-array to gemini-array: written stream ends with StreamProtocolException, expected ProviderException",
        "gemini-array to gemini-array: written stream ends with StreamProtocolException, expected StreamInterruptedException",
        "gemini-array to gemini-array: written stream ends with StreamProtocolException, expected success",
        "gemini-array to gemini: written stream ends with StreamProtocolException, expected ProviderException",
        "gemini-array to gemini: written stream ends with StreamProtocolException, expected StreamInterruptedException",
        "gemini-array to gemini: written stream ends with StreamProtocolException, expected success",

        // Ollama: an error without a status is read as an ordinary line.
        "anthropic to ollama: written stream ends with StreamInterruptedException, expected ProviderException",
        "bedrock-anthropic to ollama: written stream ends with StreamInterruptedException, expected ProviderException",
        "openai-responses to ollama: written stream ends with StreamInterruptedException, expected ProviderException",

        // Requests.
        "anthropic: ReadRequest throws InvalidOperationException",
        "anthropic: the writer throws ArgumentException on what ReadRequest accepts",
        "openai-responses: ReadRequest throws ArgumentException",
        "openai-responses: ReadRequest throws StreamProtocolException on what the writer writes",
    };
}
