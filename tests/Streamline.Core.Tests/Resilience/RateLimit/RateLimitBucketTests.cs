namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>The sliding window and the pace of one limit.</summary>
public sealed class RateLimitBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly RateLimitBucket _bucket = new();

    [Fact]
    public void WaitFor_NoLimit_IsZero()
    {
        _bucket.Reserve(1_000_000, Start);

        Wait(1_000_000).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void WaitFor_AheadOfThePace_WaitsForIt()
    {
        Configure(100);
        _bucket.Reserve(60, Start);

        Wait(40, burst: 0).Should().Be(Seconds(36));
        Wait(40, burst: 35).Should().Be(Seconds(1));
        Wait(40, burst: 36).Should().Be(TimeSpan.Zero);
        Wait(40, burst: 0, at: 30).Should().Be(Seconds(6));
    }

    [Fact]
    public void WaitFor_WindowIsFull_WaitsUntilTheOldestLeaves()
    {
        Configure(100);
        _bucket.Reserve(60, Start);
        Wait(41).Should().Be(TimeSpan.FromMilliseconds(250), "nobody knows when what is under way will be counted");
        Wait(40).Should().Be(TimeSpan.Zero);

        _bucket.Count(60, Start + Seconds(5));
        Wait(41, at: 6).Should().Be(Seconds(59) + TimeSpan.FromTicks(1));
        Wait(40, at: 6).Should().Be(TimeSpan.Zero);
        Wait(100, at: 65).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void WaitFor_MoreThanTheLimit_IsSentAlone()
    {
        Configure(100);
        Wait(1000).Should().Be(TimeSpan.Zero);

        _bucket.Reserve(1000, Start);
        Wait(1).Should().Be(TimeSpan.FromMilliseconds(250));
        _bucket.Correct(1000, 1, Start, Start);
        Wait(1000).Should().Be(TimeSpan.FromMilliseconds(250));
        Wait(99).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Reserve_MoreThanTheLimit_SetsThePaceBackByAPeriodAtMost()
    {
        Configure(100);
        _bucket.Reserve(1000, Start);
        _bucket.Reserve(1000, Start);
        _bucket.Correct(2000, 0, Start, Start);
        _bucket.Reserve(10, Start);
        _bucket.Correct(10, 0, Start, Start);

        Wait(1, burst: 0).Should().Be(TimeSpan.Zero, "a corrected reservation gives its time back");
        _bucket.Reserve(100, Start);
        _bucket.Reserve(100, Start);
        _bucket.Count(200, Start - Minute);
        Wait(1, burst: 0).Should().Be(Minute);
    }

    [Fact]
    public void Reserve_AfterAPause_PacesFromNowOn()
    {
        Configure(100);
        _bucket.Reserve(10, Start);
        _bucket.Reserve(10, Start + Seconds(30));

        Wait(1, burst: 0, at: 30).Should().Be(Seconds(6), "what was not used is not saved up");
    }

    [Fact]
    public void Correct_WhatIsUnderWay_ChangesTheWindowAndThePace()
    {
        Configure(100);
        _bucket.Reserve(60, Start);
        _bucket.Correct(60, 80, Start, Start);
        Wait(21).Should().BeGreaterThan(TimeSpan.Zero);
        Wait(20, burst: 0).Should().Be(Seconds(48));

        _bucket.Correct(80, 10, Start, Start);
        Wait(90, burst: 6).Should().Be(TimeSpan.Zero);
        Wait(90, burst: 5).Should().Be(Seconds(1));
    }

    [Fact]
    public void CorrectCounted_WhileItIsInTheWindow_Counts()
    {
        Configure(100);
        _bucket.Reserve(90, Start);
        _bucket.Count(90, Start);
        _bucket.CorrectCounted(90, 20, Start, Start, Start + Seconds(1));
        Wait(80, at: 1).Should().Be(TimeSpan.Zero);
        Wait(81, at: 1).Should().Be(Seconds(59) + TimeSpan.FromTicks(1));
        Wait(1, burst: 0, at: 1).Should().Be(Seconds(11));

        _bucket.CorrectCounted(20, 90, Start, Start, Start + Minute);
        Wait(100, burst: 0, at: 60).Should().Be(TimeSpan.Zero, "it has left the window");
    }

    [Fact]
    public void CorrectCounted_AfterItHasLeftTheWindow_SaysNothingOfThePace()
    {
        Configure(100);
        _bucket.Reserve(10, Start);
        _bucket.Count(10, Start);
        _bucket.Reserve(50, Start);

        _bucket.CorrectCounted(10, 100, Start, Start, Start + Minute);

        Wait(50, burst: 0, at: 60).Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Join_WhatWasUnderWayBefore_IsInTheWindow()
    {
        Configure(100);
        _bucket.Join(30);

        Wait(70).Should().Be(TimeSpan.Zero);
        Wait(71).Should().BeGreaterThan(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(200, 100)]
    [InlineData(null, 100)]
    public void WaitFor_LimitThatIsReported_CountsWhenItIsLower(int? reported, long expected)
    {
        Configure(100);
        Observe(limit: reported, remaining: null);
        _bucket.Join(1);

        Wait(expected - 1).Should().Be(TimeSpan.Zero);
        Wait(expected).Should().BeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void WaitFor_LimitThatOnlyTheProviderKnows_Counts()
    {
        Observe(limit: 10, remaining: null);
        _bucket.Join(1);

        Wait(10).Should().BeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void WaitFor_WhatTheProviderHasLeft_CountsToo()
    {
        Configure(100);
        Observe(limit: null, remaining: 10);
        _bucket.Reserve(4, Start);
        Wait(7).Should().Be(Seconds(60));
        Wait(6).Should().Be(TimeSpan.Zero);

        _bucket.Correct(4, 1, Start, Start);
        Wait(9).Should().Be(TimeSpan.Zero);
        Wait(10).Should().Be(Seconds(60));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private TimeSpan Wait(long amount, double burst = 3600, double at = 0) => _bucket.WaitFor(amount, Seconds(burst), Start + Seconds(at));

    private void Configure(long limit) => _bucket.Configure(new Streamline.Resilience.RateLimit("tokens", limit, Minute));

    private void Observe(long? limit, long? remaining) =>
        _bucket.Observe(new RateLimitWindow { Resource = "tokens", Limit = limit, Remaining = remaining, ResetAt = Start + Minute, ObservedAt = Start, Raw = "" }, unseen: 0);
}
