using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>Finds the wire that a path belongs to. Only its end counts, because base addresses of compatible servers differ.</summary>
internal static class WireRoutes
{
    private static readonly (string PathEnd, StreamProtocol Protocol)[] Routes =
    [
        ("/messages", StreamProtocols.Anthropic),
        ("/chat/completions", StreamProtocols.OpenAIChat),
        ("/responses", StreamProtocols.OpenAIResponses),
        ("/api/chat", StreamProtocols.Ollama),
        (":streamGenerateContent", StreamProtocols.Gemini),
    ];

    public static StreamProtocol? Find(string method, string path) =>
        method switch
        {
            "POST" => Array.Find(Routes, route => path.EndsWith(route.PathEnd, StringComparison.Ordinal)).Protocol,

            // The rest of a background response.
            "GET" when path.Contains("/responses/", StringComparison.Ordinal) => StreamProtocols.OpenAIResponses,
            _ => null,
        };

    /// <summary>The code of an error that is about the key, where the status alone does not give it.</summary>
    public static string? UnauthorizedCode(StreamProtocol protocol) =>
        Is(protocol, StreamProtocols.OpenAIChat) || Is(protocol, StreamProtocols.OpenAIResponses) ? "invalid_api_key" : null;

    /// <summary>The model of a request whose wire has it in the path; <see langword="null"/> when the path has none.</summary>
    public static string? Model(string path)
    {
        var end = path.LastIndexOf(':');
        var start = path.LastIndexOf('/') + 1;
        return end > start ? Uri.UnescapeDataString(path[start..end]) : null;
    }

    /// <summary>The header in which a provider gives its id of a request.</summary>
    public static string RequestIdHeader(StreamProtocol? protocol) => Is(protocol, StreamProtocols.Anthropic) ? "request-id" : "x-request-id";

    private static bool Is(StreamProtocol? protocol, StreamProtocol wire) => protocol?.Name == wire.Name;
}
