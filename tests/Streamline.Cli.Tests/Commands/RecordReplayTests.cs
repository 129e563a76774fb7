using Streamline.Testing;

namespace Streamline.Cli.Tests.Commands;

public sealed class RecordReplayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RecordThenReplay_OverSockets_GivesTheSameAnswers()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("One."), ScriptedReply.Text("Two."));
        await using var upstream = await ScriptedProviderHost.StartAsync(provider).OrFail();
        await ServeAsync(["record", upstream.BaseAddress.ToString(), "--out", _folder], async address =>
        {
            (await AskAsync(address)).Should().Be("One.");
            (await AskAsync(address)).Should().Be("Two.");
        });
        Directory.GetFiles(_folder).Should().HaveCount(2);

        await ServeAsync(["replay", _folder, "--speed", "1000", "--repeat"], async address =>
        {
            (await AskAsync(address)).Should().Be("One.");
            (await AskAsync(address)).Should().Be("Two.");
            (await AskAsync(address)).Should().Be("One.");
        });
    }

    [Theory]
    [InlineData("record localhost", "upstream: expected an http or https address.")]
    [InlineData("record http://localhost --port 70000", "--port: expected 0 to 65535, found 70000.")]
    [InlineData("replay . --speed 0", "--speed: expected more than 0.")]
    [Trait("Finding", "BadInput")]
    public async Task Serve_WrongCommandLine_SaysWhatToChange(string commandLine, string message)
    {
        var run = new CliRun();

        (await run.RunAsync(commandLine.Split(' '))).Should().Be(2);

        run.Error.ToString().Should().Contain(message);
    }

    [Fact]
    [Trait("Finding", "BadInput")]
    public async Task Replay_NoRecording_Fails()
    {
        (await new CliRun().RunAsync("replay", _folder)).Should().Be(2);
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.jsonl"), "data: {}\n\n");
        var run = new CliRun();

        (await run.RunAsync("replay", _folder)).Should().Be(1);

        run.Error.ToString().Should().Contain("Line 1 of the recording");
    }

    private static async Task ServeAsync(string[] args, Func<Uri, Task> use)
    {
        using var stopping = new CancellationTokenSource();
        var run = new CliRun { Stopping = stopping.Token };
        var serving = run.RunAsync(args);
        await use(new Uri(await run.Output.FirstLine));
        await stopping.CancelAsync();
        (await serving).Should().Be(0, run.Error.ToString());
    }

    private static async Task<string> AskAsync(Uri address)
    {
        using var http = new HttpClient();
        var client = StreamProtocols.OpenAIChat.CreateClient(http, new StreamClientOptions { BaseAddress = address, Model = "any" });
        return (await client.GetResponseAsync("Hi.").OrFail()).Text;
    }
}
