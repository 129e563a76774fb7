using Streamline;
using Streamline.Protocols;

namespace StreamlineChat;

/// <summary>Which model answers.</summary>
internal static class Provider
{
    public static IStreamClient FromEnvironment() =>
        Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY") is { Length: > 0 } anthropic ? StreamProtocols.Anthropic.CreateClient(anthropic, "claude-sonnet-4-5")
        : Environment.GetEnvironmentVariable("OPENAI_API_KEY") is { Length: > 0 } openai ? StreamProtocols.OpenAIChat.CreateClient(openai, "gpt-4.1-mini")
        : Offline.CreateClient();
}
