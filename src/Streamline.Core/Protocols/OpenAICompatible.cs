using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;

namespace Streamline;

/// <summary>OpenAI-compatible servers of other vendors, each with its address and its differences from OpenAI's Chat Completions.</summary>
/// <remarks>
/// All of them speak the protocol of <see cref="StreamProtocols.OpenAIChat"/> and have its <see cref="StreamProtocol.Name"/>, so that a conversation moves between
/// them without loss; events and errors name the <see cref="StreamProtocol.Provider"/>. What they send otherwise is read by all alike. A server that is not here is reached by <see cref="StreamProtocols.OpenAIChat"/> and
/// <see cref="StreamClientOptions.BaseAddress"/>; the address of one that is here can be replaced in the same way.
/// </remarks>
public static class OpenAICompatible
{
    private const string MaxTokens = "max_tokens";
    private const string Reasoning = "reasoning";
    private const string ReasoningContent = "reasoning_content";

    /// <summary>Gets DeepSeek.</summary>
    public static StreamProtocol DeepSeek { get; } = At("deepseek", "https://api.deepseek.com/", server => server with { Prefill = OpenAIChatConversation.DeepSeekPrefill, MaxTokensMember = MaxTokens, ReasoningMember = ReasoningContent, TakesAllReasoning = true, MissingReasoning = "" });

    /// <summary>Gets Fireworks AI.</summary>
    public static StreamProtocol Fireworks { get; } = At("fireworks", "https://api.fireworks.ai/inference/v1/", server => server with { MaxTokensMember = MaxTokens });

    /// <summary>Gets the OpenAI-compatible endpoint of the Gemini API. <see cref="StreamProtocols.Gemini"/> is its own protocol, which has more.</summary>
    public static StreamProtocol Gemini { get; } = At("gemini", "https://generativelanguage.googleapis.com/v1beta/openai/");

    /// <summary>Gets Groq.</summary>
    public static StreamProtocol Groq { get; } = At("groq", "https://api.groq.com/openai/v1/", server => server with { ReasoningMember = Reasoning, Conversation = OpenAIChatConversation.WithoutNames });

    /// <summary>Gets a llama.cpp server on this machine, at its default port.</summary>
    public static StreamProtocol LlamaCpp { get; } = At("llama.cpp", "http://localhost:8080/v1/", server => server with { NeedsApiKey = false, MaxTokensMember = MaxTokens });

    /// <summary>Gets LM Studio on this machine, at its default port.</summary>
    public static StreamProtocol LMStudio { get; } = At("lmstudio", "http://localhost:1234/v1/", server => server with { NeedsApiKey = false, MaxTokensMember = MaxTokens });

    /// <summary>Gets Mistral.</summary>
    public static StreamProtocol Mistral { get; } = At("mistral", "https://api.mistral.ai/v1/", server => server with { Prefill = OpenAIChatConversation.MistralPrefill, MaxTokensMember = MaxTokens, AsksForUsage = false, Names = OpenAIChatRequestWriter.Names with { Seed = "random_seed" }, ReasoningMember = "thinking", Conversation = OpenAIChatConversation.Mistral });

    /// <summary>Gets Moonshot AI (Kimi). For China the base address is <c>https://api.moonshot.cn/v1</c>.</summary>
    public static StreamProtocol Moonshot { get; } = At("moonshot", "https://api.moonshot.ai/v1/", server => server with { Prefill = OpenAIChatConversation.MoonshotPrefill, MaxTokensMember = MaxTokens, ReasoningMember = ReasoningContent, MissingReasoning = " " });

    /// <summary>Gets the OpenAI-compatible endpoint of Ollama on this machine, at its default port. <see cref="StreamProtocols.Ollama"/> is its own protocol.</summary>
    public static StreamProtocol Ollama { get; } = At("ollama", "http://localhost:11434/v1/", server => server with { NeedsApiKey = false, MaxTokensMember = MaxTokens, ReasoningMember = Reasoning });

    /// <summary>Gets OpenRouter.</summary>
    public static StreamProtocol OpenRouter { get; } = At("openrouter", "https://openrouter.ai/api/v1/", server => server with { MaxTokensMember = MaxTokens, ReasoningMember = "reasoning_details" });

    /// <summary>Gets Perplexity.</summary>
    public static StreamProtocol Perplexity { get; } = At("perplexity", "https://api.perplexity.ai/", server => server with { MaxTokensMember = MaxTokens, AsksForUsage = false, Conversation = OpenAIChatConversation.Perplexity });

    /// <summary>Gets Qwen at Alibaba Cloud (DashScope), outside of China.</summary>
    public static StreamProtocol Qwen { get; } = At("qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/", server => server with { Prefill = OpenAIChatConversation.QwenPrefill, MaxTokensMember = MaxTokens, ReasoningMember = ReasoningContent });

    /// <summary>Gets Together AI.</summary>
    public static StreamProtocol Together { get; } = At("together", "https://api.together.xyz/v1/", server => server with { MaxTokensMember = MaxTokens });

    /// <summary>Gets a vLLM server on this machine, at its default port.</summary>
    public static StreamProtocol VLlm { get; } = At("vllm", "http://localhost:8000/v1/", server => server with { Prefill = OpenAIChatConversation.VLlmPrefill, NeedsApiKey = false, ReasoningMember = Reasoning });

    /// <summary>Gets xAI.</summary>
    public static StreamProtocol XAI { get; } = At("xai", "https://api.x.ai/v1/", server => server with { ReasoningMember = ReasoningContent });

    /// <summary>Makes the protocol of a resource of Azure OpenAI. The key goes into the header <c>api-key</c>.</summary>
    /// <param name="resource">The name of the resource, the first part of its host name.</param>
    /// <returns>The protocol. Its models are the names of deployments.</returns>
    /// <remarks>
    /// A token of Microsoft Entra goes into <see cref="StreamClientOptions.Headers"/> or a handler of the HTTP client, in place of a key. An address by deployment
    /// (<c>https://…/openai/deployments/name?api-version=…</c>) can be the <see cref="StreamClientOptions.BaseAddress"/>: its query is kept.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="resource"/> is missing, or is not a valid host name.</exception>
    public static StreamProtocol Azure(string resource)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(resource);
        return resource.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? At("azure-openai", $"https://{resource}.openai.azure.com/openai/v1/", server => server with { ApiKeyHeader = "api-key", NeedsApiKey = false, StrictSchemas = SchemaDialect.AzureStrict, Conversation = OpenAIChatConversation.OpenAI })
            : throw new ArgumentException($"Expected letters, digits and '-', the first part of a host name; found '{resource}'.", nameof(resource));
    }

    private static OpenAIChatProtocol At(string name, string address, Func<OpenAIChatServer, OpenAIChatServer>? differ = null)
    {
        var server = new OpenAIChatServer(name, new Uri(address));
        return new OpenAIChatProtocol(differ is null ? server : differ(server));
    }
}
