using System.Net;
using Streamline.Testing;
using Streamline.TestSupport;

namespace Streamline.Tests.Http;

/// <summary>Retry with real wires below it.</summary>
public sealed class RetryOverHttpTests
{
    public static TheoryData<string> All => Wires.All();

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "5")]
    [Trait("Law", "6")]
    public async Task StreamAsync_OverloadedByStatusAndThenInside200_SucceedsOnTheThirdAttempt(string wire)
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Error(HttpStatusCode.ServiceUnavailable, "busy", retryAfter: TimeSpan.Zero),
            ScriptedReply.Text("never shown") with { Faults = new FaultPlan { ErrorAfterEvent = 1 } },
            ScriptedReply.Text("The answer."));
        var client = new StreamClientBuilder(Wires.ClientOf(provider, wire)).UseRetry(retry => retry.BaseDelay = TimeSpan.Zero).Build();

        var events = await client.StreamAsync("Hi").CollectAsync();

        events.OfType<RetryScheduled>().Select(retry => retry.Attempt).Should().Equal(2, 3);
        events.OfType<StreamRestarted>().Should().BeEmpty();
        events.OfType<ResponseStarted>().Should().ContainSingle();
        Fold(events).Text.Should().Be("The answer.");
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "6")]
    public async Task StreamAsync_BrokenInTheMiddleWithRestart_FoldsToOneMessage(string wire)
    {
        var provider = new ScriptedProvider(
            ScriptedReply.Text("A first answer that breaks") with { Faults = new FaultPlan { AbortAt = FaultPoint.AfterEvent(5) } },
            ScriptedReply.Text("A second answer."));
        var client = new StreamClientBuilder(Wires.ClientOf(provider, wire))
            .UseRetry(retry => (retry.BaseDelay, retry.MidStream) = (TimeSpan.Zero, MidStreamPolicy.Restart)).Build();

        var events = await client.StreamAsync("Hi").CollectAsync();

        events.OfType<StreamRestarted>().Should().ContainSingle().Which.Discarded.Should().Equal(0);
        Fold(events).Text.Should().Be("A second answer.");
    }

    [Theory]
    [MemberData(nameof(All))]
    [Trait("Law", "6")]
    public async Task StreamAsync_BrokenInTheMiddleWithFail_ThrowsWithThePartialMessage(string wire)
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("A first answer that breaks") with { Faults = new FaultPlan { EndAt = FaultPoint.AfterEvent(5) } });
        var client = new StreamClientBuilder(Wires.ClientOf(provider, wire)).UseRetry(retry => retry.BaseDelay = TimeSpan.Zero).Build();

        var (_, exception) = await client.StreamAsync("Hi").CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().StartWith("A first");
        provider.Exchanges.Should().ContainSingle();
    }

    private static StreamState Fold(IEnumerable<StreamEvent> events) => new StreamState().ApplyAll([.. events]);
}
