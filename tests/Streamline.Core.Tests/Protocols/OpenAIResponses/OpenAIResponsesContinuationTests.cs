using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>Background responses, which go on without their connection, and whose rest can be asked for.</summary>
public sealed class OpenAIResponsesContinuationTests
{
    private const string Begun = """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"gpt","status":"queued","background":true,"output":[]}}""";

    private const string Missing = "";

    private static readonly string FirstDelta = Delta("output_text", 0, "2 + 2").Insert(1, "\"sequence_number\":3,");
    private static readonly string SecondDelta = Delta("output_text", 0, " equals 4.").Insert(1, "\"sequence_number\":4,");

    [Fact]
    [Trait("Law", "6")]
    public async Task Stream_BackgroundResponseThatIsCut_GoesOnAfterTheLastEvent()
    {
        var handler = new Replies(Stream(Begun, FirstDelta), Stream(SecondDelta), Stream(Completed.Insert(1, "\"sequence_number\":5,")));
        var client = StreamProtocols.OpenAIResponses.CreateClient(new HttpClient(handler), new StreamClientOptions
        {
            ApiKey = "key",
            Model = "gpt",
            BaseAddress = new Uri("https://example.com/openai/v1?api-version=1"),
        });
        var text = new StringBuilder();
        ResponseContinuationToken? token = null;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var options = new ChatOptions { AllowBackgroundResponses = true, ContinuationToken = token };
            var (events, exception) = await client.StreamAsync(new StreamRequest { Messages = [new(ChatRole.User, "Hi")], Options = options }).CatchAsync();
            text.AppendJoin("", events.OfType<TextDelta>().Select(delta => delta.Text));
            events[0].Should().BeOfType<ResponseStarted>().Which.ResponseId.Should().Be("resp_1");
            token = exception?.GetPartialResponse()?.ContinuationToken is { } next ? ResponseContinuationToken.FromBytes(next.ToBytes()) : null;
        }

        text.ToString().Should().Be("2 + 2 equals 4.");
        token.Should().BeNull("the response has ended");
        handler.Requests.Should().Equal(
            "POST https://example.com/openai/v1/responses?api-version=1",
            "GET https://example.com/openai/v1/responses/resp_1?api-version=1&stream=true&starting_after=3",
            "GET https://example.com/openai/v1/responses/resp_1?api-version=1&stream=true&starting_after=4");
        handler.Bodies[0].Should().Contain("\"background\":true");
        handler.Bodies[1].Should().BeEmpty();
    }

    [Fact]
    public async Task Stream_TokenWithoutANumber_BeginsWithTheFirstEvent()
    {
        var handler = new Replies(Stream(Begun, Completed));
        var client = StreamProtocols.OpenAIResponses.CreateClient(new HttpClient(handler), "key", "gpt");
        var token = ResponseContinuationToken.FromBytes(Encoding.UTF8.GetBytes("{\"responseId\":\"resp/1\"}"));

        await client.StreamAsync(new StreamRequest { Messages = [], Options = new ChatOptions { ContinuationToken = token } }).CollectAsync();

        handler.Requests.Should().Equal("GET https://api.openai.com/v1/responses/resp%2F1?stream=true");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    public async Task Stream_TokenOfSomethingElse_IsRefusedAndNothingIsSent(string token)
    {
        var handler = new Replies();
        var client = StreamProtocols.OpenAIResponses.CreateClient(new HttpClient(handler), "key", "gpt");
        var options = new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(Encoding.UTF8.GetBytes(token)) };

        var (_, exception) = await client.StreamAsync(new StreamRequest { Messages = [], Options = options }).CatchAsync();

        exception.Should().BeOfType<ArgumentException>();
        handler.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Stream_ResponseThatEndsWithItsConnection_HasNoToken()
    {
        var (_, cut) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, Stream(Created, FirstDelta));
        var (_, failed) = await WireRun.ReadAsync(
            StreamProtocols.OpenAIResponses, Stream(Begun, """{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"x"}}}"""));

        cut!.GetPartialResponse()!.ContinuationToken.Should().BeNull("only background responses go on");
        failed!.GetPartialResponse()!.ContinuationToken.Should().BeNull("there is nothing to go on with");
    }

    [Fact]
    public async Task Stream_BackgroundResponseWithoutRetention_StillHasItsToken()
    {
        var (_, exception) = await WireRun.ReadAsync(
            StreamProtocols.OpenAIResponses, Encoding.UTF8.GetBytes(Stream(Begun, FirstDelta)), options: new StreamReadOptions { MaxRetainedChars = 0 });

        var token = exception!.GetPartialResponse()!.ContinuationToken!;
        JsonElement.Parse(token.ToBytes().Span).GetRawText().Should().Be("""{"responseId":"resp_1","sequenceNumber":3}""");
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Stream_ResponseBegunAnewThatBreaksBeforeItsContent_IsResumedAndTheShownOneIsDiscarded()
    {
        var handler = new Replies(Stream(Begun, FirstDelta), Missing, Stream(Begun.Replace("resp_1", "resp_2", StringComparison.Ordinal)), Stream(SecondDelta, Completed));
        var client = new StreamClientBuilder(StreamProtocols.OpenAIResponses.CreateClient(new HttpClient(handler), "key", "gpt"))
            .UseTimeProvider(new EagerTimeProvider())
            .UseRetry(retry => (retry.MidStream, retry.MaxAttempts) = (MidStreamPolicy.Restart, 4))
            .Build();

        var events = await client.StreamAsync(new StreamRequest { Messages = [new(ChatRole.User, "Hi")], Options = new ChatOptions { AllowBackgroundResponses = true } }).CollectAsync();

        handler.Requests.Should().HaveCount(4).And.Subject.Last().Should().Contain("resp_2");
        events.Where(e => e is ResponseStarted or StreamRestarted or StreamResumed).Select(e => e.GetType().Name).Should().Equal(nameof(ResponseStarted), nameof(StreamRestarted), nameof(ResponseStarted));
        events.Fold().Text.Should().Be(" equals 4.");
    }

    private sealed class Replies(params string[] bodies) : HttpMessageHandler
    {
        private readonly Queue<string> _bodies = new(bodies);

        public List<string> Requests { get; } = [];

        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add($"{request.Method} {request.RequestUri!.AbsoluteUri}");
            Bodies.Add(request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
            var body = _bodies.Dequeue();
            var response = new HttpResponseMessage(body == Missing ? HttpStatusCode.NotFound : HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return response;
        }
    }
}
