using System.Net;
using System.Text;

namespace Streamline.Testing.Tests;

public sealed class RecordingProxyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Proxy_Stream_PassesThroughAndIsRecorded()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello, Paris.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(3) } });
        await using var host = await ScriptedProviderHost.StartAsync(provider).OrFail();
        await using (var proxy = await RecordingProxy.StartAsync(host.BaseAddress, _folder).OrFail())
        {
            using var http = new HttpClient();
            var client = StreamProtocols.Anthropic.CreateClient(http, new StreamClientOptions { ApiKey = "my-secret", BaseAddress = proxy.BaseAddress, Model = "any" });
            await using var events = client.StreamAsync("Hi.").GetAsyncEnumerator();

            // The provider has stalled, so what arrives here was not held back by the proxy.
            (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
            provider.Exchanges[0].Release();
            var text = new StringBuilder();
            while (await events.MoveNextAsync().AsTask().OrFail())
            {
                text.Append((events.Current as TextDelta)?.Text);
            }

            text.ToString().Should().Be("Hello, Paris.");
        }

        provider.Exchanges[0].Request.Path.Should().EndWith("/messages");
        var recorded = RecordedExchange.Load(Path.Combine(_folder, "0001.jsonl"));
        recorded.End.Should().Be(RecordedEnd.Complete);
        recorded.RequestHeaders["x-api-key"].Should().Be("[redacted]");
        (await File.ReadAllTextAsync(Path.Combine(_folder, "0001.jsonl"))).Should().NotContain("my-secret");
    }

    [Fact]
    public async Task Proxy_UpstreamWithPathAndQuery_IsKept()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello."));
        await using var host = await ScriptedProviderHost.StartAsync(provider).OrFail();
        await using var proxy = await RecordingProxy.StartAsync(new Uri(host.BaseAddress, "openai/v1/?api-version=1"), _folder).OrFail();
        using var http = new HttpClient();
        using var body = new StringContent("{}");

        using var response = await http.PostAsync(new Uri(proxy.BaseAddress, "chat/completions"), body).OrFail();

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        provider.Exchanges[0].Request.Path.Should().Be("/openai/v1/chat/completions");
        RecordedExchange.Load(Path.Combine(_folder, "0001.jsonl")).Address.Query.Should().Be("?api-version=1");
    }

    [Fact]
    public async Task Proxy_BrokenUpstream_BreaksAtTheClientToo()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("A long answer.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AtByte(100) } });
        await using var host = await ScriptedProviderHost.StartAsync(provider).OrFail();
        await using var proxy = await RecordingProxy.StartAsync(host.BaseAddress, _folder).OrFail();
        using var http = new HttpClient();

        using var response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(proxy.BaseAddress, "v1/messages")), HttpCompletionOption.ResponseHeadersRead).OrFail();
        var (bytes, failure) = await ProviderClient.ReadAllAsync(response);

        bytes.Should().HaveCount(100);
        failure.Should().NotBeNull();
        RecordedExchange.Load(Path.Combine(_folder, "0001.jsonl")).End.Should().Be(RecordedEnd.Broken);
    }

    [Fact]
    public async Task Proxy_NoUpstream_IsABadGateway()
    {
        Uri address;
        await using (var host = await ScriptedProviderHost.StartAsync(new ScriptedProvider()).OrFail())
        {
            address = host.BaseAddress;
        }

        await using var proxy = await RecordingProxy.StartAsync(address, _folder).OrFail();
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(proxy.BaseAddress, "v1/models")).OrFail();

        response.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync()).Should().StartWith("The provider could not be reached: ");
    }

    [Theory]
    [InlineData("ftp://host/", 0)]
    [InlineData("/v1", 0)]
    [Trait("Finding", "BadInput")]
    public async Task Proxy_BadAddress_IsRejected(string upstream, int port) =>
        await FluentActions.Awaiting(() => RecordingProxy.StartAsync(new Uri(upstream, UriKind.RelativeOrAbsolute), _folder, port)).Should().ThrowAsync<ArgumentException>();
}
