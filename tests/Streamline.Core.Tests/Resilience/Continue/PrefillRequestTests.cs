using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>What is known of protocols and models, and how each is asked to continue.</summary>
public sealed class PrefillRequestTests
{
    private const string End = "world.";

    public static TheoryData<string, string?, bool> Models => new()
    {
        { "anthropic", "claude-sonnet-4-5-20250929", true }, { "anthropic", "claude-haiku-4-5", true }, { "anthropic", "claude-opus-4-20250514", true }, { "anthropic", "claude-3-7-sonnet-latest", true },
        { "anthropic", "claude-opus-4-6", false }, { "anthropic", "claude-sonnet-5", false }, { "anthropic", "claude-opus-5-5", false }, { "anthropic", "some-gateway", false }, { "anthropic", null, false },
        { "bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", true }, { "bedrock", "anthropic.claude-opus-4-7", false }, { "bedrock", "amazon.nova-pro-v1:0", false },
        { "gemini", "gemini-2.5-flash", true }, { "gemini", "gemini-3-pro-preview", true }, { "gemini", "gemini-3.1-pro", true }, { "gemini", "gemini-3.5-flash", true }, { "gemini", "gemini-pro-latest", true },
        { "gemini", "gemini-3.5-flash-lite", false }, { "gemini", "gemini-3.6-flash", false }, { "gemini", "gemini-4-pro", false },
        { "openai", "gpt-5", false }, { "responses", "gpt-5", false }, { "ollama", "llama3", false }, { "cohere", "command-a", false },
        { "mistral", "mistral-large-latest", true }, { "mistral", "magistral-medium", false }, { "deepseek", "deepseek-chat", false }, { "deepseek-beta", "deepseek-chat", true }, { "deepseek-beta", "deepseek-reasoner", false },
        { "moonshot", "kimi-k2-0905-preview", true }, { "moonshot", "kimi-k2-thinking", false }, { "qwen", "qwen-plus", true }, { "qwen", "qwen3-max", false }, { "vllm", "anything", true }, { "llama.cpp", "anything", false },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Continue_ByTable_SendsAPrefillToModelsThatAreKnownToTakeIt(string server, string? model, bool accepts)
    {
        var (_, bodies) = await RunAsync(server, model, model is null ? new JsonObject { ["model"] = "unknown" } : null);

        bodies.Should().HaveCount(accepts ? 2 : 1);
    }

    [Theory]
    [InlineData("anthropic", "claude-haiku-4-5", "Hello,", """{"role":"assistant","content":[{"type":"text","text":"Hello,"}]}""")]
    [InlineData("anthropic", "claude-haiku-4-5", "Hello, \n", """{"role":"assistant","content":[{"type":"text","text":"Hello,"}]}""")]
    [InlineData("gemini", "gemini-2.5-flash", "Hello, ", """{"role":"model","parts":[{"text":"Hello, "}]}""")]
    [InlineData("bedrock", "anthropic.claude-haiku-4-5-v1:0", "Hello, ", """{"role":"assistant","content":[{"text":"Hello,"}]}""")]
    [InlineData("mistral", "mistral-large-latest", "Hello, ", """{"role":"assistant","prefix":true,"content":"Hello, "}""")]
    [InlineData("deepseek-beta", "deepseek-chat", "Hello, ", """{"role":"assistant","prefix":true,"content":"Hello, ","reasoning_content":""}""")]
    [InlineData("moonshot", "kimi-k2-0905-preview", "Hello, ", """{"role":"assistant","partial":true,"content":"Hello, "}""")]
    [InlineData("qwen", "qwen-plus", "Hello, ", """{"role":"assistant","partial":true,"content":"Hello, "}""")]
    [InlineData("vllm", "any", "Hello, ", """{"role":"assistant","content":"Hello, "}""")]
    public async Task Continue_OfAProtocol_AsksInItsForm(string server, string model, string shown, string message)
    {
        var (stream, bodies) = await RunAsync(server, model, extra: null, shown);

        var body = JsonNode.Parse(bodies[1])!;
        var messages = (body["messages"] ?? body["contents"])!.AsArray();
        messages[^1]!.ToJsonString().Should().Be(JsonNode.Parse(message)!.ToJsonString());
        messages.Should().HaveCount(2);
        (body["continue_final_message"]?.GetValue<bool>(), body["add_generation_prompt"]?.GetValue<bool>()).Should().Be(server == "vllm" ? (true, false) : ((bool?)null, null));
        stream.Text.Should().Be(shown + End);
    }

    [Theory]
    [InlineData("anthropic", "claude-haiku-4-5", "thinking", false)]
    [InlineData("gemini", "gemini-2.5-flash", "generationConfig", true)]
    public async Task Continue_ModelReasons_TakesAPrefillOnlyWhereTheProtocolDoes(string server, string model, string member, bool accepts)
    {
        var (_, bodies) = await RunAsync(server, model, new JsonObject { [member] = new JsonObject { ["thinkingConfig"] = new JsonObject() } });

        bodies.Should().HaveCount(accepts ? 2 : 1);
    }

    [Fact]
    public async Task Continue_MistralRepeatsTheMessage_IsNotShownTwice()
    {
        var (stream, _) = await RunAsync("mistral", "mistral-small", extra: null, "Hello there, wide ", rest: "Hello there, wide world.");

        stream.Text.Should().Be("Hello there, wide world.");
        stream.Seams.Single().OverlapRemoved.Should().Be(18);
    }

    private static async Task<(CutStream Stream, List<string> Bodies)> RunAsync(string server, string? model, JsonObject? extra, string shown = "Hello, ", string? rest = null)
    {
        var protocol = server switch
        {
            "anthropic" => StreamProtocols.Anthropic,
            "bedrock" => StreamProtocols.BedrockConverse,
            "gemini" => StreamProtocols.Gemini,
            "openai" => StreamProtocols.OpenAIChat,
            "responses" => StreamProtocols.OpenAIResponses,
            "ollama" => StreamProtocols.Ollama,
            "cohere" => StreamProtocols.Cohere,
            "mistral" => OpenAICompatible.Mistral,
            "moonshot" => OpenAICompatible.Moonshot,
            "qwen" => OpenAICompatible.Qwen,
            "vllm" => OpenAICompatible.VLlm,
            "llama.cpp" => OpenAICompatible.LlamaCpp,
            _ => OpenAICompatible.DeepSeek,
        };
        var handler = new Server(protocol, shown, rest);
        using var http = new HttpClient(handler);
        var source = protocol.CreateClient(http, new StreamClientOptions { ApiKey = "key", Model = model, BaseAddress = server == "deepseek-beta" ? new Uri("https://api.deepseek.com/beta") : null });
        var stream = await CutStream.RunAsync(source, request: Make.Request with { ExtraBody = extra, Options = new ChatOptions() });
        return (stream, handler.Bodies);
    }

    /// <summary>Answers in a protocol: first a text that is cut, and then the rest of it.</summary>
    private sealed class Server(StreamProtocol protocol, string shown, string? rest) : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            var isFirst = Bodies.Count == 1;
            var encoder = protocol.CreateEncoder();
            List<StreamEvent> events = [new ResponseStarted { Provider = protocol.Name, Protocol = protocol.Name, Model = "m" }, new ContentStarted { Index = 0, Kind = ContentKind.Text }];
            var text = isFirst ? shown : rest ?? Rest();
            events.AddRange(text.Select(c => Make.Words(c.ToString())));
            if (!isFirst)
            {
                events.AddRange([new ContentCompleted { Index = 0, Kind = ContentKind.Text }, Make.Completed()]);
            }

            var body = new ArrayBufferWriter<byte>();
            foreach (var streamEvent in events)
            {
                encoder.Encode(streamEvent, body);
            }

            var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body.WrittenSpan.ToArray()) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue(protocol.ContentType);
            return response;
        }

        // Literally what follows the message that was sent.
        private string Rest()
        {
            var body = JsonNode.Parse(Bodies[^1])!;
            var last = (body["messages"] ?? body["contents"])!.AsArray()[^1]!;
            var sent = last["content"] is JsonValue text ? text.GetValue<string>() : (last["content"] ?? last["parts"])![0]!["text"]!.GetValue<string>();
            return (shown + End)[sent.Length..];
        }
    }
}
