using ChatSample;
using Microsoft.Extensions.AI;
using Spectre.Console;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Samples.Tests.Chat;

public sealed class ConversationTests : IDisposable
{
    private static readonly Prices Prices = new(3, 15);

    private readonly ScriptedKeys _keys = new();
    private readonly StringWriter _output = new();

    [Fact]
    public async Task Answer_ToItsEnd_IsShownAndKept()
    {
        var conversation = Live(ScriptedReply.Text("It will **rain**.") with { Usage = new TokenUsage { InputTokens = 1000, OutputTokens = 2000 } });

        (await conversation.AnswerAsync("Weather?")).Should().BeTrue();

        Said(conversation).Should().Equal("user: Weather?", "assistant: It will **rain**.");
        _output.ToString().Should().Contain("It will").And.Contain("rain").And.Contain("1,000 tokens in, 2,000 out · $0.0330");
    }

    [Fact]
    public async Task Answer_StoppedByTheKey_KeepsWhatHadArrived()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("It will rain.") with { Faults = FaultPlan.None with { StallAt = FaultPoint.AfterEvent(4) } });
        var conversation = Live(provider);
        var answering = conversation.AnswerAsync("Weather?");
        await (await provider.WaitForExchangeAsync(0)).Stalled;
        _keys.Press(ConsoleKey.Escape);

        (await answering).Should().BeFalse();

        _output.ToString().Should().Contain("Stopped.");
        Said(conversation)[0].Should().Be("user: Weather?");
        Said(conversation)[1].Should().StartWith("assistant: It");
    }

    [Fact]
    public async Task Answer_ThatFailsBeforeAnything_ForgetsTheQuestion()
    {
        var conversation = Live(ScriptedReply.Error(System.Net.HttpStatusCode.BadRequest, "Not like that."));

        (await conversation.AnswerAsync("Weather?")).Should().BeFalse();

        conversation.Messages.Should().BeEmpty();
        _output.ToString().Should().Contain("Not like that.");
    }

    [Fact]
    public async Task Answer_OfTheDemoInAPipe_DeniesWhatNeedsApproval()
    {
        var clock = new LeapingTimeProvider { MaxLeap = TimeSpan.FromSeconds(5) };
        var provider = new ScriptedProvider(new DemoBrain().Respond, new ScriptedProviderOptions { TimeProvider = clock });
        var client = new StreamClientBuilder(Source(provider)).UseTimeProvider(clock).UseTools(new DemoTools(clock).Create()).UseRetry().Build();

        (await new Conversation(client, new PlainChatView(_output), clock, prices: null).AnswerAsync("What should I wear in Rome?")).Should().BeTrue();

        _output.ToString().Should().Contain("anthropic answered HTTP 529").And.Contain("[denied set_reminder: ").And.Contain("## What to wear in Rome").And.Contain("overlap saved");
    }

    [Theory]
    [InlineData("3,15", 3, 15)]
    [InlineData("0.25, 1.5", 0.25, 1.5)]
    public void Parse_TwoPrices_AreThose(string text, double input, double output) => Prices.Parse(text).Should().Be(new Prices((decimal)input, (decimal)output));

    [Theory]
    [InlineData(null)]
    [InlineData("3")]
    [InlineData("3,x")]
    [InlineData("-1,2")]
    public void Parse_AnythingElse_MeansUnknown(string? text) => Prices.Parse(text).Should().BeNull();

    public void Dispose() => _output.Dispose();

    private static List<string> Said(Conversation conversation) => [.. conversation.Messages.Select(message => $"{message.Role}: {message.Text}")];

    private static IStreamClient Source(ScriptedProvider provider) => StreamProtocols.Anthropic.CreateClient(new HttpClient(provider.CreateHandler()), "none", "any-model");

    private Conversation Live(params ScriptedReply[] replies) => Live(new ScriptedProvider(replies));

    private Conversation Live(ScriptedProvider provider)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_output) });
        console.Profile.Width = Drawing.Width;
        return new Conversation(Source(provider), new LiveChatView(new KeyedConsole(console, _keys), TimeProvider.System, hasKeys: true), TimeProvider.System, Prices);
    }
}
