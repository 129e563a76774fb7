using Limit = Streamline.Resilience.RateLimit;

namespace Streamline.Tests.Resilience.RateLimit;

[Trait("Law", "8")]
public sealed class RateLimitOptionsTests
{
    [Fact]
    public void Set_OutOfRange_ThrowsWithTheNameOfTheOption()
    {
        (string Option, Action<RateLimitOptions> Set, string Message)[] refused =
        [
            ("Burst", o => o.Burst = TimeSpan.FromTicks(-1), "*"),
            ("Burst", o => o.Burst = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1), "*"),
            ("MaxConcurrency", o => o.MaxConcurrency = 0, "*"),
            ("MaxQueuedRequests", o => o.MaxQueuedRequests = 0, "*"),
            ("MaxWait", o => o.MaxWait = TimeSpan.Zero, "*"),
            ("MaxWait", o => o.MaxWait = TimeSpan.FromDays(24) + TimeSpan.FromTicks(1), "*"),
            ("Priority", o => o.Priority = null!, "*"),
            ("ExpectedOutputTokens", o => o.ExpectedOutputTokens = 0, "*"),
            ("MaxKeys", o => o.MaxKeys = 0, "*"),
        ];
        foreach (var (option, set, message) in refused)
        {
            FluentActions.Invoking(() => set(new RateLimitOptions())).Should().Throw<ArgumentException>(option).WithMessage(message).Which.ParamName.Should().Be(option);
        }
    }

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        Action<RateLimitOptions>[] edges =
        [
            o => o.Burst = TimeSpan.Zero,
            o => o.Burst = TimeSpan.FromHours(1),
            o => o.MaxConcurrency = 1,
            o => o.MaxConcurrency = null,
            o => o.MaxQueuedRequests = 1,
            o => o.MaxWait = TimeSpan.FromTicks(1),
            o => o.MaxWait = TimeSpan.FromDays(24),
            o => o.MaxWait = null,
            o => o.ExpectedOutputTokens = 1,
            o => o.MaxKeys = 1,
        ];
        foreach (var set in edges)
        {
            FluentActions.Invoking(() => set(new RateLimitOptions())).Should().NotThrow();
        }
    }

    [Fact]
    public void Defaults_AreAsDocumented() => new RateLimitOptions().Should().BeEquivalentTo(new
    {
        Burst = TimeSpan.FromSeconds(5),
        MaxConcurrency = (int?)null,
        AdaptiveConcurrency = false,
        MaxQueuedRequests = 1000,
        MaxWait = TimeSpan.FromMinutes(5),
        Key = (Func<StreamRequest, string>?)null,
        ReservesMaxOutputTokens = false,
        ExpectedOutputTokens = 1024,
        CountsCachedInput = false,
        MaxKeys = 1000,
        Store = (IRateLimitStore?)null,
        TimeProvider = (TimeProvider?)null,
    });

    [Fact]
    public void RateLimit_OutOfRange_IsRefusedWithTheReason()
    {
        FluentActions.Invoking(() => new Limit("seconds", 1)).Should().Throw<ArgumentException>()
            .WithMessage("Expected 'requests', 'tokens', 'input-tokens' or 'output-tokens'; found 'seconds'.*").Which.ParamName.Should().Be("resource");
        FluentActions.Invoking(() => new Limit("tokens", 0)).Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("limit");
        FluentActions.Invoking(() => new Limit("tokens", 1, TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1))).Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("period");
        FluentActions.Invoking(() => new Limit("tokens", 1, TimeSpan.FromDays(31) + TimeSpan.FromTicks(1))).Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("period");
        new Limit("tokens", 1).Period.Should().Be(TimeSpan.FromMinutes(1));
        new Limit("input-tokens", 1, TimeSpan.FromSeconds(1)).Should().BeEquivalentTo(new { Resource = "input-tokens", Limit = 1, Period = TimeSpan.FromSeconds(1) });
        new Limit("output-tokens", 1, TimeSpan.FromDays(31)).Period.Should().Be(TimeSpan.FromDays(31));
    }

    [Fact]
    public void Limits_NoneOrTwoOfOneResource_AreRefusedWithTheReason()
    {
        FluentActions.Invoking(() => CopyWith(new Limit("tokens", 1), null!)).Should().Throw<InvalidOperationException>().WithMessage("Limits[1] is null.");
        FluentActions.Invoking(() => CopyWith(new Limit("requests", 1), new Limit("tokens", 1), new Limit("requests", 2))).Should().Throw<InvalidOperationException>()
            .WithMessage("Limits has two limits of 'requests'; expected one per resource.");
        CopyWith(new Limit("requests", 1), new Limit("tokens", 1)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Store_WithoutAKeyOrAReport_IsRefused()
    {
        var store = new InMemoryRateLimitStore();
        var demand = new RateLimitDemand { InputTokens = 1, OutputTokens = 1, Limits = [], Burst = TimeSpan.Zero };
        await FluentActions.Awaiting(async () => await store.ReserveAsync(null!, demand)).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(async () => await store.ReserveAsync("k", null!)).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(async () => await store.ReportAsync(null!, new RateLimitReport { ReservationId = "1" })).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(async () => await store.ReportAsync("k", null!)).Should().ThrowAsync<ArgumentNullException>();
    }

    private static IReadOnlyList<Limit> CopyWith(params Limit[] limits)
    {
        var options = new RateLimitOptions();
        foreach (var limit in limits)
        {
            options.Limits.Add(limit);
        }

        return options.Copy().FixedLimits;
    }
}
