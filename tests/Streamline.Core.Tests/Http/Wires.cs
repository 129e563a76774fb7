using Streamline.Protocols;
using Streamline.Testing;

namespace Streamline.Tests.Http;

/// <summary>Both wires, as theory data, and clients of a scripted provider.</summary>
internal static class Wires
{
    public const string Key = "sk-secret-0123456789";

    public static TheoryData<string> All() => [StreamProtocols.Anthropic.Name, StreamProtocols.OpenAIChat.Name];

    public static StreamProtocol Named(string name) => name == StreamProtocols.Anthropic.Name ? StreamProtocols.Anthropic : StreamProtocols.OpenAIChat;

    public static IStreamClient ClientOf(ScriptedProvider provider, string wire, Action<StreamClientOptions>? configure = null)
    {
        var options = new StreamClientOptions { ApiKey = Key, Model = "test-model" };
        configure?.Invoke(options);
        return Named(wire).CreateClient(new HttpClient(provider.CreateHandler()), options);
    }
}
