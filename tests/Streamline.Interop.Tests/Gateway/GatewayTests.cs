using System.Net;
using System.Text;
using System.Text.Json;
using GatewaySample;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Interop.Tests.Gateway;

/// <summary>What the gateway does that no package lets one see.</summary>
public class GatewayTests
{
    public static TheoryData<string, string, string> BadRequests => new()
    {
        { "v1/messages", "{", "The body is not JSON" },
        { "v1/messages", "", "The body is not JSON" },
        { "v1/messages", """{"model":"m","max_tokens":1}""", "messages: missing, expected a value." },
        { "v1/messages", """{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text: missing, expected a value." },
        { "v1/messages", """{"messages":[{"role":"user","content":"Hi"}]}""", "model: missing, expected a value." },
        { "v1/messages", """{"model":"m","messages":[]}""", "The request has no content" },
        { "v1/responses", """{"model":"m"}""", "input: missing, expected a value." },
        { "v1/responses", """{"model":"m","input":"Hi","previous_response_id":"r"}""", "ConversationId" },
        { "v1/chat/completions", "[1]", "The body: found an array, expected an object." },
        { "v1/chat/completions", """{"model":"m","messages":[{"role":"robot","content":"Hi"}]}""", "messages[0].role: found a string" },
        { "v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AQID","format":"wav"}}]}]}""", "audio/wav" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task BadRequest_IsTheWires400_AndAsksNobody(string path, string body, string message)
    {
        var provider = new ScriptedProvider();
        await using var gateway = await GatewayHost.StartAsync(provider, StreamProtocols.Anthropic, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };

        using var response = await http.PostAsync(path, Json(body)).OrFail();

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        answer.TryGetProperty("type", out _).Should().Be(path == "v1/messages", "only Anthropic's body has a type at its top");
        answer.GetProperty("error").GetProperty("message").GetString().Should().Contain(message);
        provider.Exchanges.Should().BeEmpty();
    }

    [Theory]
    [InlineData("v1/messages")]
    [InlineData("v1/chat/completions")]
    [InlineData("v1/responses")]
    public async Task ClientThatLeaves_EndsTheUpstream(string path)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("One two three") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(4) } });
        await using var gateway = await GatewayHost.StartAsync(provider, StreamProtocols.Anthropic, "m");
        using (var http = new HttpClient { BaseAddress = gateway.BaseAddress })
        using (var response = await http.SendAsync(Request(path), HttpCompletionOption.ResponseHeadersRead).OrFail())
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            (await body.ReadAtLeastAsync(new byte[16], 16).AsTask().OrFail()).Should().BeGreaterThan(0);
        }

        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    [Theory]
    [InlineData("v1/messages", "event: ping")]
    [InlineData("v1/chat/completions", ": keep-alive")]
    [InlineData("v1/responses", ": keep-alive")]
    public async Task SilentUpstream_KeepsTheClientAlive(string path, string sign)
    {
        var time = new ManualTimeProvider();
        var upstream = new FakeStreamClient((_, cancellationToken) => FakeStreamClient.StreamThenStall(
            [new ResponseStarted { Provider = "other", Model = "m" }, new ContentStarted { Index = 0, Kind = ContentKind.Text }, new TextDelta { Index = 0, Text = "Hi" }], cancellationToken));
        await using var gateway = await GatewayHost.StartAsync(upstream, time, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };
        using (var response = await http.SendAsync(Request(path), HttpCompletionOption.ResponseHeadersRead).OrFail())
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            await ReadUntilAsync(lines, "Hi").OrFail();
            for (var signs = 0; signs < 2; signs++)
            {
                var read = ReadUntilAsync(lines, sign);
                await AdvanceUntilAsync(read, time).OrFail();
            }
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task UsageOfChatCompletions_ComesWhenItIsAskedFor(bool isAskedFor, bool isThere)
    {
        await using var gateway = await GatewayHost.StartAsync(
            new ScriptedProvider(ScriptedReply.Text("Hi") with { Usage = new TokenUsage { InputTokens = 1, OutputTokens = 2 } }), StreamProtocols.Anthropic, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };
        var options = isAskedFor ? """ "stream_options":{"include_usage":true}, """ : "";

        using var response = await http.PostAsync("v1/chat/completions", Json($$"""{"model":"m","stream":true,{{options}}"messages":[{"role":"user","content":"Hi"}]}""")).OrFail();

        var body = await response.Content.ReadAsStringAsync();
        body.Contains("\"usage\"", StringComparison.Ordinal).Should().Be(isThere);
        body.Should().Contain("[DONE]");
    }

    [Fact]
    public async Task KeyThatTheUpstreamRefuses_IsTheGatewaysFault()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.Unauthorized, "Incorrect API key provided: upst****-key.")), StreamProtocols.Anthropic, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };

        using var response = await http.SendAsync(Request("v1/messages"), HttpCompletionOption.ResponseHeadersRead).OrFail();

        response.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await response.Content.ReadAsStringAsync()).Should().NotContain("upst");
    }

    [Theory]
    [InlineData("text/html", "<html>intranet.example</html>")]
    [InlineData("application/json", "{}")]
    public async Task UpstreamThatAnswersSomethingElse_IsABadGateway_AndKeepsItsAddress(string contentType, string body)
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { RepeatLastReply = true }, ScriptedReply.Raw(body, contentType));
        await using var gateway = await GatewayHost.StartAsync(provider, StreamProtocols.Anthropic, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };

        foreach (var path in new[] { "v1/messages", "v1/chat/completions" })
        {
            using var response = await http.SendAsync(Request(path)).OrFail();

            response.StatusCode.Should().Be(HttpStatusCode.BadGateway);
            (await response.Content.ReadAsStringAsync()).Should().NotContain("intranet").And.NotContain("http").And.Contain("error");
        }
    }

    [Fact]
    public async Task RetryAfterOfTheUpstream_IsPassedOn()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.TooManyRequests, "Slow down.", retryAfter: TimeSpan.FromSeconds(7))), StreamProtocols.Anthropic, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };

        using var response = await http.SendAsync(Request("v1/chat/completions"), HttpCompletionOption.ResponseHeadersRead).OrFail();

        (response.StatusCode, response.Headers.RetryAfter?.Delta).Should().Be((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public async Task WhatOnlyOneWireKnows_DoesNotReachAnother()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hi"), ScriptedReply.Text("Hi"));
        await using var gateway = await GatewayHost.StartAsync(provider, StreamProtocols.Anthropic, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };

        using var same = await http.PostAsync("v1/messages", Json("""{"model":"m","max_tokens":5,"metadata":{"user_id":"u"},"messages":[{"role":"user","content":"Hi"}]}""")).OrFail();
        using var other = await http.PostAsync("v1/chat/completions", Json("""{"model":"m","max_tokens":5,"metadata":{"user_id":"u"},"messages":[{"role":"user","content":"Hi"}]}""")).OrFail();

        provider.Exchanges[0].Request.Body.TryGetProperty("metadata", out _).Should().BeTrue();
        provider.Exchanges[1].Request.Body.TryGetProperty("metadata", out _).Should().BeFalse();
        provider.Exchanges[1].Request.Body.GetProperty("max_tokens").GetInt32().Should().Be(5);
    }

    [Fact]
    public async Task FailureInside_TellsTheClientNothingOfIt()
    {
        var upstream = new FakeStreamClient((_, _) => FakeStreamClient.StreamThenThrow(new InvalidOperationException("secret")));
        await using var gateway = await GatewayHost.StartAsync(upstream, TimeProvider.System, "m");
        using var http = new HttpClient { BaseAddress = gateway.BaseAddress };

        using var response = await http.SendAsync(Request("v1/messages")).OrFail();

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).Should().NotContain("secret").And.Contain("api_error");
    }

    [Fact]
    public async Task SelfCheck_EmbeddedProvider_IsWell()
    {
        using var http = new HttpClient();
        using var output = new StringWriter();

        (await SelfCheck.RunAsync(Upstream.Embedded(), output).OrFail()).Should().BeTrue(output.ToString());
    }

    /// <remarks>Again and again, as the first timer that one sees may be that of the wait before, which is disarmed a moment after its event was sent.</remarks>
    private static async Task AdvanceUntilAsync(Task read, ManualTimeProvider time)
    {
        while (await Task.WhenAny(read, time.WaitForTimersAsync()) != read)
        {
            time.Advance(StreamedAnswer.KeepAliveInterval);
        }

        await read;
    }

    private static HttpRequestMessage Request(string path) => new(HttpMethod.Post, path)
    {
        Content = Json("""{"model":"m","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"Hi"}],"input":"Hi"}"""),
    };

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task ReadUntilAsync(StreamReader lines, string text)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The stream ended without '{text}'.");
    }
}
