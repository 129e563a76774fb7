using System.Net;
using System.Text;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public sealed class ErrorReaderTests
{
    private static readonly ErrorContext Context = new("p", Protocol: null, RequestId: null, RetryAfter: null, ShouldRetry: null);

    [Theory]
    [InlineData("InternalFailure", 500, true)]
    [InlineData("ValidationException", 400, false)]
    [InlineData("SomethingNewException", 503, true)]
    public void WithCode_WordsThatSayAnother_ReadsAKnownCodeFirst(string code, int status, bool isRetryable)
    {
        var exception = ErrorReader.Read("the service is overloaded"u8).WithCode(code).ToInBandException(Context);

        exception.StatusCode.Should().Be((HttpStatusCode)status);
        exception.IsRetryable.Should().Be(isRetryable);
        exception.Code.Should().Be(code);
    }

    [Theory]
    [InlineData("""{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}""", 503, "UNAVAILABLE", "m", true)]
    [InlineData("""[{"error":{"code":503,"message":"m","status":"UNAVAILABLE"}}]""", 503, "UNAVAILABLE", "m", true)]
    [InlineData("""{"error":{"message":"m","type":"None","param":"None","code":"429"}}""", 429, null, "m", true)]
    [InlineData("""{"error":{"message":"busy","type":"server_error","code":"rate_limit_exceeded"}}""", 429, "rate_limit_exceeded", "busy", true)]
    [InlineData("""{"error":{"message":"m","type":"server_error"}}""", 500, "server_error", "m", true)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"m"}}""", 529, "overloaded_error", "m", true)]
    [InlineData("""{"type":"error","error":{"type":"error","code":529,"message":"m"}}""", 529, null, "m", true)]
    [InlineData("""{"type":"error","error":"overloaded now"}""", 503, null, "overloaded now", true)]
    [InlineData("""{"type":"error","message":"engine crashed","code":500}""", 500, null, "engine crashed", true)]
    [InlineData("""{"type":"error","status":429,"error":{"type":"usage_limit_reached","message":"m"}}""", 429, "usage_limit_reached", "m", true)]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","code":"request_timeout","message":"m"}}""", 408, "request_timeout", "m", true)]
    [InlineData("""{"error":{"code":"1302","message":"m"},"request_id":"r"}""", 429, "1302", "m", true)]
    [InlineData("""{"object":"error","message":"m","type":"BadRequestError","code":400}""", 400, "BadRequestError", "m", false)]
    [InlineData("""{"error":"Model is overloaded","error_type":"overloaded"}""", 503, "overloaded", "Model is overloaded", true)]
    [InlineData("""{"error":"invalid_grant","error_description":"m"}""", null, "invalid_grant", "m", false)]
    [InlineData("""{"error":true,"message":"m","code":401}""", 401, null, "m", false)]
    [InlineData("""{"error":429,"message":"m"}""", 429, null, "m", true)]
    [InlineData("""{"error":["too many requests"]}""", 429, null, "too many requests", true)]
    [InlineData("""{"errors":[{"code":"rate_limited","message":"m"}]}""", 429, "rate_limited", "m", true)]
    [InlineData("""{"errors":["m"]}""", null, null, "m", false)]
    [InlineData("""{"base_resp":{"status_code":1002,"status_msg":"rate limit"}}""", 429, "1002", "rate limit", true)]
    [InlineData("""{"error_code":336003,"error_msg":"bad messages","id":"as-1"}""", 400, "336003", "bad messages", false)]
    [InlineData("""{"error_type":"context_length_exceeded","error_message":"too long"}""", 400, "context_length_exceeded", "too long", false)]
    [InlineData("""{"code":"Throttling.RateQuota","message":"m","request_id":"r"}""", 429, "Throttling.RateQuota", "m", true)]
    [InlineData("""{"code":401,"message":"token expired","type":"auth"}""", 401, "auth", "token expired", false)]
    [InlineData("""{"code":429}""", 429, null, null, true)]
    [InlineData("""{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"try later"}""", 503, null, "try later", true)]
    [InlineData("""{"detail":"worker died"}""", null, null, "worker died", false)]
    [InlineData("""{"detail":[{"loc":["body","messages",0],"msg":"Field required","type":"missing"}]}""", null, null, "body.messages.0: Field required", false)]
    [InlineData("""{"detail":{"message":"m"}}""", null, null, "m", false)]
    [InlineData("""{"type":"response.error","error":{"code":"rate_limit_exceeded","message":"busy"}}""", 429, "rate_limit_exceeded", "busy", true)]
    [InlineData("""{"type":"response.failed","response":{"status":"failed","error":{"code":"server_is_overloaded","message":"m"}}}""", 503, "server_is_overloaded", "m", true)]
    [InlineData("""{"type":"response.failed","response":{"status":"failed","error":null,"error_type":"timeout"}}""", 504, "timeout", null, true)]
    [InlineData("""{"error":{"code":502,"message":"m","metadata":{"error_type":"provider_unavailable"}}}""", 502, "provider_unavailable", "m", true)]
    [InlineData("""{"__type":"com.amazon.coral.validate#ValidationException","message":"m"}""", 400, "ValidationException", "m", false)]
    [InlineData("""{"__type":"throttlingException:http://internal","Message":"m"}""", 429, "ThrottlingException", "m", true)]
    [InlineData("""{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}""", 404, "UnknownOperationException", null, false)]
    [InlineData("""{"message":"Endpoint request timed out"}""", null, null, "Endpoint request timed out", false)]
    [InlineData("""{"error":"error parsing tool call: raw='{'"}""", null, null, "error parsing tool call: raw='{'", false)]
    [InlineData("""{"error":"llama runner process has terminated"}""", 500, null, "llama runner process has terminated", false)]
    [InlineData("""{"error":"model \"q\" not found"}""", 404, null, "model \"q\" not found", false)]
    [InlineData("""{"error":{"message":{"en":"m"},"code":500}}""", 500, null, "{\"en\":\"m\"}", true)]
    [InlineData("""{"timestamp":"x","status":500,"error":"Internal Server Error","path":"/"}""", 500, null, "Internal Server Error", true)]
    [Trait("Law", "5")]
    public void ReadPayload_EveryForm_IsRead(string json, int? status, string? code, string? message, bool isRetryable)
    {
        var error = ReadPayload(json, hasContent: false);

        error.Should().NotBeNull();
        error!.ToInBandException(Context).Should().BeEquivalentTo(
            new { StatusCode = (HttpStatusCode?)status, Code = code, ProviderMessage = message, IsRetryable = isRetryable, IsInBand = true });
        ErrorReader.TryRead(Utf8(json)).Should().Be(error);
        ErrorReader.Read(Utf8(json)).Should().Be(error);
        ErrorReader.TryRead(Utf8("error: " + json)).Should().Be(error);
        ErrorReader.TryRead(Utf8("garbage\n" + json + "\nmore")).Should().Be(error);
    }

    [Theory]
    [InlineData("""{"error":null,"x":1}""")]
    [InlineData("""{"error":"","error_code":0,"errors":[]}""")]
    [InlineData("""{"error":false,"base_resp":{"status_code":0,"status_msg":""}}""")]
    [InlineData("""{"code":0,"message":"ok"}""")]
    [InlineData("""{"code":200,"message":"ok"}""")]
    [InlineData("""{"code":"Success","message":"done"}""")]
    [InlineData("""{"type":"notice","message":"hello"}""")]
    [InlineData("""{"status":"pulling manifest"}""")]
    [InlineData("""{"response":{"status":"completed","error":null}}""")]
    [InlineData("""{"message":{"role":"assistant","content":"x"}}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"error\"")]
    [InlineData("3")]
    public void ReadPayload_NotAnError_IsNull(string json) => ReadPayload(json, hasContent: false).Should().BeNull();

    [Theory]
    [InlineData("""{"choices":[],"error":{"code":400,"message":"m"}}""", true)]
    [InlineData("""{"choices":[],"error":"m"}""", true)]
    [InlineData("""{"choices":null,"base_resp":{"status_code":1002,"status_msg":"m"}}""", true)]
    [InlineData("""{"choices":[],"error":{}}""", false)]
    [InlineData("""{"choices":[],"error":{"code":0,"message":""}}""", false)]
    [InlineData("""{"choices":[],"code":503,"message":"m","detail":"m","status":500}""", false)]
    [InlineData("""[{"error":"m"}]""", false)]
    public void ReadPayload_WithContent_OnlyAnUnmistakableMemberCounts(string json, bool isError) =>
        (ReadPayload(json, hasContent: true) is not null).Should().Be(isError);

    [Theory]
    [InlineData("""{"error":{"availability":{"retryable":true,"retry_after":2.5},"message":"m"}}""", 2.5, true)]
    [InlineData("""{"error":{"availability":{"retryable":false},"code":503}}""", null, false)]
    [InlineData("""{"status_code":429,"error":{"type":"usage_limit_reached","resets_in_seconds":9568}}""", 9568.0, true)]
    [InlineData("""{"error":{"code":429,"details":[{"@type":"x"},{"retryDelay":"3.5s"}]}}""", 3.5, true)]
    [InlineData("""{"error":{"code":429,"details":[{"retryDelay":"99999999999s"}]}}""", null, true)]
    [InlineData("""{"error":{"code":429,"retry_after":"7"}}""", 7.0, true)]
    [InlineData("""{"error":{"code":429},"retry_after_ms":250}""", 0.25, true)]
    [InlineData("""{"error":"Model x is currently loading","estimated_time":20.5}""", 20.5, false)]
    public void Read_Wait_IsTheErrors(string json, double? seconds, bool isRetryable)
    {
        var error = ErrorReader.Read(Utf8(json)).ToInBandException(Context);

        (error.RetryAfter?.TotalSeconds, error.IsRetryable).Should().Be((seconds, isRetryable));
    }

    [Theory]
    [InlineData("""{"error":"m","request_id":"r"}""")]
    [InlineData("""{"error":{"message":"m","requestId":"r"}}""")]
    public void Read_RequestId_IsTheBodys(string json)
    {
        ErrorReader.Read(Utf8(json)).ToInBandException(Context).RequestId.Should().Be("r");
        ErrorReader.Read(Utf8(json)).ToInBandException(Context with { RequestId = "header" }).RequestId.Should().Be("r");
    }

    [Theory]
    [InlineData("429 Too Many Requests", 429, "429 Too Many Requests")]
    [InlineData("<html><title>502 Bad Gateway</title></html>", 502, "<html><title>502 Bad Gateway</title></html>")]
    [InlineData("HTTP/1.1 504 x", 504, "HTTP/1.1 504 x")]
    [InlineData("upstream closed", 502, "upstream closed")]
    [InlineData("wait 500 ms", null, "wait 500 ms")]
    [InlineData("\"a text\"", null, "a text")]
    [InlineData("", null, null)]
    [InlineData("[]", null, "[]")]
    [InlineData("{}", null, "{}")]
    [InlineData("""{"error":null}""", null, """{"error":null}""")]
    [InlineData("""{"message":7}""", null, """{"message":7}""")]
    [InlineData("""{"error":{"mess""", null, """{"error":{"mess""")]
    [InlineData("error: slot unavailable", null, "slot unavailable")]
    [InlineData("""{"type":"notice","message":"hello"}""", null, "hello")]
    public void Read_NoKnownForm_IsAnExcerpt(string body, int? status, string? message)
    {
        var error = ErrorReader.Read(Utf8(body));

        (error.Status, error.Message).Should().Be(((HttpStatusCode?)status, message));
    }

    [Theory]
    [InlineData("error: slot unavailable", "slot unavailable")]
    [InlineData("noise\n[ERROR]: out of memory", "out of memory")]
    [InlineData("error: {\n  \"code\": 400,\n  \"message\": \"m\"\n}", "m")]
    [InlineData("error: {\"x\":1}", "{\"x\":1}")]
    [InlineData("Data: {\"choices\":[]}", null)]
    [InlineData("garbage", null)]
    [InlineData("{\"error\":{\"mess", null)]
    [InlineData("", null)]
    public void TryRead_StrayText_IsAnErrorOnlyWhenItSaysSo(string text, string? message) => ErrorReader.TryRead(Utf8(text))?.Message.Should().Be(message);

    [Theory]
    [InlineData("<html>", true)]
    [InlineData("please sign in", true)]
    [InlineData("{\"foo\":1}", true)]
    [InlineData("{\"foo\":", false)]
    [InlineData("[{\"candidates\"", false)]
    [InlineData("dat", false)]
    [InlineData("i", false)]
    [InlineData("retr", false)]
    [InlineData(" \n", false)]
    public void IsPage_StrayText_IsJudged(string text, bool isPage) => ErrorReader.IsPage(Utf8(text)).Should().Be(isPage);

    [Theory]
    [InlineData(400, "overloaded_error", null, true)]
    [InlineData(500, "billing_error", null, false)]
    [InlineData(500, "invalid_request_error", null, true)]
    [InlineData(429, "insufficient_quota", null, false)]
    [InlineData(503, null, false, false)]
    [InlineData(501, null, null, false)]
    [InlineData(408, "ModelTimeoutException", null, true)]
    [InlineData(424, "modelStreamErrorException", null, true)]
    [InlineData(400, "ConflictException", null, false)]
    [InlineData(409, "conflict_error", null, true)]
    [InlineData(409, "ABORTED", null, false)]
    [InlineData(404, "novel", true, true)]
    public void ToException_CodeAndHeaders_GoBeforeTheStatus(int status, string? code, bool? shouldRetry, bool isRetryable)
    {
        var error = new ProviderError { Code = code }.ToException((HttpStatusCode)status, Context with { ShouldRetry = shouldRetry });

        (error.IsRetryable, error.IsInBand, error.StatusCode).Should().Be((isRetryable, false, (HttpStatusCode)status));
    }

    [Theory]
    [InlineData("error", null, true)]
    [InlineData("insufficient_system_resource", 503, true)]
    [InlineData("novel", null, false)]
    public void WithCode_FinishReason_IsClassified(string code, int? status, bool isRetryable)
    {
        var error = new ProviderError().WithCode(code).ToInBandException(Context);

        (error.StatusCode, error.IsRetryable).Should().Be(((HttpStatusCode?)status, isRetryable));
    }

    private static ProviderError? ReadPayload(string json, bool hasContent)
    {
        using var payload = Payload.Parse(Utf8(json), "a test", 0);
        return ErrorReader.ReadPayload(payload.Root, hasContent);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
