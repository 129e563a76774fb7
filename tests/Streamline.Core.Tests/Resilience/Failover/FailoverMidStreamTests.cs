using System.Net;
using Streamline.Tests.Resilience.Continue;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Failover;

/// <summary>Clients that fail in the middle of an answer, and others that bring the rest of it.</summary>
[Trait("Law", "6")]
public sealed class FailoverMidStreamTests
{
    private const string Answer = "The river runs through the old town, under seven bridges, and meets the sea below the harbour.";

    [Fact]
    public async Task Continue_CutAtEveryCharacter_AnotherClientBringsExactlyTheRest()
    {
        for (var cut = 0; cut <= Answer.Length; cut++)
        {
            var client = Build(new SimulatedModel(Answer, [cut]), options => Prefill(options, new SimulatedModel(Answer, [])));

            var events = await client.StreamAsync(Request).CollectAsync();

            TextOf(events).Should().Be(Answer, $"the cut was at {cut}");
            events.OfType<StreamResumed>().Should().HaveCount(cut == 0 ? 0 : 1);
            events.OfType<StreamRestarted>().Should().BeEmpty();
            events.OfType<ResponseStarted>().Should().ContainSingle();
        }
    }

    [Fact]
    public async Task Continue_EveryClientIsCut_EachWritesOnWhatTheOthersHaveShown()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var text = Continue.Texts.Make(seed);
            var client = Build(new SimulatedModel(text, [random.Next(text.Length)]) { Piece = random.Next(1, 9) }, options =>
            {
                Prefill(options, new SimulatedModel(text, [random.Next(30)]));
                options.Clients.Add(new("third", new SimulatedModel(text, [random.Next(20)])));
                options.Clients.Add(new("fourth", new SimulatedModel(text, [])));
                options.Continue.Otherwise = MidStreamPolicy.Restart; // where there is only white space yet
            });

            TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be(text, $"the seed was {seed}");
        }
    }

    [Fact]
    public async Task Continue_ByStitching_AnnouncesWhoIsAskedAndTheSeam()
    {
        var backup = new SimulatedModel(Answer, [], shown => shown[^20..] + Answer[shown.Length..]);
        var client = Build(new SimulatedModel(Answer, [50]), options =>
        {
            options.Clients.Add(new("backup", backup));
            options.MidStream = MidStreamPolicy.Continue;
            options.Continue.AllowStitching = true;
        });

        var events = await client.StreamAsync(Request).CollectAsync();

        TextOf(events).Should().Be(Answer);
        var notices = events.Where(e => e is ClientChanged or StreamResumed).ToList();
        notices[0].Should().BeOfType<ClientChanged>().Which.Should().BeEquivalentTo(new { Client = "backup", Previous = "primary", Kind = FailureKind.Transient });
        notices[1].Should().BeOfType<StreamResumed>().Which.Should().BeEquivalentTo(
            new { Strategy = ResumeStrategy.Stitch, Attempt = 2, Reason = "the connection broke", OverlapRemoved = 20, Confidence = SeamConfidence.High });
    }

    [Fact]
    public async Task Restart_CutAnswer_IsDiscardedOnceTheOtherClientHasContent()
    {
        var client = Build(new SimulatedModel("Something else.", [9]), options =>
        {
            options.Clients.Add(new("silent", new FakeStreamClient(Fails(Overloaded(), Started()))));
            options.Clients.Add(new("backup", new SimulatedModel(Answer, [])));
            options.MidStream = MidStreamPolicy.Restart;
        });

        var events = await client.StreamAsync(Request).CollectAsync();

        TextOf(events).Should().Be(Answer);
        events.OfType<StreamRestarted>().Should().ContainSingle().Which.Should().BeEquivalentTo(new { Attempt = 3, Reason = "the connection broke", Discarded = new[] { 0 } });
        events.OfType<ClientChanged>().Select(e => e.Client).Should().Equal("silent", "backup");
    }

    [Fact]
    public async Task Continue_ClientThatCanContinue_IsPreferredToTheNextInOrder()
    {
        var (next, able) = (Client(Ends(Started(), Words("anew"), Completed()), "plain"), new SimulatedModel(Answer, []));
        var client = Build(new SimulatedModel(Answer, [30]), options =>
        {
            options.Clients.Add(new("next", next) { Model = "m" });
            options.Clients.Add(new("able", able) { Model = "able" });
            options.MidStream = MidStreamPolicy.Continue;
            options.Continue.AcceptsPrefill = request => request.Options?.ModelId == "able";
            options.Continue.Otherwise = MidStreamPolicy.Restart;
        });

        var events = await client.StreamAsync(Request).CollectAsync();

        TextOf(events).Should().Be(Answer);
        events.OfType<ClientChanged>().Should().ContainSingle().Which.Client.Should().Be("able");
        next.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Continue_ClientRefusesThePrefill_IsAskedInWordsWithoutAnotherNotice()
    {
        var refusal = new ProviderException("backup", HttpStatusCode.BadRequest, "invalid_request_error", "no");
        var backup = Client(Fails(refusal), "backup-refuses", Ends(Started("second"), Words(Answer[10..30] + Answer[30..]), Completed()));
        var client = Build(new SimulatedModel(Answer, [30]), options =>
        {
            Prefill(options, backup);
            options.Continue.AllowStitching = true;
        });

        var events = await client.StreamAsync(Request).CollectAsync();

        TextOf(events).Should().Be(Answer);
        backup.Requests.Should().HaveCount(2);
        events.OfType<ClientChanged>().Should().ContainSingle();
        events.OfType<StreamResumed>().Should().ContainSingle().Which.Strategy.Should().Be(ResumeStrategy.Stitch);
    }

    [Fact]
    public async Task Continue_SeamIsUnsure_TheSameClientBeginsAnewIfThatIsAllowed()
    {
        var unsure = Client(Ends(Started(), Words("Quite another text without anything of the first."), Completed()), "unsure");
        var client = Build(new SimulatedModel(Answer, [30]), options =>
        {
            options.Clients.Add(new("unsure", unsure) { Model = "m" });
            (options.MidStream, options.MaxClients) = (MidStreamPolicy.Continue, 2);
            (options.Continue.AllowStitching, options.Continue.Otherwise) = (true, MidStreamPolicy.Restart);
        });

        var events = await client.StreamAsync(Request).CollectAsync();

        TextOf(events).Should().Be("Quite another text without anything of the first.");
        events.OfType<StreamRestarted>().Should().ContainSingle();
        events.OfType<StreamResumed>().Should().BeEmpty();
        events.OfType<ClientChanged>().Should().ContainSingle();
        unsure.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task Continue_NobodyContinues_ThrowsWhatCutTheAnswer()
    {
        var cut = Interrupted();
        var unsure = Client(Ends(Started(), Words("Quite another text without anything of the first."), Completed()), "unsure");
        var down = Client(Fails(Overloaded()), "down");
        var client = Build(new SimulatedModel(Answer, [30]) { Failure = cut }, options =>
        {
            options.Clients.Add(new("unsure", unsure) { Model = "m" });
            options.Clients.Add(new("down", down) { Model = "m" });
            options.MidStream = MidStreamPolicy.Continue;
            options.Continue.AllowStitching = true;
        });

        var (events, exception) = await client.StreamAsync(Request).CatchAsync();

        exception.Should().BeSameAs(cut);
        cut.PartialResponse!.Text.Should().Be(Answer[..30]);
        TextOf(events).Should().Be(Answer[..30]);
        events.OfType<ClientChanged>().Select(e => (e.Client, e.Reason)).Should().Equal(("unsure", "the connection broke"), ("down", "it does not continue the answer"));
        (unsure.Open + down.Open).Should().Be(0);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Continue_ModelHasCalledATool_IsNotContinuedAndNobodyIsAsked()
    {
        var failure = Interrupted();
        var backup = new SimulatedModel(Answer, []);
        var client = Build(
            new FakeStreamClient(Fails(failure, Started(), Words("I look."), new ToolCallStarted { Index = 1, CallId = "c", Name = "look" }, Input("{\"a\"", index: 1))),
            options => Prefill(options, backup));

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(failure);
        backup.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(MidStreamPolicy.Restart)]
    [InlineData(MidStreamPolicy.Continue)]
    public async Task AnyPolicy_FailureAfterTheEnd_IsThrown(MidStreamPolicy policy)
    {
        var failure = Interrupted();
        var backup = new SimulatedModel(Answer, []);
        var client = Build(new FakeStreamClient(Fails(failure, Started(), Words("all"), Completed())), options =>
        {
            Prefill(options, backup);
            (options.MidStream, options.Continue.Otherwise) = (policy, MidStreamPolicy.Restart);
        });

        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(failure);
        backup.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(MidStreamPolicy.Restart)]
    [InlineData(MidStreamPolicy.Continue)]
    public async Task AnyPolicy_CallerCancels_NobodyElseIsAsked(MidStreamPolicy policy)
    {
        using var cancellation = new CancellationTokenSource();
        var primary = new FakeStreamClient(Stalls(Started(), Words("half of it")));
        var backup = new SimulatedModel(Answer, []);
        var client = Build(primary, options =>
        {
            Prefill(options, backup);
            options.MidStream = policy;
        });

        var read = async () =>
        {
            await foreach (var streamEvent in client.StreamAsync(Request, cancellation.Token))
            {
                if (streamEvent is TextDelta)
                {
                    await cancellation.CancelAsync();
                }
            }
        };

        (await read.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        backup.Requests.Should().BeEmpty();
        primary.Open.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Continue_OverAnotherProtocol_KeepsWhatEachProtocolKnowsUnderItsName()
    {
        var first = new FakeStreamClient(Fails(Interrupted(), new ResponseStarted { Provider = "one", ResponseId = "1" }, Words(Answer[..40])));
        var second = Client(
            Ends(
                new ResponseStarted { Provider = "two", ResponseId = "2" },
                new ContentStarted { Index = 0, Kind = ContentKind.Text },
                Words(Answer[40..]),
                new CitationAdded { Index = 0, Citation = Json("""{"url":"https://a.test/"}""") },
                new ContentCompleted { Index = 0, Kind = ContentKind.Text, Raw = Json("""{"type":"text"}""") },
                new ContentStarted { Index = 1, Kind = ContentKind.Other },
                new ContentCompleted { Index = 1, Kind = ContentKind.Other, Raw = Json("""{"type":"own"}""") },
                Completed()),
            "two");
        var client = Build(first, options => Prefill(options, second));
        var state = new StreamState();

        await foreach (var streamEvent in client.StreamAsync(Request))
        {
            state.Apply(streamEvent);
        }

        var contents = state.ToChatMessage().Contents;
        contents.Should().HaveCount(2);
        contents[0].ToString().Should().Be(Answer);
        contents[0].AdditionalProperties.Should().BeNull("its form as the second provider has it is not that of the whole text");
        contents[0].Annotations!.Single().AdditionalProperties.Should().ContainKey(ContentProperties.RawBlock("two"));
        contents[1].AdditionalProperties.Should().ContainKey(ContentProperties.RawBlock("two")).And.HaveCount(1);
    }

    /// <summary>The client that takes over retries by itself, as the documentation advises, and is cut in its turn.</summary>
    [Theory]
    [InlineData("vllm", false, false)]
    [InlineData("vllm", false, true)]
    [InlineData("mistral", true, false)]
    [InlineData("mistral", false, true)]
    public async Task Continue_ByAClientThatIsCutAndContinuesItself_IsByteEqual(string server, bool repeats, bool stitches)
    {
        for (var cut = 14; cut < Answer.Length; cut += 3)
        {
            for (var second = 1; second < Answer.Length - cut; second += 5)
            {
                var source = new RepeatingServer(Answer, second, repeats, stitches);
                using var http = new HttpClient(source);
                var options = new StreamClientOptions { BaseAddress = new Uri("http://model/v1"), Model = "mistral-large-latest" };
                var protocol = server == "vllm" ? OpenAICompatible.VLlm : OpenAICompatible.Mistral;
                var backup = new StreamClientBuilder(protocol.CreateClient(http, options)).UseTimeProvider(new EagerTimeProvider())
                    .UseRetry(retry =>
                    {
                        retry.MidStream = MidStreamPolicy.Continue;
                        retry.Continue.AllowStitching = stitches;
                        retry.Continue.AllowUnsureSeams = stitches;
                    }).Build();
                var client = Build(new SimulatedModel(Answer, [cut]), failover =>
                {
                    failover.Clients.Add(new("backup", backup));
                    failover.MidStream = MidStreamPolicy.Continue;
                });

                var (events, exception) = await client.StreamAsync(Request).CatchAsync();

                if (exception is null)
                {
                    TextOf(events).Should().Be(Answer, $"the cuts were at {cut} and {second}");
                }
                else
                {
                    Answer.Should().StartWith(TextOf(events), "what cannot be continued with certainty is a failure");
                }
            }
        }
    }

    [Fact]
    public void UseFailover_OptionsThatConcernNoFailure_AreRejected()
    {
        foreach (var set in new Action<ContinueOptions>[] { options => options.OnLength = true, options => options.OnPause = true })
        {
            var build = () => Build(new SimulatedModel("", []), options =>
            {
                options.Clients.Add(new("backup", new SimulatedModel("", [])));
                set(options.Continue);
            });
            build.Should().Throw<InvalidOperationException>().WithMessage("*retry*");
        }

        var assign = () => new FailoverOptions { MidStream = (MidStreamPolicy)9 };
        assign.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static void Prefill(FailoverOptions options, IStreamClient backup)
    {
        options.Clients.Add(new("backup", backup) { Model = "m" });
        options.MidStream = MidStreamPolicy.Continue;
        options.Continue.AcceptsPrefill = static _ => true;
    }

    private static FakeStreamClient Client(Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>> answer, string provider, params Func<StreamRequest, CancellationToken, IAsyncEnumerable<StreamEvent>>[] more) =>
        new([answer, .. more]) { Metadata = new() { Provider = provider, DefaultModel = "m" } };

    private static System.Text.Json.JsonElement Json(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static IStreamClient Build(IStreamClient primary, Action<FailoverOptions> configure) =>
        new StreamClientBuilder(primary).UseTimeProvider(new ManualTimeProvider()).UseFailover(configure).Build();
}
