using System.Buffers;
using System.Net;
using System.Text;
using Streamline.Framing;
using Streamline.Protocols;
using Streamline.Tests.Protocols;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>The media type alone does not decide whether a response is a stream: its first bytes do, unless an option says otherwise.</summary>
public sealed class MediaTypeTests
{
    public static TheoryData<string, string> StreamsUnderOtherTypes()
    {
        var data = new TheoryData<string, string>();
        foreach (var protocol in Wires.Protocols.Append(StreamProtocols.GeminiJsonArray))
        {
            foreach (var type in new[] { "text/plain", "application/json", "application/octet-stream", "" })
            {
                data.Add(protocol == StreamProtocols.GeminiJsonArray ? nameof(StreamProtocols.GeminiJsonArray) : protocol.Name, type);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(StreamsUnderOtherTypes))]
    public async Task StreamAsync_StreamUnderAnotherMediaType_IsReadWhole(string protocol, string type)
    {
        var body = Body(Flood.Named(protocol));
        var expected = (await WireRun.ReadAsync(Flood.Named(protocol), body)).Events.OfType<TextDelta>().Select(delta => delta.Text);
        foreach (var size in new[] { 1, 7, int.MaxValue })
        {
            var (events, exception) = await StreamAsync(protocol, body, type, size);

            exception.Should().BeNull("chunks have {0} bytes", size);
            string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be(string.Concat(expected)).And.Be("Hello");
        }
    }

    [Theory]
    [MemberData(nameof(StreamsUnderOtherTypes))]
    public async Task StreamAsync_MediaTypeRequired_RefusesAnyOther(string protocol, string type)
    {
        if (type == Flood.Named(protocol).ContentType)
        {
            return;
        }

        var (events, exception) = await StreamAsync(protocol, Body(Flood.Named(protocol)), type, int.MaxValue, options => options.RequireContentType = true);

        events.Should().BeEmpty();
        exception.Should().BeOfType<ProviderException>().Which.Code.Should().Be("unexpected_content_type");
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    [InlineData("bedrock")]
    [Trait("Law", "5")]
    public async Task StreamAsync_PageOrJsonUnderAnotherMediaType_IsAnError(string protocol)
    {
        foreach (var body in new[] { "<html>Sign in</html>", "{\n  \"detail\": \"Sign in\"\n}", "Sign in", "\n\n[\"Sign in\"]", "database: Sign in\n\n" })
        {
            var (events, exception) = await StreamAsync(protocol, Encoding.UTF8.GetBytes(body), "text/plain", 1);

            events.Should().BeEmpty();
            exception.Should().BeOfType<ProviderException>("of {0}", body).Which.Message.Should().Contain("Sign in");
        }
    }

    [Theory]
    [InlineData(nameof(FrameFormat.Sse), "", null)]
    [InlineData(nameof(FrameFormat.Sse), "\n\r\n", null)]
    [InlineData(nameof(FrameFormat.Sse), "dat", null)]
    [InlineData(nameof(FrameFormat.Sse), "data", null)]
    [InlineData(nameof(FrameFormat.Sse), "data:", true)]
    [InlineData(nameof(FrameFormat.Sse), "data\n", true)]
    [InlineData(nameof(FrameFormat.Sse), "\uFEFFevent: x", true)]
    [InlineData(nameof(FrameFormat.Sse), ": comment", true)]
    [InlineData(nameof(FrameFormat.Sse), "database", false)]
    [InlineData(nameof(FrameFormat.Sse), "{", false)]
    [InlineData(nameof(FrameFormat.Ndjson), "{\"a\":1}", null)]
    [InlineData(nameof(FrameFormat.Ndjson), "{\"a\":1}\r\n", true)]
    [InlineData(nameof(FrameFormat.Ndjson), "{\n", false)]
    [InlineData(nameof(FrameFormat.Ndjson), "[1]\n", false)]
    [InlineData(nameof(FrameFormat.JsonArray), " [", true)]
    [InlineData(nameof(FrameFormat.JsonArray), "{", false)]
    [InlineData(nameof(FrameFormat.EventStream), "0123456789a", null)]
    [InlineData(nameof(FrameFormat.EventStream), "0123456789ab", false)]
    public void IsStream_FirstBytes_TellTheFormat(string format, string head, bool? expected) =>
        FrameFormatHead.IsStream(Enum.Parse<FrameFormat>(format), Encoding.UTF8.GetBytes(head)).Should().Be(expected);

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledWhileTheFirstBytesAreAwaited_CarriesTheToken()
    {
        using var cancellation = new CancellationTokenSource();
        var body = new SilentStream();
        using var http = new HttpClient(new AnsweringHandler(body, "text/plain"));
        var client = Wires.Named("anthropic").CreateClient(http, new StreamClientOptions { ApiKey = Wires.Key, Model = "m" });

        var reading = client.StreamAsync("Hi", cancellationToken: cancellation.Token).CatchAsync();
        await body.Waiting.Task.OrFail();
        await cancellation.CancelAsync();

        (await reading.OrFail()).Exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
    }

    private static byte[] Body(StreamProtocol protocol)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = protocol.CreateEncoder();
        encoder.Encode(new ResponseStarted { Provider = protocol.Name, ResponseId = "r1", Model = "m" }, output);
        encoder.Encode(new ContentStarted { Index = 0, Kind = ContentKind.Text }, output);
        encoder.Encode(new TextDelta { Index = 0, Text = "Hello" }, output);
        encoder.Encode(new ContentCompleted { Index = 0, Kind = ContentKind.Text }, output);
        encoder.Encode(new ResponseCompleted { FinishReason = FinishReason.Stop }, output);
        return output.WrittenSpan.ToArray();
    }

    private static async Task<(List<StreamEvent> Events, Exception? Exception)> StreamAsync(
        string protocol, byte[] body, string type, int chunkSize, Action<StreamClientOptions>? configure = null)
    {
        var options = new StreamClientOptions { ApiKey = Wires.Key, Model = "m" };
        configure?.Invoke(options);
        using var http = new HttpClient(new AnsweringHandler(ChunkedStream.Every(body, Math.Min(chunkSize, body.Length)), type));
        return await Flood.Named(protocol).CreateClient(http, options).StreamAsync("Hi").CatchAsync();
    }

    private sealed class AnsweringHandler(Stream body, string type) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(body);
            content.Headers.ContentType = type.Length == 0 ? null : new(type);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }

    private sealed class SilentStream : MemoryStream
    {
        public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var never = new TaskCompletionSource<int>();
            await using var registration = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            Waiting.TrySetResult();
            return await never.Task;
        }
    }
}
