using System.Buffers;
using System.Net;
using System.Text;

namespace Streamline.Tests.Protocols.Anthropic;

public class AnthropicErrorsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(400, "invalid_request_error", false)]
    [InlineData(401, "authentication_error", false)]
    [InlineData(402, "billing_error", false)]
    [InlineData(403, "permission_error", false)]
    [InlineData(404, "not_found_error", false)]
    [InlineData(409, "conflict_error", true)]
    [InlineData(413, "request_too_large", false)]
    [InlineData(429, "rate_limit_error", true)]
    [InlineData(500, "api_error", true)]
    [InlineData(504, "timeout_error", true)]
    [InlineData(529, "overloaded_error", true)]
    [InlineData(503, "overloaded_error", true)]
    [InlineData(500, "billing_error", false)]
    public void ReadError_ErrorOfTheWire_IsClassified(int status, string type, bool isRetryable)
    {
        var error = Read(status, $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"words"},"request_id":"req_body"}""");
        error.StatusCode.Should().Be((HttpStatusCode)status);
        error.Code.Should().Be(type);
        error.ProviderMessage.Should().Be("words");
        error.RequestId.Should().Be("req_body");
        error.IsRetryable.Should().Be(isRetryable);
        error.IsInBand.Should().BeFalse();
        error.Provider.Should().Be("anthropic");
    }

    [Theory]
    [InlineData(408, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(422, false)]
    [InlineData(501, false)]
    public void ReadError_PageThatIsNotJson_GivesABoundedExcerpt(int status, bool isRetryable)
    {
        var error = Read(status, "<html>\n<h1>Bad gateway</h1>" + new string('x', 5000));
        error.Code.Should().BeNull();
        error.ProviderMessage.Should().StartWith("<html> <h1>Bad gateway</h1>");
        Encoding.UTF8.GetByteCount(error.ProviderMessage!).Should().BeLessThanOrEqualTo(1024);
        error.IsRetryable.Should().Be(isRetryable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"error\":")]
    [InlineData("[]")]
    [InlineData("{\"error\":null}")]
    public void ReadError_BodyThatSaysNothing_IsAnErrorAllTheSame(string body) =>
        Read(500, body).Should().BeEquivalentTo(new { Code = (string?)null, IsRetryable = true });

    [Fact]
    public void ReadError_LongMessage_IsBounded() =>
        Read(400, $$$"""{"type":"error","error":{"type":"invalid_request_error","message":"{{{new string('x', 5000)}}}"}}""")
            .ProviderMessage!.Length.Should().Be(1024);

    [Theory]
    [InlineData("retry-after", "7", 7)]
    [InlineData("retry-after", "1.5", 1.5)]
    [InlineData("retry-after-ms", "250", 0.25)]
    [InlineData("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT", 30)]
    public void ReadError_WaitingTime_IsRead(string name, string value, double seconds)
    {
        var error = Read(429, "", (name, value), ("request-id", "req_1"));
        error.RetryAfter.Should().Be(TimeSpan.FromSeconds(seconds));
        error.RequestId.Should().Be("req_1");
        error.IsRetryable.Should().BeTrue();
    }

    [Fact]
    public void ReadError_RateLimitOfTheProviderWithoutWaitingTime_IsASpendingLimit()
    {
        Read(429, "", ("request-id", "req_1")).IsRetryable.Should().BeFalse();
        Read(429, "").IsRetryable.Should().BeTrue("a gateway that gives no id may give no time either");
    }

    [Theory]
    [InlineData(400, "true", true)]
    [InlineData(529, "false", false)]
    public void ReadError_ServerSaysWhetherToRetry_IsObeyed(int status, string value, bool expected) =>
        Read(status, "", ("x-should-retry", value)).IsRetryable.Should().Be(expected);

    [Theory]
    [InlineData("request-id", "req_1")]
    [InlineData("x-amzn-requestid", "amzn")]
    public void ReadRequestId_Header_IsRead(string name, string value)
    {
        using var response = new HttpResponseMessage();
        StreamProtocols.Anthropic.ReadRequestId(response.Headers).Should().BeNull();
        response.Headers.TryAddWithoutValidation(name, value);
        StreamProtocols.Anthropic.ReadRequestId(response.Headers).Should().Be(value);
    }

    [Fact]
    public void WriteErrorBody_Error_ReadsBack()
    {
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.Anthropic.WriteErrorBody(new ProviderException("openai", HttpStatusCode.TooManyRequests, null, "slow down"), output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        text.Should().Be("""{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}""");
        Read(429, text).Code.Should().Be("rate_limit_error");
    }

    [Fact]
    public void WriteRequestHeaders_Key_GoesIntoItsHeader()
    {
        using var request = new HttpRequestMessage();
        StreamProtocols.Anthropic.WriteRequestHeaders(request.Headers, "sk-test");
        request.Headers.GetValues("x-api-key").Should().Equal("sk-test");
        request.Headers.GetValues("anthropic-version").Should().Equal("2023-06-01");

        using var keyless = new HttpRequestMessage();
        keyless.Headers.Add("anthropic-version", "2099-01-01");
        StreamProtocols.Anthropic.WriteRequestHeaders(keyless.Headers, apiKey: null);
        keyless.Headers.Contains("x-api-key").Should().BeFalse();
        keyless.Headers.GetValues("anthropic-version").Should().Equal("2099-01-01");
    }

    [Fact]
    public void Protocol_Describes_ItsEndpoint()
    {
        var protocol = StreamProtocols.Anthropic;
        protocol.Name.Should().Be("anthropic");
        protocol.ContentType.Should().Be("text/event-stream");
        new Uri(protocol.DefaultBaseAddress, protocol.RequestPath).Should().Be(new Uri("https://api.anthropic.com/v1/messages"));
    }

    private static ProviderException Read(int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return StreamProtocols.Anthropic.ReadError((HttpStatusCode)status, response.Headers, Encoding.UTF8.GetBytes(body), Now);
    }
}
