using Streamline.Chaos.Conversations;
using Streamline.Chaos.Cuts;
using Streamline.Chaos.Leaks;

namespace Streamline.Testing.Tests.Chaos;

/// <summary>A little of what <c>tests/Streamline.Chaos</c> does for minutes: every target is in it.</summary>
[Trait("Law", "6")]
[Trait("Law", "7")]
[Trait("Law", "9")]
[Trait("Law", "13")]
public sealed class ChaosTests
{
    private const int Conversations = 56;
    private const int Cuts = 1500;

    [Fact]
    public async Task Conversations_WithEveryFault_KeepTheLaws()
    {
        using var spans = new LiveSpans();
        using var output = new StringWriter();
        var runner = new ConversationRunner(spans, output);

        await runner.RunAsync(Enumerable.Range(1, Conversations));

        runner.Violations.Should().Be(0, "{0}", output);
        runner.Outcomes.Total.Should().Be(Conversations);
        runner.Connections.Open.Should().Be(0);
    }

    [Fact]
    public async Task Cuts_OverAllProtocols_AreNeverWrongUnannounced()
    {
        using var output = new StringWriter();

        var (report, wrong) = await CutReport.CreateAsync(Cuts, firstSeed: 1, TimeProvider.System, output);

        wrong.Should().Be(0, "{0}", output);
        report.Should().Contain("| **all** |");
    }
}
