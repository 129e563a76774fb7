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

    /// <summary>The header in which a provider gives its id of a request.</summary>
    public static string RequestIdHeader(StreamProtocol? protocol) => protocol?.Name == StreamProtocols.Anthropic.Name ? "request-id" : "x-request-id";
}
