using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using Xunit.Abstractions;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Hedging;

public sealed class HedgingTests(ITestOutputHelper output)
{
    private static readonly TimeSpan FirstContent = TimeSpan.FromMilliseconds(300);

    private readonly ManualTimeProvider _time = new();

    public static TheoryData<string> NeverTwice => ["conversation", "background", "continuation", "hosted", "function", "store", "previous", "mcp", "raw"];

    [Fact]
    public async Task StreamAsync_FirstContentIsLate_TheSecondRequestAnswersAndTheFirstIsClosed()
    {
        var (primary, hedge) = (new GatedClient(), new GatedClient());
        var client = Build(primary, options => options.Client = hedge);
        await LearnAsync(client, primary);

        await using var events = await LateAsync(client, primary);
        events.Current.Should().BeOfType<HedgeStarted>().Which.Should().BeEquivalentTo(new { Client = "hedge", Delay = FirstContent }, "all others had their first content by then");
        var next = events.MoveNextAsync().AsTask();
        await hedge.Waiting.OrFail();
        hedge.LetGo();
        (await next.OrFail()).Should().BeTrue();
        events.Current.Should().BeOfType<HedgeEnded>().Which.Should().BeEquivalentTo(new { Winner = "hedge", Loser = "primary", LoserFailed = false, LoserUsage = new TokenUsage { InputTokens = 3 } });
        await primary.Closed.OrFail(); // while the winner goes on
        hedge.Open.Should().Be(1);
        hedge.LetEnd();

        (await RestAsync(events)).Should().Equal(typeof(ResponseStarted), typeof(UsageUpdated), typeof(TextDelta), typeof(TextDelta), typeof(ResponseCompleted));
        (primary.Open + hedge.Open).Should().Be(0);
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_SecondClientThrowsOutOfTheCallItself_TheFirstAnswers()
    {
        var primary = new GatedClient();
        var client = Build(primary, options => options.Client = new ThrowingClient());
        await LearnAsync(client, primary);

        await using var events = await LateAsync(client, primary);
        primary.LetGo();
        primary.LetEnd();

        (await RestAsync(events)).Last().Should().Be<ResponseCompleted>();
    }

    [Fact]
    public async Task StreamAsync_FirstRequestIsFirstAfterAll_TheSecondIsClosed()
    {
        var (primary, hedge) = (new GatedClient(), new GatedClient());
        var client = Build(primary, options => options.Client = hedge);
        await LearnAsync(client, primary);

        await using var events = await LateAsync(client, primary);
        var next = events.MoveNextAsync().AsTask();
        await hedge.Waiting.OrFail();
        primary.LetGo();
        (await next.OrFail()).Should().BeTrue();
        events.Current.Should().BeOfType<HedgeEnded>().Which.Winner.Should().Be("primary");
        await hedge.Closed.OrFail();
        primary.LetEnd();

        (await RestAsync(events)).Last().Should().Be<ResponseCompleted>();
    }

    [Fact]
    public async Task StreamAsync_TheSecondFails_TheFirstAnswers()
    {
        var primary = new GatedClient();
        var client = Build(primary, options => options.Client = new FakeStreamClient(Fails(Overloaded(), Started())));
        await LearnAsync(client, primary);

        await using var events = await LateAsync(client, primary);
        primary.LetEnd();
        var next = events.MoveNextAsync().AsTask();
        primary.LetGo();
        (await next.OrFail()).Should().BeTrue();
        events.Current.Should().BeOfType<HedgeEnded>().Which.Winner.Should().Be("primary");
        (await RestAsync(events)).Last().Should().Be<ResponseCompleted>();
    }

    [Fact]
    public async Task StreamAsync_BothFail_TheFailureOfTheFirstIsThrown()
    {
        var primary = new GatedClient();
        var failure = Interrupted();
        var failing = new FakeStreamClient((request, cancellationToken) => primary.Sent < 20 ? primary.StreamAsync(request, cancellationToken) : FailLaterAsync(primary, request, failure, cancellationToken));
        var client = Build(failing, options => options.Client = new FakeStreamClient(Fails(Overloaded())));
        await LearnAsync(client, primary);

        await using var events = await LateAsync(client, primary);
        primary.LetGo();

        (await FluentActions.Awaiting(() => events.MoveNextAsync().AsTask().OrFail()).Should().ThrowAsync<StreamInterruptedException>()).Which.Should().BeSameAs(failure);
    }

    [Theory]
    [Trait("Law", "7")]
    [MemberData(nameof(NeverTwice))]
    public void IsAllowed_RequestWithEffectsOrState_IsNeverSentTwice(string what)
    {
        var governor = new HedgeGovernor(new HedgingOptions { AllowFunctions = what == "hosted" });
        var request = what switch
        {
            "conversation" => Request with { Options = new ChatOptions { ConversationId = "c" } },
            "background" => Request with { Options = new ChatOptions { AllowBackgroundResponses = true } },
            "continuation" => Request with { Options = new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) } },
            "hosted" => Request with { Options = new ChatOptions { Tools = [new HostedWebSearchTool()] } },
            "function" => Request with { Options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "f")] } },
            "mcp" => Request with { ExtraBody = new JsonObject { ["mcp_servers"] = new JsonArray() } },
            "raw" => Request with { Options = new ChatOptions { RawRepresentationFactory = _ => new object() } },
            "store" => Request with { ExtraBody = new JsonObject { ["store"] = true } },
            _ => Request with { ExtraBody = new JsonObject { ["previous_response_id"] = "r" } },
        };

        governor.IsAllowed(request).Should().BeFalse();
        governor.IsAllowed(Request).Should().BeTrue();
        new HedgeGovernor(new HedgingOptions { AllowFunctions = true }).IsAllowed(request).Should().Be(what == "function");
    }

    [Theory]
    [Trait("Law", "7")]
    [InlineData("openai-responses", null, false)]
    [InlineData("openai-responses", true, false)]
    [InlineData("openai-responses", false, true)]
    [InlineData("gemini-interactions", null, false)]
    [InlineData("openai", null, true)]
    [InlineData("openai", false, true)]
    public void IsAllowed_ProtocolThatKeepsResponses_OnlyIfNoneIsStored(string protocol, bool? store, bool isAllowed) =>
        new HedgeGovernor(new HedgingOptions(), protocol).IsAllowed(Request with { ExtraBody = store is null ? null : new JsonObject { ["store"] = store } }).Should().Be(isAllowed);

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_ClosingTheLoserFails_TheWinnerIsClosed()
    {
        var (primary, hedge) = (new GatedClient(), new GatedClient());
        var client = Build(new FailingToClose(primary), options => options.Client = hedge);
        await LearnAsync(client, primary);
        await using var events = await LateAsync(client, primary);
        var next = events.MoveNextAsync().AsTask();
        await hedge.Waiting.OrFail();
        hedge.LetGo();
        (await next.OrFail()).Should().BeTrue();
        (await events.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();

        await events.DisposeAsync();
        (primary.Open + hedge.Open).Should().Be(0);
    }

    [Theory]
    [Trait("Law", "7")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StreamAsync_RequestThatMayNotBeSentTwice_SetsNoTimer(bool isHosted)
    {
        var primary = new GatedClient { Remaining = 10 };
        var client = Build(primary);
        await LearnAsync(client, primary);
        primary.Reset();
        var reading = client.StreamAsync(Request with { Options = isHosted ? new ChatOptions { Tools = [new HostedWebSearchTool()] } : null }).CollectAsync();
        await primary.Waiting.OrFail();
        if (!isHosted)
        {
            await _time.WaitForTimersAsync().OrFail();
        }

        _time.ActiveTimers.Should().Be(isHosted ? 0 : 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        primary.LetGo();
        primary.LetEnd();
        (await reading.OrFail()).OfType<HedgeStarted>().Should().BeEmpty("the rate limit is nearly used up, or the request has effects");
        primary.Sent.Should().Be(21);
    }

    [Fact]
    public async Task StreamAsync_RequestWaitsForARateLimit_IsNotLate()
    {
        var primary = new GatedClient();
        var waiting = new FakeStreamClient((request, cancellationToken) => primary.Sent < 20 ? primary.StreamAsync(request, cancellationToken) : LimitedAsync(primary, request, cancellationToken));
        var client = Build(waiting);
        await LearnAsync(client, primary);
        primary.Reset();
        var reading = client.StreamAsync(Request).CollectAsync();
        await primary.Waiting.OrFail();
        _time.Advance(TimeSpan.FromMinutes(1));
        primary.LetGo();
        primary.LetEnd();

        (await reading.OrFail()).OfType<HedgeStarted>().Should().BeEmpty();
    }

    [Fact]
    public void TryTake_Budget_IsAShareOfTheTokens()
    {
        var governor = new HedgeGovernor(new HedgingOptions());
        governor.TryTake(100).Should().BeFalse("nothing is saved yet");
        for (var i = 0; i < 40; i++)
        {
            governor.NoteEnd(100, hasFailed: false);
        }

        governor.TryTake(100).Should().BeTrue();
        governor.TryTake(100).Should().BeTrue();
        governor.TryTake(100).Should().BeFalse("a twentieth of forty requests is two");
        for (var i = 0; i < 1000; i++)
        {
            governor.NoteEnd(100, hasFailed: false);
        }

        Enumerable.Range(0, 50).Count(_ => governor.TryTake(100)).Should().BeInRange(9, 10, "what is saved is bounded");
        for (var i = 0; i < 1000; i++)
        {
            governor.NoteEnd(100, hasFailed: i % 10 == 0);
        }

        governor.TryTake(100).Should().BeFalse("a second request makes an outage worse");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Cancelling_WhileTwoRequestsRun_ClosesBoth()
    {
        var (primary, hedge) = (new GatedClient(), new GatedClient());
        var client = Build(primary, options => options.Client = hedge);
        await LearnAsync(client, primary);
        using var cancellation = new CancellationTokenSource();
        var events = await LateAsync(client, primary, cancellation.Token);
        var moving = events.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();

        (await FluentActions.Awaiting(() => moving.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        await events.DisposeAsync();
        (primary.Open + hedge.Open).Should().Be(0);
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "9")]
    public Task UseHedging_LeftAtRandomPoints_LeavesNothing()
    {
        var options = new HedgingOptions { MinimumRequests = 1, Budget = 1, MaxFailureRatio = 1, MinDelay = TimeSpan.Zero };
        var governor = new HedgeGovernor(options);
        return LeavingStress.RunAsync(source => new HedgingStreamClient(source, options, new EagerTimeProvider(), governor));
    }

    /// <summary>One first content in forty takes ten seconds in place of about 300 ms.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void FirstContent_OneInFortyIsSlow_TailIsCutWithinTheBudget(int seed)
    {
        const double Tokens = 1000;
        var random = new Random(seed);
        var governor = new HedgeGovernor(new HedgingOptions());
        var (plain, hedged, sentTwice) = (new List<TimeSpan>(), new List<TimeSpan>(), 0);
        for (var i = 0; i < 5000; i++)
        {
            var (first, second) = (Draw(), Draw());
            var time = first;
            if (governor.DelayOf(Request, Tokens) is { } delay && first > delay && governor.TryTake(Tokens))
            {
                sentTwice++;
                time = delay + second < first ? delay + second : first;
            }

            governor.NoteTime(Request, Tokens, time < first ? null : first);
            governor.NoteEnd(Tokens, hasFailed: false);
            plain.Add(first);
            hedged.Add(time);
        }

        plain.Sort();
        hedged.Sort();
        var (before, after) = (plain[4950], hedged[4950]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99 {before.TotalMilliseconds:F0} ms without, {after.TotalMilliseconds:F0} ms with hedging; {sentTwice / 50d:F1} % sent twice"));
        (before / after).Should().BeGreaterThan(4);
        (sentTwice * Tokens).Should().BeLessThanOrEqualTo(0.05 * 5000 * Tokens);

        TimeSpan Draw() => random.Next(40) == 0 ? TimeSpan.FromSeconds(10) : TimeSpan.FromMilliseconds(200 + random.Next(200));
    }

    [Fact]
    public void Options_OutOfRange_AreRejectedWithTheReason()
    {
        FluentActions.Invoking(() => new HedgingOptions { Budget = 1.5 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*above 1*");
        FluentActions.Invoking(() => new HedgingOptions { Budget = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new HedgingOptions { Percentile = 1 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new HedgingOptions { Percentile = double.NaN }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new HedgingOptions { MinDelay = TimeSpan.FromTicks(-1) }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new HedgingOptions { MinRemaining = 2 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Build(FakeStreamClient.Of(), options => options.HedgeName = "primary")).Should().Throw<InvalidOperationException>().WithMessage("*both 'primary'*");
        var (one, two) = (new FakeStreamClient(Ends()) { Metadata = new() { Provider = "one" } }, new FakeStreamClient(Ends()) { Metadata = new() { Provider = "two" } });
        FluentActions.Invoking(() => Build(one, options => options.Client = two)).Should().Throw<InvalidOperationException>().WithMessage("*speaks 'two', and the first one 'one'*");
    }

    private static async IAsyncEnumerable<StreamEvent> LimitedAsync(GatedClient client, StreamRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new RateLimitWait { Resource = "requests", Delay = TimeSpan.FromSeconds(9), Position = 0 };
        await foreach (var streamEvent in client.StreamAsync(request, cancellationToken))
        {
            yield return streamEvent;
        }
    }

    private static async IAsyncEnumerable<StreamEvent> FailLaterAsync(GatedClient client, StreamRequest request, Exception failure, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var streamEvent in client.StreamAsync(request, cancellationToken))
        {
            if (streamEvent is TextDelta)
            {
                throw failure;
            }

            yield return streamEvent;
        }
    }

    // Twenty requests whose first content takes 300 ms: until then nobody knows what is late.
    private async Task LearnAsync(IStreamClient client, GatedClient primary)
    {
        for (var i = 0; i < 20; i++)
        {
            primary.Reset();
            var reading = client.StreamAsync(Request).CollectAsync();
            await primary.Waiting.OrFail();
            _time.Advance(FirstContent);
            primary.LetGo();
            primary.LetEnd();
            (await reading.OrFail()).OfType<HedgeStarted>().Should().BeEmpty();
        }
    }

    // A request whose first content is late, up to the second request.
    private async Task<IAsyncEnumerator<StreamEvent>> LateAsync(IStreamClient client, GatedClient primary, CancellationToken cancellationToken = default)
    {
        primary.Reset();
        var events = client.StreamAsync(Request, cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        var moving = events.MoveNextAsync().AsTask();
        await primary.Waiting.OrFail();
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(FirstContent);
        (await moving.OrFail()).Should().BeTrue();
        events.Current.Should().BeOfType<HedgeStarted>();
        return events;
    }

    private static async Task<List<Type>> RestAsync(IAsyncEnumerator<StreamEvent> events)
    {
        var rest = new List<Type>();
        while (await events.MoveNextAsync().AsTask().OrFail())
        {
            rest.Add(events.Current.GetType());
        }

        return rest;
    }

    private IStreamClient Build(IStreamClient primary, Action<HedgingOptions>? configure = null) =>
        new StreamClientBuilder(primary).UseTimeProvider(_time).UseHedging(options => configure?.Invoke(options)).Build();

    /// <summary>A client whose streams are closed, and then say that they were not, once the test has learnt.</summary>
    private sealed class FailingToClose(GatedClient inner) : IStreamClient
    {
        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) =>
            inner.Sent < 20 ? inner.StreamAsync(request, cancellationToken) : new Events(inner.StreamAsync(request, cancellationToken));
    }

    private sealed class Events(IAsyncEnumerable<StreamEvent> inner) : IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        private IAsyncEnumerator<StreamEvent>? _events;

        public StreamEvent Current => _events!.Current;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            _events = inner.GetAsyncEnumerator(cancellationToken);
            return this;
        }

        public ValueTask<bool> MoveNextAsync() => _events!.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await _events!.DisposeAsync();
            throw new IOException("It does not close.");
        }
    }
}
