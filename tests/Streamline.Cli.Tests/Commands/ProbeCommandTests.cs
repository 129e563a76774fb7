using System.Text;
using System.Text.Json;
using Streamline.Testing;

namespace Streamline.Cli.Tests.Commands;

public sealed class ProbeCommandTests
{
    private const string Data = "data: {\"n\":1}\n\n";

    private static readonly string Long = string.Join(' ', Enumerable.Range(1, 60));

    [Fact]
    public async Task Probe_ServerThatStreams_SaysSo()
    {
        var run = Probing(ScriptedReply.Text(Long) with { Delay = TimeSpan.FromMilliseconds(30) });

        (await run.RunAsync("probe", "-p", "anthropic", "-m", "any")).Should().Be(0, run.Error.ToString());

        run.Output.ToString().Should().Contain("verdict   it streams: ").And.Contain("protocol  anthropic").And.Contain(" ms ").And.Contain("####");
    }

    [Fact]
    public async Task Probe_ServerThatHoldsTheAnswerBack_SaysSoAndWhatPointsToIt()
    {
        var run = Probing(HeldBack(await BodyOfAsync(ScriptedReply.Text(Long))).WithHeader("Server", "nginx/1.27").WithHeader("Via", "1.1 edge"));

        (await run.RunAsync("probe", "http://host/v1/messages", "--data", "{}")).Should().Be(1);

        run.Output.ToString().Should().Contain("verdict   it does not stream: ").And.Contain("in one piece after 4000 ms").And.Contain("X-Accel-Buffering: no").And.Contain("Via: 1.1 edge");
    }

    [Fact]
    public async Task Probe_FixedPieces_PointToABuffer()
    {
        var run = Probing(ScriptedReply.Text(string.Join(' ', Enumerable.Range(1, 600))) with { Faults = new FaultPlan { ChunkSize = 8192, ChunkDelay = TimeSpan.FromMilliseconds(400) } });

        (await run.RunAsync("probe", "http://host/v1/messages", "-d", "{}")).Should().Be(0);

        run.Output.ToString().Should().Contain("every piece is a multiple of 8192 bytes").And.Contain("events come together");
    }

    [Fact]
    public async Task Probe_Json_IsOneLine()
    {
        var run = Probing(ScriptedReply.Text(Long) with { Delay = TimeSpan.FromMilliseconds(30) });

        (await run.RunAsync("probe", "http://host/v1/messages", "-d", "{}", "-H", "x-test: 1", "--json")).Should().Be(0);

        using var report = JsonDocument.Parse(run.Output.ToString());
        report.RootElement.GetProperty("streams").GetBoolean().Should().BeTrue();
        report.RootElement.GetProperty("endMs").GetDouble().Should().BeGreaterThan(1000);
    }

    [Fact]
    public async Task Probe_BrokenStream_IsReported()
    {
        var run = Probing(ScriptedReply.Text(Long) with { Delay = TimeSpan.FromMilliseconds(30), Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(20) } });

        (await run.RunAsync("probe", "http://host/v1/messages", "-d", "{}")).Should().Be(0);

        run.Output.ToString().Should().Contain("odd       the connection broke").And.Contain("odd       the stream ends before its end");
    }

    [Fact]
    public async Task Probe_Page_IsNoStream()
    {
        var run = Probing(ScriptedReply.Raw("<html>\e[2J</html>", "text/html"));

        (await run.RunAsync("probe", "http://host/v1/messages", "-d", "{}")).Should().Be(0);

        run.Output.ToString().Should().Contain("protocol  none that is known: '<html>␛[2J</html>'").And.Contain("a page, not a stream").And.NotContain("\e");
    }

    [Fact]
    public async Task Probe_PageWithJson_IsStillJson()
    {
        var run = Probing(ScriptedReply.Raw("<html></html>", "text/html"));

        (await run.RunAsync("probe", "http://host/v1/messages", "-d", "{}", "-H", "Content-Type: text/plain", "--json")).Should().Be(0);

        using var report = JsonDocument.Parse(run.Output.ToString());
        report.RootElement.GetProperty("protocol").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Probe_WrongKey_Fails()
    {
        var run = Probing(ScriptedReply.Error(System.Net.HttpStatusCode.Unauthorized, "No."));

        (await run.RunAsync("probe", "-p", "anthropic", "-m", "any")).Should().Be(1);

        run.Output.ToString().Should().Contain("401");
    }

    [Theory]
    [InlineData("http://host/events", Data)]
    [InlineData("-p anthropic -m any", "event: ping\ndata: {\"type\":\"ping\"}\n\n")]
    [Trait("Law", "8")]
    public async Task Probe_EndlessStream_StopsAtMaxBytes(string target, string pattern)
    {
        var flood = Flood(pattern);
        var run = Flooding(flood, new ManualTimeProvider());

        (await run.RunAsync(["probe", .. target.Split(' '), "--max-bytes", "100000"])).Should().Be(0, run.Error.ToString());

        run.Error.ToString().Should().Contain("Stopped at 100000 bytes (--max-bytes)");
        run.Output.ToString().Should().Contain(": 200, ").And.Contain(" chunks, left").And.Contain("verdict   ").And.NotContain("the stream ends before its end");
        flood.IsDisposed.Should().BeTrue();
        flood.BytesRead.Should().BeLessThan(300_000);
    }

    [Fact]
    public async Task Probe_EndlessStream_StopsAfterMaxTime()
    {
        var time = new ManualTimeProvider();
        var flood = Flood();
        (flood.Mark, flood.AtMark) = (50_000, () => time.Advance(TimeSpan.FromSeconds(7)));
        var run = Flooding(flood, time);
        await run.RunAsync("probe", "http://host/events", "--max-time", "6.5", "--json");

        run.Error.ToString().Should().Contain("Stopped after 6.5 s (--max-time)");
        using var report = JsonDocument.Parse(run.Output.ToString());
        report.RootElement.GetProperty("bytes").GetInt32().Should().BeGreaterThanOrEqualTo(50_000);
        flood.IsDisposed.Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Probe_Interrupted_ReportsWhatHasArrived()
    {
        using var interrupt = new CancellationTokenSource();
        var flood = Flood();
        (flood.Mark, flood.AtMark) = (50_000, interrupt.Cancel);
        var run = Flooding(flood, new ManualTimeProvider(), interrupt.Token);

        (await run.RunAsync("probe", "http://host/events")).Should().Be(130);

        run.Output.ToString().Should().Contain("protocol  none that is known: 'data: ").And.Contain("verdict   ");
        flood.IsDisposed.Should().BeTrue();
    }

    [Fact]
    public async Task Probe_NoResponseWithinMaxTime_Fails()
    {
        var time = new ManualTimeProvider();
        var run = new CliRun
        {
            TimeProvider = time,
            CreateHandler = () => new StubHandler(async cancellationToken =>
            {
                time.Advance(TimeSpan.FromSeconds(121));
                return await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
            }),
        };

        (await run.RunAsync("probe", "http://host/events")).Should().Be(1);

        run.Error.ToString().Should().Contain("Stopped after 120 s (--max-time): no response had arrived.");
    }

    [Theory]
    [InlineData("probe", "Nothing to probe")]
    [InlineData("probe http://host --max-time 0", "--max-time: expected more than 0 and at most 86400 seconds, found 0.")]
    [InlineData("probe http://host --max-bytes 0", "--max-bytes: expected 1 to 1073741824, found 0.")]
    [InlineData("probe localhost", "url: expected an http or https address, found 'localhost'.")]
    [InlineData("probe http://host -H nothing", "--header: expected 'Name: value', found 'nothing'.")]
    [Trait("Finding", "BadInput")]
    public async Task Probe_WrongCommandLine_SaysWhatToChange(string commandLine, string message)
    {
        var run = new CliRun { CreateHandler = new ScriptedProvider().CreateHandler };

        (await run.RunAsync(commandLine.Split(' '))).Should().Be(2);

        run.Error.ToString().Should().Contain(message);
    }

    private static async Task<string> BodyOfAsync(ScriptedReply reply)
    {
        using var http = new HttpClient(new ScriptedProvider(reply).CreateHandler());
        using var response = await http.PostAsync(new Uri("http://host/v1/messages"), content: null);
        return await response.Content.ReadAsStringAsync();
    }

    // The whole body in one piece, four seconds after the request.
    private static ScriptedReply HeldBack(string body) => RecordedExchange.Parse(Encoding.UTF8.GetBytes($$$"""
        {"streamline":"exchange","version":1,"method":"POST","address":"http://host/","headers":{},"text":""}
        {"at":1,"status":200,"headers":{"Content-Type":"text/event-stream"}}
        {"at":4000,"text":"{{{JsonEncodedText.Encode(body)}}}"}
        {"at":4000,"end":"complete"}
        """)).ToReply(speed: 1);

    private static FloodStream Flood(string pattern = Data) => new(default, Encoding.UTF8.GetBytes(pattern));

    private static CliRun Flooding(FloodStream flood, TimeProvider time, CancellationToken stopping = default) => new()
    {
        CreateHandler = () => new StubHandler(_ => Task.FromResult(new HttpResponseMessage { Content = new FloodContent(flood) })),
        TimeProvider = time,
        Stopping = stopping,
        Variables = { ["ANTHROPIC_API_KEY"] = "secret-key" },
    };

    private sealed class StubHandler(Func<CancellationToken, Task<HttpResponseMessage>> respond) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => respond(cancellationToken);
    }

    private sealed class FloodContent : HttpContent
    {
        private readonly FloodStream _flood;

        public FloodContent(FloodStream flood)
        {
            _flood = flood;
            Headers.ContentType = new("text/event-stream");
        }

        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_flood);

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private static CliRun Probing(ScriptedReply reply)
    {
        var clock = new LeapingTimeProvider { MaxLeap = TimeSpan.FromSeconds(5) };
        return new CliRun
        {
            CreateHandler = new ScriptedProvider(new ScriptedProviderOptions { TimeProvider = clock }, reply).CreateHandler,
            TimeProvider = clock,
            Variables = { ["ANTHROPIC_API_KEY"] = "secret-key" },
        };
    }
}
