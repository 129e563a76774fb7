using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using Streamline.Protocols;

namespace Streamline.Testing.Tests;

/// <summary>Heads, errors, order and choice of replies, as a plain HTTP client sees them by either door.</summary>
public class ReplyTests
{
    [Theory]
    [InlineData(Door.InProcess, "anthropic", "request-id")]
    [InlineData(Door.Socket, "anthropic", "request-id")]
    [InlineData(Door.InProcess, "openai", "x-request-id")]
    [InlineData(Door.Socket, "openai", "x-request-id")]
    [InlineData(Door.Socket, "openai-responses", "x-request-id")]
    public async Task Reply_OfEvents_HasTheHeadAndBytesOfTheWire(Door door, string wire, string requestIdHeader)
    {
        var protocol = FaultTests.Wire(wire);
        var events = Script(protocol.Name);
        var provider = new ScriptedProvider(ScriptedReply.Events(events));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.PostAsync(ProviderClient.PathOf(protocol));
        var (bytes, failure) = await ProviderClient.ReadAllAsync(response);

        failure.Should().BeNull();
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/event-stream; charset=utf-8");
        response.Headers.GetValues(requestIdHeader).Should().Equal("req_1");
        bytes.Should().Equal(Encode(protocol, events));
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Completed);
        provider.Exchanges[0].BytesWritten.Should().Be(bytes.Length);
    }

    [Theory]
    [InlineData(Door.InProcess, "anthropic")]
    [InlineData(Door.Socket, "openai")]
    [InlineData(Door.Socket, "openai-responses")]
    public async Task Error_WithRetryAfter_HasStatusHeadersAndTheBodyOfTheWire(Door door, string wire)
    {
        var protocol = FaultTests.Wire(wire);
        var provider = new ScriptedProvider(
            ScriptedReply.Error(HttpStatusCode.TooManyRequests, "Slow down.", "rate_limit_error", TimeSpan.FromMilliseconds(1500)).WithHeader("x-extra", "1"));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.PostAsync(ProviderClient.PathOf(protocol));
        var (bytes, _) = await ProviderClient.ReadAllAsync(response);

        response.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        response.Headers.GetValues("retry-after-ms").Should().Equal("1500");
        response.Headers.GetValues("retry-after").Should().Equal("2");
        response.Headers.GetValues("x-extra").Should().Equal("1");
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        using var body = JsonDocument.Parse(bytes);
        body.RootElement.GetProperty("error").GetProperty("message").GetString().Should().Be("Slow down.");
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task Raw_PageOfHtml_ComesAsItIs(Door door)
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw("<html>é</html>", "text/html") with { StatusCode = HttpStatusCode.BadGateway });
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.PostAsync();
        var (bytes, _) = await ProviderClient.ReadAllAsync(response);

        response.StatusCode.Should().Be(HttpStatusCode.BadGateway);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/html");
        Encoding.UTF8.GetString(bytes).Should().Be("<html>é</html>");
    }

    [Theory]
    [InlineData(Door.InProcess)]
    [InlineData(Door.Socket)]
    public async Task ContentType_OfAScript_CanBeWrong(Door door)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("x") with { ContentType = "text/plain" });
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.PostAsync();

        response.Content.Headers.ContentType!.ToString().Should().Be("text/plain");
    }

    [Theory]
    [InlineData(Door.InProcess, "GET", "v1/messages")]
    [InlineData(Door.InProcess, "POST", "v1/other")]
    [InlineData(Door.Socket, "GET", "v1/messages")]
    [InlineData(Door.Socket, "HEAD", "v1/chat/completions")]
    [InlineData(Door.Socket, "POST", "v1/a\"b")]
    public async Task UnknownPathOrMethod_AnyDoor_IsNotFoundAndTakesNoReply(Door door, string method, string path)
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw("kept"));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        using var response = await client.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)).OrFail();
        var (bytes, _) = await ProviderClient.ReadAllAsync(response);
        using var next = await client.PostAsync();

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        if (method != "HEAD")
        {
            using var body = JsonDocument.Parse(bytes);
            body.RootElement.GetProperty("error").GetProperty("type").GetString().Should().Be("not_found_error");
        }

        (await next.Content.ReadAsStringAsync()).Should().Be("kept");
        provider.Exchanges.Select(exchange => exchange.Request.Protocol?.Name).Should().Equal(null, "anthropic");
    }

    [Theory]
    [InlineData(Door.InProcess, "anthropic")]
    [InlineData(Door.Socket, "anthropic")]
    [InlineData(Door.InProcess, "openai")]
    [InlineData(Door.Socket, "openai")]
    [InlineData(Door.Socket, "openai-responses")]
    public async Task ExpectedApiKey_WrongOrMissing_IsUnauthorizedAndTakesNoReply(Door door, string wire)
    {
        var path = ProviderClient.PathOf(FaultTests.Wire(wire));
        var provider = new ScriptedProvider(new ScriptedProviderOptions { ExpectedApiKey = "right" }, ScriptedReply.Raw("1"), ScriptedReply.Raw("2"));
        await using var client = await ProviderClient.OpenAsync(door, provider);

        (await StatusAsync("x-unrelated", "right")).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync("x-api-key", "wrong")).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync("Authorization", "Basic right")).Should().Be(HttpStatusCode.Unauthorized);
        (await StatusAsync("x-api-key", "right")).Should().Be(HttpStatusCode.OK);
        (await StatusAsync("Authorization", "Bearer right")).Should().Be(HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await client.Http.SendAsync(request).OrFail();
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Script_UsedUpInProcess_ThrowsAndSaysWhichRequest()
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw("1"));
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);
        using var first = await client.PostAsync();

        var act = () => client.PostAsync();

        await act.Should().ThrowAsync<InvalidOperationException>().WithMessage("*no reply left for request 1 (POST /v1/messages)*");
        (await provider.Exchanges[1].Completion.OrFail()).Should().Be(ExchangeOutcome.Failed);
    }

    [Fact]
    public async Task Script_UsedUpOnASocket_IsAnErrorThatForbidsRetries()
    {
        var provider = new ScriptedProvider();
        await using var client = await ProviderClient.OpenAsync(Door.Socket, provider);

        using var response = await client.PostAsync();

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        response.Headers.GetValues("x-should-retry").Should().Equal("false");
        (await response.Content.ReadAsStringAsync()).Should().Contain("no reply left for request 0");
        provider.Exchanges[0].Failure.Should().BeOfType<InvalidOperationException>();
    }

    [Fact]
    public async Task RepeatLastReply_ManyRequestsAtOnce_EachIsServedInFull()
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { RepeatLastReply = true }, ScriptedReply.Raw("first"), ScriptedReply.Raw("rest"));
        await using var client = await ProviderClient.OpenAsync(Door.Socket, provider);

        var bodies = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var response = await client.PostAsync();
            return await response.Content.ReadAsStringAsync();
        })).OrFail();

        bodies.Count(body => body == "first").Should().Be(1);
        bodies.Count(body => body == "rest").Should().Be(49);
        provider.Exchanges.Select(exchange => exchange.Request.Index).Should().Equal(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task Respond_FunctionOfTheRequest_ServesEveryRequest()
    {
        var provider = new ScriptedProvider(request => ScriptedReply.Raw($"{request.Index}: {request.LastUserText}"));
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);

        using var first = await client.PostAsync(body: """{"messages":[{"role":"user","content":"Hi"}]}""");
        using var second = await client.PostAsync(body: """{"messages":[{"role":"user","content":"Ho"}]}""");

        (await first.Content.ReadAsStringAsync()).Should().Be("0: Hi");
        (await second.Content.ReadAsStringAsync()).Should().Be("1: Ho");
    }

    [Fact]
    public async Task Body_InProcess_IsMadeAsItIsRead()
    {
        var made = 0;
        var provider = new ScriptedProvider(ScriptedReply.Events(Endless()));
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);
        using var response = await client.PostAsync();
        made.Should().Be(0);
        var body = await response.Content.ReadAsStreamAsync();

        for (var i = 0; i < 10; i++)
        {
            await body.ReadAsync(new byte[4096]).AsTask().OrFail();
        }

        made.Should().BeInRange(10, 13);
        await body.DisposeAsync();
        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);

        IEnumerable<StreamEvent> Endless()
        {
            made++;
            yield return new ResponseStarted { Provider = "anthropic", ResponseId = "r", Model = "m" };
            made++;
            yield return new ContentStarted { Index = 0, Kind = ContentKind.Text };
            while (true)
            {
                made++;
                yield return new TextDelta { Index = 0, Text = "x" };
            }
        }
    }

    [Fact]
    public async Task Body_LeftAfterItsLastByteInProcess_IsComplete()
    {
        var provider = new ScriptedProvider(ScriptedReply.Raw("0123"), ScriptedReply.Raw("0123"));
        await using var client = await ProviderClient.OpenAsync(Door.InProcess, provider);

        foreach (var length in new[] { 4, 3 })
        {
            using var response = await client.PostAsync();
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[length]).AsTask().OrFail();
        }

        (await provider.Exchanges[0].Completion.OrFail()).Should().Be(ExchangeOutcome.Completed);
        (await provider.Exchanges[1].Completion.OrFail()).Should().Be(ExchangeOutcome.ClientGone);
    }

    internal static byte[] Encode(StreamProtocol protocol, IEnumerable<StreamEvent> events)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = protocol.CreateEncoder();
        foreach (var streamEvent in events)
        {
            encoder.Encode(streamEvent, output);
        }

        return output.WrittenSpan.ToArray();
    }

    private static StreamEvent[] Script(string provider) =>
    [
        new ResponseStarted { Provider = provider, ResponseId = "r", Model = "m" },
        new ContentStarted { Index = 0, Kind = ContentKind.Text },
        new TextDelta { Index = 0, Text = "Grüße, \U0001F600" },
        new ContentCompleted { Index = 0, Kind = ContentKind.Text },
        new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new TokenUsage { InputTokens = 3, OutputTokens = 4 } },
    ];
}
