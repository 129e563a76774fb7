using System.Net;
using System.Text;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.OpenAIChat;

public sealed class OpenAIChatErrorTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The frames, then status, code, words, whether it may pass, and the seconds to wait.</summary>
    public static TheoryData<string, int?, string?, string?, bool, double?> InBand => new()
    {
        { Frame("""{"error":{"message":"Boom","type":"server_error","param":null,"code":null}}"""), 500, "server_error", "Boom", true, null },
        { Frame("""{"error":{"message":"Slow","type":"tokens","param":null,"code":"rate_limit_exceeded"}}"""), 429, "rate_limit_exceeded", "Slow", true, null },
        { Frame("""{"error":{"message":"Pay","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}"""), 429, "insufficient_quota", "Pay", false, null },
        { "event: error\n" + Frame("""{"error":{"message":"Boom","type":"server_error"}}"""), 500, "server_error", "Boom", true, null },
        { "event: error\n" + Frame("""{"message":"Bare","code":503}"""), 503, null, "Bare", true, null },
        { "event: error\n" + Frame("upstream reset"), 502, null, "upstream reset", true, null },
        { Frame("""{"error":{"message":"vLLM","type":"BadRequestError","param":null,"code":400}}""") + Frame("[DONE]"), 400, "BadRequestError", "vLLM", false, null },
        { Frame("""{"error":{"message":"vLLM","type":"InternalServerError","param":null,"code":"500"}}"""), 500, "InternalServerError", "vLLM", true, null },
        { Frame("""{"object":"error","message":"old vLLM","type":"BadRequestError","param":null,"code":400}"""), 400, "BadRequestError", "old vLLM", false, null },
        { Frame("""{"error":"just words"}"""), null, null, "just words", false, null },
        { Frame("""{"id":"g","error":{"code":502,"message":"away","metadata":{"error_type":"provider_unavailable"}},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"""), 502, "provider_unavailable", "away", true, null },
        { Frame("""{"id":"g","error":{"code":"server_error","message":"away"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"""), 500, "server_error", "away", true, null },
        { Frame("""{"error":{"code":429,"message":"later","availability":{"code":"x","retryable":false,"retry_after":1.5}}}"""), 429, null, "later", false, 1.5 },
        { Frame("""{"error":{"code":400,"message":"later","availability":{"retryable":true}}}"""), 400, null, "later", true, null },
        { Frame("""{"id":"g","choices":[{"index":0,"delta":{},"finish_reason":"error","error":{"code":503,"message":"inner"}}]}"""), 503, null, "inner", true, null },
        { Frame("""{"id":"g","choices":[{"index":0,"delta":{},"finish_reason":"error"}]}"""), null, "error", null, true, null },
        { Frame("""{"id":"g","choices":[{"index":0,"delta":{},"finish_reason":"insufficient_system_resource"}]}"""), 503, "insufficient_system_resource", null, true, null },
        { "event: error\n" + Frame("""{"error":{"message":"Tool choice is required","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"","status_code":400}}"""), 400, "tool_use_failed", "Tool choice is required", false, null },
    };

    [Theory]
    [Trait("Law", "5")]
    [MemberData(nameof(InBand))]
    public async Task Decode_ErrorInTheStream_IsClassifiedAndSealsNothing(string error, int? status, string? code, string? words, bool isRetryable, double? wait)
    {
        var wire = OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "content":"a" """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k","function":{"name":"f","arguments":"{}"}}] """)) + error;
        foreach (var size in OpenAIChatWire.ChunkSizes)
        {
            var (events, exception) = await OpenAIChatWire.DecodeAsync(wire, size);

            exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(new
            {
                Provider = "openai",
                StatusCode = (HttpStatusCode?)status,
                Code = code,
                ProviderMessage = words,
                IsRetryable = isRetryable,
                RetryAfter = wait is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null,
                IsInBand = true,
            });
            events.OfType<TextDelta>().Should().ContainSingle();
            events.Should().NotContain(streamEvent => streamEvent is ToolCallCompleted || streamEvent is ResponseCompleted);
        }
    }

    [Theory]
    [Trait("Law", "5")]
    [InlineData("""{"error":{"message":"Boom","type":"server_error"}}""", 500, "server_error", "Boom")]
    [InlineData("""[{"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}]""", 503, "UNAVAILABLE", "Overloaded")]
    [InlineData("{\n  \"error\": {\n    \"code\": 429,\n    \"message\": \"data: is no field here\"\n  }\n}", 429, null, "data: is no field here")]
    [InlineData("""{"detail":"Not Found"}""", 404, null, "Not Found")]
    [InlineData("upstream connect error", 502, null, "upstream connect error")]
    [InlineData("<html><body>502 Bad Gateway</body></html>", 502, null, "<html><body>502 Bad Gateway</body></html>")]
    public async Task Complete_BodyThatIsNoStream_IsAProviderError(string body, int? status, string? code, string words)
    {
        foreach (var size in OpenAIChatWire.ChunkSizes)
        {
            var (_, exception) = await OpenAIChatWire.DecodeAsync(body + "\n", size);

            var error = exception.Should().BeOfType<ProviderException>().Subject;
            (error.StatusCode, error.Code, error.ProviderMessage).Should().Be(((HttpStatusCode?)status, code, words));
        }
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Complete_BareErrorLineAfterChunks_IsAProviderError()
    {
        var chunks = OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """));

        (await OpenAIChatWire.DecodeAsync(chunks + """{"error":{"message":"late","code":503}}""" + "\n")).Exception
            .Should().BeOfType<ProviderException>().Which.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await OpenAIChatWire.DecodeAsync(chunks + "stray words\n")).Exception.Should().BeOfType<StreamInterruptedException>();
        (await OpenAIChatWire.DecodeAsync(chunks + """{"message":"Internal server error"}""" + "\n")).Exception.Should().BeOfType<ProviderException>();
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"filtered","code":"content_filter","innererror":{}}}""", "content_filter", "filtered", false)]
    [InlineData(401, """{"error":{"message":"key","type":"invalid_request_error","code":"invalid_api_key"}}""", "invalid_api_key", "key", false)]
    [InlineData(408, "", null, null, true)]
    [InlineData(409, "{}", null, "{}", true)]
    [InlineData(429, """{"error":{"message":"slow","type":"requests","code":"rate_limit_exceeded"}}""", "rate_limit_exceeded", "slow", true)]
    [InlineData(429, """{"error":{"message":"pay","code":"insufficient_quota"}}""", "insufficient_quota", "pay", false)]
    [InlineData(422, """{"detail":[{"loc":["body"],"msg":"bad"}]}""", null, "body: bad", false)]
    [InlineData(500, "<html>oops</html>", null, "<html>oops</html>", true)]
    [InlineData(503, """[{"error":{"code":503,"message":"Overloaded"}}]""", null, "Overloaded", true)]
    public void ReadError_ByStatusAndCode_IsClassified(int status, string body, string? code, string? words, bool isRetryable)
    {
        using var response = new HttpResponseMessage();

        var error = StreamProtocols.OpenAIChat.ReadError((HttpStatusCode)status, response.Headers, Encoding.UTF8.GetBytes(body), Now);

        error.Should().BeEquivalentTo(new
        {
            Provider = "openai",
            StatusCode = (HttpStatusCode?)status,
            Code = code,
            ProviderMessage = words,
            IsRetryable = isRetryable,
            IsInBand = false,
            RetryAfter = (TimeSpan?)null,
            RequestId = (string?)null,
        });
    }

    [Fact]
    public void ReadError_Headers_AreHonoured()
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("x-request-id", "req_1");
        response.Headers.TryAddWithoutValidation("retry-after", "7");
        response.Headers.TryAddWithoutValidation("retry-after-ms", "1500");
        response.Headers.TryAddWithoutValidation("x-should-retry", "false");

        var error = StreamProtocols.OpenAIChat.ReadError(HttpStatusCode.ServiceUnavailable, response.Headers, "{}"u8, Now);

        (error.RequestId, error.RetryAfter, error.IsRetryable).Should().Be(("req_1", TimeSpan.FromMilliseconds(1500), false));
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData("")]
    [InlineData("""{"error":{"message":" """)]
    public void ReadError_LongBody_IsExcerpted(string head)
    {
        using var response = new HttpResponseMessage();
        var body = head + new string('ü', 5000) + (head.Length > 0 ? "\"}}" : "");

        var error = StreamProtocols.OpenAIChat.ReadError(HttpStatusCode.BadGateway, response.Headers, Encoding.UTF8.GetBytes(body), Now);

        Encoding.UTF8.GetByteCount(error.ProviderMessage!).Should().BeInRange(1000, 1024);
    }

    [Theory]
    [InlineData("x-request-id", "a")]
    [InlineData("apim-request-id", "b")]
    [InlineData("X-Generation-Id", "c")]
    [InlineData("x-other", null)]
    public void ReadRequestId_FindsTheHeaderOfTheServer(string header, string? expected)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation(header, expected ?? "x");

        StreamProtocols.OpenAIChat.ReadRequestId(response.Headers).Should().Be(expected);
    }

    [Fact]
    public void CreateDecoder_RequestId_IsOnTheFirstEventAndOnErrors()
    {
        var decoder = StreamProtocols.OpenAIChat.CreateDecoder(new StreamReadOptions(), "req_1");
        decoder.Decode(default, Encoding.UTF8.GetBytes(OpenAIChatWire.Delta("")), 0);

        decoder.TryTake(out var started).Should().BeTrue();
        started.Should().BeOfType<ResponseStarted>().Which.RequestId.Should().Be("req_1");
        decoder.Invoking(d => d.Decode(default, """{"error":{"message":"x"}}"""u8, 0)).Should().Throw<ProviderException>().Which.RequestId.Should().Be("req_1");
    }

    private static string Frame(string payload) => OpenAIChatWire.Stream(payload);

    [Fact]
    [Trait("Law", "5")]
    public async Task Decode_EventNamedErrorThatLooksLikeTheLastDelta_IsAnErrorAllTheSame()
    {
        var delta = OpenAIChatWire.Stream(OpenAIChatWire.Delta(""" "content":"a" """));

        var (events, exception) = await OpenAIChatWire.DecodeAsync(delta + delta + delta + "event: error\n" + delta);

        exception.Should().BeOfType<ProviderException>().Which.IsInBand.Should().BeTrue();
        events.OfType<TextDelta>().Should().HaveCount(3);
    }
}
