using System.Net;
using Streamline.Testing;

namespace Streamline.Cli.Tests.Commands;

public sealed class ChatCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Chat_Lines_AreTurnsOfOneConversation()
    {
        var provider = Echo();
        var run = Chatting(provider, "One.\n\nTwo.\n");

        (await run.RunAsync("chat", "-s", "Be kind.")).Should().Be(0);

        run.Output.ToString().Should().Be("You said One.\nYou said Two.\n");
        provider.Exchanges.Should().HaveCount(2);
        provider.Exchanges[1].Request.Body.GetProperty("messages").GetArrayLength().Should().Be(3);
    }

    [Fact]
    public async Task Chat_SaveAndLoad_ContinuesTheConversation()
    {
        var file = Path.Combine(_folder, "chat.json");
        (await Chatting(Echo(), "One.\n").RunAsync("chat", "--save", file)).Should().Be(0);
        var provider = Echo();

        (await Chatting(provider, $"Two.\n/save {file}.2\n/quit\nNever.\n").RunAsync("chat", "--load", file)).Should().Be(0);

        provider.Exchanges.Should().ContainSingle().Which.Request.Body.GetProperty("messages").GetArrayLength().Should().Be(3);
        File.Exists(file + ".2").Should().BeTrue();
    }

    [Fact]
    public async Task Chat_Cancelled_SavesWhatWasSaid()
    {
        var file = Path.Combine(_folder, "chat.json");
        using var stopping = new CancellationTokenSource();
        var provider = new ScriptedProvider(ScriptedReply.Text("One."), ScriptedReply.Text("Two three four.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(3) } });
        var run = new CliRun
        {
            Input = "One?\nTwo?\n",
            CreateHandler = provider.CreateHandler,
            Variables = { ["ANTHROPIC_API_KEY"] = "secret-key", ["STREAMLINE_MODEL"] = "some-model" },
            Stopping = stopping.Token,
        };

        var chatting = run.RunAsync("chat", "--save", file);
        await provider.WaitForExchangeAsync(1).OrFail();
        await stopping.CancelAsync();

        (await chatting).Should().Be(130);
        (await File.ReadAllTextAsync(file)).Should().Contain("One.");
    }

    [Fact]
    public async Task Chat_FailedTurn_IsToldAndTheNextOneWorks()
    {
        var provider = new ScriptedProvider(ScriptedReply.Error(HttpStatusCode.BadRequest, "Too rude."), ScriptedReply.Text("Fine."));
        var run = Chatting(provider, "One.\nTwo.\n");

        (await run.RunAsync("chat")).Should().Be(0);

        run.Output.ToString().Should().Be("Fine.\n");
        run.Error.ToString().Should().Contain("[failed: ").And.Contain("Too rude.");
    }

    [Fact]
    public async Task Chat_Now_InterruptsNothingWhenNothingRuns()
    {
        var run = Chatting(Echo(), "/now One.\n/steer Two.\n/stop\n");

        (await run.RunAsync("chat")).Should().Be(0);

        run.Output.ToString().Should().Be("You said One.\nYou said Two.\n");
    }

    [Fact]
    [Trait("Finding", "BadInput")]
    public async Task Chat_UnknownCommand_IsExplained()
    {
        var run = Chatting(Echo(), "/dance\n/save\n/now\n/help\n");

        (await run.RunAsync("chat")).Should().Be(0);

        run.Output.ToString().Should().BeEmpty();
        run.Error.ToString().Should().Contain("unknown command '/dance'").And.Contain("/steer TEXT");
    }

    [Theory]
    [InlineData("missing.json", null)]
    [InlineData("bad.json", "{]")]
    [Trait("Finding", "BadInput")]
    public async Task Chat_FileThatCannotBeLoaded_Fails(string name, string? content)
    {
        var file = Path.Combine(_folder, name);
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content);
        }

        var run = Chatting(Echo(), "One.\n");

        (await run.RunAsync("chat", "--load", file)).Should().Be(1);

        run.Error.ToString().Should().StartWith("streamline: ");
    }

    [Fact]
    public async Task Chat_Json_IsOneEventPerLine()
    {
        var run = Chatting(Echo(), "One.\nTwo.\n");

        (await run.RunAsync("chat", "--json")).Should().Be(0);

        run.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(StreamEventJson.Deserialize).OfType<ResponseCompleted>().Should().HaveCount(2);
    }

    private static ScriptedProvider Echo() => new(request => ScriptedReply.Text($"You said {request.LastUserText}"));

    private static CliRun Chatting(ScriptedProvider provider, string input) => new()
    {
        Input = input,
        CreateHandler = provider.CreateHandler,
        Variables = { ["ANTHROPIC_API_KEY"] = "secret-key", ["STREAMLINE_MODEL"] = "some-model" },
    };
}
