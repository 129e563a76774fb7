using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

public sealed class OpenAIResponsesErrorTests
{
    /// <summary>The frames, then status, code, words, and whether it may pass.</summary>
    public static TheoryData<string, int?, string?, string?, bool> InBand => new()
    {
        { Frame("""{"type":"error","sequence_number":2,"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"no credit","param":null}}""")
            + Frame("""{"type":"response.failed","sequence_number":3,"response":{"id":"resp_2","status":"failed","error":{"code":"insufficient_quota","message":"no credit"},"output":[]}}"""),
            429, "insufficient_quota", "no credit", false },
        { Frame("""{"type":"error","code":"server_error","message":"Boom","param":null,"sequence_number":5}"""), 500, "server_error", "Boom", true },
        { Frame("""{"type":"error","code":"rate_limit_exceeded","message":"Slow","param":null}"""), 429, "rate_limit_exceeded", "Slow", true },
        { Frame("""{"type":"error","code":null,"message":"?","param":null}"""), null, null, "?", false },
        { Frame("""{"type":"error","code":"novel","message":"?"}"""), null, "novel", "?", false },
        { Frame("""{"error":{"message":"No type","code":503}}"""), 503, null, "No type", true },
        { "event: error\ndata: upstream reset\n\n", 502, null, "upstream reset", true },
        { "event: error\ndata: {\"message\":\"Bare\",\"code\":\"server_error\"}\n\n", 500, "server_error", "Bare", true },
        { "event: error\ndata: " + Delta("output_text", 0, "x") + "\n\n", null, null, Delta("output_text", 0, "x"), false },
        { Failed("""{"code":"server_error","message":"Boom"}"""), 500, "server_error", "Boom", true },
        { Failed("""{"code":"vector_store_timeout","message":"Late"}"""), 504, "vector_store_timeout", "Late", true },
        { Failed("""{"code":"rate_limit_exceeded","message":"Slow"}"""), 429, "rate_limit_exceeded", "Slow", true },
        { Failed("""{"code":"invalid_prompt","message":"No"}"""), 400, "invalid_prompt", "No", false },
        { Failed("""{"code":"image_too_large","message":"Big"}"""), 400, "image_too_large", "Big", false },
        { Failed("""{"code":"failed_to_download_image","message":"Gone"}"""), 400, "failed_to_download_image", "Gone", false },
        { Failed("null"), null, null, null, false },
        { Failed("""{"code":null,"message":"Internal error during token generation"}"""), null, null, "Internal error during token generation", true },
        { Failed("""{"code":"novel","message":"x"},"error_type":"provider_overloaded" """), 503, "novel", "x", true },
        { Failed("""null,"error_type":"timeout" """), 504, "timeout", null, true },
        { Frame("""{"type":"response.completed","response":{"status":"failed","error":{"code":"server_error","message":"Boom"}}}"""), 500, "server_error", "Boom", true },
    };

    [Theory]
    [Trait("Law", "5")]
    [MemberData(nameof(InBand))]
    public async Task Decode_ErrorInTheStream_IsClassifiedAndSealsNothing(string error, int? status, string? code, string? words, bool isRetryable)
    {
        var wire = Stream(
            Created,
            Delta("output_text", 0, "a"),
            Delta("output_text", 0, "b"),
            Added(1, """{"id":"fc","type":"function_call","call_id":"c","name":"f","arguments":""}"""),
            Delta("function_call_arguments", 1, "{}")) + error;
        foreach (var size in WireRun.ChunkSizes)
        {
            var (events, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, Encoding.UTF8.GetBytes(wire), size, requestId: "req_1");

            exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(new
            {
                Provider = "openai-responses",
                StatusCode = (HttpStatusCode?)status,
                Code = code,
                ProviderMessage = words,
                IsRetryable = isRetryable,
                IsInBand = true,
                RequestId = "req_1",
            });
            events.OfType<TextDelta>().Should().HaveCount(2);
            events.Should().NotContain(streamEvent => streamEvent is ToolCallCompleted || streamEvent is ResponseCompleted);
        }
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Decode_ErrorBeforeAnything_IsTheError()
    {
        var (events, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, Frame("""{"type":"error","code":"server_error","message":"Boom"}"""));

        events.Should().BeEmpty();
        exception.Should().BeOfType<ProviderException>();
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Decode_FailedWithUsage_KeepsTheUsage()
    {
        var (events, exception) = await WireRun.ReadAsync(
            StreamProtocols.OpenAIResponses,
            Stream(Created, """{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"x"},"usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}}"""));

        events.OfType<UsageUpdated>().Single().Usage.TotalTokens.Should().Be(4);
        exception.Should().BeOfType<ProviderException>().Which.PartialResponse!.Usage!.TotalTokenCount.Should().Be(4);
    }

    [Theory]
    [InlineData("""{"error":{"message":"No such model","type":"invalid_request_error","code":"model_not_found"}}""", "model_not_found", "No such model")]
    [InlineData("<html>Bad gateway</html>", null, "<html>Bad gateway</html>")]
    public async Task Complete_BodyThatIsAnError_IsThatError(string body, string? code, string words)
    {
        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, body);

        var error = exception.Should().BeOfType<ProviderException>().Subject;
        (error.Code, error.ProviderMessage, error.Provider).Should().Be((code, words, "openai-responses"));
    }

    [Fact]
    public void ReadError_AnswerWithHeaders_HasIdAndWait()
    {
        using var response = new HttpResponseMessage();
        response.Headers.Add("x-request-id", "req_9");
        response.Headers.Add("retry-after-ms", "1500");

        var error = StreamProtocols.OpenAIResponses.ReadError(
            HttpStatusCode.TooManyRequests, response.Headers, """{"error":{"message":"Slow","code":"rate_limit_exceeded"}}"""u8, DateTimeOffset.UnixEpoch);

        error.Should().BeEquivalentTo(new { Provider = "openai-responses", RequestId = "req_9", RetryAfter = TimeSpan.FromSeconds(1.5), IsRetryable = true, IsInBand = false, Code = "rate_limit_exceeded" });
    }

    public static TheoryData<int?, string?, string?, bool, double?> Errors => new()
    {
        { 503, "provider_overloaded", "Busy", true, null },
        { 429, "rate_limit_exceeded", "Slow down", true, 2.5 },
        { 429, "insufficient_quota", "Pay", false, null },
        { 529, "overloaded_error", "Busy", true, null },
        { 418, "novel", "Teapot", false, null },
        { 502, null, "Gone", true, null },
        { null, "novel", "?", true, 1 },
        { null, null, "?", false, null },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    [Trait("Law", "5")]
    public async Task EncodeError_ReadBack_IsTheSameError(int? status, string? code, string? message, bool isRetryable, double? retryAfter)
    {
        var error = new ProviderException("openai-responses", (HttpStatusCode?)status, code, message)
        {
            IsRetryable = isRetryable,
            RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.OpenAIResponses.CreateEncoder().EncodeError(error, output);

        var (_, exception) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, output.WrittenMemory);

        exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(
            new
            {
                error.StatusCode,
                Code = code ?? (status is null ? null : "server_error"), // the wire has a type for every status, and a reader takes it where there is no code
                error.ProviderMessage,
                error.IsRetryable,
                error.RetryAfter,
                IsInBand = true,
                Provider = "openai-responses",
            });
        var flat = JsonElement.Parse(Encoding.UTF8.GetString(output.WrittenSpan).Split("data: ")[1]);
        (flat.GetProperty("code").GetString(), flat.GetProperty("message").GetString()).Should().Be((code, message));
    }

    private static string Failed(string error) =>
        Frame($$$"""{"type":"response.failed","sequence_number":3,"response":{"id":"resp_2","status":"failed","output":[],"usage":null,"error":{{{error.Trim()}}}}}""");

    private static string Frame(string payload) => $"data: {payload}\n\n";
}
