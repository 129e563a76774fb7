using System.Buffers;
using System.Net;
using System.Text;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using static Streamline.Tests.Protocols.Bedrock.BedrockWire;

namespace Streamline.Tests.Protocols.Bedrock;

public class BedrockErrorsTests
{
    /// <summary>The table of the wire's reference: the exception, its status, and whether the same request may succeed later.</summary>
    public static TheoryData<string, int, bool> Exceptions => new()
    {
        { "InternalServerException", 500, true },
        { "ModelStreamErrorException", 424, true },
        { "ValidationException", 400, false },
        { "ThrottlingException", 429, true },
        { "ServiceUnavailableException", 503, true },
        { "ModelTimeoutException", 408, true },
        { "AccessDeniedException", 403, false },
        { "ResourceNotFoundException", 404, false },
        { "ModelErrorException", 424, true },
        { "ModelNotReadyException", 429, true },
        { "ServiceQuotaExceededException", 400, false },
        { "ConflictException", 400, false },
        { "ExpiredTokenException", 403, false },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    [Trait("Law", "5")]
    public async Task Error_ByStatusOrInTheStream_IsTheSame(string name, int status, bool isRetryable)
    {
        var expected = new { StatusCode = (HttpStatusCode)status, Code = name, ProviderMessage = "words", IsRetryable = isRetryable };
        var inStream = Exception(char.ToLowerInvariant(name[0]) + name[1..], """{"message":"words"}""");
        foreach (var (protocol, before) in new[] { (StreamProtocols.BedrockConverse, Delta(0, """{"text":"x"}""")), (StreamProtocols.BedrockAnthropic, []) })
        {
            Read(protocol, status, """{"message":"words"}""", ("x-amzn-ErrorType", name + ":http://internal.amazon.com/coral/com.amazon.bedrock/"), ("x-amzn-RequestId", "req"))
                .Should().BeEquivalentTo(expected).And.BeEquivalentTo(new { Provider = protocol.Name, IsInBand = false, RequestId = "req" });
            Read(protocol, status, $$"""{"__type":"com.amazon.coral.service#{{name}}","Message":"words"}""").Should().BeEquivalentTo(expected);

            var (_, exception) = await WireRun.ReadAllWaysAsync(protocol, Body(before, inStream));
            exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(expected).And.BeEquivalentTo(new { Provider = protocol.Name, IsInBand = true });
        }
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Exception_AfterText_CarriesWhatHadArrived()
    {
        var error = await FailAsync<ProviderException>(
            Start, Delta(0, """{"text":"Kept."}"""), Exception("modelStreamErrorException", """{"originalStatusCode":500,"originalMessage":"The model failed."}"""));

        (error.PartialResponse!.Text, error.ProviderMessage, error.IsRetryable).Should().Be(("Kept.", "The model failed.", true));
    }

    [Fact]
    public async Task Error_WithoutAType_HasItsCodeAndWords()
    {
        var error = await FailAsync<ProviderException>(Start, Error("InternalFailure", "It broke."));

        (error.Code, error.ProviderMessage, error.StatusCode, error.IsRetryable).Should().Be(("InternalFailure", "It broke.", null, false));
        (await FailAsync<ProviderException>(Exception("novelException", "no json"))).Should().BeEquivalentTo(
            new { Code = "NovelException", ProviderMessage = "no json", IsRetryable = false });
    }

    [Theory]
    [InlineData("throttlingException", """{"message":"Slow down."}""", "ThrottlingException", 429)]
    [InlineData("novelEvent", """{"error":{"code":503,"message":"Slow down."}}""", null, 503)]
    [InlineData("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"novel":1},"error":{"code":"overloaded_error","message":"Slow down."}}""", "overloaded_error", 529)]
    [Trait("Law", "5")]
    public async Task Error_InAnEvent_IsAnError(string type, string payload, string? code, int status) =>
        (await FailAsync<ProviderException>(Start, Event(type, payload))).Should().BeEquivalentTo(
            new { Code = code, ProviderMessage = "Slow down.", StatusCode = (HttpStatusCode)status, IsRetryable = true, IsInBand = true });

    // The name of the exception counts before the status.
    [Theory]
    [InlineData(400, "ThrottlingException", true)]
    [InlineData(500, "ValidationException", false)]
    [InlineData(502, null, true)]
    [InlineData(504, null, true)]
    [InlineData(403, null, false)]
    [InlineData(409, null, true)]
    public void ReadError_Status_IsClassified(int status, string? name, bool isRetryable) =>
        Read(StreamProtocols.BedrockConverse, status, name is null ? "" : $$"""{"__type":"{{name}}"}""").IsRetryable.Should().Be(isRetryable);

    [Fact]
    public void ReadError_WaitingTime_IsReadFromEitherHeader()
    {
        Read(StreamProtocols.BedrockConverse, 429, "{}", ("x-amz-retry-after", "1500")).RetryAfter.Should().Be(TimeSpan.FromSeconds(1.5));
        Read(StreamProtocols.BedrockConverse, 429, "{}", ("retry-after", "3"), ("x-amz-retry-after", "1500")).RetryAfter.Should().Be(TimeSpan.FromSeconds(3));
        Read(StreamProtocols.BedrockConverse, 429, "{}", ("x-amz-retry-after", "soon")).RetryAfter.Should().BeNull();
        Read(StreamProtocols.BedrockConverse, 400, "{}", ("x-should-retry", "true")).IsRetryable.Should().BeTrue();
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>", "<html>Bad gateway</html>")]
    [InlineData("", null)]
    [InlineData("[]", "[]")]
    [InlineData("""{"message":7}""", """{"message":7}""")]
    public void ReadError_OtherBodies_GiveABoundedExcerpt(string body, string? message) => Read(StreamProtocols.BedrockConverse, 502, body).ProviderMessage.Should().Be(message);

    [Fact]
    public void ReadInBandError_TextInPlaceOfAStream_IsAnErrorOrNone()
    {
        Read("""{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException","message":null},"Version":"1.0"}""")!.Should().BeEquivalentTo(
            new { Code = "UnknownOperationException", StatusCode = HttpStatusCode.NotFound, IsInBand = true, RequestId = "req" });
        Read("""{"message":"The security token is invalid."}""")!.ProviderMessage.Should().Be("The security token is invalid.");
        Read("""{"output":{}}""").Should().BeNull();
        Read("no json").Should().BeNull();

        static ProviderException? Read(string text) => StreamProtocols.BedrockConverse.ReadInBandError(Encoding.UTF8.GetBytes(text), "req");
    }

    public static TheoryData<int?, string?, string, bool> Written => new()
    {
        { 429, null, "ThrottlingException", true },
        { 503, "serviceUnavailableException", "ServiceUnavailableException", true },
        { 400, "ValidationException", "ValidationException", false },
        { 529, "overloaded_error", "overloaded_error", true },
        { 418, "NovelException", "NovelException", false },
        { null, "ThrottlingException", "ThrottlingException", true },
        { null, null, "InternalServerException", true },
    };

    [Theory]
    [MemberData(nameof(Written))]
    [Trait("Law", "5")]
    public async Task EncodeError_ReadBack_IsTheSameError(int? status, string? code, string expectedCode, bool isRetryable)
    {
        var error = new ProviderException("x", (HttpStatusCode?)status, code, "words");
        foreach (var protocol in new[] { StreamProtocols.BedrockConverse, StreamProtocols.BedrockAnthropic })
        {
            var output = new ArrayBufferWriter<byte>();
            protocol.CreateEncoder().EncodeError(error, output);
            var (_, exception) = await WireRun.ReadAllWaysAsync(protocol, output.WrittenMemory);
            var body = new ArrayBufferWriter<byte>();
            protocol.WriteErrorBody(error, body);

            exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(new { Code = expectedCode, ProviderMessage = "words", IsRetryable = isRetryable });
            ((ProviderException)exception!).StatusCode.Should().Be((HttpStatusCode?)status ?? ErrorCodes.Find(expectedCode)?.Status);
            Read(protocol, status ?? 500, Encoding.UTF8.GetString(body.WrittenSpan)).Should().BeEquivalentTo(new { Code = expectedCode, ProviderMessage = "words", IsRetryable = isRetryable });
        }
    }

    [Fact]
    public void Protocols_Describe_TheirEndpoints()
    {
        foreach (var (protocol, name) in new[] { (StreamProtocols.BedrockConverse, "bedrock"), (StreamProtocols.BedrockAnthropic, "bedrock-anthropic") })
        {
            (protocol.Name, protocol.ContentType, protocol.NeedsApiKey, protocol.SupportsResponseFormat).Should().Be((name, "application/vnd.amazon.eventstream", true, true));
            protocol.DefaultBaseAddress.Should().Be(new Uri("https://bedrock-runtime.us-east-1.amazonaws.com/"));
            using var request = new HttpRequestMessage();
            protocol.WriteRequestHeaders(request.Headers, apiKey: null);
            request.Headers.Should().BeEmpty();
            protocol.WriteRequestHeaders(request.Headers, "key");
            request.Headers.GetValues("Authorization").Should().Equal("Bearer key");
        }
    }

    private static ProviderException Read(StreamProtocol protocol, int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return protocol.ReadError((HttpStatusCode)status, response.Headers, Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
    }
}
