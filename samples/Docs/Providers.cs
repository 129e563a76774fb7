using Microsoft.Extensions.AI;
using Streamline;
using Streamline.Aws;

namespace DocsSample;

/// <summary>The examples of docs/providers.md.</summary>
internal static class Providers
{
    public static IStreamClient Choose(bool local, string key)
    {
        // begin: choose
        IStreamClient client = local
            ? OpenAICompatible.Groq.CreateClient(key, "llama-3.3-70b-versatile")
            : StreamProtocols.Anthropic.CreateClient(key, "claude-sonnet-4-5");
        // end: choose
        return client;
    }

    public static async Task ResumeAsync(string key, IReadOnlyList<ChatMessage> messages)
    {
        // begin: interactions
        var client = new StreamClientBuilder(StreamProtocols.GeminiInteractions.CreateClient(key, "gemini-3.5-flash")).UseRetry().Build();
        await foreach (var streamEvent in client.StreamAsync(messages, new ChatOptions { AllowBackgroundResponses = true }))
        {
            // If the connection breaks, StreamResumed comes, and then the next event of the same response.
        }
        // end: interactions
    }

    public static IStreamClient Bedrock(HttpClient http, string key)
    {
        // begin: bedrock-key
        var options = new StreamClientOptions { Model = "eu.amazon.nova-pro-v1:0", ApiKey = key };
        options.UseBedrock("eu-central-1");
        IStreamClient client = StreamProtocols.BedrockConverse.CreateClient(http, options);
        // end: bedrock-key
        return client;
    }

    public static void Signed(StreamClientOptions options, string id, string secret, string session)
    {
        // begin: bedrock-signed
        options.UseBedrock("eu-central-1", _ => ValueTask.FromResult(new AwsCredentials(id, secret, session)));
        // end: bedrock-signed
    }

    public static IStreamClient Local(HttpClient http)
    {
        // begin: local
        var options = new StreamClientOptions { BaseAddress = new Uri("http://localhost:11434"), Model = "llama3.2" };
        IStreamClient client = StreamProtocols.Ollama.CreateClient(http, options);
        // end: local
        return client;
    }

    public static async Task OwnHttpAsync(Stream body)
    {
        // begin: own-http
        await foreach (var streamEvent in StreamProtocols.Anthropic.ReadAsync(body))
        {
            Console.WriteLine(streamEvent);
        }
        // end: own-http
    }
}
