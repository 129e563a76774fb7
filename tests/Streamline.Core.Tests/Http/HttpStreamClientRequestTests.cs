using System.Net;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>What is sent, and what is refused before anything is.</summary>
public sealed class HttpStreamClientRequestTests
{
    public static TheoryData<string> All => Wires.All();

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_Prompt_IsPostedAsAStreamingRequest(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        await Wires.ClientOf(provider, wire).StreamAsync("Hi").CollectAsync();

        var request = provider.Exchanges.Should().ContainSingle().Subject.Request;
        request.Method.Should().Be("POST");
        request.Path.Should().Be(wire switch
        {
            "anthropic" => "/v1/messages",
            "openai" => "/v1/chat/completions",
            "openai-responses" => "/v1/responses",
            "ollama" => "/api/chat",
            "cohere" => "/v2/chat",
            "gemini-interactions" => "/v1beta/interactions",
            "bedrock" => "/model/test-model/converse-stream",
            "bedrock-anthropic" => "/model/test-model/invoke-with-response-stream",
            _ => "/v1beta/models/test-model:streamGenerateContent",
        });
        (request.Body.TryGetProperty("stream", out var isStream) && isStream.GetBoolean()).Should().Be(wire is "anthropic" or "openai" or "openai-responses" or "ollama" or "cohere" or "gemini-interactions", "the paths of the others say it");
        request.Model.Should().Be("test-model");
        request.LastUserText.Should().Be("Hi");
        request.Headers["accept"].Should().Be(Wires.Named(wire).ContentType);
        request.Headers["content-type"].Should().StartWith("application/json");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_NotEnumerated_SendsNothing(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        var events = Wires.ClientOf(provider, wire).StreamAsync("Hi");

        provider.Exchanges.Should().BeEmpty();
        await events.CollectAsync();
        provider.Exchanges.Should().HaveCount(1);
    }

    [Fact]
    public async Task StreamAsync_NoKeyForAProviderThatAsksForNone_IsSentWithoutIt()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));
        var client = StreamProtocols.Ollama.CreateClient(new HttpClient(provider.CreateHandler()), new StreamClientOptions { Model = "m" });

        await client.StreamAsync("Hi").CollectAsync();

        provider.Exchanges[0].Request.Headers.Should().NotContainKey("authorization");
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("gemini")]
    [InlineData("gemini-interactions")]
    [InlineData("bedrock")]
    [InlineData("cohere")]
    public async Task StreamAsync_NoKeyAtTheProvidersOwnAddress_ThrowsAndSendsNothing(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));
        var client = Wires.Named(wire).CreateClient(new HttpClient(provider.CreateHandler()), new StreamClientOptions { Model = "m" });

        var (_, exception) = await client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("ApiKey");
        provider.Exchanges.Should().BeEmpty();
    }

    [Fact]
    public async Task StreamAsync_NoKeyAtAnotherAddress_SendsNoAuthorization()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));
        var client = StreamProtocols.OpenAIChat.CreateClient(
            new HttpClient(provider.CreateHandler()),
            new StreamClientOptions { BaseAddress = new Uri("http://localhost:11434/v1"), Model = "m" });

        await client.StreamAsync("Hi").CollectAsync();

        provider.Exchanges[0].Request.Headers.Should().NotContainKey("authorization");
        provider.Exchanges[0].Request.Path.Should().Be("/v1/chat/completions");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_NoModelAnywhere_ThrowsAndSendsNothing(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        var (_, exception) = await Wires.ClientOf(provider, wire, options => options.Model = null).StreamAsync("Hi").CatchAsync();

        exception.Should().BeAssignableTo<Exception>().Which.Message.Should().Contain("model");
        provider.Exchanges.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task StreamAsync_BlankModel_IsNone(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));
        var client = Wires.ClientOf(provider, wire, options => options.Model = "usual");

        (await Wires.ClientOf(provider, wire, options => options.Model = " ").StreamAsync("Hi").CatchAsync()).Exception!.Message.Should().Contain("model");
        provider.Exchanges.Should().BeEmpty();

        await client.StreamAsync(new StreamRequest { Messages = [new(Microsoft.Extensions.AI.ChatRole.User, "Hi")], Options = new() { ModelId = "" } }).CollectAsync();
        provider.Exchanges.Single().Request.Model.Should().Be("usual");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("secret\nsecret")]
    [Trait("Law", "10")]
    public void CreateClient_KeyThatIsNone_ThrowsWithoutTellingIt(string? key)
    {
        var create = () => StreamProtocols.Anthropic.CreateClient(new HttpClient(), key!);

        create.Should().Throw<ArgumentException>().Which.Message.Should().NotContain("secret");
    }

    [Fact]
    public async Task StreamAsync_ModelOfTheRequest_WinsOverTheDefault()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        await Wires.ClientOf(provider, "anthropic").StreamAsync("Hi", new ChatOptions { ModelId = "other" }).CollectAsync();

        provider.Exchanges[0].Request.Model.Should().Be("other");
    }

    [Fact]
    public async Task StreamAsync_HeaderThatTheProtocolSetsToo_IsReplaced()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        await Wires.ClientOf(provider, "anthropic", options => options.Headers["anthropic-version"] = "2099-01-01").StreamAsync("Hi").CollectAsync();

        provider.Exchanges[0].Request.Headers["anthropic-version"].Should().Be("2099-01-01");
    }

    [Fact]
    public async Task StreamAsync_FurtherHeaders_AreSent()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        await Wires.ClientOf(provider, "anthropic", options => options.Headers["anthropic-beta"] = "some-beta").StreamAsync("Hi").CollectAsync();

        provider.Exchanges[0].Request.Headers["anthropic-beta"].Should().Be("some-beta");
        provider.Exchanges[0].Request.Headers.Should().ContainKey("anthropic-version");
    }

    [Fact]
    public async Task StreamAsync_OptionsChangedAfterwards_AreNotSeen()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));
        var options = new StreamClientOptions { ApiKey = Wires.Key, Model = "first" };
        var client = StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), options);
        options.Model = "second";

        await client.StreamAsync("Hi").CollectAsync();

        provider.Exchanges[0].Request.Model.Should().Be("first");
    }

    [Theory]
    [InlineData("https://proxy.test/gateway", "/gateway/v1/messages")]
    [InlineData("https://proxy.test/gateway/", "/gateway/v1/messages")]
    [InlineData("https://proxy.test", "/v1/messages")]
    public async Task StreamAsync_BaseAddress_KeepsItsPath(string address, string path)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));

        await Wires.ClientOf(provider, "anthropic", options => options.BaseAddress = new Uri(address)).StreamAsync("Hi").CollectAsync();

        provider.Exchanges[0].Request.Path.Should().Be(path);
    }

    [Theory]
    [InlineData(true, "https://proxy.test/google", "https://proxy.test/google/models/m%201:streamGenerateContent?alt=sse")]
    [InlineData(true, "https://proxy.test/google/?key=1", "https://proxy.test/google/models/m%201:streamGenerateContent?key=1&alt=sse")]
    [InlineData(false, "https://proxy.test/google/?key=1", "https://proxy.test/google/models/m%201:streamGenerateContent?key=1")]
    public async Task StreamAsync_WireWithAModelInItsAddress_KeepsTheQuery(bool isSse, string address, string expected)
    {
        var protocol = isSse ? StreamProtocols.Gemini : StreamProtocols.GeminiJsonArray;
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));
        using var handler = new AddressHandler(provider.CreateHandler(protocol));
        var client = protocol.CreateClient(new HttpClient(handler), new StreamClientOptions { ApiKey = Wires.Key, Model = "m 1", BaseAddress = new Uri(address) });

        var events = await client.StreamAsync("Hi").CollectAsync();

        handler.Address!.AbsoluteUri.Should().Be(expected);
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("Hello.");
    }

    [Theory]
    [InlineData("ftp://host/")]
    [InlineData("relative")]
    public void BaseAddress_NotHttp_Throws(string address)
    {
        var set = () => new StreamClientOptions { BaseAddress = new Uri(address, UriKind.RelativeOrAbsolute) };

        set.Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task StreamAsync_ConnectionRefused_IsAnInterruptionBeforeAnyByte()
    {
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var client = StreamProtocols.Anthropic.CreateClient(
            new HttpClient(), new StreamClientOptions { ApiKey = Wires.Key, Model = "m", BaseAddress = new Uri($"http://127.0.0.1:{port}/") });

        var (_, exception) = await client.StreamAsync("Hi").CatchAsync();

        var interrupted = exception.Should().BeOfType<StreamInterruptedException>().Subject;
        interrupted.BytesReceived.Should().Be(0);
        interrupted.InnerException.Should().BeOfType<HttpRequestException>();
    }

    private sealed class AddressHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public Uri? Address { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Address = request.RequestUri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
