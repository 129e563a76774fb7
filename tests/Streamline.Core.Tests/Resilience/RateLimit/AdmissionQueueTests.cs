using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.RateLimit;

public sealed class AdmissionQueueTests
{
    private static readonly RateLimitDemand Demand = new() { InputTokens = 1, OutputTokens = 1, Limits = [], Burst = TimeSpan.Zero };

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Close_WhileOthersAreAdmitted_LosesNoPlace()
    {
        var queue = Queue(new InMemoryRateLimitStore(_time), new RateLimitOptions { MaxWait = null });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(AdmitAsync))).OrFail();

        queue.Open.Should().Be(0);
        queue.Waiting.Should().Be(0);

        async Task AdmitAsync()
        {
            for (var i = 0; i < 20_000; i++)
            {
                var ticket = queue.Enter(0, Demand);
                while (!await queue.TryAdmitAsync(ticket, CancellationToken.None))
                {
                    await queue.WaitAsync(ticket, CancellationToken.None);
                }

                queue.Close();
            }
        }
    }

    [Fact]
    public async Task TryAdmitAsync_DeniedAfterOneOfHigherPriorityCame_WakesIt()
    {
        var store = new ReplacedStore { Reserve = new(TaskCreationOptions.RunContinuationsAsynchronously) };
        var queue = Queue(store, new RateLimitOptions { MaxConcurrency = 1 });
        var low = queue.Enter(0, Demand);
        var trying = queue.TryAdmitAsync(low, CancellationToken.None).AsTask();
        var high = queue.Enter(1, Demand);
        (await queue.TryAdmitAsync(high, CancellationToken.None)).Should().BeFalse();
        high.Resource.Should().Be("concurrency");
        var waiting = queue.WaitAsync(high, CancellationToken.None).AsTask();

        store.Reserve.SetResult(new RateLimitDecision { Resource = "tokens", Wait = TimeSpan.FromHours(1) });

        (await trying.OrFail()).Should().BeFalse();
        await waiting.OrFail();
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_TheFirstOneStopsReading_TheNextGoesFirst()
    {
        var source = FakeStreamClient.Of(Started(), Completed());
        var client = Build(source, new InMemoryRateLimitStore(_time));
        var running = client.StreamAsync("running").GetAsyncEnumerator();
        await running.MoveNextAsync();
        var stopped = client.StreamAsync("stopped").GetAsyncEnumerator();
        await stopped.MoveNextAsync();
        stopped.Current.Should().BeOfType<RateLimitWait>();
        var other = client.StreamAsync("other").CollectAsync();
        await running.DisposeAsync();
        other.IsCompleted.Should().BeFalse("the first one may still come back");

        _time.Advance(AdmissionQueue.Patience);

        (await other.OrFail())[^1].Should().BeOfType<ResponseCompleted>();
        (await stopped.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        stopped.Current.Should().BeOfType<ResponseStarted>("its turn comes as soon as it reads on");
        await stopped.DisposeAsync();
        source.Requests.Select(request => request.Messages[0].Text).Should().Equal("running", "other", "stopped");
        _time.ActiveTimers.Should().Be(0);
    }

    [Theory]
    [Trait("Law", "12")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_ReportsFailOrHang_TheAnswerIsWhole(bool hangs)
    {
        StreamEvent[] answer = [Started(), new UsageUpdated { Usage = new() { InputTokens = 1 } }, Words("a"), Completed()];
        var client = Build(FakeStreamClient.Of(answer), new ReplacedStore { Report = () => hangs ? new TaskCompletionSource().Task : Task.FromException(new IOException("the store is gone")) });
        var start = _time.GetUtcNow();

        for (var i = 0; i < 2; i++)
        {
            var (events, exception) = await _time.RunAsync(client.StreamAsync(Request));

            exception.Should().BeNull();
            events.ToLines().Should().Be(answer.ToLines());
        }

        (_time.GetUtcNow() - start).Should().BeLessThan(TimeSpan.FromSeconds(hangs ? 9 : 1), "a hanging store is waited for once in the answer, and once at its end");
        _time.ActiveTimers.Should().Be(0);
    }

    private AdmissionQueue Queue(IRateLimitStore store, RateLimitOptions options) => new("key", options, store, _time);

    private IStreamClient Build(IStreamClient source, IRateLimitStore store) => new StreamClientBuilder(source).UseTimeProvider(_time).UseRateLimit(options =>
    {
        options.MaxConcurrency = 1;
        options.Store = store;
    }).Build();

    private sealed class ReplacedStore : IRateLimitStore
    {
        public TaskCompletionSource<RateLimitDecision>? Reserve { get; init; }

        public Func<Task> Report { get; init; } = () => Task.CompletedTask;

        public async ValueTask<RateLimitDecision> ReserveAsync(string key, RateLimitDemand demand, CancellationToken cancellationToken = default) =>
            Reserve is null ? new RateLimitDecision { ReservationId = "1" } : await Reserve.Task;

        public async ValueTask ReportAsync(string key, RateLimitReport report, CancellationToken cancellationToken = default) => await Report();
    }
}
