using System.Net;
using Streamline.TestSupport;
using static Streamline.Tests.Make;
using Limit = Streamline.Resilience.RateLimit;

namespace Streamline.Tests.Resilience;

/// <summary>Clocks that are set while requests wait, or that stand at the ends of time, and providers that ask for a pause without end.</summary>
[Trait("Law", "12")]
public sealed class SetClockTests
{
    private readonly ManualTimeProvider _steady = new();
    private readonly JumpingTimeProvider _time;

    public SetClockTests() => _time = new JumpingTimeProvider(_steady);

    public static TheoryData<DateTimeOffset> Ends => [DateTimeOffset.MinValue, DateTimeOffset.MaxValue];

    public static TheoryData<TimeSpan> Pauses => [TimeSpan.MaxValue, TimeSpan.FromDays(365)];

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task UseRateLimit_ClockIsSet_WaitsForTheRestOfTheWindow(int seconds)
    {
        var client = new StreamClientBuilder(FakeStreamClient.Of(Started(), Completed())).UseTimeProvider(_time)
            .UseRateLimit(options =>
            {
                options.Limits.Add(new Limit(Limit.Requests, 1));
                options.Burst = TimeSpan.FromMinutes(1);
            })
            .Build();
        await client.StreamAsync(Request).CollectAsync();
        _steady.Advance(TimeSpan.FromSeconds(50));
        _time.Start += TimeSpan.FromSeconds(seconds);

        var (events, exception) = await _steady.RunAsync(client.StreamAsync(Request));

        exception.Should().BeNull();
        events.OfType<RateLimitWait>().Should().ContainSingle().Which.Delay.Should().BeCloseTo(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task InMemoryRateLimitStore_ClockIsSetAfterAReport_WaitsForTheResetThatWasReported(int seconds)
    {
        var store = new InMemoryRateLimitStore(_time);
        var demand = new RateLimitDemand { InputTokens = 1, OutputTokens = 1, Limits = [], Burst = TimeSpan.FromMinutes(1) };
        var reservation = await store.ReserveAsync("k", demand);
        var now = _time.GetUtcNow();
        var window = new RateLimitWindow { Resource = Limit.Requests, Limit = 10, Remaining = 0, ObservedAt = now, ResetAt = now + TimeSpan.FromSeconds(20), Raw = "" };
        await store.ReportAsync("k", new RateLimitReport { ReservationId = reservation.ReservationId!, HasBegun = true, HasEnded = true, Windows = [window] });
        _time.Start += TimeSpan.FromSeconds(seconds);

        var decision = await store.ReserveAsync("k", demand);

        decision.ReservationId.Should().BeNull();
        decision.Wait.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromSeconds(20));
        _steady.Advance(TimeSpan.FromSeconds(20));
        (await store.ReserveAsync("k", demand)).ReservationId.Should().NotBeNull();
    }

    [Fact]
    public async Task UseFailover_ClockIsSetBack_ProbesTheFirstClientAfterItsCooldown()
    {
        var primary = new FakeStreamClient(Fails(Unauthorized()), Ends(Started(), Words("first"), Completed()));
        var client = new StreamClientBuilder(primary).UseTimeProvider(_time)
            .UseFailover(options =>
            {
                options.DownCooldown = TimeSpan.FromMinutes(5);
                options.Clients.Add(new FailoverClient("backup", FakeStreamClient.Of(Started(), Words("second"), Completed())));
            })
            .Build();
        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("second");
        _time.Start -= TimeSpan.FromHours(1);
        _steady.Advance(TimeSpan.FromMinutes(4));
        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("second");
        _steady.Advance(TimeSpan.FromMinutes(1));

        TextOf(await client.StreamAsync(Request).CollectAsync()).Should().Be("first");
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task UseRateLimitAndUseFailover_ClockAtTheEndOfTime_GiveTheFailureOfTheProvider(DateTimeOffset at)
    {
        _time.Start = at;
        var refusal = new ProviderException("test", HttpStatusCode.TooManyRequests, null, null) { RetryAfter = TimeSpan.FromSeconds(1) };
        var window = new RateLimitWindow { Resource = Limit.Requests, Limit = 10, Remaining = 5, ObservedAt = at, Raw = "" };
        var source = new FakeStreamClient(Fails(refusal, Started(), new RateLimitObserved { Windows = [window] }));
        foreach (var client in (IStreamClient[])[Limited(source), FailingOver(source)])
        {
            (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(refusal);
        }
    }

    [Theory]
    [MemberData(nameof(Pauses))]
    public async Task UseRateLimitAndUseFailover_PauseWithoutEnd_GiveTheFailureOfTheProvider(TimeSpan pause)
    {
        var refusal = new ProviderException("test", HttpStatusCode.TooManyRequests, null, null) { RetryAfter = pause, IsRetryable = true };
        var source = new FakeStreamClient(Fails(refusal));
        foreach (var client in (IStreamClient[])[Limited(source), FailingOver(source)])
        {
            (await client.StreamAsync(Request).CatchAsync()).Exception.Should().BeSameAs(refusal);
        }

        source.Requests.Should().HaveCount(3);
    }

    [Fact]
    public void Breaker_PauseWithoutEnd_IsLeftAloneForGood()
    {
        var clock = new SteadyClock(_time);
        var breaker = new ClientBreaker(new FailoverOptions(), clock);

        breaker.Fail(probe: 0, FailureKind.Transient, retryAfter: TimeSpan.MaxValue);

        breaker.OpenUntil.Should().BeAfter(clock.Now + TimeSpan.FromDays(365));
    }

    [Fact]
    public void SteadyClock_TimePasses_MovesAsFar()
    {
        var clock = new SteadyClock(_time);
        var start = clock.Now;
        _steady.Advance(TimeSpan.FromSeconds(3));
        _time.Start -= TimeSpan.FromDays(1);

        (clock.Now - start).Should().Be(TimeSpan.FromSeconds(3));
    }

    private static ProviderException Unauthorized() => new("test", HttpStatusCode.Unauthorized, null, null);

    private IStreamClient Limited(IStreamClient source) => new StreamClientBuilder(source).UseTimeProvider(_time).UseRateLimit(options => options.Limits.Add(new Limit(Limit.Requests, 100))).Build();

    private IStreamClient FailingOver(IStreamClient source) =>
        new StreamClientBuilder(source).UseTimeProvider(_time).UseFailover(options => options.Clients.Add(new FailoverClient("backup", source))).Build();
}
