using System.Text;
using System.Text.Json;
using Streamline.Testing;

namespace Streamline.Cli.Tests.Commands;

public sealed class ProbeCommandTests
{
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
    [InlineData("probe", "Nothing to probe")]
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
