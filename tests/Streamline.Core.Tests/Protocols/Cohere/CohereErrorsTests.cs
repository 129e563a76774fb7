using System.Buffers;
using System.Net;
using System.Text;

namespace Streamline.Tests.Protocols.Cohere;

/// <summary>Errors by HTTP status.</summary>
public sealed class CohereErrorsTests
{
    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(402, false)]
    [InlineData(404, false)]
    [InlineData(422, false)]
    [InlineData(429, true)]
    [InlineData(498, false)]
    [InlineData(499, false)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    public void ReadError_Status_IsClassified(int status, bool isRetryable)
    {
        var error = Read(status, """{"id":"r","message":"invalid request: the message must not be empty"}""", ("x-debug-trace-id", "trace_1"));

        (error.Provider, (int?)error.StatusCode, error.ProviderMessage, error.IsRetryable, error.RequestId)
            .Should().Be(("cohere", status, "invalid request: the message must not be empty", isRetryable, "trace_1"));
    }

    [Fact]
    public void ReadError_RetryAfter_IsRead() => Read(429, "{}", ("retry-after", "3")).RetryAfter.Should().Be(TimeSpan.FromSeconds(3));

    [Theory]
    [InlineData("upstream connect error", "upstream connect error")]
    [InlineData("", null)]
    public void ReadError_OtherBodies_GiveABoundedExcerpt(string body, string? message) => Read(502, body).ProviderMessage.Should().Be(message);

    [Fact]
    public void WriteErrorBody_AnyError_IsReadAsItWas()
    {
        var error = new ProviderException("cohere", HttpStatusCode.TooManyRequests, "rate_limit", "Slow down.") { RequestId = "r" };
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.Cohere.WriteErrorBody(error, output);

        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be("""{"id":"r","message":"Slow down.","error_type":"rate_limit","status_code":429}""");
        var read = Read(429, Encoding.UTF8.GetString(output.WrittenSpan));
        (read.Code, read.ProviderMessage, read.IsRetryable).Should().Be(("rate_limit", "Slow down.", true));
    }

    private static ProviderException Read(int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return StreamProtocols.Cohere.ReadError((HttpStatusCode)status, response.Headers, Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
    }
}
