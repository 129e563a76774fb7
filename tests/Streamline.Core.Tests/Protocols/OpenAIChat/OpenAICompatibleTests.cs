using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>What a preset changes in the request that goes out.</summary>
public sealed class OpenAICompatibleTests
{
    private static readonly ChatMessage FromDeepSeek = Reasoned("""{"type":"reasoning_content"}""");

    /// <summary>Name, address of the request, the member that limits the output, whether usage is asked for, and where reasoning goes back.</summary>
    public static TheoryData<string, string, string, bool, string> Presets => new()
    {
        { "DeepSeek", "https://api.deepseek.com/chat/completions", "max_tokens", true, "reasoning_content" },
        { "Fireworks", "https://api.fireworks.ai/inference/v1/chat/completions", "max_tokens", true, "" },
        { "Gemini", "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions", "max_completion_tokens", true, "" },
        { "Groq", "https://api.groq.com/openai/v1/chat/completions", "max_completion_tokens", true, "reasoning" },
        { "LlamaCpp", "http://localhost:8080/v1/chat/completions", "max_tokens", true, "" },
        { "LMStudio", "http://localhost:1234/v1/chat/completions", "max_tokens", true, "" },
        { "Mistral", "https://api.mistral.ai/v1/chat/completions", "max_tokens", false, "thinking" },
        { "Moonshot", "https://api.moonshot.ai/v1/chat/completions", "max_tokens", true, "reasoning_content" },
        { "Ollama", "http://localhost:11434/v1/chat/completions", "max_tokens", true, "reasoning" },
        { "OpenRouter", "https://openrouter.ai/api/v1/chat/completions", "max_tokens", true, "reasoning_details" },
        { "Perplexity", "https://api.perplexity.ai/chat/completions", "max_tokens", false, "" },
        { "Qwen", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions", "max_tokens", true, "reasoning_content" },
        { "Together", "https://api.together.xyz/v1/chat/completions", "max_tokens", true, "" },
        { "VLlm", "http://localhost:8000/v1/chat/completions", "max_completion_tokens", true, "reasoning" },
        { "XAI", "https://api.x.ai/v1/chat/completions", "max_completion_tokens", true, "reasoning_content" },
    };

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task Preset_Request_IsWhatTheServerWants(string name, string address, string limit, bool asksForUsage, string reasoning)
    {
        var protocol = Preset(name);
        var (request, body) = await SendAsync(protocol, new StreamClientOptions { ApiKey = "k", Model = "m", MaxOutputTokens = 9 });

        protocol.Name.Should().Be("openai", "a conversation moves between the servers of one wire");
        request.RequestUri!.AbsoluteUri.Should().Be(address);
        request.Headers.Authorization!.ToString().Should().Be("Bearer k");
        body[limit]!.GetValue<int>().Should().Be(9);
        body.Should().NotContainKey(limit == "max_tokens" ? "max_completion_tokens" : "max_tokens");
        body.ContainsKey("stream_options").Should().Be(asksForUsage);
        ((OpenAIChatProtocol)protocol).Server.ReasoningMember.Should().Be(reasoning.Length == 0 ? null : reasoning);
    }

    [Fact]
    public void Presets_All_AreInTheTable() =>
        typeof(OpenAICompatible).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.Name)
            .Should().BeEquivalentTo(Presets.Select(row => (string)row[0]));

    [Fact]
    public void Presets_Documentation_SaysWhatTheyDo()
    {
        var page = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "providers.md"));
        var protocols = typeof(OpenAICompatible).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => (Door: "OpenAICompatible." + property.Name, Protocol: property.GetValue(null)!))
            .Append((Door: "StreamProtocols.OpenAIChat", Protocol: StreamProtocols.OpenAIChat));
        foreach (var (door, protocol) in protocols)
        {
            var server = ((OpenAIChatProtocol)protocol).Server;
            var reasoning = server.ReasoningMember is { } member ? $"`{member}`" : "it came";
            page.Should().Contain($"| `{door}` | `{server.Name}` | `{server.BaseAddress}` | `{server.MaxTokensMember}` | {(server.AsksForUsage ? "asked for" : "comes unasked")} | {reasoning} |");
        }
    }

    [Theory]
    [InlineData("LlamaCpp")]
    [InlineData("LMStudio")]
    [InlineData("Ollama")]
    [InlineData("VLlm")]
    public async Task Preset_OfThisMachine_NeedsNoKey(string name) =>
        (await SendAsync(Preset(name), new StreamClientOptions { Model = "m" })).Request.Headers.Authorization.Should().BeNull();

    [Fact]
    public async Task Preset_WithoutAKey_SendsNothing()
    {
        var send = () => SendAsync(OpenAICompatible.Groq, new StreamClientOptions { Model = "m" });

        (await send.Should().ThrowAsync<InvalidOperationException>()).WithInnerException<InvalidOperationException>().WithMessage("*api.groq.com*");
    }

    [Fact]
    [Trait("Law", "10")]
    public async Task Azure_Key_IsInItsOwnHeader()
    {
        var (request, body) = await SendAsync(OpenAICompatible.Azure("my-resource"), new StreamClientOptions { ApiKey = "k", Model = "deployment", MaxOutputTokens = 9 });

        request.RequestUri!.AbsoluteUri.Should().Be("https://my-resource.openai.azure.com/openai/v1/chat/completions");
        request.Headers.GetValues("api-key").Should().Equal("k");
        request.Headers.Authorization.Should().BeNull();
        body["max_completion_tokens"]!.GetValue<int>().Should().Be(9);
    }

    [Fact]
    public async Task Azure_AddressByDeploymentAndToken_AreTaken()
    {
        var options = new StreamClientOptions { BaseAddress = new Uri("https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21"), Model = "m" };
        options.Headers["Authorization"] = "Bearer entra";

        var (request, _) = await SendAsync(OpenAICompatible.Azure("r"), options);

        request.RequestUri!.AbsoluteUri.Should().Be("https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21");
        request.Headers.Authorization!.ToString().Should().Be("Bearer entra");
    }

    [Theory]
    [InlineData("")]
    [InlineData("evil.example/x")]
    [InlineData("a.b")]
    public void Azure_NoNameOfAHost_IsRefused(string resource) =>
        FluentActions.Invoking(() => OpenAICompatible.Azure(resource)).Should().Throw<ArgumentException>();

    public static TheoryData<string, string, string> Reasonings => new()
    {
        { "XAI", """{"type":"reasoning"}""", """{"role":"assistant","content":"t","reasoning_content":"hm","tool_calls":""" },
        { "Groq", """{"type":"reasoning_content"}""", """{"role":"assistant","content":"t","reasoning":"hm","tool_calls":""" },
        { "Groq", """{"type":"reasoning.text","format":"f"}""", """{"role":"assistant","content":"t","reasoning":"hm","tool_calls":""" },
        { "DeepSeek", """{"type":"thinking"}""", """{"role":"assistant","content":"t","reasoning_content":"hm","tool_calls":""" },
        { "Mistral", """{"type":"reasoning_content"}""", """{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"t"}],"tool_calls":""" },
        { "OpenRouter", """{"type":"reasoning.text","format":"f"}""", """{"role":"assistant","content":"t","reasoning_details":[{"type":"reasoning.text","format":"f","text":"hm"}],"tool_calls":""" },
        { "OpenRouter", """{"type":"reasoning_content"}""", """{"role":"assistant","content":"t","reasoning":"hm","tool_calls":""" },
        { "Together", """{"type":"reasoning"}""", """{"role":"assistant","content":"t","reasoning":"hm","tool_calls":""" },
    };

    [Theory]
    [MemberData(nameof(Reasonings))]
    public void Reasoning_OfAnotherServerOfTheWire_GoesWhereThisOneHasIt(string name, string form, string expected) =>
        RequestBody.Write(Preset(name), [RequestBody.Store(Reasoned(form))])["messages"]![0]!.ToJsonString().Should().StartWith(expected);

    [Fact]
    public void Reasoning_OfAnUnknownServer_GoesBackAsItCame() =>
        RequestBody.Write(StreamProtocols.OpenAIChat, [FromDeepSeek])["messages"]![0]!.AsObject().Should().ContainKey("reasoning_content");

    [Fact]
    public void Mistral_IdsOfCalls_AreNineLettersAndDigitsAlikeInCallAndResult()
    {
        string[] ids = ["aB3dE6gH9", "call_0fypS1hVX", "toolu_01", "toolu_02", "aB3dE6gH"];
        var raw = JsonElement.Parse("""{"role":"tool","tool_call_id":"toolu_01","content":"r","name":"f"}""");
        var messages = RequestBody.Write(OpenAICompatible.Mistral,
        [
            new ChatMessage(ChatRole.Assistant, [.. ids.Select(id => new FunctionCallContent(id, "f"))]),
            new ChatMessage(ChatRole.Tool, [.. ids.Select(id => id == "toolu_01"
                ? new FunctionResultContent(id, "r") { AdditionalProperties = new() { [ContentProperties.RawBlock("openai")] = raw } }
                : new FunctionResultContent(id, "r"))]),
        ])["messages"]!.AsArray();

        var sent = messages[0]!["tool_calls"]!.AsArray().Select(call => call!["id"]!.GetValue<string>()).ToList();
        sent.Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 9 && id.All(char.IsAsciiLetterOrDigit));
        sent[0].Should().Be(ids[0], "what Mistral made goes back as it came");
        messages.Skip(1).Select(result => result!["tool_call_id"]!.GetValue<string>()).Should().Equal(sent);
        messages[3]!["name"]!.GetValue<string>().Should().Be("f", "the rest of a result goes as it came");
    }

    /// <summary>Who answers is named in events, in errors and to telemetry; what belongs to the wire stays with the wire, so that a conversation moves.</summary>
    [Fact]
    public async Task Provider_OfAPreset_IsNamedEverywhere()
    {
        foreach (var (name, provider) in new[] { ("Groq", "groq"), ("Mistral", "mistral"), ("Gemini", "gemini"), ("Ollama", "ollama") })
        {
            var protocol = Preset(name);
            const string Wire = """data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"k","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"s":1}}]},"finish_reason":"tool_calls"}]}""" + "\n\ndata: [DONE]\n\n";
            var (events, _) = await WireRun.ReadAsync(protocol, Wire);
            var (_, inBand) = await WireRun.ReadAsync(protocol, "data: {\"error\":{\"code\":\"server_error\",\"message\":\"x\"}}\n\n");
            using var response = new HttpResponseMessage();
            var error = protocol.ReadError(HttpStatusCode.TooManyRequests, response.Headers, """{"error":{"code":"rate_limit_exceeded"}}"""u8, DateTimeOffset.UnixEpoch);

            protocol.Provider.Should().Be(provider);
            events.OfType<ResponseStarted>().Single().Should().BeEquivalentTo(new { Provider = provider, Wire = "openai" });
            foreach (var exception in new[] { error, inBand.Should().BeOfType<ProviderException>().Subject, protocol.ReadInBandError("""{"error":"x"}"""u8, requestId: null)! })
            {
                exception.Should().BeEquivalentTo(new { Provider = provider, Wire = "openai" });
                exception.Message.Should().StartWith(provider + " answered");
            }

            using var http = new HttpClient();
            protocol.CreateClient(http, "k", "m").GetService(typeof(StreamClientMetadata)).Should().BeEquivalentTo(new { Provider = provider, Wire = "openai" });
            protocol.CreateClient(http, "k", "m").AsChatClient().GetService<ChatClientMetadata>()!.ProviderName.Should().Be(provider);
            WireRun.Fold(events).ToChatMessage().Contents.Single().AdditionalProperties.Should().ContainKey(ContentProperties.RawBlock("openai"));
            events.Select(streamEvent => StreamEventJson.Deserialize(StreamEventJson.Serialize(streamEvent))).ToLines().Should().Be(events.ToLines());
            (await WireRun.ReadAsync(StreamProtocols.OpenAIChat, WireRun.Encode(StreamProtocols.OpenAIChat, events))).Events.OfType<ToolCallStarted>().Single().ProviderData.Should().NotBeNull();
        }

        StreamProtocols.OpenAIChat.Provider.Should().Be("openai");
        OpenAICompatible.Azure("r").Provider.Should().Be("azure-openai");
    }

    private static StreamProtocol Preset(string name) => (StreamProtocol)typeof(OpenAICompatible).GetProperty(name)!.GetValue(null)!;

    private static ChatMessage Reasoned(string form) => new(ChatRole.Assistant,
    [
        new TextReasoningContent("hm") { AdditionalProperties = new() { [ContentProperties.RawBlock("openai")] = JsonElement.Parse(form) } },
        new TextContent("t"),
        new FunctionCallContent("a", "f"),
    ]);

    private static async Task<(HttpRequestMessage Request, JsonObject Body)> SendAsync(StreamProtocol protocol, StreamClientOptions options)
    {
        using var handler = new Recorder();
        using var http = new HttpClient(handler);
        await protocol.CreateClient(http, options).StreamAsync("hi").CollectAsync();
        return (handler.Request!, JsonNode.Parse(handler.Body!)!.AsObject());
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public HttpRequestMessage? Request { get; private set; }

        public string? Body { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = request;
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StringContent(OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """, "stop"), "[DONE]"), Encoding.UTF8, "text/event-stream"),
            };
        }
    }
}
