using System.Net;
using System.Net.Http.Json;
using DocsSample;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Web;

/// <summary>The endpoint of docs/aspnetcore.md: whatever goes wrong, the browser is told that it did, and nothing else.</summary>
public sealed class WebEndpointTests
{
    [Theory]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":" \n\u00a0"}""")]
    [InlineData("""{"text":null}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Misuse_IsABadRequest(string body)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("ok"));

        var (status, _) = await PostAsync(provider, body);

        status.Should().Be(HttpStatusCode.BadRequest);
        provider.Exchanges.Should().BeEmpty();
    }

    [Fact]
    public async Task FailureOfTheProvider_IsAnEventWithoutAnAddress()
    {
        var (status, text) = await PostAsync(new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.BadRequest, "secret words of intranet.example")), """{"text":"Hi."}""");

        status.Should().Be(HttpStatusCode.OK);
        text.Should().Contain("event: failure").And.NotContain("secret").And.NotContain("anthropic.com");
    }

    [Fact]
    public async Task FailureOfAnyOtherKind_IsAnEventToo()
    {
        var (_, text) = await PostAsync(new ScriptedProvider(_ => throw new InvalidOperationException("secret")), """{"text":"Hi."}""");

        text.Should().Contain("event: failure").And.NotContain("secret");
    }

    [Fact]
    public async Task Answer_EndsWithItsLastEvent()
    {
        var (_, text) = await PostAsync(new ScriptedProvider(ScriptedReply.Text("Take a coat.")), """{"text":"Hi."}""");

        text.Should().Contain("responseCompleted").And.NotContain("event: failure");
    }

    private static async Task<(HttpStatusCode Status, string Text)> PostAsync(ScriptedProvider provider, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebEndpoint.RegisterForTests(builder, provider);
        await using var app = builder.Build();
        app.MapChat();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        using var response = await http.PostAsync("chat", new StringContent(body, System.Text.Encoding.UTF8, "application/json")).OrFail();
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
