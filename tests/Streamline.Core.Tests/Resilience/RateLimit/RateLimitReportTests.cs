using System.Net;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>What the store is told of a request, and when.</summary>
public sealed class RateLimitReportTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Store _store = new();

    [Fact]
    public async Task Reports_OfAnAnswer_FollowItsUsage()
    {
        var window = new RateLimitWindow { Resource = "tokens", Limit = 100, Remaining = 50, ObservedAt = _time.GetUtcNow(), Raw = "" };

        await RunAsync(
            new KeepAlive(), Started(), Words("a"), Usage(input: 10, output: 2), Words("b"), new RateLimitObserved { Windows = [window] }, Words("c"), Usage(input: 10, output: 2000), Words("d"), Ended(12, 5));

        Told().Should().Equal(
            (true, false, null, null), // the beginning
            (true, false, 10, null), // more output may follow
            (true, false, 10, null), // the limits
            (true, false, 10, 2000), // more than was reserved
            (true, false, 12, 5),
            (true, true, 12, 5));
        _store.Reports.Select(report => report.Windows.Count).Should().Equal(0, 0, 1, 0, 0, 0);
        _store.Reports.Should().OnlyContain(report => report.ReservationId == "1" && report.Pause == null && !report.IsAcceleration);
    }

    [Fact]
    public async Task Reports_AnswerBeginsWithItsLimits_AreTakenAtOnce()
    {
        await RunAsync(new KeepAlive(), new RateLimitObserved { Windows = [new RateLimitWindow { Resource = "tokens", Limit = 100, ObservedAt = _time.GetUtcNow(), Raw = "" }] }, Completed());

        _store.Reports[0].Windows.Should().ContainSingle();
    }

    [Fact]
    public async Task Reports_EndWithoutCounts_LeavesWhatWasReserved()
    {
        await RunAsync(Started(), Completed());

        Told().Should().Equal((true, false, null, null), (true, true, null, null));
    }

    [Fact]
    public async Task Reports_UsageWithoutInput_KeepsTheCountBefore()
    {
        await RunAsync(Started(), Usage(10, 1), new UsageUpdated { Usage = new() { OutputTokens = 3 } }, new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() });

        Told()[^1].Should().Be((true, true, 10, 3));
    }

    [Theory]
    [InlineData(10, 4, 6)]
    [InlineData(10, 40, 0)]
    [InlineData(10, -4, 10)]
    [InlineData(-10, 4, 0)]
    public async Task Reports_TokensFromTheCache_AreWithinTheInput(long input, long cached, long expected)
    {
        await RunAsync(Started(), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = input, CachedInputTokens = cached } });

        _store.Reports[^1].InputTokens.Should().Be(expected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reports_Left_TellThatItHasEnded(bool hasBegun)
    {
        var source = new FakeStreamClient(Stalls(hasBegun ? [Started(), Usage(10, 1)] : [new KeepAlive()]));
        var events = Build(source).StreamAsync(Request).GetAsyncEnumerator();
        await events.MoveNextAsync();
        if (hasBegun)
        {
            await events.MoveNextAsync();
        }

        await events.DisposeAsync();

        Told()[^1].Should().Be(hasBegun ? (true, true, 10L, null) : (false, true, null, null), "it has used what was reserved, for all that is known");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reports_Failure_UsedNoOutputBeforeItBegan(bool hasBegun)
    {
        await Build(new FakeStreamClient(Fails(Overloaded(), hasBegun ? [Started()] : []))).StreamAsync(Request).CatchAsync();

        Told()[^1].Should().Be(hasBegun ? (true, true, null, null) : (false, true, null, 0L));
        _store.Reports[^1].Pause.Should().BeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reports_Refusal_UsedNothingBeforeItBegan(bool hasBegun)
    {
        var refusal = Refusal(TimeSpan.FromSeconds(20));
        (await Build(new FakeStreamClient(Fails(refusal, hasBegun ? [Started()] : []))).StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(refusal);

        Told()[^1].Should().Be(hasBegun ? (true, true, null, null) : (false, true, 0L, 0L));
        _store.Reports[^1].Pause.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Reports_ClientThatThrowsAtOnce_IsAFailureToo()
    {
        await Build(new FakeStreamClient((_, _) => throw Refusal(null))).StreamAsync(Request).CatchAsync();

        Told().Should().Equal((false, true, 0L, 0L));
        await Build(new ThrowingMove()).StreamAsync(Request).CatchAsync();
        Told()[^1].Should().Be((false, true, 0L, 0L));
    }

    [Theory]
    [InlineData("a", 20, 21.248)]
    [InlineData("b", 20, 21.25)]
    [InlineData("ab", 20, 20.884)]
    [InlineData("a", null, 2.1248)]
    public async Task Reports_Refusal_PauseIsUpToATenthLonger(string requestId, int? retryAfter, double expected)
    {
        await Build(new FakeStreamClient(Fails(Refusal(retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null, requestId)))).StreamAsync(Request).CatchAsync();

        _store.Reports[^1].Pause!.Value.TotalSeconds.Should().BeApproximately(expected, 1e-6);
    }

    [Theory]
    [InlineData("Acceleration limit exceeded", true)]
    [InlineData("slow down", false)]
    [InlineData(null, false)]
    public async Task Reports_RefusalThatNamesTheGrowth_IsOfGrowth(string? words, bool expected)
    {
        await Build(new FakeStreamClient(Fails(new ProviderException("test", HttpStatusCode.TooManyRequests, "rate_limit_error", words)))).StreamAsync(Request).CatchAsync();

        _store.Reports[^1].IsAcceleration.Should().Be(expected);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public async Task Reports_RefusalWhoseLimitsAllHaveRoom_IsOfGrowth(long more, bool expected)
    {
        var room = new RateLimitWindow { Resource = "requests", Limit = 10, Remaining = 1, ObservedAt = _time.GetUtcNow(), Raw = "" };
        await RunAsync(Started(), Completed());
        var needed = _store.Demands[^1].InputTokens + _store.Demands[^1].OutputTokens;
        var tokens = new RateLimitWindow { Resource = "tokens", Limit = 100_000, Remaining = needed + more, ObservedAt = _time.GetUtcNow(), Raw = "" };
        await Build(new FakeStreamClient(Fails(Refusal(null).With([room, tokens])))).StreamAsync(Request).CatchAsync();

        _store.Reports[^1].IsAcceleration.Should().Be(expected);
        _store.Reports[^1].Windows.Should().HaveCount(2);
    }

    [Fact]
    public async Task Reports_StoreFailsOnce_IsAskedAgainAtTheEndOnly()
    {
        _store.Failures = 1;

        await RunAsync(Started(), Usage(10, 1), Usage(10, 2), Ended(10, 3));

        Told().Should().Equal((true, false, null, null), (true, true, 10, 3));
        _store.Tokens[^1].IsCancellationRequested.Should().BeFalse("the last report is not given up before it is made");
    }

    [Fact]
    public async Task Reports_StreamThatEndsLater_IsWhole()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var events = Build(new FakeStreamClient((_, _) => LaterAsync(gate.Task))).StreamAsync(Request).GetAsyncEnumerator();
        (await events.MoveNextAsync()).Should().BeTrue();
        var end = events.MoveNextAsync().AsTask();
        end.IsCompleted.Should().BeFalse();
        gate.SetResult();

        (await end.OrFail()).Should().BeFalse();
        Told()[^1].Should().Be((true, true, null, null));

        static async IAsyncEnumerable<StreamEvent> LaterAsync(Task gate)
        {
            yield return Started();
            await gate;
        }
    }

    [Fact]
    public async Task Demand_OfFurtherRequests_FollowsWhatCompleteAnswersUsed()
    {
        var client = Build(new FakeStreamClient(Ends(Started(), Usage(10, 70)), Ends(Started(), Usage(10, 50), Ended(10, 100)), Ends(Started(), Ended(10, 100))));
        for (var i = 0; i < 3; i++)
        {
            await client.StreamAsync(Request).CollectAsync();
        }

        _store.Demands.Select(demand => demand.OutputTokens).Should().Equal(1024, 1024, 120);
    }

    [Fact]
    public async Task Reports_AnswerIsComplete_WakesTheNextThoughNobodyReadsOn()
    {
        var client = Build(new FakeStreamClient(Ends(Started(), Ended(10, 3))));
        await using var first = client.StreamAsync(Request).GetAsyncEnumerator();
        await first.MoveNextAsync();
        _store.Decisions.Enqueue(new RateLimitDecision { Resource = "tokens", Wait = TimeSpan.FromSeconds(60) });
        var second = client.StreamAsync(Request).CollectAsync();
        second.IsCompleted.Should().BeFalse();

        await first.MoveNextAsync();

        first.Current.Should().BeOfType<ResponseCompleted>();
        (await second.OrFail())[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Fact]
    public async Task FirstEvents_ComeSoon_RaiseTheLimitOfOpenRequests()
    {
        var client = new StreamClientBuilder(new FakeStreamClient(Stalls(Started()))).UseTimeProvider(_time).UseRateLimit(options => (options.Store, options.AdaptiveConcurrency) = (_store, true)).Build();
        var open = new List<IAsyncEnumerator<StreamEvent>>();
        for (var i = 0; i < 25; i++)
        {
            open.Add(client.StreamAsync(Request).GetAsyncEnumerator());
            (await open[i].MoveNextAsync()).Should().BeTrue();
            open[i].Current.Should().BeOfType<ResponseStarted>();
        }

        foreach (var events in open)
        {
            await events.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("test", "m", null, "test/m")]
    [InlineData("test", "m", "other", "test/other")]
    [InlineData("test", null, "other", "test/other")]
    [InlineData("test", null, null, "test/")]
    [InlineData(null, null, "other", "/other")]
    public async Task Key_IsTheProviderAndTheModel(string? provider, string? model, string? asked, string expected)
    {
        var source = new FakeStreamClient(Ends(Completed())) { Metadata = provider is null ? null : new StreamClientMetadata { Provider = provider, DefaultModel = model } };

        await Build(source).StreamAsync(Request with { Options = new() { ModelId = asked } }).CollectAsync();

        _store.Keys.Should().OnlyContain(key => key == expected);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Key_PastTheMost_IsOneForAll()
    {
        var source = new FakeStreamClient(Ends(Completed())) { Metadata = new StreamClientMetadata { Provider = "test" } };
        var client = new StreamClientBuilder(source).UseTimeProvider(_time).UseRateLimit(options => (options.Store, options.MaxKeys) = (_store, 1)).Build();
        foreach (var model in new[] { "a", "b", "a" })
        {
            await client.StreamAsync(Request with { Options = new() { ModelId = model } }).CollectAsync();
        }

        _store.Keys.Distinct().Should().Equal("test/a", "test/*");
    }

    [Fact]
    public async Task Waiting_OfAllKeys_IsCountedTogether()
    {
        var client = Build(new FakeStreamClient(Ends(Completed())));
        var open = new List<IAsyncEnumerator<StreamEvent>>();
        foreach (var model in new[] { "a", "b" })
        {
            _store.Decisions.Enqueue(new RateLimitDecision { Resource = "tokens", Wait = TimeSpan.FromSeconds(60) });
            open.Add(client.StreamAsync(Request with { Options = new() { ModelId = model } }).GetAsyncEnumerator());
            await open[^1].MoveNextAsync();
        }

        ((RateLimitStreamClient)client).Waiting.Should().Be(2);
        foreach (var events in open)
        {
            await events.DisposeAsync();
        }

        ((RateLimitStreamClient)client).Waiting.Should().Be(0);
    }

    [Fact]
    public async Task InMemoryStore_NullArguments_AreRefused()
    {
        var store = new InMemoryRateLimitStore(_time);
        await FluentActions.Awaiting(() => store.ReserveAsync(null!, new() { InputTokens = 1, OutputTokens = 1, Limits = [], Burst = TimeSpan.Zero }).AsTask()).Should().ThrowAsync<ArgumentNullException>().WithParameterName("key");
        await FluentActions.Awaiting(() => store.ReserveAsync("a", null!).AsTask()).Should().ThrowAsync<ArgumentNullException>().WithParameterName("demand");
        await FluentActions.Awaiting(() => store.ReportAsync(null!, new() { ReservationId = "1" }).AsTask()).Should().ThrowAsync<ArgumentNullException>().WithParameterName("key");
        await FluentActions.Awaiting(() => store.ReportAsync("a", null!).AsTask()).Should().ThrowAsync<ArgumentNullException>().WithParameterName("report");
        await store.ReportAsync("unknown", new() { ReservationId = "1" });
    }

    private static UsageUpdated Usage(long input, long output) => new() { Usage = new() { InputTokens = input, OutputTokens = output } };

    private static ResponseCompleted Ended(long input, long output) => new() { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = input, OutputTokens = output } };

    private static ProviderException Refusal(TimeSpan? retryAfter, string requestId = "a") =>
        new("test", HttpStatusCode.TooManyRequests, "rate_limit_error", "slow down") { IsRetryable = true, RetryAfter = retryAfter, RequestId = requestId };

    private List<(bool HasBegun, bool HasEnded, long? Input, long? Output)> Told() => [.. _store.Reports.Select(report => (report.HasBegun, report.HasEnded, report.InputTokens, report.OutputTokens))];

    private Task<List<StreamEvent>> RunAsync(params StreamEvent[] events) => Build(FakeStreamClient.Of(events)).StreamAsync(Request).CollectAsync();

    private IStreamClient Build(IStreamClient source) => new StreamClientBuilder(source).UseTimeProvider(_time).UseRateLimit(options => options.Store = _store).Build();

    private sealed class Store : IRateLimitStore
    {
        public List<RateLimitReport> Reports { get; } = [];

        public List<RateLimitDemand> Demands { get; } = [];

        public List<CancellationToken> Tokens { get; } = [];

        public HashSet<string> Keys { get; } = [];

        public Queue<RateLimitDecision> Decisions { get; } = new();

        public int Failures { get; set; }

        public ValueTask<RateLimitDecision> ReserveAsync(string key, RateLimitDemand demand, CancellationToken cancellationToken = default)
        {
            Demands.Add(demand);
            Keys.Add(key);
            return new(Decisions.TryDequeue(out var decision) ? decision : new RateLimitDecision { ReservationId = "1" });
        }

        public ValueTask ReportAsync(string key, RateLimitReport report, CancellationToken cancellationToken = default)
        {
            Reports.Add(report);
            Keys.Add(key);
            Tokens.Add(cancellationToken);
            return Failures-- > 0 ? throw new IOException("the store is gone") : ValueTask.CompletedTask;
        }
    }

    /// <summary>A stream that throws out of the call that moves it.</summary>
    private sealed class ThrowingMove : IStreamClient, IAsyncEnumerable<StreamEvent>, IAsyncEnumerator<StreamEvent>
    {
        public StreamEvent Current => throw new InvalidOperationException();

        public IAsyncEnumerable<StreamEvent> StreamAsync(StreamRequest request, CancellationToken cancellationToken = default) => this;

        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => throw Refusal(null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public object? GetService(Type serviceType) => null;
    }
}
