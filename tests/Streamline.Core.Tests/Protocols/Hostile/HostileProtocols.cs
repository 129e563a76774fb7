using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Hostile;

/// <summary>The protocols that hostile input is tried on, by names that are unique.</summary>
internal static class HostileProtocols
{
    public static IReadOnlyDictionary<string, StreamProtocol> All { get; } = new Dictionary<string, StreamProtocol>(StringComparer.Ordinal)
    {
        ["anthropic"] = StreamProtocols.Anthropic,
        ["openai"] = StreamProtocols.OpenAIChat,
        ["openai-responses"] = StreamProtocols.OpenAIResponses,
        ["gemini"] = StreamProtocols.Gemini,
        ["gemini-array"] = StreamProtocols.GeminiJsonArray,
        ["ollama"] = StreamProtocols.Ollama,
        ["bedrock"] = StreamProtocols.BedrockConverse,
        ["bedrock-anthropic"] = StreamProtocols.BedrockAnthropic,
    };

    public static IReadOnlyDictionary<string, StreamProtocol> WithRequests { get; } =
        All.Where(pair => pair.Value.CanReadRequests && pair.Key != "bedrock-anthropic").ToDictionary(StringComparer.Ordinal);

    public static string NameOf(StreamProtocol protocol) => All.First(pair => pair.Value == protocol).Key;
}
