using System.Buffers;
using System.Net;
using System.Text;

namespace Streamline.Tests.Protocols.Ollama;

public class OllamaErrorsTests
{
    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, false)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    public void ReadError_Status_IsClassified(int status, bool isRetryable) =>
        Read(status, """{"error":"model \"q\" not found"}""").Should().BeEquivalentTo(new
        {
            Provider = "ollama",
            StatusCode = (HttpStatusCode)status,
            Code = (string?)null,
            ProviderMessage = "model \"q\" not found",
            IsRetryable = isRetryable,
            IsInBand = false,
        });

    [Theory]
    [InlineData("<html>Bad gateway</html>", "<html>Bad gateway</html>")]
    [InlineData("{\"error\":{\"message\":\"m\"}}", "m")]
    [InlineData("", null)]
    [InlineData("[]", "[]")]
    public void ReadError_OtherBodies_GiveWhatTheyHave(string body, string? message) => Read(502, body).ProviderMessage.Should().Be(message);

    [Fact]
    public void ReadError_Headers_AreRead()
    {
        var error = Read(500, "", ("retry-after", "3"), ("x-should-retry", "true"), ("x-request-id", "r"));

        (error.RetryAfter, error.IsRetryable, error.RequestId).Should().Be((TimeSpan.FromSeconds(3), true, "r"));
    }

    [Theory]
    [InlineData(404, null, "Not there")]
    [InlineData(503, "overloaded", "Busy\n\"now\"")]
    [InlineData(null, null, "?")]
    [Trait("Law", "5")]
    public async Task EncodeError_ReadBack_IsTheSameError(int? status, string? code, string message)
    {
        var error = new ProviderException("ollama", (HttpStatusCode?)status, code, message);
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.Ollama.CreateEncoder().EncodeError(error, output);

        var (_, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Ollama, output.WrittenMemory);

        exception.Should().BeOfType<ProviderException>().Which.Should().BeEquivalentTo(
            new { error.StatusCode, error.Code, ProviderMessage = message.Replace('\n', ' '), IsInBand = true });
    }

    [Theory]
    [InlineData("<html>Sign in</html>")]
    [InlineData("\n  <html>\n<body>Sign in</body>\n")]
    public async Task Read_PageInPlaceOfAStream_IsAnErrorWithAnExcerpt(string page)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.Ollama, page);

        events.Should().BeEmpty();
        exception.Should().BeOfType<ProviderException>().Which.ProviderMessage.Should().StartWith("<html>");
    }

    [Fact]
    public void WriteErrorBody_Error_IsTheWires()
    {
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.Ollama.WriteErrorBody(new ProviderException("ollama", HttpStatusCode.NotFound, code: null, "gone"), output);

        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be("""{"error":"gone","status":404}""");
    }

    [Fact]
    public void Protocol_Describes_ItsEndpoint()
    {
        var protocol = StreamProtocols.Ollama;
        (protocol.Name, protocol.ContentType, protocol.NeedsApiKey).Should().Be(("ollama", "application/x-ndjson", false));
        new Uri(protocol.DefaultBaseAddress, protocol.RequestPath).AbsoluteUri.Should().Be("http://localhost:11434/api/chat");

        using var request = new HttpRequestMessage();
        protocol.WriteRequestHeaders(request.Headers, apiKey: null);
        request.Headers.Authorization.Should().BeNull();
        protocol.WriteRequestHeaders(request.Headers, "key");
        request.Headers.Authorization!.ToString().Should().Be("Bearer key");
    }

    private static ProviderException Read(int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return StreamProtocols.Ollama.ReadError((HttpStatusCode)status, response.Headers, Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);
    }
}
