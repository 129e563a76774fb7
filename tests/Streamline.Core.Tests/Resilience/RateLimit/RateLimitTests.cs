using System.Net;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.RateLimit;

public sealed class RateLimitTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task StreamAsync_WithinTheLimit_EventsAreUnchanged()
    {
        StreamEvent[] events = [Started(), Words("a"), Completed()];

        (await Build(FakeStreamClient.Of(events), Requests(10)).StreamAsync(Request).CollectAsync()).ToLines().Should().Be(events.ToLines());
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task StreamAsync_LimitIsUsedUp_WaitsAndSaysSo()
    {
        var source = FakeStreamClient.Of(Started(), Completed());
        var client = Build(source, Requests(2), options => options.Burst = TimeSpan.FromMinutes(1));
        await client.StreamAsync(Request).CollectAsync();
        await client.StreamAsync(Request).CollectAsync();
        var start = _time.GetUtcNow();

        var (events, exception) = await _time.RunAsync(client.StreamAsync(Request));

        exception.Should().BeNull();
        events[0].Should().BeOfType<RateLimitWait>().Which.Should().BeEquivalentTo(new { Resource = "requests", Position = 0 });
        ((RateLimitWait)events[0]).Delay.Should().BeCloseTo(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        (_time.GetUtcNow() - start).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
        source.Requests.Should().HaveCount(3);
    }

    [Fact]
    public async Task StreamAsync_ManyRequests_ArePacedAndNotSentAtOnce()
    {
        var sent = new List<TimeSpan>();
        var start = _time.GetUtcNow();
        var source = new FakeStreamClient((_, _) =>
        {
            lock (sent)
            {
                sent.Add(_time.GetUtcNow() - start);
            }

            return FakeStreamClient.Stream([Started(), Completed()]);
        });
        var client = Build(source, Requests(60), options => options.Burst = TimeSpan.FromSeconds(2));
        for (var i = 0; i < 20; i++)
        {
            await _time.RunAsync(client.StreamAsync(Request));
        }

        sent.Count(at => at < TimeSpan.FromSeconds(1)).Should().Be(3, "two seconds' worth may burst, and one is due now");
        sent[^1].Should().BeCloseTo(TimeSpan.FromSeconds(17), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task StreamAsync_RequestsWait_GoByPriorityAndThenInOrder()
    {
        var order = new List<string>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new FakeStreamClient((request, _) => AnswerAsync(request, order, gate.Task));
        var client = Build(source, [], options =>
        {
            options.MaxConcurrency = 1;
            options.Priority = request => request.Messages[0].Text.StartsWith("high", StringComparison.Ordinal) ? 1 : 0;
        });
        var running = new List<Task> { client.StreamAsync("first").CollectAsync() };
        foreach (var prompt in new[] { "low 1", "low 2", "high 1", "low 3", "high 2" })
        {
            var events = client.StreamAsync(prompt).GetAsyncEnumerator();
            (await events.MoveNextAsync()).Should().BeTrue();
            events.Current.Should().BeOfType<RateLimitWait>();
            running.Add(ReadAsync(events));
        }

        gate.SetResult();
        await Task.WhenAll(running).OrFail();

        order.Should().Equal("first", "high 1", "high 2", "low 1", "low 2", "low 3");
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task StreamAsync_CancelledWhileItWaits_LeavesTheQueueToTheNext()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var order = new List<string>();
        var client = Build(new FakeStreamClient((request, _) => AnswerAsync(request, order, gate.Task)), [], options => options.MaxConcurrency = 1);
        var first = client.StreamAsync("first").CollectAsync();
        using var cancellation = new CancellationTokenSource();
        var waiting = client.StreamAsync("left", cancellationToken: cancellation.Token).CatchAsync();
        var last = client.StreamAsync("last").CollectAsync();
        await _time.WaitForTimersAsync(2).OrFail();

        await cancellation.CancelAsync();
        (await waiting.OrFail()).Exception.Should().BeAssignableTo<OperationCanceledException>().Which.CancellationToken.Should().Be(cancellation.Token);
        gate.SetResult();
        await Task.WhenAll(first, last).OrFail();

        order.Should().Equal("first", "last");
        _time.ActiveTimers.Should().Be(0);
        ((RateLimitStreamClient)client).Waiting.Should().Be(0);
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_QueueIsFull_FailsAtOnce()
    {
        var client = Build(new FakeStreamClient(Stalls(Started())), [], options =>
        {
            options.MaxConcurrency = 1;
            options.MaxQueuedRequests = 1;
        });
        await using var running = client.StreamAsync(Request).GetAsyncEnumerator();
        await running.MoveNextAsync();
        await using var waiting = client.StreamAsync(Request).GetAsyncEnumerator();
        await waiting.MoveNextAsync();

        var (events, exception) = await client.StreamAsync(Request).CatchAsync();

        events.Should().BeEmpty();
        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(RateLimitOptions.MaxQueuedRequests));
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_WaitWouldBeTooLong_FailsAtOnce()
    {
        var client = Build(FakeStreamClient.Of(Started(), Completed()), Requests(1), options => options.MaxWait = TimeSpan.FromSeconds(30));
        await client.StreamAsync(Request).CollectAsync();

        var (_, exception) = await client.StreamAsync(Request).CatchAsync();

        exception.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(RateLimitOptions.MaxWait));
        exception!.Message.Should().MatchRegex("^MaxWait is [0-9]+ ms; (found at least [0-9]+ ms|it was reached)\\.$");
        _time.ActiveTimers.Should().Be(0);
    }

    [Fact]
    public async Task StreamAsync_ProviderReportsALowRemainder_IsBelievedAtOnce()
    {
        var report = new RateLimitObserved { Windows = [new() { Resource = "tokens", Limit = 6000, Remaining = 0, ResetAt = _time.GetUtcNow() + TimeSpan.FromSeconds(60), ObservedAt = _time.GetUtcNow(), Raw = "" }] };
        var client = Build(FakeStreamClient.Of(Started(), report, Completed()), []);
        await client.StreamAsync(Request).CollectAsync();
        var start = _time.GetUtcNow();

        var (events, _) = await _time.RunAsync(client.StreamAsync(Request));

        events[0].Should().BeOfType<RateLimitWait>().Which.Resource.Should().Be("tokens");
        (_time.GetUtcNow() - start).Should().BeGreaterThan(TimeSpan.FromSeconds(5), "a request takes about a thousand tokens, which come back in ten seconds").And.BeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task StreamAsync_ProviderRefuses_AllWaitAndOneProbeGoesFirst()
    {
        var refusal = new ProviderException("test", HttpStatusCode.TooManyRequests, null, null) { IsRetryable = true, RetryAfter = TimeSpan.FromSeconds(20) };
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var order = new List<string>();
        var source = new FakeStreamClient(Fails(refusal), (request, _) => AnswerAsync(request, order, gate.Task));
        var client = Build(source, []);
        (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(refusal);

        var probe = client.StreamAsync("probe").GetAsyncEnumerator();
        await probe.MoveNextAsync();
        probe.Current.Should().BeOfType<RateLimitWait>().Which.Should().Match<RateLimitWait>(wait => wait.Resource == "retry-after" && wait.Delay >= TimeSpan.FromSeconds(20) && wait.Delay <= TimeSpan.FromSeconds(22));
        var other = client.StreamAsync("other").GetAsyncEnumerator();
        await other.MoveNextAsync();
        var probing = probe.MoveNextAsync().AsTask();
        await _time.WaitForTimersAsync().OrFail();
        _time.Advance(TimeSpan.FromSeconds(22));
        (await probing.OrFail()).Should().BeTrue();
        probe.Current.Should().BeOfType<ResponseStarted>();
        var reading = ReadAsync(probe);
        gate.SetResult();
        var rest = ReadAsync(other);
        while (await Task.WhenAny(rest, _time.WaitForTimersAsync()).OrFail() != rest)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await Task.WhenAll(reading, rest).OrFail();
        order.Should().Equal("probe", "other");
        source.Requests.Should().HaveCount(3);
    }

    [Fact]
    public void Ledger_RefusedBecauseOfGrowth_StartsSlowly()
    {
        var slow = new SlowStart();
        var now = _time.GetUtcNow();
        for (var i = 0; i < 100; i++)
        {
            slow.Note(now + TimeSpan.FromMilliseconds(i * 100));
        }

        now += TimeSpan.FromSeconds(10);
        slow.Begin(now);
        slow.Note(now);

        slow.WaitFor(now).TotalMilliseconds.Should().BeApproximately(200, 5, "half of ten a second");
        slow.Note(now + TimeSpan.FromSeconds(10));
        slow.WaitFor(now + TimeSpan.FromSeconds(10)).TotalMilliseconds.Should().BeApproximately(133, 5, "half as many again");
        slow.WaitFor(now + TimeSpan.FromSeconds(60)).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Concurrency_TimeToFirstEventGrows_Falls()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true, MaxConcurrency = 100 });
        for (var i = 0; i < 100; i++)
        {
            limit.Note(TimeSpan.FromMilliseconds(200), inputTokens: 1000, open: limit.Current);
        }

        limit.Current.Should().BeGreaterThan(60);
        for (var i = 0; i < 20; i++)
        {
            limit.Note(TimeSpan.FromSeconds(2), inputTokens: 1000, open: limit.Current);
        }

        limit.Current.Should().BeLessThan(30);
        var before = limit.Current;
        limit.Note(TimeSpan.FromSeconds(2), inputTokens: 1000, open: 1);
        limit.Current.Should().Be(before, "the limit does not hold requests back");
    }

    [Fact]
    public void Estimator_FewSmallRequestsInARow_DoNotLowerTheEstimateBelowTheLastLargeOnes()
    {
        var estimator = new TokenEstimator(new RateLimitOptions());
        var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.User, new string('x', 3600))] };
        for (var i = 0; i < 64; i++)
        {
            estimator.Learn(1000, i is >= 20 and < 26 ? 1400 : 1000, 100);
        }

        estimator.EstimateInput(request).Tokens.Should().BeInRange(1400, 1420, "more than one request in twenty used as much");
        for (var i = 0; i < 26; i++)
        {
            estimator.Learn(1000, 1000, 100);
        }

        estimator.EstimateInput(request).Tokens.Should().BeInRange(1000, 1010, "none of the last 64 requests used more");
    }

    [Fact]
    public void Estimator_LearnsFromUsage()
    {
        var estimator = new TokenEstimator(new RateLimitOptions());
        var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.User, new string('x', 3600))] };
        var (first, raw) = estimator.EstimateInput(request);
        first.Should().BeInRange(1400, 1410, "a request may be longer than its text lets expect");
        for (var i = 0; i < 60; i++)
        {
            estimator.Learn(raw, (long)(raw * 2), 100);
        }

        estimator.EstimateInput(request).Tokens.Should().BeInRange(2000, 2020);
        estimator.EstimateOutput(request).Should().Be(120);
        estimator.EstimateOutput(request with { Options = new ChatOptions { MaxOutputTokens = 50 } }).Should().Be(50);
        new TokenEstimator(new RateLimitOptions { ReservesMaxOutputTokens = true }).EstimateOutput(request with { Options = new ChatOptions { MaxOutputTokens = 5000 } }).Should().Be(5000);
    }

    [Fact]
    [Trait("Law", "9")]
    public Task UseRateLimit_LeftAtRandomPoints_LeavesNothing()
    {
        var store = new InMemoryRateLimitStore();
        return LeavingStress.RunAsync(source => new StreamClientBuilder(source).UseRateLimit(options => options.Store = store).Build());
    }

    [Fact]
    public void Options_OutOfRange_AreRejectedWithTheReason()
    {
        FluentActions.Invoking(() => new Streamline.Resilience.RateLimit("requests", 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new Streamline.Resilience.RateLimit("seconds", 1)).Should().Throw<ArgumentException>().WithMessage("*found 'seconds'*");
        FluentActions.Invoking(() => new Streamline.Resilience.RateLimit("tokens", 1, TimeSpan.Zero)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RateLimitOptions { MaxConcurrency = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RateLimitOptions { Burst = TimeSpan.FromTicks(-1) }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RateLimitOptions { MaxWait = TimeSpan.Zero }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RateLimitOptions { MaxQueuedRequests = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RateLimitOptions { ExpectedOutputTokens = 0 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RateLimitOptions { Priority = null! }).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Build(FakeStreamClient.Of(), [.. Requests(1), .. Requests(2)])).Should().Throw<InvalidOperationException>().WithMessage("*two limits of 'requests'*");
    }

    private static Streamline.Resilience.RateLimit[] Requests(long limit) => [new(Streamline.Resilience.RateLimit.Requests, limit)];

    private static async IAsyncEnumerable<StreamEvent> AnswerAsync(StreamRequest request, List<string> order, Task gate)
    {
        lock (order)
        {
            order.Add(request.Messages[0].Text);
        }

        yield return Started();
        await gate;
        yield return Completed();
    }

    private static async Task ReadAsync(IAsyncEnumerator<StreamEvent> events)
    {
        await using (events)
        {
            while (await events.MoveNextAsync())
            {
            }
        }
    }

    private IStreamClient Build(IStreamClient source, Streamline.Resilience.RateLimit[] limits, Action<RateLimitOptions>? configure = null) =>
        new StreamClientBuilder(source).UseTimeProvider(_time).UseRateLimit(options =>
        {
            foreach (var limit in limits)
            {
                options.Limits.Add(limit);
            }

            configure?.Invoke(options);
        }).Build();
}
