using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.TestSupport.Conversations;

/// <summary>A provider, one of its models, and a check of the bodies that it accepts.</summary>
public sealed record ProviderRules(StreamProtocol Protocol, string Model, Action<JsonObject> Check)
{
    private const string OldClaude = "claude-sonnet-4-5";
    private const string NewClaude = "claude-sonnet-4-6";

    /// <summary>The providers by name. Some of them have models with rules of their own.</summary>
    public static IReadOnlyDictionary<string, ProviderRules> All { get; } = new Dictionary<string, ProviderRules>(StringComparer.Ordinal)
    {
        ["anthropic"] = new(StreamProtocols.Anthropic, OldClaude, body => TurnBodyRules.CheckAnthropic(body, refusesPrefill: false)),
        ["anthropic, without prefill"] = new(StreamProtocols.Anthropic, NewClaude, body => TurnBodyRules.CheckAnthropic(body, refusesPrefill: true)),
        ["bedrock-anthropic"] = new(StreamProtocols.BedrockAnthropic, "anthropic." + NewClaude, body => TurnBodyRules.CheckAnthropic(body, refusesPrefill: true)),
        ["bedrock"] = new(StreamProtocols.BedrockConverse, "nova", body => TurnBodyRules.CheckBedrock(body, refusesPrefill: false)),
        ["bedrock, without prefill"] = new(StreamProtocols.BedrockConverse, "anthropic." + NewClaude, body => TurnBodyRules.CheckBedrock(body, refusesPrefill: true)),
        ["gemini"] = new(StreamProtocols.Gemini, "gemini-2.5-pro", body => TurnBodyRules.CheckGemini(body, refusesPrefill: false)),
        ["gemini, without prefill"] = new(StreamProtocols.Gemini, "gemini-3.6-flash", body => TurnBodyRules.CheckGemini(body, refusesPrefill: true)),
        ["openai"] = new(StreamProtocols.OpenAIChat, "m", body => ListBodyRules.CheckChat(body, @"^\S.{0,39}$", isMistral: false)),
        ["groq"] = new(OpenAICompatible.Groq, "m", body => ListBodyRules.CheckChat(body, @"^\S", isMistral: false)),
        ["mistral"] = new(OpenAICompatible.Mistral, "m", body => ListBodyRules.CheckChat(body, "^[a-zA-Z0-9]{9}$", isMistral: true)),
        ["openai-responses"] = new(StreamProtocols.OpenAIResponses, "m", ListBodyRules.CheckResponses),
        ["ollama"] = new(StreamProtocols.Ollama, "m", ListBodyRules.CheckOllama),
        ["cohere"] = new(StreamProtocols.Cohere, "m", ListBodyRules.CheckCohere),
        ["gemini-interactions"] = new(StreamProtocols.GeminiInteractions, "m", InteractionsBodyRules.Check),
    };

    /// <summary>Sends a conversation to the provider and checks the body that arrives there.</summary>
    public async Task CheckSentAsync(IReadOnlyList<ChatMessage> messages)
    {
        using var handler = new RefusingHandler();
        using var http = new HttpClient(handler) { BaseAddress = new Uri("http://provider/") };
        var sending = Protocol.CreateClient(http, "any", Model).StreamAsync(new StreamRequest { Messages = messages }).GetAsyncEnumerator();
        await using (sending)
        {
            try
            {
                await sending.MoveNextAsync();
            }
            catch (ProviderException)
            {
                // The answer of the handler.
            }
        }

        try
        {
            Check(JsonNode.Parse(handler.Body!)!.AsObject());
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"{Protocol.Name}: {exception.Message}\n{handler.Body}", exception);
        }
    }

    private sealed class RefusingHandler : HttpMessageHandler
    {
        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.BadRequest);
        }
    }
}
