using Streamline.Protocols;

namespace Streamline.Tests.Http;

public sealed class RequestAddressTests
{
    [Theory]
    [InlineData("anthropic", "https://api.anthropic.com", "https://api.anthropic.com/v1/messages")]
    [InlineData("anthropic", "https://api.anthropic.com/v1", "https://api.anthropic.com/v1/messages")]
    [InlineData("anthropic", "https://api.anthropic.com/v1/", "https://api.anthropic.com/v1/messages")]
    [InlineData("anthropic", "https://gateway.test/anthropic/v1?team=a", "https://gateway.test/anthropic/v1/messages?team=a")]
    [InlineData("openai", "http://localhost:8080", "http://localhost:8080/v1/chat/completions")]
    [InlineData("openai", "http://localhost:8080/v1/", "http://localhost:8080/v1/chat/completions")]
    [InlineData("openai", "https://x.openai.azure.com/openai/deployments/d?api-version=1", "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1")]
    [InlineData("openai-responses", "https://api.openai.com", "https://api.openai.com/v1/responses")]
    [InlineData("openai-responses", "https://api.openai.com/v1/", "https://api.openai.com/v1/responses")]
    [InlineData("openrouter", "https://openrouter.ai/api", "https://openrouter.ai/api/v1/chat/completions")]
    [InlineData("openrouter", "https://openrouter.ai", "https://openrouter.ai/api/v1/chat/completions")]
    [InlineData("openrouter", "https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/chat/completions")]
    [InlineData("deepseek", "https://api.deepseek.com/v1", "https://api.deepseek.com/chat/completions")]
    [InlineData("deepseek", "https://proxy.test/v1", "https://proxy.test/v1/chat/completions")]
    [InlineData("ollama", "http://server:11434/v1/", "http://server:11434/api/chat")]
    [InlineData("gemini-interactions", "https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta/interactions")]
    [InlineData("gemini-interactions", "https://proxy.test/v1beta/", "https://proxy.test/v1beta/interactions")]
    [InlineData("anthropic", "https://gateway.test/v1/messages", "https://gateway.test/v1/messages")]
    [InlineData("anthropic", "https://gateway.test/anthropic/v1/messages/?team=a", "https://gateway.test/anthropic/v1/messages?team=a")]
    [InlineData("openai", "http://localhost:8080/chat/completions", "http://localhost:8080/chat/completions")]
    [InlineData("openai", "http://localhost:8080/v1/Chat/Completions", "http://localhost:8080/v1/chat/completions")]
    [InlineData("openai-responses", "https://proxy.test/v1/responses", "https://proxy.test/v1/responses")]
    [InlineData("cohere", "https://private.test/v2/chat", "https://private.test/v2/chat")]
    [InlineData("ollama", "http://server:11434/api/chat", "http://server:11434/api/chat")]
    [InlineData("ollama", "http://server:11434", "http://server:11434/api/chat")]
    [InlineData("cohere", "https://api.cohere.com", "https://api.cohere.com/v2/chat")]
    [InlineData("cohere", "https://api.cohere.com/v2/", "https://api.cohere.com/v2/chat")]
    [InlineData("cohere", "https://private.test/cohere/v2", "https://private.test/cohere/v2/chat")]
    [Trait("Finding", "T11")]
    public void Combine_BaseAddressWithOrWithoutAVersion_IsTheEndpoint(string name, string baseAddress, string expected)
    {
        StreamProtocol protocol = name switch
        {
            "anthropic" => StreamProtocols.Anthropic,
            "openai" => StreamProtocols.OpenAIChat,
            "openai-responses" => StreamProtocols.OpenAIResponses,
            "cohere" => StreamProtocols.Cohere,
            "openrouter" => OpenAICompatible.OpenRouter,
            "deepseek" => OpenAICompatible.DeepSeek,
            "gemini-interactions" => StreamProtocols.GeminiInteractions,
            _ => StreamProtocols.Ollama,
        };

        RequestAddress.Combine(protocol, new Uri(baseAddress), protocol.RequestPath, protocol.RequestQuery).AbsoluteUri.Should().Be(expected);
    }

    [Fact]
    public void Describe_AddressWithSecrets_HasNone() =>
        RequestAddress.Describe(new Uri("https://user:secret@host.test:8443/v1/messages?key=secret#f")).Should().Be("https://host.test:8443/v1/messages");
}
