using System.Buffers;
using System.Net;
using System.Text;
using Streamline.Protocols.Gemini;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Gemini;

public class GeminiErrorsTests
{
    [Theory]
    [InlineData(400, "INVALID_ARGUMENT", false)]
    [InlineData(401, "UNAUTHENTICATED", false)]
    [InlineData(403, "PERMISSION_DENIED", false)]
    [InlineData(404, "NOT_FOUND", false)]
    [InlineData(408, null, true)]
    [InlineData(429, "RESOURCE_EXHAUSTED", true)]
    [InlineData(499, "CANCELLED", false)]
    [InlineData(500, "INTERNAL", true)]
    [InlineData(501, "UNIMPLEMENTED", false)]
    [InlineData(502, null, true)]
    [InlineData(503, "UNAVAILABLE", true)]
    [InlineData(504, "DEADLINE_EXCEEDED", true)]
    public void ReadError_Status_IsClassified(int status, string? code, bool isRetryable)
    {
        var body = $$$"""{"error":{"code":{{{status}}},"message":"words","status":{{{(code is null ? "null" : $"\"{code}\"")}}}}}""";
        foreach (var text in new[] { body, $"[{body}\n]" })
        {
            Read(status, text).Should().BeEquivalentTo(new
            {
                Provider = "gemini",
                StatusCode = (HttpStatusCode)status,
                Code = code,
                ProviderMessage = "words",
                IsRetryable = isRetryable,
                IsInBand = false,
                RetryAfter = (TimeSpan?)null,
            });
        }

        if (code is not null)
        {
            ErrorCodes.Find(code)!.Value.Status.Should().Be((HttpStatusCode)status);
        }
    }

    [Fact]
    public void ReadError_WaitingTime_IsReadFromTheHeaderOrTheDetails()
    {
        const string Body = """{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure"},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17s"}]}}""";

        Read(429, Body).RetryAfter.Should().Be(TimeSpan.FromSeconds(17));
        Read(429, Body, ("retry-after", "3")).RetryAfter.Should().Be(TimeSpan.FromSeconds(3));
        Read(429, Body.Replace("17s", "99999999999s", StringComparison.Ordinal)).RetryAfter.Should().BeNull();
        Read(400, Body, ("x-should-retry", "true"), ("x-request-id", "r")).Should().BeEquivalentTo(new { IsRetryable = true, RequestId = "r" });
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>", "<html>Bad gateway</html>")]
    [InlineData("", null)]
    [InlineData("[]", "[]")]
    [InlineData("{\"error\":\"text\"}", "text")]
    public void ReadError_OtherBodies_GiveABoundedExcerpt(string body, string? message) => Read(502, body).ProviderMessage.Should().Be(message);

    public static TheoryData<int?, string?, bool, double?> Errors => new()
    {
        { 503, "UNAVAILABLE", true, null },
        { 429, "RESOURCE_EXHAUSTED", true, 2.5 },
        { 400, "INVALID_ARGUMENT", false, null },
        { 418, "NOVEL", false, null },
        { 429, "rate_limit_error", true, null },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    [Trait("Law", "5")]
    public async Task EncodeError_ReadBack_IsTheSameError(int? status, string? code, bool isRetryable, double? retryAfter)
    {
        var error = new ProviderException("gemini", (HttpStatusCode?)status, code, "words")
        {
            RetryAfter = retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        foreach (var protocol in new[] { StreamProtocols.Gemini, StreamProtocols.GeminiJsonArray })
        {
            var output = new ArrayBufferWriter<byte>();
            protocol.CreateEncoder().EncodeError(error, output);

            var (_, exception) = await WireRun.ReadAllWaysAsync(protocol, output.WrittenMemory);

            exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(
                new { error.StatusCode, error.Code, error.ProviderMessage, error.RetryAfter, IsRetryable = isRetryable, IsInBand = true });
        }
    }

    [Theory]
    [InlineData(404, null, """{"error":{"code":404,"message":"m","status":"NOT_FOUND"}}""")]
    [InlineData(529, null, """{"error":{"code":529,"message":"m","status":"UNAVAILABLE"}}""")]
    [InlineData(null, "RESOURCE_EXHAUSTED", """{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}""")]
    [InlineData(null, null, """{"error":{"code":500,"message":"m","status":"INTERNAL"}}""")]
    public void WriteErrorBody_Error_IsTheWires(int? status, string? code, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.Gemini.WriteErrorBody(new ProviderException("x", (HttpStatusCode?)status, code, "m"), output);

        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be(expected);
    }

    [Fact]
    [Trait("Law", "10")]
    public void Protocol_Describes_ItsEndpoint()
    {
        var protocol = StreamProtocols.Gemini;
        (protocol.Name, protocol.ContentType, protocol.RequestQuery, protocol.NeedsApiKey).Should().Be(("gemini", "text/event-stream", "alt=sse", true));
        var array = StreamProtocols.GeminiJsonArray;
        (array.Name, array.ContentType, array.RequestQuery).Should().Be(("gemini", "application/json", ""));

        using var request = new HttpRequestMessage();
        protocol.WriteRequestHeaders(request.Headers, apiKey: null);
        request.Headers.Should().BeEmpty();
        protocol.WriteRequestHeaders(request.Headers, "key");
        request.Headers.GetValues("x-goog-api-key").Should().Equal("key");
    }

    [Theory]
    [InlineData("gemini-3-pro", "models/gemini-3-pro:streamGenerateContent")]
    [InlineData("tunedModels/a b", "tunedModels/a%20b:streamGenerateContent")]
    [InlineData("x?y#z", "models/x%3Fy%23z:streamGenerateContent")]
    public void GetRequestPath_Model_StandsInIt(string model, string expected) =>
        StreamProtocols.Gemini.GetRequestPath(new StreamRequest { Messages = [] }, new StreamRequestDefaults(model, MaxOutputTokens: null)).Should().Be(expected);

    [Theory]
    [InlineData("../../secret")]
    [InlineData("tunedModels/./x")]
    [InlineData("..")]
    [InlineData("a//b")]
    [InlineData("/a")]
    public void GetRequestPath_ModelThatLeavesItsPlace_Throws(string model) =>
        FluentActions.Invoking(() => StreamProtocols.Gemini.GetRequestPath(new StreamRequest { Messages = [] }, new StreamRequestDefaults(model, MaxOutputTokens: null)))
            .Should().Throw<ArgumentException>().WithMessage($"Found the model '{model}', expected*");

    private static ProviderException Read(int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return StreamProtocols.Gemini.ReadError((HttpStatusCode)status, response.Headers, Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
    }
}
