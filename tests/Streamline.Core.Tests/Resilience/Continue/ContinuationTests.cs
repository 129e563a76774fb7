using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>The decision and the request, apart from retry: another client may continue what the first one began.</summary>
[Trait("Law", "6")]
public sealed class ContinuationTests
{
    private const string Shown = "The river runs through the old town and meets the sea bel";
    private const string Rest = "ow the harbour.";

    [Fact]
    public async Task StreamAsync_OfAnotherClient_FollowsWhatTheFirstHasShown()
    {
        var state = new StreamState();
        await foreach (var streamEvent in FakeStreamClient.Of(Started("first"), new UsageUpdated { Usage = new() { InputTokens = 2 } }, new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words(Shown)).StreamAsync(Request))
        {
            state.Apply(streamEvent);
        }

        var other = new FakeStreamClient(Ends(
            new ResponseStarted { Provider = "other", ResponseId = "second" }, new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words("meets the sea bel" + Rest), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = 3 } }))
        {
            Metadata = new() { Provider = "other", DefaultModel = "m" },
        };
        var planner = new ContinuationPlanner(new ContinueOptions { AllowStitching = true }, new PrefillRefusals());

        var plan = planner.Plan(other, Request with { Options = new ChatOptions { ModelId = "m" } }, state, state.Usage, out var obstacle);
        var events = await plan!.StreamAsync(other, attempt: 3, "the first client is down", CancellationToken.None).CollectAsync();
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        obstacle.Should().BeEmpty();
        events[0].Should().BeOfType<StreamResumed>().Which.Should().BeEquivalentTo(new { Attempt = 3, Reason = "the first client is down", Strategy = ResumeStrategy.Stitch, Provider = "other", ResponseId = "second" });
        state.Text.Should().Be(Shown + Rest);
        state.Usage!.InputTokens.Should().Be(5);
        state.ToChatResponse().Messages.Should().ContainSingle();
    }

    [Fact]
    public async Task Plan_ClientRefuses_IsNotAskedAgainAndAnotherIs()
    {
        var state = new StreamState();
        state.Apply(Words(Shown));
        var (first, second) = (Client("one"), Client("two"));
        var planner = new ContinuationPlanner(new ContinueOptions { AcceptsPrefill = _ => true }, new PrefillRefusals());

        var plan = planner.Plan(first, Request, state, priorUsage: null, out _)!;
        var (_, exception) = await plan.StreamAsync(first, 2, "", CancellationToken.None).CatchAsync();

        planner.Refuse(plan, first, exception!).Should().BeTrue();
        planner.Plan(first, Request, state, priorUsage: null, out var obstacle).Should().BeNull();
        obstacle.Should().Be("the model takes no prefill");
        planner.Plan(second, Request, state, priorUsage: null, out _)!.Strategy.Should().Be(ResumeStrategy.Prefill);
        planner.Refuse(plan, first, Interrupted()).Should().BeFalse("that says nothing about the way");
        planner.Refuse(plan, first, Overloaded()).Should().BeFalse();

        static FakeStreamClient Client(string name) =>
            new(Fails(new ProviderException(name, System.Net.HttpStatusCode.BadRequest, "x", "no"))) { Metadata = new() { Provider = name } };
    }

    [Fact]
    public async Task StreamAsync_ClientRestartsBeforeTheSeam_BeginsToSearchAnew()
    {
        var state = new StreamState();
        state.Apply(Words(Shown));
        var client = FakeStreamClient.Of(
            Started("a"), Words("meets the"), new StreamRestarted { Attempt = 2, Reason = "x", Discarded = [0] }, Started("b"), Words("meets the sea bel" + Rest), Completed());
        var plan = new ContinuationPlanner(new ContinueOptions { AllowStitching = true }, new PrefillRefusals()).Plan(client, Request, state, null, out _)!;

        var events = await plan.StreamAsync(client, 2, "", CancellationToken.None).CollectAsync();

        events.Select(e => e.GetType()).Should().Equal(typeof(StreamResumed), typeof(TextDelta), typeof(ResponseCompleted));
        events.OfType<StreamResumed>().Single().ResponseId.Should().Be("b");
        events.OfType<TextDelta>().Single().Text.Should().Be(Rest);
    }

    [Fact]
    public async Task StreamAsync_ClientRestartsAfterTheSeam_FailsRatherThanDiscardsTheWhole()
    {
        var state = new StreamState();
        state.Apply(Words(Shown));
        var client = FakeStreamClient.Of(Started("a"), Words(Rest), new StreamRestarted { Attempt = 2, Reason = "x", Discarded = [0] }, Words("anew"), Completed());
        var plan = new ContinuationPlanner(new ContinueOptions { AcceptsPrefill = _ => true }, new PrefillRefusals()).Plan(client, Request, state, null, out _)!;

        var (events, exception) = await plan.StreamAsync(client, 2, "", CancellationToken.None).CatchAsync();

        exception.Should().BeOfType<StreamInterruptedException>();
        TextOf([Words(Shown), .. events]).Should().Be(Shown + Rest);
    }

    [Fact]
    public async Task StreamAsync_EndsBeforeTheSeamIsFound_ShowsWhatItHolds()
    {
        var state = new StreamState();
        state.Apply(Words(Shown));
        var client = FakeStreamClient.Of(Started(), Words("Some"));
        var plan = new ContinuationPlanner(new ContinueOptions { AllowStitching = true, AllowUnsureSeams = true }, new PrefillRefusals()).Plan(client, Request, state, null, out _)!;

        var events = await plan.StreamAsync(client, 2, "", CancellationToken.None).CollectAsync();

        events.Select(e => e.GetType()).Should().Equal(typeof(StreamResumed), typeof(TextDelta));
        events.OfType<StreamResumed>().Single().InsertedSeparator.Should().BeNull();
        events.OfType<TextDelta>().Single().Text.Should().Be("Some");
    }
}
