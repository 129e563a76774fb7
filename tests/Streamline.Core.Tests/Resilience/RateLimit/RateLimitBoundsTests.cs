using System.Globalization;
using System.Net;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>Figures and names from outside that are far beyond what is usual: none of them blocks a key, fills the memory or breaks a wait.</summary>
public sealed class RateLimitBoundsTests
{
    private static readonly RateLimitDemand Demand = new() { InputTokens = 1, OutputTokens = 1, Limits = [], Burst = TimeSpan.Zero };

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [Trait("Law", "8")]
    [InlineData("input-tokens", 30_000, 10_000_000_000_000, 1)]
    [InlineData("input-tokens", 30_000, long.MaxValue, 1)]
    [InlineData("output-tokens", 10_000, 1, 300_000)]
    [InlineData("output-tokens", 10_000, 1, long.MaxValue)]
    [InlineData("tokens", 30_000, long.MaxValue, long.MaxValue)]
    [InlineData("tokens", 30_000, -5, long.MinValue)]
    public async Task Usage_BeyondTheLimit_BlocksTheKeyForOnePeriodAtMost(string resource, long limit, long input, long output)
    {
        var usage = new TokenUsage { InputTokens = input, OutputTokens = output };
        var client = Build(
            new FakeStreamClient(Ends(Started(), Words("a"), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = usage }), Ends(Started(), Words("a"), Ended(10, 10))),
            options => options.Limits.Add(new(resource, limit)));
        await client.StreamAsync(Request).CollectAsync();
        _time.Advance(TimeSpan.FromSeconds(61));

        for (var i = 0; i < 3; i++)
        {
            var start = _time.GetUtcNow();
            var (events, exception) = await _time.RunAsync(client.StreamAsync(Request));

            exception.Should().BeNull();
            events[^1].Should().BeOfType<ResponseCompleted>();
            (_time.GetUtcNow() - start).Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(i == 0 ? 0 : 61), $"request {i} comes a period later");
        }
    }

    [Fact]
    public async Task WaitAsync_LongerThanATimerTakes_EndsWhenItIsWoken()
    {
        var ticket = new AdmissionTicket(priority: 0, Demand, since: 0);

        var waiting = ticket.WaitAsync(TimeSpan.FromDays(60), TimeProvider.System, CancellationToken.None).AsTask();

        waiting.IsCompleted.Should().BeFalse();
        ticket.Wake();
        await waiting.OrFail();
    }

    [Fact]
    public async Task StreamAsync_RefusedForSixtyDays_AsksAgainAfterThem()
    {
        var refusal = new ProviderException("test", HttpStatusCode.TooManyRequests, "rate_limit_error", "later") { IsRetryable = true, RetryAfter = TimeSpan.FromDays(60) };
        var client = Build(new FakeStreamClient(Fails(refusal), Ends(Started(), Completed())), options => options.MaxWait = null);
        await client.StreamAsync(Request).CatchAsync();
        var answer = client.StreamAsync(Request).CollectAsync();
        for (var days = 0; days < 66; days += 6)
        {
            answer.IsCompleted.Should().BeFalse($"{days} days have passed");
            await _time.WaitForTimersAsync().OrFail();
            _time.Advance(TimeSpan.FromDays(6));
        }

        (await answer.OrFail())[^1].Should().BeOfType<ResponseCompleted>();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task StreamAsync_ManyNamesOfModels_ShareWhatIsKeptPastTheLimit()
    {
        var client = Build(FakeStreamClient.Of(Started(), Completed()), options =>
        {
            options.MaxKeys = 10;
            options.Limits.Add(new(Streamline.Resilience.RateLimit.Requests, 50));
            options.Burst = TimeSpan.FromMinutes(1);
        });
        for (var i = 0; i < 60; i++)
        {
            var model = string.Create(CultureInfo.InvariantCulture, $"model-{i}");
            (await client.StreamAsync("a", new ChatOptions { ModelId = model }).CollectAsync()).OfType<RateLimitWait>().Should().BeEmpty();
        }

        ((RateLimitStreamClient)client).Keys.Should().Be(11);
        var events = client.StreamAsync("a", new ChatOptions { ModelId = "another" }).GetAsyncEnumerator();
        await events.MoveNextAsync();
        events.Current.Should().BeOfType<RateLimitWait>("the fifty that had no limits of their own have used up those that they share");
        await events.DisposeAsync();
        (await client.StreamAsync("a", new ChatOptions { ModelId = "model-3" }).CollectAsync()).OfType<RateLimitWait>().Should().BeEmpty("it has its own");
    }

    [Theory]
    [InlineData(2_000, false)]
    [InlineData(25_000, true)]
    public async Task Refusal_WhoseLimitsHaveRoomForTheRequest_IsOfGrowth(long remaining, bool isGrowth)
    {
        var store = new ReportingStore();
        var window = new RateLimitWindow { Resource = Streamline.Resilience.RateLimit.Tokens, Limit = 30_000, Remaining = remaining, ObservedAt = _time.GetUtcNow(), Raw = "" };
        var refusal = new ProviderException("test", HttpStatusCode.TooManyRequests, "rate_limit_exceeded", "slow down") { IsRetryable = true }.With([window]);
        var client = Build(new FakeStreamClient(Fails(refusal)), options => options.Store = store);

        await client.StreamAsync(new string('x', 18_000)).CatchAsync();

        store.Reports.Should().ContainSingle(report => report.HasEnded).Which.IsAcceleration.Should().Be(isGrowth);
    }

    [Theory]
    [InlineData(false, 100)]
    [InlineData(true, 1000)]
    public async Task Usage_WithTokensFromTheCache_CountsThemWhereTheProviderDoes(bool counts, long expected)
    {
        var store = new ReportingStore();
        var usage = new TokenUsage { InputTokens = 1000, CachedInputTokens = 900, OutputTokens = 1 };
        var client = Build(FakeStreamClient.Of(Started(), new ResponseCompleted { FinishReason = FinishReason.Stop, Usage = usage }), options => (options.Store, options.CountsCachedInput) = (store, counts));

        await client.StreamAsync(Request).CollectAsync();

        store.Reports[^1].InputTokens.Should().Be(expected);
    }

    private static ResponseCompleted Ended(long input, long output) => new() { FinishReason = FinishReason.Stop, Usage = new() { InputTokens = input, OutputTokens = output } };

    private IStreamClient Build(IStreamClient source, Action<RateLimitOptions> configure) => new StreamClientBuilder(source).UseTimeProvider(_time).UseRateLimit(configure).Build();

    private sealed class ReportingStore : IRateLimitStore
    {
        public List<RateLimitReport> Reports { get; } = [];

        public ValueTask<RateLimitDecision> ReserveAsync(string key, RateLimitDemand demand, CancellationToken cancellationToken = default) => new(new RateLimitDecision { ReservationId = "1" });

        public ValueTask ReportAsync(string key, RateLimitReport report, CancellationToken cancellationToken = default)
        {
            Reports.Add(report);
            return ValueTask.CompletedTask;
        }
    }
}
