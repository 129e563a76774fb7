namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>What a report of the provider allows, and when.</summary>
public sealed class ReportedQuotaTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ReportedQuota _quota = new();

    [Fact]
    public void WaitFor_NoReport_IsZero() => Wait(1_000_000).Should().Be(TimeSpan.Zero);

    [Fact]
    public void WaitFor_MoreThanIsLeft_WaitsUntilTheEvenRiseGetsThere()
    {
        Observe(remaining: 40, limit: 100, reset: 60);

        Wait(40).Should().Be(TimeSpan.Zero);
        Wait(41).Should().Be(Seconds(1));
        Wait(70).Should().Be(Seconds(30));
        Wait(70, at: 10).Should().Be(Seconds(20));
        Wait(70, at: 30).Should().Be(TimeSpan.Zero);
        Wait(1000).Should().Be(Seconds(60));
        Wait(1000, at: 60).Should().Be(TimeSpan.Zero, "after the reset nothing is known");
    }

    [Fact]
    public void WaitFor_MoreThanTheLimit_NeedsAllOfIt()
    {
        Observe(remaining: 100, limit: 100, reset: 60);
        Wait(150).Should().Be(TimeSpan.Zero);

        _quota.Take(1);
        Wait(100).Should().Be(Seconds(60));
        Wait(150).Should().Be(Seconds(60));
        Wait(99).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void WaitFor_WhatWasTaken_IsMissing()
    {
        Observe(remaining: 40, limit: 100, reset: 60, unseen: 5);
        _quota.Take(5);

        Wait(30).Should().Be(TimeSpan.Zero);
        Wait(31).Should().Be(Seconds(1));
        Wait(31, at: 1).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void WaitFor_NoTimeOfReset_AsksAgainEverySecondForAMinute()
    {
        Observe(remaining: 0, limit: null, reset: null);

        Wait(1).Should().Be(Seconds(1));
        Wait(1, at: 59.9).Should().Be(Seconds(1));
        Wait(1, at: 60).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void WaitFor_LimitThatIsNotReported_WaitsForTheReset()
    {
        Observe(remaining: 3, limit: null, reset: 20);

        Wait(4).Should().Be(Seconds(20));
        Wait(4, at: 5).Should().Be(Seconds(15));
        Wait(4, at: 19.9995).Should().Be(TimeSpan.FromMilliseconds(1), "a shorter wait is none");
    }

    [Fact]
    public void Observe_LowerReport_CountsAtOnce()
    {
        Observe(remaining: 40, limit: 100, reset: 60);
        Observe(remaining: 20, limit: 100, reset: 60, at: 0.5);
        Wait(21, at: 0.5).Should().BeGreaterThan(TimeSpan.Zero);
        Wait(20, at: 0.5).Should().Be(TimeSpan.Zero);

        Observe(remaining: 20, limit: 100, reset: 60, unseen: 7, at: 0.5);
        Wait(14, at: 0.5).Should().BeGreaterThan(TimeSpan.Zero);
        Wait(13, at: 0.5).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Observe_SameReport_HasTheLaterReset()
    {
        Observe(remaining: 40, limit: null, reset: 60);
        Observe(remaining: 40, limit: null, reset: 90, at: 0.5);

        Wait(41, at: 0.5).Should().Be(Seconds(89.5));
    }

    [Fact]
    public void Observe_HigherReport_CountsHalfAndNotWithinASecond()
    {
        Observe(remaining: 40, limit: 100, reset: 60);
        _quota.Take(4);
        Observe(remaining: 90, limit: 100, reset: 60, at: 0.999);
        Wait(38, at: 0.999).Should().BeGreaterThan(TimeSpan.Zero, "other processes may use the same quota");

        Observe(remaining: 91, limit: 100, reset: 60, unseen: 10, at: 10);
        Wait(63, at: 10).Should().Be(TimeSpan.Zero, "46 were available, 81 are said to be: half of what is between, rounded up to no whole token");
        Wait(64, at: 10).Should().BeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void Observe_HigherReportAfterExactlyASecond_Counts()
    {
        Observe(remaining: 0, limit: null, reset: 60);
        Observe(remaining: 10, limit: null, reset: 60, at: 1);

        Wait(5, at: 1).Should().Be(TimeSpan.Zero);
        Wait(6, at: 1).Should().Be(Seconds(59));
    }

    [Fact]
    public void Observe_MoreTakenThanIsLeft_RisesFromZeroAtLeast()
    {
        Observe(remaining: 10, limit: null, reset: 60);
        _quota.Take(100);
        Observe(remaining: 10, limit: null, reset: 60, at: 2);

        Wait(1, at: 2).Should().Be(Seconds(58));
        Observe(remaining: 3, limit: null, reset: 60, at: 4);
        Wait(1, at: 4).Should().Be(TimeSpan.Zero, "the debt was forgotten with the report before");
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(null)]
    public void Observe_ReportWithoutALimit_KeepsTheOneBefore(long? limit)
    {
        Observe(remaining: 40, limit: 100, reset: 60);
        Observe(remaining: null, limit, reset: 30, at: 1);

        _quota.Limit.Should().Be(100);
        Wait(41, at: 0).Should().Be(Seconds(1), "it says nothing of what is left either");
        Observe(remaining: null, limit: 1, reset: 30, at: 1);
        _quota.Limit.Should().Be(1);
    }

    [Fact]
    public void Correct_RequestBeforeTheReport_ChangesNothing()
    {
        Observe(remaining: 40, limit: null, reset: 60, at: 5);
        _quota.Correct(by: 10, takenAt: Start + Seconds(4.9));
        Wait(40, at: 5).Should().Be(TimeSpan.Zero);

        _quota.Correct(by: 10, takenAt: Start + Seconds(5));
        Wait(31, at: 5).Should().Be(Seconds(55));
        _quota.Correct(by: -4, takenAt: Start + Seconds(6));
        Wait(34, at: 5).Should().Be(TimeSpan.Zero);
        Wait(35, at: 5).Should().Be(Seconds(55));
    }

    [Fact]
    public void Observe_AfterTheReset_StartsAnew()
    {
        Observe(remaining: 0, limit: 100, reset: 10);
        _quota.Take(50);
        Wait(1, at: 10).Should().Be(TimeSpan.Zero);

        Observe(remaining: 100, limit: 100, reset: 20, at: 10);
        Wait(100, at: 10).Should().Be(TimeSpan.Zero, "what was taken before the reset is not missing after it");
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private TimeSpan Wait(long amount, double at = 0) => _quota.WaitFor(amount, Start + Seconds(at));

    private void Observe(long? remaining, long? limit, double? reset, long unseen = 0, double at = 0) => _quota.Observe(
        new RateLimitWindow { Resource = "tokens", Limit = limit, Remaining = remaining, ResetAt = reset is { } seconds ? Start + Seconds(seconds) : null, ObservedAt = Start + Seconds(at), Raw = "" },
        unseen);
}
