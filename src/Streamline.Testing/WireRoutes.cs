using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>Finds the protocol that a path belongs to. Only its end counts, because base addresses of compatible servers differ.</summary>
internal static class WireRoutes
{
    private static readonly (string PathEnd, StreamProtocol Protocol)[] Routes =
    [
        ("/messages", StreamProtocols.Anthropic),
        ("/chat/completions", StreamProtocols.OpenAIChat),
        ("/responses", StreamProtocols.OpenAIResponses),
        ("/interactions", StreamProtocols.GeminiInteractions),
        ("/api/chat", StreamProtocols.Ollama),
        ("/v2/chat", StreamProtocols.Cohere),
        (":streamGenerateContent", StreamProtocols.Gemini),
        ("/converse-stream", StreamProtocols.BedrockConverse),
        ("/invoke-with-response-stream", StreamProtocols.BedrockAnthropic),
    ];

    public static StreamProtocol? Find(string method, string path, string query) =>
        method switch
        {
            "POST" when Array.Find(Routes, route => path.EndsWith(route.PathEnd, StringComparison.Ordinal)).Protocol is { } protocol =>
                Is(protocol, StreamProtocols.Gemini) && !query.Contains("alt=sse", StringComparison.OrdinalIgnoreCase) ? StreamProtocols.GeminiJsonArray : protocol,

            // The rest of a background response.
            "GET" when path.Contains("/responses/", StringComparison.Ordinal) => StreamProtocols.OpenAIResponses,
            "GET" when path.Contains("/interactions/", StringComparison.Ordinal) => StreamProtocols.GeminiInteractions,
            _ => null,
        };

    /// <summary>The code of an error that is about the key, where the status alone does not give it.</summary>
    public static string? UnauthorizedCode(StreamProtocol protocol) =>
        Is(protocol, StreamProtocols.OpenAIChat) || Is(protocol, StreamProtocols.OpenAIResponses) ? "invalid_api_key" : null;

    /// <summary>The model of a request whose protocol has it in the path; <see langword="null"/> when the path has none.</summary>
    public static string? Model(string path)
    {
        // Gemini has the operation after the model's name and a colon, Bedrock in a segment of its own.
        var end = path.LastIndexOf(IsBedrock(Find("POST", path, query: "")) ? '/' : ':');
        var start = end > 0 ? path.LastIndexOf('/', end - 1) + 1 : 0;
        return end > start && path.LastIndexOf('/') <= end ? Uri.UnescapeDataString(path[start..end]) : null;
    }

    /// <summary>The content type of a streamed answer. Only text has a character set.</summary>
    public static string ContentType(StreamProtocol protocol) =>
        IsBedrock(protocol) ? protocol.ContentType : protocol.ContentType + "; charset=utf-8";

    /// <summary>The header in which a provider gives its id of a request.</summary>
    public static string RequestIdHeader(StreamProtocol? protocol) =>
        Is(protocol, StreamProtocols.Anthropic) ? "request-id"
        : IsBedrock(protocol) ? "x-amzn-RequestId"
        : Is(protocol, StreamProtocols.Cohere) ? "x-debug-trace-id"
        : "x-request-id";

    private static bool IsBedrock(StreamProtocol? protocol) => protocol?.ContentType == StreamProtocols.BedrockConverse.ContentType;

    private static bool Is(StreamProtocol? protocol, StreamProtocol wire) => protocol?.Name == wire.Name;
}
