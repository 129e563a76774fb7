using Streamline.Protocols;

namespace Streamline.Cli.Providers;

/// <summary>A provider that the tool knows by name.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Protocol">Its protocol and address.</param>
/// <param name="KeyVariable">The environment variable with its key; <see langword="null"/> for a server on this machine.</param>
internal sealed record KnownProvider(string Name, StreamProtocol Protocol, string? KeyVariable)
{
    /// <summary>Gets the providers; without <c>--provider</c>, the first whose key is set is taken.</summary>
    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        new("anthropic", StreamProtocols.Anthropic, "ANTHROPIC_API_KEY"),
        new("openai", StreamProtocols.OpenAIChat, "OPENAI_API_KEY"),
        new("openai-responses", StreamProtocols.OpenAIResponses, "OPENAI_API_KEY"),
        new("gemini", StreamProtocols.Gemini, "GEMINI_API_KEY"),
        new("gemini-interactions", StreamProtocols.GeminiInteractions, "GEMINI_API_KEY"),
        new("cohere", StreamProtocols.Cohere, "COHERE_API_KEY"),
        new("bedrock", StreamProtocols.BedrockConverse, "AWS_BEARER_TOKEN_BEDROCK"),
        new("deepseek", OpenAICompatible.DeepSeek, "DEEPSEEK_API_KEY"),
        new("fireworks", OpenAICompatible.Fireworks, "FIREWORKS_API_KEY"),
        new("groq", OpenAICompatible.Groq, "GROQ_API_KEY"),
        new("mistral", OpenAICompatible.Mistral, "MISTRAL_API_KEY"),
        new("moonshot", OpenAICompatible.Moonshot, "MOONSHOT_API_KEY"),
        new("openrouter", OpenAICompatible.OpenRouter, "OPENROUTER_API_KEY"),
        new("perplexity", OpenAICompatible.Perplexity, "PERPLEXITY_API_KEY"),
        new("qwen", OpenAICompatible.Qwen, "DASHSCOPE_API_KEY"),
        new("together", OpenAICompatible.Together, "TOGETHER_API_KEY"),
        new("xai", OpenAICompatible.XAI, "XAI_API_KEY"),
        new("ollama", StreamProtocols.Ollama, null),
        new("llama.cpp", OpenAICompatible.LlamaCpp, null),
        new("lmstudio", OpenAICompatible.LMStudio, null),
        new("vllm", OpenAICompatible.VLlm, null),
    ];
}
