using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Tests.Http;

/// <summary>The wires, as theory data, and clients of a scripted provider.</summary>
internal static class Wires
{
    public const string Key = "sk-secret-0123456789";

    public static IReadOnlyList<StreamProtocol> Protocols { get; } =
    [
        StreamProtocols.Anthropic,
        StreamProtocols.OpenAIChat,
        StreamProtocols.OpenAIResponses,
        StreamProtocols.Ollama,
        StreamProtocols.Gemini,
        StreamProtocols.GeminiInteractions,
        StreamProtocols.BedrockConverse,
        StreamProtocols.BedrockAnthropic,
        StreamProtocols.Cohere,
    ];

    public static TheoryData<string> All() => [.. Protocols.Select(protocol => protocol.Name)];

    /// <summary>Those whose bodies are text, in which anything can stand; the others have checksums.</summary>
    public static TheoryData<string> OfText() =>
        [.. Protocols.Where(protocol => protocol.FrameFormat != FrameFormat.EventStream).Select(protocol => protocol.Name)];

    public static StreamProtocol Named(string name) => Protocols.Single(protocol => protocol.Name == name);

    /// <summary>The address that stands for the wire's own on a host.</summary>
    public static Uri BaseAddressOn(Uri host, string wire) => new(host, Named(wire).DefaultBaseAddress.AbsolutePath);

    public static IStreamClient ClientOf(ScriptedProvider provider, string wire, Action<StreamClientOptions>? configure = null)
    {
        var options = new StreamClientOptions { ApiKey = Key, Model = "test-model" };
        configure?.Invoke(options);
        return Named(wire).CreateClient(new HttpClient(provider.CreateHandler()), options);
    }
}
