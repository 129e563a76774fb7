using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>Responses that ended properly, by their limit or a pause, and are continued.</summary>
public sealed class ContinueBeyondTests
{
    private static readonly ResponseCompleted AtLimit = new() { FinishReason = FinishReason.Length, RawFinishReason = "max_tokens", Usage = new() { InputTokens = 5, OutputTokens = 10 } };

    [Fact]
    [Trait("Law", "6")]
    public async Task OnLength_ByPrefill_GoesOnUntilTheModelIsDone()
    {
        var client = new FakeStreamClient(
            Ends(Started("a"), Words("one "), AtLimit),
            Ends(Started("b"), Words("two "), AtLimit),
            Ends(Started("c"), Words("three"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = 7, OutputTokens = 3 } }));

        var events = await Collect(client, CutStream.Prefill);

        TextOf(events).Should().Be("one two three");
        events.OfType<ResponseStarted>().Should().ContainSingle();
        events.OfType<RetryScheduled>().Should().BeEmpty();
        events.OfType<StreamResumed>().Select(seam => (seam.Attempt, seam.Strategy, seam.Reason)).Should().Equal(
            (2, ResumeStrategy.Prefill, "the limit on output tokens was reached"), (3, ResumeStrategy.Prefill, "the limit on output tokens was reached"));
        var end = events.OfType<ResponseCompleted>().Should().ContainSingle().Which;
        (end.FinishReason, end.Usage!.InputTokens, end.Usage.OutputTokens).Should().Be((FinishReason.Stop, 17, 23));
    }

    [Fact]
    public async Task OnLength_NoFurtherThanTheOptionSays_EndsWithTheLimit()
    {
        var client = new FakeStreamClient(Ends(Started(), Words("more "), AtLimit));

        var events = await Collect(client, retry =>
        {
            CutStream.Prefill(retry);
            retry.Continue.MaxContinuations = 2;
        });

        TextOf(events).Should().Be("more more more ");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.Should().BeEquivalentTo(new { FinishReason = FinishReason.Length, Usage = new { InputTokens = 15, OutputTokens = 30 } });
        client.Requests.Should().HaveCount(3);
    }

    [Theory]
    [InlineData("no way")]
    [InlineData("call")]
    [InlineData("refused")]
    [InlineData("fails")]
    [InlineData("unsure")]
    public async Task OnLength_CannotBeContinued_EndsAsItDid(string how)
    {
        var client = how switch
        {
            "call" => new FakeStreamClient(Ends(Started(), Words("one "), new ToolCallStarted { Index = 1, CallId = "c", Name = "t" }, AtLimit)),
            "refused" => new FakeStreamClient(Ends(Started(), Words("one "), AtLimit), Fails(new ProviderException("test", System.Net.HttpStatusCode.BadRequest, "x", "no"))),
            "fails" => new FakeStreamClient(Ends(Started(), Words("one "), AtLimit), Fails(Overloaded())),
            _ => new FakeStreamClient(Ends(Started(), Words("one "), AtLimit), Ends(Started(), Words("Something else."), Completed())),
        };

        var events = await Collect(client, retry =>
        {
            retry.Continue.AcceptsPrefill = _ => how is "refused" or "fails" or "call";
            retry.Continue.AllowStitching = how == "unsure";
        });

        events.Where(e => e is not RetryScheduled)!.Last().Should().BeSameAs(AtLimit);
        events.Should().NotContain(e => e is StreamResumed || e is StreamRestarted);
        client.Open.Should().Be(0);
        client.Requests.Should().HaveCount(how switch { "no way" or "call" => 1, "fails" => 4, _ => 2 });
    }

    [Fact]
    public async Task OnLength_ContinuationBreaksInTheMiddle_IsAFailureLikeAnyOther()
    {
        FakeStreamClient Client() => new(Ends(Started(), Words("one "), AtLimit), Fails(Interrupted(), Started(), Words("two ")), Ends(Started(), Words("three"), Completed()));

        var failed = await Build(Client(), retry => { CutStream.Prefill(retry); retry.MidStream = MidStreamPolicy.Fail; }).StreamAsync(Request).CatchAsync();
        var events = await Collect(Client(), CutStream.Prefill);

        failed.Exception.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be("one two ");
        TextOf(events).Should().Be("one two three");
        events.OfType<StreamResumed>().Select(seam => seam.Attempt).Should().Equal(2, 3);
    }

    [Fact]
    public async Task OnLength_OneAttemptOnly_IsContinuedAllTheSame()
    {
        var client = new FakeStreamClient(Ends(Started(), Words("one "), AtLimit), Ends(Started(), Words("two"), Completed()));

        TextOf(await Collect(client, retry => { CutStream.Prefill(retry); retry.MaxAttempts = 1; })).Should().Be("one two");
    }

    [Fact]
    public async Task OnLength_NotAskedFor_EndsWithTheLimit()
    {
        var client = new FakeStreamClient(Ends(Started(), Words("one "), AtLimit));

        var events = await Build(client, retry => { CutStream.Prefill(retry); retry.Continue.OnLength = retry.Continue.OnPause = false; }).StreamAsync(Request).CollectAsync();

        events[^1].Should().BeSameAs(AtLimit);
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task OnPause_SendsTheTurnBackAsItIs_AndTheRestHasBlocksOfItsOwn()
    {
        var use = JsonDocument.Parse("""{"type":"server_tool_use","id":"s","name":"web_search","input":{}}""").RootElement;
        var pause = new ResponseCompleted { FinishReason = FinishReason.Pause, RawFinishReason = "pause_turn", Usage = new() { OutputTokens = 2 } };
        var client = new FakeStreamClient(
            Ends(
                new ResponseStarted { Provider = "anthropic" },
                Words("Let me look."), new ContentCompleted { Index = 0, Kind = ContentKind.Text },
                new ToolCallStarted { Index = 1, CallId = "s", Name = "web_search", IsProviderExecuted = true },
                new ToolCallCompleted { Index = 1, CallId = "s", Name = "web_search", IsProviderExecuted = true, ArgumentsText = "{}", Arguments = JsonDocument.Parse("{}").RootElement, ProviderData = use },
                pause),
            Ends(
                new ResponseStarted { Provider = "anthropic" },
                new ContentStarted { Index = 0, Kind = ContentKind.ServerToolResult }, new ContentCompleted { Index = 0, Kind = ContentKind.ServerToolResult },
                Words("It rains.", 1), new ContentCompleted { Index = 1, Kind = ContentKind.Text },
                new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() { OutputTokens = 3 } }));

        var events = await Collect(client, _ => { });

        events.Select(e => e switch { TextDelta d => d.Index, ContentCompleted c => c.Index, ToolCallCompleted c => c.Index, _ => -1 }).Where(index => index >= 0).Should().Equal(0, 0, 1, 2, 3, 3);
        events.OfType<StreamResumed>().Single().Should().BeEquivalentTo(new { Strategy = ResumeStrategy.PausedTurn, Confidence = SeamConfidence.Exact, Reason = "the provider paused its turn" });
        events.OfType<ResponseCompleted>().Should().ContainSingle().Which.Usage!.OutputTokens.Should().Be(5);
        client.Requests[1].Messages.Should().HaveCount(2);
        client.Requests[1].Messages[1].Contents.Select(content => content.GetType()).Should().Equal(typeof(TextContent), typeof(ToolCallContent));
        client.Requests[1].Messages[1].Contents[1].RawRepresentation.Should().NotBeNull();
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task OnPause_ToolOfTheApplicationWaits_EndsWithThePause()
    {
        var client = new FakeStreamClient(Ends(
            Started(), new ToolCallStarted { Index = 0, CallId = "c", Name = "t" }, new ToolCallCompleted { Index = 0, CallId = "c", Name = "t", ArgumentsText = "{}" }, new ResponseCompleted { FinishReason = FinishReason.Pause }));

        var events = await Collect(client, _ => { });

        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Pause);
        client.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(true, FinishReason.Pause, 2)]
    [InlineData(true, FinishReason.Length, 1)]
    [InlineData(false, FinishReason.Pause, 1)]
    [InlineData(false, FinishReason.Length, 2)]
    public async Task OnPauseOrOnLength_EachConcernsItsOwnEnd(bool onPause, FinishReason reason, int requests)
    {
        var client = new FakeStreamClient(Ends(Started(), Words("one "), new ResponseCompleted { FinishReason = reason }), Ends(Started(), Words("two"), Completed()));

        await Collect(client, retry =>
        {
            CutStream.Prefill(retry);
            (retry.Continue.OnPause, retry.Continue.OnLength) = (onPause, !onPause);
        });

        client.Requests.Should().HaveCount(requests);
    }

    [Theory]
    [InlineData(FinishReason.Length, null, 3)]
    [InlineData(FinishReason.Length, 5, 5)]
    [InlineData(FinishReason.Pause, null, 3)]
    [InlineData(FinishReason.Pause, 5, 5)]
    public async Task Continued_PriorUsage_IsThatOfTheEnd_OrElseWhatWasReportedBefore(FinishReason reason, int? atEnd, int expected)
    {
        var client = new FakeStreamClient(
            Ends(
                Started(),
                new UsageUpdated { Usage = new() { InputTokens = 3 } },
                Words("one "),
                new ResponseCompleted { FinishReason = reason, Usage = atEnd is { } tokens ? new() { InputTokens = tokens } : null }),
            Ends(Started(), Words("two"), Completed()));

        var events = await Collect(client, CutStream.Prefill);

        events.OfType<StreamResumed>().Single().PriorUsage!.InputTokens.Should().Be(expected);
    }

    [Fact]
    public async Task OnLength_PrefillIsRefused_IsAskedForInWordsWithinTheSameAttempt()
    {
        const string Shown = "The river runs through the old town and meets the sea bel";
        var client = new FakeStreamClient(
            Ends(Started(), Words(Shown), AtLimit),
            Fails(new ProviderException("test", System.Net.HttpStatusCode.BadRequest, "x", "no")),
            Ends(Started(), Words("and meets the sea below the harbour."), Completed()));

        var events = await Collect(client, retry =>
        {
            CutStream.Prefill(retry);
            retry.Continue.AllowStitching = true;
        });

        TextOf(events).Should().Be(Shown + "ow the harbour.");
        events.OfType<StreamResumed>().Select(seam => (seam.Attempt, seam.Strategy)).Should().Equal((2, ResumeStrategy.Stitch));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Continued_WithinAnotherStage_KnowsWhatWasShown(bool midStream)
    {
        var client = new FakeStreamClient(midStream ? Fails(Interrupted(), Started(), Words("one ")) : Ends(Started(), Words("one "), AtLimit), Ends(Started(), Words("two"), Completed()));
        var outer = new StreamClientBuilder(client).UseTimeProvider(new EagerTimeProvider()).UseRetry(retry =>
        {
            CutStream.Prefill(retry);
            (retry.MidStream, retry.Continue.OnLength) = (midStream ? MidStreamPolicy.Continue : MidStreamPolicy.Fail, !midStream);
        }).UseBackpressure().Build();

        TextOf(await outer.StreamAsync(Request).CollectAsync()).Should().Be("one two");
    }

    [Fact]
    public async Task Continuation_ThatTheProviderKeeps_IsNotResumedAsTheResponse()
    {
        var kept = Interrupted();
        PartialResponse.Set(kept, new ChatResponse { ContinuationToken = new ResumptionToken(new byte[] { 1 }, new object(), lastEvent: null) });
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started(), Words("one ")),
            Fails(kept, Started(), Words("two ")),
            Ends(Started(), Words("three"), Completed()));

        var events = await Collect(client, CutStream.Prefill);

        TextOf(events).Should().Be("one two three");
        client.Requests[2].Options?.ContinuationToken.Should().BeNull("the rest of a continuation is not the rest of the response");
    }

    private static IStreamClient Build(IStreamClient source, Action<RetryOptions> configure) =>
        new StreamClientBuilder(source).UseTimeProvider(new EagerTimeProvider()).UseRetry(retry =>
        {
            retry.MidStream = MidStreamPolicy.Continue;
            (retry.Continue.OnLength, retry.Continue.OnPause) = (true, true);
            configure(retry);
        }).Build();

    private static Task<List<StreamEvent>> Collect(IStreamClient source, Action<RetryOptions> configure) => Build(source, configure).StreamAsync(Request).CollectAsync();
}
