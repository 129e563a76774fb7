using System.Text.Json;
using Streamline.Protocols;

namespace Streamline.TestSupport;

/// <summary>The recorded streams of the corpora that follow a protocol of this library, recognized by where they came from.</summary>
public static class Recordings
{
    public const string Pydantic = "pydantic-ai-raw-sse";
    public const string SemanticKernel = "semantic-kernel-streams";
    public const string AnthropicSdk = "anthropic-sdk-sse";

    /// <summary>All recordings in a fixed order; empty where the corpora are missing.</summary>
    public static IReadOnlyList<Recording> All() => [.. FromPydantic(), .. FromSemanticKernel(), .. FromAnthropicSdk()];

    private static IEnumerable<Recording> FromPydantic()
    {
        if (!Corpora.Has(Pydantic))
        {
            yield break;
        }

        foreach (var line in File.ReadLines(Corpora.Folder(Pydantic, "manifest.jsonl")))
        {
            using var entry = JsonDocument.Parse(line);
            if (ProtocolOfEndpoint(entry.RootElement.GetProperty("endpoint").GetString()!) is { } protocol)
            {
                var file = $"{Pydantic}/{entry.RootElement.GetProperty("file").GetString()}";
                yield return new Recording(protocol, entry.RootElement.GetProperty("host").GetString()!, file, Corpora.ReadBytes(file));
            }
        }
    }

    private static IEnumerable<Recording> FromSemanticKernel()
    {
        foreach (var file in Corpora.Files(SemanticKernel))
        {
            var parts = file.Split('/');
            if (ProtocolOfFixture(parts[1], parts[^1]) is { } protocol)
            {
                yield return new Recording(protocol, $"semantic-kernel {parts[1]}", file, Corpora.ReadBytes(file));
            }
        }
    }

    private static IEnumerable<Recording> FromAnthropicSdk() => Corpora.Files(AnthropicSdk)
        .Where(file => !file.EndsWith("README", StringComparison.Ordinal))
        .Select(file => new Recording(StreamProtocols.Anthropic, "anthropic-sdk fixtures", file, Corpora.ReadBytes(file)));

    private static StreamProtocol? ProtocolOfEndpoint(string endpoint) =>
        endpoint.Contains("/chat/completions", StringComparison.Ordinal) ? StreamProtocols.OpenAIChat
        : endpoint.Contains("/responses", StringComparison.Ordinal) ? StreamProtocols.OpenAIResponses
        : endpoint.Contains("/v1/messages", StringComparison.Ordinal) ? StreamProtocols.Anthropic
        : endpoint.Contains(":streamGenerateContent", StringComparison.Ordinal) ? StreamProtocols.Gemini
        : endpoint.EndsWith("/converse-stream", StringComparison.Ordinal) ? StreamProtocols.BedrockConverse
        : null;

    private static StreamProtocol? ProtocolOfFixture(string folder, string file) => folder switch
    {
        "OpenAI" or "AzureOpenAI" or "AzureAIInference" or "MistralAI" when file.StartsWith("text_", StringComparison.Ordinal) => null,
        "OpenAI" or "AzureOpenAI" or "AzureAIInference" or "MistralAI" => StreamProtocols.OpenAIChat,
        "HuggingFace" when file.StartsWith("chat", StringComparison.Ordinal) => StreamProtocols.OpenAIChat,
        "Ollama" when file.StartsWith("chat", StringComparison.Ordinal) => StreamProtocols.Ollama,
        "Google" => StreamProtocols.GeminiJsonArray,
        "Amazon" when file.StartsWith("converse", StringComparison.Ordinal) => StreamProtocols.BedrockConverse,
        _ => null,
    };
}
