using Streamline.Protocols;

namespace Streamline.Chaos;

/// <summary>A protocol that conversations are held over, with a model.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Model">The model, which decides whether a message of the assistant is continued.</param>
internal sealed record ChaosTarget(string Name, StreamProtocol Protocol, string Model)
{
    /// <summary>Gets the targets that have a path of their own, by which the scripted provider knows the protocol.</summary>
    public static IReadOnlyList<ChaosTarget> All { get; } =
    [
        new("anthropic", StreamProtocols.Anthropic, "claude-sonnet-4-5"),
        new("anthropic, no prefill", StreamProtocols.Anthropic, "claude-sonnet-4-6"),
        new("openai", StreamProtocols.OpenAIChat, "gpt"),
        new("mistral", OpenAICompatible.Mistral, "mistral-large"),
        new("openai-responses", StreamProtocols.OpenAIResponses, "gpt"),
        new("openai-responses, kept", StreamProtocols.OpenAIResponses, "gpt") { KeepsResponses = true },
        new("gemini", StreamProtocols.Gemini, "gemini-2.5-pro"),
        new("gemini, no prefill", StreamProtocols.Gemini, "gemini-3.6-flash"),
        new("gemini-interactions", StreamProtocols.GeminiInteractions, "gemini-3.6-flash"),
        new("gemini-interactions, kept", StreamProtocols.GeminiInteractions, "gemini-3.6-flash") { KeepsResponses = true },
        new("ollama", StreamProtocols.Ollama, "llama"),
        new("cohere", StreamProtocols.Cohere, "command"),
        new("bedrock", StreamProtocols.BedrockConverse, "anthropic.claude-sonnet-4-5"),
        new("bedrock-anthropic", StreamProtocols.BedrockAnthropic, "anthropic.claude-sonnet-4-6"),
    ];

    /// <summary>Gets a value indicating whether responses are asked for that outlive their connection.</summary>
    public bool KeepsResponses { get; init; }

    /// <summary>Gets a value indicating whether the protocol sends arguments as text, so that they can be cut.</summary>
    public bool SendsArgumentsAsText => Protocol.Name is "anthropic" or "openai" or "openai-responses" or "bedrock-anthropic" or "bedrock";
}
