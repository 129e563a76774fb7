using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.Failover;

/// <summary>How long a client is left alone.</summary>
[Trait("Law", "12")]
public sealed class ClientBreakerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly FailoverOptions _options = new()
    {
        MinimumRequests = 4,
        FailureRatio = 0.5,
        SamplingWindow = TimeSpan.FromSeconds(30),
        Cooldown = TimeSpan.FromSeconds(10),
        MaxCooldown = TimeSpan.FromSeconds(35),
        DownCooldown = TimeSpan.FromSeconds(100),
        NextRandom = () => 0.5,
    };

    private readonly SteadyClock _clock;
    private readonly ClientBreaker _breaker;

    public ClientBreakerTests()
    {
        _clock = new SteadyClock(_time);
        _breaker = new ClientBreaker(_options, _clock);
    }

    [Fact]
    public void Fail_FewerThanCount_LeavesItAlone_OnlyOnceEnoughHaveFailed()
    {
        _breaker.Succeed();
        _breaker.Succeed();
        Fail();
        Cooldown().Should().BeNull("one of three");
        Fail();
        Cooldown().Should().Be(10, "two of four");
    }

    [Fact]
    public void Fail_LessThanTheRatio_DoesNotLeaveItAlone()
    {
        for (var i = 0; i < 3; i++)
        {
            _breaker.Succeed();
        }

        Fail();
        Fail();
        Cooldown().Should().BeNull("two of five are less than half");
        Fail();
        Cooldown().Should().Be(10);
    }

    [Fact]
    public void Fail_RequestsBeforeTheWindow_DoNotCount()
    {
        Fail();
        Fail();
        Fail();
        Advance(30);
        Fail();
        Cooldown().Should().Be(10, "all four are within the window");

        var breaker = new ClientBreaker(_options, _clock);
        breaker.Fail(0, FailureKind.Transient, null);
        Advance(30.001);
        for (var i = 0; i < 3; i++)
        {
            breaker.Fail(0, FailureKind.Transient, null);
        }

        breaker.OpenUntil.Should().Be(DateTimeOffset.MinValue);
    }

    [Theory]
    [InlineData(0.0, 9.0)]
    [InlineData(1.0, 11.0)]
    public void Fail_ManyClients_AreNotProbedTogether(double random, double expected)
    {
        _options.NextRandom = () => random;
        Trip();

        Cooldown().Should().BeApproximately(expected, 1e-6);
    }

    [Fact]
    public void TryEnter_WhileItIsLeftAlone_OnlyTheLastResortAndThenOneProbe()
    {
        Trip();
        _breaker.TryEnter(isLastResort: false, out _).Should().BeFalse();
        _breaker.TryEnter(isLastResort: true, out var none).Should().BeTrue();
        none.Should().Be(0);

        Advance(10);
        _breaker.TryEnter(isLastResort: false, out var probe).Should().BeTrue();
        probe.Should().Be(1);
        _breaker.TryEnter(isLastResort: false, out none).Should().BeFalse("one request probes it");
        none.Should().Be(0);

        _breaker.Abandon(probe);
        _breaker.TryEnter(isLastResort: false, out probe).Should().BeTrue("the probe said nothing");
        probe.Should().Be(2);
    }

    [Fact]
    public void Fail_Probe_DoublesTheTimeUpToItsBound()
    {
        Trip();
        double[] expected = [20, 35, 35];
        foreach (var seconds in expected)
        {
            Advance(40);
            _breaker.TryEnter(isLastResort: false, out var probe).Should().BeTrue();
            _breaker.Fail(probe, FailureKind.Transient, null);
            Cooldown().Should().Be(seconds);
        }
    }

    [Fact]
    public void Fail_BoundBelowTheFirstTime_IsTheFirstTime()
    {
        _options.MaxCooldown = TimeSpan.FromSeconds(1);
        Trip();

        Cooldown().Should().Be(10);
    }

    [Fact]
    public void Fail_RequestsFromBefore_DoNotMakeTheTimeLonger()
    {
        Trip();
        Advance(5);
        Fail();
        Fail();

        Cooldown().Should().Be(5);
    }

    [Fact]
    public void Fail_AProbeOfBefore_IsNoneAnyMore()
    {
        Trip();
        Advance(10);
        _breaker.TryEnter(isLastResort: false, out var first);
        _breaker.Abandon(first);
        _breaker.TryEnter(isLastResort: false, out _);
        _breaker.Fail(first, FailureKind.Transient, null);
        Cooldown().Should().Be(0, "its time is over, and the other probe decides");
        _breaker.TryEnter(isLastResort: false, out _).Should().BeFalse("the other probe is under way");
    }

    [Fact]
    public void Answer_AfterAProbe_StartsAnew()
    {
        Trip();
        Advance(10);
        _breaker.TryEnter(isLastResort: false, out _);
        _breaker.Answer();
        _breaker.TryEnter(isLastResort: false, out var probe).Should().BeTrue();
        probe.Should().Be(0, "it is no longer left alone");
        _breaker.Succeed();
        Fail();
        Fail();
        Cooldown().Should().BeNull("the failures of before are forgotten");
        Fail();
        Cooldown().Should().Be(10, "nor is the time longer");
    }

    [Fact]
    public void Answer_WhileItIsWell_ForgetsNothing()
    {
        Fail();
        Fail();
        Fail();
        _breaker.Answer();
        Fail();

        Cooldown().Should().Be(10);
    }

    [Fact]
    public void Fail_LastingFailure_LeavesItAloneAtOnce()
    {
        _breaker.Fail(0, FailureKind.Down, null);
        Cooldown().Should().Be(100);
        _breaker.Fail(0, FailureKind.Down, TimeSpan.FromSeconds(99));
        Cooldown().Should().Be(100);
        _breaker.Fail(0, FailureKind.Down, TimeSpan.FromSeconds(101));
        Cooldown().Should().Be(101);
    }

    [Fact]
    public void Fail_ProviderAsksForATime_LeavesItAloneAsLong_AndNeverShorterThanBefore()
    {
        _breaker.Fail(0, FailureKind.Transient, TimeSpan.FromSeconds(7));
        Cooldown().Should().Be(7, "one failure is enough if it says so");
        _breaker.Fail(0, FailureKind.Transient, TimeSpan.FromSeconds(3));
        Cooldown().Should().Be(7);
        _breaker.Fail(0, FailureKind.Transient, TimeSpan.FromSeconds(8));
        Cooldown().Should().Be(8);
    }

    [Theory]
    [InlineData(FailureKind.Request)]
    [InlineData(FailureKind.ContextLength)]
    [InlineData(FailureKind.Other)]
    public void Fail_RequestWasWrong_SaysNothingOfTheClient(FailureKind kind)
    {
        for (var i = 0; i < 10; i++)
        {
            _breaker.Fail(0, kind, TimeSpan.FromSeconds(1));
        }

        Cooldown().Should().BeNull();
        Trip();
        Advance(10);
        _breaker.TryEnter(isLastResort: false, out var probe);
        _breaker.Fail(probe, kind, null);
        _breaker.TryEnter(isLastResort: false, out _).Should().BeTrue("another request has to probe it");
    }

    [Fact]
    [Trait("Law", "8")]
    public void Note_MoreRequestsThanAreKept_ForgetsTheOldest()
    {
        for (var i = 0; i < 500; i++)
        {
            Fail();
        }

        _breaker.Answer();
        for (var i = 0; i < 1000; i++)
        {
            _breaker.Succeed();
        }

        for (var i = 0; i < 499; i++)
        {
            Fail();
        }

        Cooldown().Should().BeNull();
        Fail();
        Cooldown().Should().Be(10, "500 of the last 1,000");
    }

    private void Trip()
    {
        for (var i = 0; i < 4; i++)
        {
            Fail();
        }
    }

    private void Fail() => _breaker.Fail(0, FailureKind.Transient, null);

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    private double? Cooldown() => _breaker.OpenUntil == DateTimeOffset.MinValue ? null : (_breaker.OpenUntil - _clock.Now).TotalSeconds;
}
