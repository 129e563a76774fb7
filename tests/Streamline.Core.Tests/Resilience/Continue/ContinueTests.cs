using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>Which way is taken, in which order, and where none may be.</summary>
[Trait("Law", "6")]
public sealed class ContinueTests
{
    private const string Shown = "The river runs through the old town and meets the sea bel";
    private const string Rest = "ow the harbour.";

    public static TheoryData<string> Obstacles => ["call", "open call", "server tool", "refusal", "choice", "json", "tool mode", "conversation", "raw messages", "raw format", "reasoning only", "blank"];

    private static ProviderException NoPrefill(string words = "This model does not support assistant message prefill. The conversation must end with a user message.") =>
        new("test", HttpStatusCode.BadRequest, "invalid_request_error", words);

    [Fact]
    public async Task Continue_ByPrefill_IsAnnouncedOnceAndFoldsIntoOneMessage()
    {
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started("first"), new UsageUpdated { Usage = new() { InputTokens = 10, OutputTokens = 4 } }, new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words(Shown)),
            Ends(
                new ResponseStarted { Provider = "test", ResponseId = "second", Model = "m" },
                new UsageUpdated { Usage = new() { InputTokens = 15, OutputTokens = 1 } },
                new ContentStarted { Index = 0, Kind = ContentKind.Text },
                Words(Rest),
                new ContentCompleted { Index = 0, Kind = ContentKind.Text, Raw = JsonDocument.Parse("""{"type":"text","text":"ow the harbour."}""").RootElement },
                new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = 15, OutputTokens = 3, AdditionalCounts = new Dictionary<string, long> { ["x"] = 1 } } }));

        var events = await Build(client, CutStream.Prefill).StreamAsync(Request).CollectAsync();

        events.Select(e => e.GetType()).Should().Equal(
            typeof(ResponseStarted), typeof(UsageUpdated), typeof(ContentStarted), typeof(TextDelta), typeof(RetryScheduled),
            typeof(StreamResumed), typeof(UsageUpdated), typeof(TextDelta), typeof(ContentCompleted), typeof(ResponseCompleted));
        var seam = events.OfType<StreamResumed>().Single();
        (seam.Attempt, seam.Strategy, seam.Confidence, seam.ResponseId, seam.Model, seam.Reason).Should().Be((2, ResumeStrategy.Prefill, SeamConfidence.Exact, "second", "m", "the connection broke"));
        seam.PriorUsage.Should().Be(new TokenUsage { InputTokens = 10, OutputTokens = 4 });
        var response = Fold(events).ToChatResponse();
        response.Messages.Should().ContainSingle().Which.Contents.Should().ContainSingle().Which.Should().BeOfType<TextContent>().Which.Text.Should().Be(Shown + Rest);
        response.Messages[0].Contents[0].RawRepresentation.Should().BeNull("the provider's own form holds only the rest");
        (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.AdditionalCounts!["x"]).Should().Be((25, 7, 1));
        client.Requests[1].Messages.Select(message => (message.Role, message.Text)).Should().Equal((ChatRole.User, "hello"), (ChatRole.Assistant, Shown));
    }

    [Fact]
    public async Task Continue_PrefillIsRefused_TakesTheNextWayInTheSameAttempt()
    {
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started(), Words(Shown)),
            Fails(NoPrefill("no")),
            Ends(Started(), Words("and meets the sea bel" + Rest), Completed()));

        var events = await Build(client, retry =>
        {
            CutStream.Prefill(retry);
            CutStream.Stitch(retry);
            retry.MaxAttempts = 2;
        }).StreamAsync(Request).CollectAsync();

        TextOf(events).Should().Be(Shown + Rest);
        events.OfType<RetryScheduled>().Should().ContainSingle();
        events.OfType<StreamResumed>().Single().Should().BeEquivalentTo(new { Attempt = 2, Strategy = ResumeStrategy.Stitch });
        client.Requests.Should().HaveCount(3);
        client.Requests[2].Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.User);
        client.Requests[2].Messages[2].Text.Should().Contain("the old town and meets the sea bel");
    }

    [Fact]
    public async Task Continue_RefusalThatNamesThePrefill_IsRememberedForTheModel()
    {
        var name = $"model {Guid.NewGuid()}";
        FakeStreamClient Client(params Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>[] attempts) => new(attempts) { Metadata = new() { Provider = "test", DefaultModel = name } };
        var first = Client(Fails(Interrupted(), Started(), Words(Shown)), Fails(NoPrefill()), Ends(Started(), Words("anew"), Completed()));
        var second = Client(Fails(Interrupted(), Started(), Words(Shown)), Ends(Started(), Words("anew"), Completed()));

        foreach (var client in new[] { first, second })
        {
            var stream = await CutStream.RunAsync(client, retry =>
            {
                CutStream.Prefill(retry);
                retry.Continue.Otherwise = MidStreamPolicy.Restart;
            });
            (stream.Text, stream.Restarts).Should().Be(("anew", 1));
        }

        first.Requests.Select(request => request.ContinuesLastMessage).Should().Equal(false, true, false);
        second.Requests.Select(request => request.ContinuesLastMessage).Should().Equal(false, false);
    }

    [Theory]
    [MemberData(nameof(Obstacles))]
    [Trait("Law", "3")]
    [Trait("Law", "7")]
    public async Task Continue_WhereItMayNot_FailsOrRestarts(string obstacle)
    {
        StreamEvent[] shown = obstacle switch
        {
            "call" => [Words(Shown), new ToolCallStarted { Index = 1, CallId = "c", Name = "t" }, new ToolCallCompleted { Index = 1, CallId = "c", Name = "t", ArgumentsText = "{}" }],
            "open call" => [Words(Shown), new ToolCallStarted { Index = 1, CallId = "c", Name = "t" }, Input("{\"a\":", 1)],
            "server tool" => [Words(Shown), new ContentStarted { Index = 1, Kind = ContentKind.ServerToolResult }, new ContentCompleted { Index = 1, Kind = ContentKind.ServerToolResult }],
            "refusal" => [Words(Shown), Refusal("I", 1)],
            "choice" => [new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words(Shown), new ContentStarted { Index = 1, Kind = ContentKind.Text, Choice = 1 }, Words("Or", 1)],
            "reasoning only" => [new ContentStarted { Index = 0, Kind = ContentKind.Reasoning }, Reasoning("Let me think")],
            "blank" => [Words("\n\n")],
            _ => [Words(Shown)],
        };
        var request = obstacle switch
        {
            "json" => Request with { Options = new() { ResponseFormat = ChatResponseFormat.Json } },
            "tool mode" => Request with { Options = new() { ToolMode = ChatToolMode.RequireAny } },
            "conversation" => Request with { Options = new() { ConversationId = "conv_1" } },
            "raw messages" => Request with { ExtraBody = new JsonObject { ["messages"] = new JsonArray() } },
            "raw format" => Request with { ExtraBody = new JsonObject { ["output_config"] = new JsonObject { ["format"] = new JsonObject() } } },
            _ => Request,
        };
        FakeStreamClient Client() => new(Fails(Interrupted(), [Started(), .. shown]), Ends(Started(), Words("anew"), Completed()));
        void Allow(RetryOptions retry)
        {
            CutStream.Prefill(retry);
            CutStream.StitchInAnyCase(retry);
        }

        var (failing, restarting) = (Client(), Client());
        var (events, exception) = await Build(failing, Allow).StreamAsync(request).CatchAsync();
        var restarted = await Build(restarting, retry =>
        {
            Allow(retry);
            retry.Continue.Otherwise = MidStreamPolicy.Restart;
        }).StreamAsync(request).CollectAsync();

        exception.Should().BeOfType<StreamInterruptedException>();
        events.Should().NotContain(e => e is StreamResumed || e is StreamRestarted);
        failing.Requests.Should().ContainSingle();
        restarted.OfType<StreamRestarted>().Should().ContainSingle();
        restarted.Should().NotContain(e => e is StreamResumed);
        TextOf(restarted).Should().Be("anew");
        restarting.Requests[1].Should().BeSameAs(request);
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task Continue_ToolHasStarted_Fails()
    {
        var client = new FakeStreamClient(Fails(Interrupted(), Started(), Words(Shown), new ToolExecutionStarted { CallId = "c", Name = "t" }), Ends(Words("never")));

        var stream = await CutStream.RunAsync(client, CutStream.Prefill);

        stream.Failure.Should().BeOfType<StreamInterruptedException>();
        client.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Continue_ReasoningIsCutAfterText_IsClosedUnsignedAndNotSent()
    {
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started(), Words(Shown), new ContentCompleted { Index = 0, Kind = ContentKind.Text }, new ContentStarted { Index = 1, Kind = ContentKind.Reasoning }, Reasoning("Hm", 1)),
            Ends(Started(), Words("meets the sea bel" + Rest), Completed()));

        var events = await Build(client, retry =>
        {
            CutStream.Prefill(retry); // with reasoning, none is taken
            CutStream.Stitch(retry);
        }).StreamAsync(Request).CollectAsync();

        var state = Fold(events);
        state.Text.Should().Be(Shown + Rest);
        state.Blocks.Select(block => (block.Index, block.Kind, block.IsCompleted)).Should().Equal((0, ContentKind.Text, true), (1, ContentKind.Reasoning, true), (2, ContentKind.Text, false));
        client.Requests[1].Messages[1].Contents.Should().ContainSingle().Which.Should().BeOfType<TextContent>();
        events.OfType<StreamResumed>().Single().Strategy.Should().Be(ResumeStrategy.Stitch);
    }

    [Fact]
    public async Task Continue_AttemptsAreUsedUp_ThrowsTheLastFailureWithAllThatWasShown()
    {
        var client = new FakeStreamClient(Fails(Interrupted(), Started(), Words("One ")), Fails(Interrupted(), Started(), Words("two ")), Fails(Overloaded()));

        var stream = await CutStream.RunAsync(client, retry =>
        {
            CutStream.Prefill(retry);
            retry.MaxAttempts = 3;
        });

        var thrown = stream.Failure.Should().BeOfType<ProviderException>().Which;
        thrown.Attempts.Should().Be(3);
        thrown.PartialResponse!.Text.Should().Be("One two ");
        client.Open.Should().Be(0);
    }

    [Fact]
    public async Task Continue_ShouldHandle_IsToldOfTheWay()
    {
        List<(ResumeStrategy? Strategy, RetryPhase Phase, bool WillResume)> asked = [];
        var client = new FakeStreamClient(Fails(Overloaded()), Fails(Interrupted(), Words(Shown)), Ends(Words(Rest), Completed()));

        await CutStream.RunAsync(client, retry =>
        {
            CutStream.Prefill(retry);
            retry.ShouldHandle = context =>
            {
                asked.Add((context.Strategy, context.Phase, context.WillResume));
                return true;
            };
        });

        asked.Should().Equal((null, RetryPhase.BeforeContent, false), (ResumeStrategy.Prefill, RetryPhase.MidStream, false));
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Continue_LeftDuringAContinuation_ClosesIt()
    {
        var client = new FakeStreamClient(Fails(Interrupted(), Started(), Words(Shown)), Stalls(Started(), Words("ow")));
        using var cancellation = new CancellationTokenSource();
        var events = Build(client, CutStream.Prefill).StreamAsync(Request, cancellation.Token).GetAsyncEnumerator();
        while (await events.MoveNextAsync().AsTask().OrFail() && events.Current is not TextDelta { Text: "ow" })
        {
        }

        var next = events.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        await events.DisposeAsync();
        client.Open.Should().Be(0);
    }

    [Fact]
    public async Task Continue_BackgroundIsAllowed_TheContinuationIsNoBackgroundResponse()
    {
        var request = Request with { Options = new ChatOptions { AllowBackgroundResponses = true, ModelId = "m" } };
        var client = new FakeStreamClient(Fails(Interrupted(), Started(), Words(Shown)), Ends(Words(Rest), Completed()));

        await Build(client, CutStream.Prefill).StreamAsync(request).CollectAsync();

        client.Requests[1].Options!.AllowBackgroundResponses.Should().BeNull();
        client.Requests[1].Options!.ModelId.Should().Be("m");
        request.Options.AllowBackgroundResponses.Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Continue_PromptThatCannotBeMade_EndsTheStreamWithThat(bool onLength)
    {
        var end = new ResponseCompleted { FinishReason = FinishReason.Length };
        var client = new FakeStreamClient(onLength ? Ends(Started(), Words(Shown), end) : Fails(Interrupted(), Started(), Words(Shown)));

        var (_, exception) = await Build(client, retry =>
        {
            CutStream.Stitch(retry);
            retry.Continue.OnLength = onLength;
            retry.Continue.CreatePrompt = _ => null!;
        }).StreamAsync(Request).CatchAsync();

        exception.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Be("ContinueOptions.CreatePrompt returned no message.");
        client.Open.Should().Be(0);
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedWhereTheyAreSet()
    {
        Action<ContinueOptions>[] wrong =
        [
            o => o.Otherwise = MidStreamPolicy.Continue, o => o.Otherwise = (MidStreamPolicy)9, o => o.MinOverlap = 3, o => o.MaxHeldChars = 31, o => o.MaxContinuations = 0,
        ];
        foreach (var set in wrong)
        {
            FluentActions.Invoking(() => set(new ContinueOptions())).Should().Throw<ArgumentOutOfRangeException>();
        }

        FluentActions.Invoking(() => new ContinueOptions().CreatePrompt = null!).Should().Throw<ArgumentNullException>();
        var defaults = new RetryOptions().Continue;
        (defaults.Otherwise, defaults.AllowStitching, defaults.AllowUnsureSeams, defaults.OnLength, defaults.OnPause, defaults.AcceptsPrefill).Should().Be((MidStreamPolicy.Fail, false, false, false, false, null));
        (defaults.MinOverlap, defaults.MaxHeldChars, defaults.MaxContinuations).Should().Be((12, 256, 8));
    }

    private static StreamState Fold(IEnumerable<StreamEvent> events)
    {
        var state = new StreamState();
        foreach (var streamEvent in events)
        {
            state.Apply(streamEvent);
        }

        return state;
    }

    private static IStreamClient Build(IStreamClient source, Action<RetryOptions> configure) =>
        new StreamClientBuilder(source).UseTimeProvider(new EagerTimeProvider()).UseRetry(retry =>
        {
            retry.MidStream = MidStreamPolicy.Continue;
            configure(retry);
        }).Build();
}
