using System.Net;
using System.Text;

namespace Streamline.Testing.Tests;

public sealed class RecordedExchangeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [CorpusFact(Recordings.Pydantic)]
    public async Task Recorded_EveryStreamOfTheCorpora_IsReplayedByteForByte()
    {
        // Seven bytes a chunk cut characters, so that some chunks are no text by themselves.
        foreach (var recording in Recordings.All().Where(recording => recording.Body.Length is > 0 and < 20_000).Where((_, index) => index % 7 == 0))
        {
            var sent = await RecordAsync(ScriptedReply.Raw(recording.Body) with { Faults = new FaultPlan { ChunkSize = 7 } });

            sent.GetBody().Should().Equal(recording.Body, recording.File);
            sent.Chunks.Should().OnlyContain(chunk => chunk.Bytes.Length <= 7).And.BeInAscendingOrder(chunk => chunk.At);
            var again = await RecordAsync(sent.ToReply());
            again.GetBody().Should().Equal(recording.Body, recording.File);
            again.Chunks.Select(chunk => chunk.Bytes.Length).Should().Equal(sent.Chunks.Select(chunk => chunk.Bytes.Length));
            again.End.Should().Be(RecordedEnd.Complete);
        }
    }

    [Fact]
    public async Task Recorded_Request_IsThereWithoutKeys()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Hello.").WithHeader("set-cookie", "session=1").WithHeader("x-served-by", "b"));
        using (var http = new HttpClient(new ExchangeRecorder(_folder) { InnerHandler = provider.CreateHandler() }))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://provider/v1/messages?key=secret-key&alt=sse&sig=secret-key") { Content = new StringContent("""{"model":"é"}""") };
            request.Headers.Add("x-api-key", "secret-key");
            request.Headers.Add("Helicone-Auth", "Bearer secret-key");
            request.Headers.Add("CF-Access-Jwt-Assertion", "secret-key");
            request.Headers.Add("X-Upload-Url", "https://user:secret-key@host/upload?key=secret-key");
            using var response = await http.SendAsync(request);
        }

        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "0001.jsonl"));
        text.Should().NotContain("secret-key").And.NotContain("session=1");
        var exchange = RecordedExchange.Load(Path.Combine(_folder, "0001.jsonl"));
        exchange.Method.Should().Be("POST");
        exchange.Address.Should().Be(new Uri("http://provider/v1/messages?key=[redacted]&alt=sse&sig=[redacted]"));
        exchange.RequestHeaders["X-Api-Key"].Should().Be("[redacted]");
        Encoding.UTF8.GetString(exchange.RequestBody.Span).Should().Be("""{"model":"é"}""");
        exchange.StatusCode.Should().Be(HttpStatusCode.OK);
        exchange.ResponseHeaders["x-served-by"].Should().Be("b");
        exchange.ToString().Should().StartWith("POST http://provider/v1/messages").And.EndWith("chunks, complete");
    }

    [Fact]
    public async Task Recorded_TwoRecorders_KeepEachOthersFiles()
    {
        await RecordAsync(ScriptedReply.Text("One."));
        await RecordAsync(ScriptedReply.Text("Two."));

        Directory.GetFiles(_folder).Select(Path.GetFileName).Should().BeEquivalentTo("0001.jsonl", "0002.jsonl");
    }

    [Fact]
    public async Task Recorded_BrokenConnection_BreaksAgainAtTheSameByte()
    {
        var exchange = await RecordAsync(ScriptedReply.Text("A long answer.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AtByte(100), ChunkSize = 30 } });

        exchange.End.Should().Be(RecordedEnd.Broken);
        exchange.Error.Should().NotBeNullOrEmpty();
        exchange.GetBody().Should().HaveCount(100);
        (await RecordAsync(exchange.ToReply())).Should().BeEquivalentTo(new { End = RecordedEnd.Broken });
    }

    [Fact]
    public async Task Recorded_NoConnection_HasNoResponse()
    {
        var exchange = await RecordAsync(ScriptedReply.Text("") with { Faults = new FaultPlan { AbortAt = FaultPoint.BeforeHead } });

        exchange.StatusCode.Should().BeNull();
        exchange.End.Should().Be(RecordedEnd.Broken);
        FluentActions.Invoking(() => exchange.ToReply()).Should().Throw<InvalidOperationException>().WithMessage("The recorded request got no response: *");
    }

    [Fact]
    public async Task Recorded_ClientThatLeaves_IsSeen()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("A long answer.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(3) } });
        using (var http = new HttpClient(new ExchangeRecorder(_folder) { InnerHandler = provider.CreateHandler() }))
        {
            await using var events = StreamProtocols.Anthropic.CreateClient(http, "key", "model").StreamAsync("Hi.").GetAsyncEnumerator();
            (await events.MoveNextAsync()).Should().BeTrue();
        }

        Load().End.Should().Be(RecordedEnd.Left);
    }

    [Fact]
    public async Task Recorded_Error_KeepsStatusAndHeaders()
    {
        var exchange = await RecordAsync(ScriptedReply.Error(HttpStatusCode.TooManyRequests, "Slow down.", retryAfter: TimeSpan.FromSeconds(2)));
        using var http = new HttpClient(new ScriptedProvider(exchange.ToReply()).CreateHandler());

        var act = async () => await StreamProtocols.Anthropic.CreateClient(http, "key", "model").GetResponseAsync("Hi.");

        (await act.Should().ThrowAsync<ProviderException>()).Which.Should().BeEquivalentTo(
            new { StatusCode = HttpStatusCode.TooManyRequests, ProviderMessage = "Slow down.", RetryAfter = TimeSpan.FromSeconds(2) });
    }

    [Fact]
    public async Task ToReply_WithSpeed_KeepsThePauses()
    {
        var clock = new LeapingTimeProvider();
        var exchange = await RecordAsync(ScriptedReply.Text("One two three.") with { Delay = TimeSpan.FromMilliseconds(100) }, clock);
        var duration = exchange.EndAt!.Value;
        duration.Should().BeGreaterThan(TimeSpan.FromMilliseconds(300));

        (await RecordAsync(exchange.ToReply(speed: 1), clock)).EndAt.Should().BeCloseTo(duration, TimeSpan.FromMilliseconds(1));
        (await RecordAsync(exchange.ToReply(speed: 2), clock)).EndAt.Should().BeCloseTo(duration / 2, TimeSpan.FromMilliseconds(1));
        (await RecordAsync(exchange.ToReply(), clock)).EndAt.Should().Be(TimeSpan.Zero);
        FluentActions.Invoking(() => exchange.ToReply(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => exchange.ToReply(double.NaN)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task Load_FileCutAnywhere_KeepsTheLinesBefore()
    {
        await RecordAsync(ScriptedReply.Text("A long answer."));
        var path = Path.Combine(_folder, "0001.jsonl");
        var whole = await File.ReadAllBytesAsync(path);
        var chunks = RecordedExchange.Load(path).Chunks;
        for (var length = whole.AsSpan().IndexOf((byte)'\n') + 1; length < whole.Length - 1; length++)
        {
            await File.WriteAllBytesAsync(path, whole[..length]);
            var cut = RecordedExchange.Load(path);
            cut.End.Should().Be(RecordedEnd.Unknown);
            cut.Chunks.Count.Should().Be(Math.Min(chunks.Count, Math.Max(0, Lines(whole[..length]) - 2)));
        }

        static int Lines(byte[] text) => text.Count(b => b == '\n') + (text[^1] == '}' && IsJson(text) ? 1 : 0);

        static bool IsJson(byte[] text)
        {
            try
            {
                using var document = System.Text.Json.JsonDocument.Parse(text.AsMemory(Array.LastIndexOf(text, (byte)'\n') + 1));
                return true;
            }
            catch (System.Text.Json.JsonException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("", "Line 1 *")]
    [InlineData("data: {}", "Line 1 *")]
    [InlineData("""{"streamline":"exchange","version":2}""", "Line 1 of the recording: found version 2, expected version 1.")]
    [InlineData("""{"streamline":"exchange","version":1,"method":"POST","address":"/","headers":{},"text":""}""" + "\n[]\n{}", "Line 2 of the recording: found Array, expected an object.")]
    [InlineData("""{"streamline":"exchange","version":1,"method":"POST","address":"/","headers":{},"text":""}""" + "\n" + """{"at":1,"base64":"*"}""", "Line 2 *base64*")]
    [InlineData("""{"streamline":"exchange","version":1,"method":"POST","address":"/","headers":{},"text":""}""" + "\n" + """{"text":"a"}""", "Line 2 of the recording: found no member 'at', expected a member 'at'.")]
    [InlineData("""{"streamline":"exchange","version":1,"method":"POST","address":"/","headers":{},"text":""}""" + "\n" + """{"at":1,"end":"never"}""", "Line 2 of the recording: found the end 'never', expected complete, broken or left.")]
    [InlineData("""{"streamline":"exchange","version":1,"method":1,"address":"/","headers":{},"text":""}""", "Line 1 *'method'*")]
    [InlineData("""{"streamline":"exchange","version":1,"method":"POST","address":"/","headers":[],"text":""}""", "Line 1 *'headers'*")]
    [InlineData("""{"streamline":"exchange","version":1,"method":"POST","address":"/","headers":{},"text":""}""" + "\n" + """{"at":1e300,"text":"a"}""", "Line 2 *'at'*")]
    [InlineData("""{"streamline":"exchange","version":1,"method":"POST","address":"/","headers":{},"text":""}""" + "\n" + """{"at":1,"status":"ok","headers":{}}""", "Line 2 *'status'*")]
    [Trait("Finding", "BadInput")]
    public async Task Load_NoRecording_SaysWhatAndWhere(string text, string message)
    {
        var path = Path.Combine(_folder, "bad.jsonl");
        await File.WriteAllTextAsync(path, text);

        FluentActions.Invoking(() => RecordedExchange.Load(path)).Should().Throw<InvalidDataException>().WithMessage(message);
    }

    private async Task<RecordedExchange> RecordAsync(ScriptedReply reply, TimeProvider? clock = null)
    {
        var provider = new ScriptedProvider(new ScriptedProviderOptions { TimeProvider = clock ?? TimeProvider.System }, reply);
        using var http = new HttpClient(new ExchangeRecorder(_folder, clock) { InnerHandler = provider.CreateHandler() });
        try
        {
            using var response = await http.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, "http://provider/v1/messages") { Content = new StringContent("{}") }, HttpCompletionOption.ResponseHeadersRead);
            await ProviderClient.ReadAllAsync(response);
        }
        catch (HttpRequestException)
        {
            // The recording tells it.
        }

        return Load();
    }

    private RecordedExchange Load() => RecordedExchange.Load(Directory.GetFiles(_folder).Max(StringComparer.Ordinal)!);
}
