using Streamline.Protocols;

namespace Streamline.Testing;

/// <summary>Finds the wire that a path belongs to. Only its end counts, because base addresses of compatible servers differ.</summary>
internal static class WireRoutes
{
    public static StreamProtocol? Find(string method, string path) =>
        method != "POST" ? null
        : path.EndsWith("/messages", StringComparison.Ordinal) ? StreamProtocols.Anthropic
        : path.EndsWith("/chat/completions", StringComparison.Ordinal) ? StreamProtocols.OpenAIChat
        : null;

    /// <summary>The code of an error that is about the key, where the status alone does not give it.</summary>
    public static string? UnauthorizedCode(StreamProtocol protocol) => IsAnthropic(protocol) ? null : "invalid_api_key";

    /// <summary>The header in which a provider gives its id of a request.</summary>
    public static string RequestIdHeader(StreamProtocol? protocol) => IsAnthropic(protocol) ? "request-id" : "x-request-id";

    private static bool IsAnthropic(StreamProtocol? protocol) => protocol?.Name == StreamProtocols.Anthropic.Name;
}
