using Streamline.Protocols;

namespace Streamline.Benchmarks.Real;

/// <summary>The .NET packages that the decoders are compared with.</summary>
internal static class Peers
{
    /// <summary>Makes a reader by the package for a protocol; <see langword="null"/> where there is none to compare with.</summary>
    public static IStreamContender? Create(StreamProtocol protocol) =>
        protocol == StreamProtocols.Anthropic ? new AnthropicPeer()
        : protocol == StreamProtocols.OpenAIChat ? new OpenAIChatPeer()
        : protocol == StreamProtocols.OpenAIResponses ? new OpenAIResponsesPeer()
        : protocol == StreamProtocols.Ollama ? new OllamaPeer()
        : null;

    /// <summary>The package and its version; a dash where there is none.</summary>
    public static string NameOf(StreamProtocol protocol) =>
        protocol == StreamProtocols.Anthropic ? Named(typeof(Anthropic.AnthropicClient))
        : protocol == StreamProtocols.OpenAIChat || protocol == StreamProtocols.OpenAIResponses ? Named(typeof(OpenAI.OpenAIClient))
        : protocol == StreamProtocols.Ollama ? Named(typeof(OllamaSharp.OllamaApiClient))
        : "–";

    private static string Named(Type client) => $"{client.Assembly.GetName().Name} {client.Assembly.GetName().Version!.ToString(3)}";
}
