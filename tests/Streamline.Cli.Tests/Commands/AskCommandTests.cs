using System.Net;
using Streamline.Testing;

namespace Streamline.Cli.Tests.Commands;

public sealed class AskCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ask_Plain_WritesTheTextAlone()
    {
        var run = Answering(ScriptedReply.Text("Hello, *Paris*."));

        (await run.RunAsync("ask", "Hi", "there")).Should().Be(0);

        run.Output.ToString().Should().Be("Hello, *Paris*.\n");
        run.Error.ToString().Should().BeEmpty();
    }

    [Fact]
    public async Task Ask_PromptAndPipe_AreOneQuestion()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("Bonjour."));
        var run = Answering(provider, input: "Hello.\n");

        (await run.RunAsync("ask", "-s", "Be brief.", "Translate:")).Should().Be(0);

        var request = provider.Exchanges[0].Request;
        request.LastUserText.Should().Be("Translate:\n\nHello.");
        request.Model.Should().Be("some-model");
        request.Body.GetProperty("system").ToString().Should().Contain("Be brief.");
    }

    [Fact]
    public async Task Ask_Json_WritesTheEventsOfTheStream()
    {
        var run = Answering(ScriptedReply.Text("Hello."));

        (await run.RunAsync("ask", "--json", "Hi")).Should().Be(0);

        var events = run.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(StreamEventJson.Deserialize).ToList();
        events[0].Should().BeOfType<ResponseStarted>();
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("Hello.");
        events[^1].Should().BeOfType<ResponseCompleted>();
        run.Error.ToString().Should().BeEmpty();
    }

    [Fact]
    public async Task Ask_Sentences_AreOnePerLine()
    {
        var run = Answering(ScriptedReply.Text("Ask Dr. Dupont. **He** knows!\n\n```cs\nvar a = 1.0;\n```\n"));

        (await run.RunAsync("ask", "--sentences", "Hi")).Should().Be(0);

        run.Output.ToString().Should().Be("Ask Dr. Dupont.\nHe knows!\n");
    }

    [Fact]
    public async Task Ask_Smooth_ChangesNoText()
    {
        var run = Answering(ScriptedReply.Text("Hello, all of you. How are you?"));

        (await run.RunAsync("ask", "--smooth", "Hi")).Should().Be(0);

        run.Output.ToString().Should().Be("Hello, all of you. How are you?\n");
    }

    [Fact]
    public async Task Ask_Sentiment_IsToldBesideTheText()
    {
        var run = Answering(ScriptedReply.Text("It is wonderful. It is a table. It is not good."));

        (await run.RunAsync("ask", "--sentiment", "Hi")).Should().Be(0);

        run.Output.ToString().Should().Be("It is wonderful. It is a table. It is not good.\n");
        run.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().SatisfyRespectively(
            first => first.Should().StartWith("[sentiment label: positive, score: "),
            second => second.Should().StartWith("[sentiment label: negative, score: "));
    }

    [Fact]
    public async Task Ask_SentimentModel_IsAskedPerSentence()
    {
        var provider = new ScriptedProvider(request => request.Model == "judge"
            ? ScriptedReply.Text(request.LastUserText.Contains("rain", StringComparison.Ordinal) ? "Negative." : "neutral")
            : ScriptedReply.Text("It is noon. It will rain."));
        var run = Answering(provider);

        (await run.RunAsync("ask", "--sentiment-model", "judge", "Hi")).Should().Be(0);

        run.Error.ToString().Should().Be("[sentiment label: negative]\n");
        provider.Exchanges.Should().HaveCount(3);
    }

    [Fact]
    public async Task Ask_Write_KeepsTheNamedBlocks()
    {
        var run = Answering(ScriptedReply.Text("Two files.\n```cs src/A.cs\nclass A;\n```\n```json b.json\n{}\n```\n```sh\nls\n```\n"));

        (await run.RunAsync("ask", "--write", _folder, "Hi")).Should().Be(0);

        (await File.ReadAllTextAsync(Path.Combine(_folder, "src", "A.cs"))).Should().Be("class A;\n");
        (await File.ReadAllTextAsync(Path.Combine(_folder, "b.json"))).Should().Be("{}\n");
        run.Error.ToString().Should().Be("[wrote src/A.cs, b.json]\n");
    }

    [Fact]
    public async Task Ask_WriteOfAnAnswerThatWasCut_WritesNothing()
    {
        var run = Answering(ScriptedReply.Text("```cs A.cs\nclass A;\n```\nMore") with { FinishReason = FinishReason.Length });

        (await run.RunAsync("ask", "--write", _folder, "Hi")).Should().Be(3);

        run.Error.ToString().Should().Contain("[the answer is not complete: nothing was written]");
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    [Theory]
    [InlineData("```cs ../A.cs\nclass A;\n```\n", null)]
    [InlineData("```cs A.cs\nclass A;\n", null)]
    [InlineData("```cs A.cs\nclass A;\n```\nand so on", 30)]
    [Trait("Finding", "BadInput")]
    public async Task Ask_WriteThatCannotBe_LeavesTheFolderAsItWas(string answer, int? abortAfterEvent)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "A.cs"), "class Old;");
        var run = Answering(ScriptedReply.Text(answer) with { FragmentLength = 1, Faults = new FaultPlan { AbortAt = abortAfterEvent is { } count ? FaultPoint.AfterEvent(count) : null } }, clock: new LeapingTimeProvider { MaxLeap = TimeSpan.FromSeconds(15) });

        (await run.RunAsync("ask", "--write", _folder, "Hi")).Should().Be(1);

        run.Error.ToString().Should().Contain("streamline: ");
        Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Should().Equal(Path.Combine(_folder, "A.cs"));
        (await File.ReadAllTextAsync(Path.Combine(_folder, "A.cs"))).Should().Be("class Old;");
    }

    [Fact]
    public async Task Ask_BrokenStream_KeepsWhatHadArrivedAndFails()
    {
        var broken = ScriptedReply.Text("Half an answer that never ends.") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(5) } };
        var run = Answering(broken, clock: new LeapingTimeProvider { MaxLeap = TimeSpan.FromSeconds(15) });

        (await run.RunAsync("ask", "Hi")).Should().Be(1);

        run.Output.ToString().Should().StartWith("Half an ").And.EndWith("\n");
        run.Error.ToString().Should().Contain("streamline: ");
    }

    [Fact]
    public async Task Ask_ErrorOfTheProvider_IsToldWithItsWords()
    {
        var run = Answering(ScriptedReply.Error(HttpStatusCode.Unauthorized, "Your key is wrong."));

        (await run.RunAsync("ask", "Hi")).Should().Be(1);

        run.Output.ToString().Should().BeEmpty();
        run.Error.ToString().Should().StartWith("streamline: ").And.Contain("Your key is wrong.").And.NotContain("secret-key");
    }

    [Fact]
    public async Task Ask_AnswerCutByTheLimit_HasItsOwnExitCode()
    {
        var run = Answering(ScriptedReply.Text("A long") with { FinishReason = FinishReason.Length });

        (await run.RunAsync("ask", "--max-tokens", "2", "Hi")).Should().Be(3);

        run.Output.ToString().Should().Be("A long\n");
        run.Error.ToString().Should().StartWith("[the answer ended early: ");
    }

    [Fact]
    public async Task Ask_Interrupted_Ends130()
    {
        using var stopping = new CancellationTokenSource();
        var provider = new ScriptedProvider(ScriptedReply.Text("A long answer.") with { Faults = new FaultPlan { StallAt = FaultPoint.AfterEvent(3) } });
        var run = Answering(provider, stopping: stopping.Token);

        var asking = run.RunAsync("ask", "Hi");
        await provider.WaitForExchangeAsync(0).OrFail();
        await stopping.CancelAsync();

        (await asking).Should().Be(130);
    }

    [Fact]
    public async Task Ask_TextThatSteersTheTerminal_IsShownInstead()
    {
        var run = Answering(ScriptedReply.Text("a\e]0;title\ab\e[2Jc"), isTerminal: true);

        (await run.RunAsync("ask", "Hi")).Should().Be(0);

        run.Output.ToString().Should().Be("a␛]0;title␇b␛[2Jc\n");
    }

    [Fact]
    public async Task Ask_RecordThenReplay_GivesTheSame()
    {
        var first = Answering(ScriptedReply.Text("Hello, *Paris*."));
        (await first.RunAsync("ask", "--record", _folder, "Hi")).Should().Be(0);
        (await File.ReadAllTextAsync(Path.Combine(_folder, "0001.jsonl"))).Should().NotContain("secret-key");

        var again = await CliRun.OfAsync($"ask --replay {_folder}/0001.jsonl Hi");

        again.Output.ToString().Should().Be(first.Output.ToString());
    }

    [Theory]
    [InlineData("ask Hi", "No provider: set ANTHROPIC_API_KEY")]
    [InlineData("ask -p anthropic -m any Hi", "No key: set ANTHROPIC_API_KEY.")]
    [InlineData("ask -p nobody Hi", "There is no provider 'nobody'.")]
    [InlineData("ask -p ollama Hi", "No model: pass --model")]
    [InlineData("ask -p demo", "There is no prompt")]
    [InlineData("ask -p demo --json --markdown Hi", "Only one of --markdown")]
    [InlineData("ask -p demo --base-url localhost Hi", "--base-url: expected an http or https address")]
    [InlineData("ask -p demo --max-tokens 0 Hi", "--max-tokens: expected at least 1.")]
    [InlineData("ask -p demo --color blue Hi", "blue")]
    [InlineData("ask --unknown Hi", "There is no option '--unknown'")]
    [Trait("Finding", "BadInput")]
    public async Task Ask_WrongCommandLine_SaysWhatToChange(string commandLine, string message)
    {
        var run = new CliRun();

        (await run.RunAsync(commandLine.Split(' '))).Should().Be(2);

        run.Error.ToString().Should().Contain(message);
    }

    private static CliRun Answering(ScriptedReply reply, TimeProvider? clock = null, bool isTerminal = false) =>
        Answering(new ScriptedProvider(new ScriptedProviderOptions { RepeatLastReply = true, TimeProvider = clock ?? TimeProvider.System }, reply), clock: clock, isTerminal: isTerminal);

    private static CliRun Answering(ScriptedProvider provider, string input = "", TimeProvider? clock = null, bool isTerminal = false, CancellationToken stopping = default) => new()
    {
        Input = input,
        IsTerminal = isTerminal,
        CreateHandler = provider.CreateHandler,
        Variables = { ["ANTHROPIC_API_KEY"] = "secret-key", ["STREAMLINE_MODEL"] = "some-model" },
        TimeProvider = clock ?? TimeProvider.System,
        Stopping = stopping,
    };
}
