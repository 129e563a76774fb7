using Limit = Streamline.Resilience.RateLimit;

namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>What the requests of one key have used, and what a refusal leaves.</summary>
public sealed class RateLimitLedgerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RateLimitLedger _ledger = new();

    [Theory]
    [InlineData("requests", 1)]
    [InlineData("input-tokens", 30)]
    [InlineData("output-tokens", 4)]
    [InlineData("tokens", 34)]
    [InlineData("project-tokens", 34)]
    public void AmountOf_Resource_IsWhatARequestUsesOfIt(string resource, long expected) => RateLimitLedger.AmountOf(resource, input: 30, output: 4).Should().Be(expected);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1_000_000_000, 1_000_000_000)]
    [InlineData(1_000_000_001, 1_000_000_000)]
    public void Plausible_Count_IsWithinWhatIsPossible(long tokens, long expected) => RateLimitLedger.Plausible(tokens).Should().Be(expected);

    [Fact]
    public void WaitFor_SeveralLimits_IsTheLongestWait()
    {
        var demand = Demand(10, 10, new Limit("requests", 1), new Limit("tokens", 20, TimeSpan.FromHours(1)), new Limit("input-tokens", 10, TimeSpan.FromSeconds(1)));
        Wait(demand).Should().Be((TimeSpan.Zero, null));
        _ledger.Reserve("1", demand, Start);
        _ledger.Report(new RateLimitReport { ReservationId = "1", HasEnded = true }, Start);

        Wait(demand).Should().Be((TimeSpan.FromHours(1) + TimeSpan.FromTicks(1), "tokens"));
    }

    [Fact]
    public void Report_Pause_HoldsAllBackAndThenLetsOneTry()
    {
        Pause(10);
        Wait(Demand(1, 1), at: 4).Should().Be((Seconds(6), "retry-after"));
        Wait(Demand(1, 1), at: 10).Resource.Should().BeNull();
        _ledger.Reserve("probe", Demand(1, 1), At(10));
        Wait(Demand(1, 1), at: 10).Should().Be((TimeSpan.FromMilliseconds(500), "probe"));

        _ledger.Report(new RateLimitReport { ReservationId = "other", HasBegun = true, HasEnded = true }, At(11));
        Wait(Demand(1, 1), at: 11).Resource.Should().Be("probe", "that says nothing of the one that tries");
        _ledger.Report(new RateLimitReport { ReservationId = "probe" }, At(11));
        Wait(Demand(1, 1), at: 11).Resource.Should().Be("probe", "it has not begun");
        _ledger.Report(new RateLimitReport { ReservationId = "probe", HasBegun = true }, At(11));
        Wait(Demand(1, 1), at: 11).Resource.Should().BeNull();
        _ledger.Reserve("next", Demand(1, 1), At(11));
        Wait(Demand(1, 1), at: 11).Resource.Should().BeNull("nobody has to try any more");
    }

    [Fact]
    public void Report_TheOneThatTriesEndsBeforeItTells_AnotherOneHasTo()
    {
        Pause(10);
        _ledger.Reserve("probe", Demand(1, 1), At(10));
        _ledger.Report(new RateLimitReport { ReservationId = "probe", HasEnded = true }, At(11));

        Wait(Demand(1, 1), at: 11).Resource.Should().BeNull();
        _ledger.Reserve("second", Demand(1, 1), At(11));
        Wait(Demand(1, 1), at: 11).Resource.Should().Be("probe");
    }

    [Fact]
    public void Report_TheOneThatTriesIsRefused_AllWaitAgain()
    {
        Pause(10);
        _ledger.Reserve("probe", Demand(1, 1), At(10));
        _ledger.Report(new RateLimitReport { ReservationId = "probe", HasEnded = true, Pause = Seconds(5) }, At(10));

        Wait(Demand(1, 1), at: 10).Should().Be((Seconds(5), "retry-after"));
        Wait(Demand(1, 1), at: 15).Resource.Should().BeNull("and another one tries");
    }

    [Fact]
    public void Report_SeveralPauses_TheLatestEndCounts()
    {
        Pause(10);
        Pause(2);
        Wait(Demand(1, 1)).Wait.Should().Be(Seconds(10));
        Pause(20);
        Wait(Demand(1, 1)).Wait.Should().Be(Seconds(20));
    }

    [Fact]
    public void Report_RefusalBecauseOfGrowth_StartsSlowlyAfterThePause()
    {
        for (var i = 0; i < 10; i++)
        {
            _ledger.Reserve($"{i}", Demand(1, 1), Start);
        }

        Pause(1, isAcceleration: true);

        Wait(Demand(1, 1), at: 1).Should().BeEquivalentTo((Seconds((2 / Math.Pow(1.5, 0.1)) - 1), "slow-start"));
        Wait(Demand(1, 1), at: 2).Resource.Should().BeNull();
        _ledger.Reserve("probe", Demand(1, 1), At(2));
        _ledger.Report(new RateLimitReport { ReservationId = "probe", HasBegun = true }, At(2));
        Wait(Demand(1, 1), at: 2).Resource.Should().Be("slow-start", "each request counts");
    }

    [Fact]
    public void Report_OtherRefusal_DoesNotStartSlowly()
    {
        _ledger.Reserve("1", Demand(1, 1), Start);
        Pause(1);

        Wait(Demand(1, 1), at: 1).Resource.Should().BeNull();
    }

    [Fact]
    public void Report_Begun_CountsTheInputFromThenOnAndTheOutputFromTheEndOn()
    {
        var demand = Demand(30, 40, new Limit("tokens", 100));
        Wait(demand);
        _ledger.Reserve("1", demand, Start);
        _ledger.Report(new RateLimitReport { ReservationId = "1", HasBegun = true }, At(10));
        _ledger.Report(new RateLimitReport { ReservationId = "1", HasBegun = true }, At(15));
        _ledger.Report(new RateLimitReport { ReservationId = "1", HasBegun = true, HasEnded = true, OutputTokens = 10 }, At(20));

        Wait(demand with { InputTokens = 60, OutputTokens = 0 }, at: 21).Wait.Should().Be(TimeSpan.Zero);
        Wait(demand with { InputTokens = 61, OutputTokens = 0 }, at: 21).Wait.Should().Be(Seconds(49) + TimeSpan.FromTicks(1), "the input leaves the window first");
        Wait(demand with { InputTokens = 91, OutputTokens = 0 }, at: 71).Wait.Should().Be(Seconds(9) + TimeSpan.FromTicks(1));
        Wait(demand with { InputTokens = 100, OutputTokens = 0 }, at: 81).Wait.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public void Report_CountsBeforeTheEnd_CorrectWhatIsReserved()
    {
        var demand = Demand(30, 40, new Limit("input-tokens", 100), new Limit("output-tokens", 100));
        Wait(demand);
        _ledger.Reserve("1", demand, Start);
        _ledger.Report(new RateLimitReport { ReservationId = "1", InputTokens = 50, OutputTokens = 70 }, Start);
        Room("input-tokens").Should().Be(50);
        Room("output-tokens").Should().Be(30);

        _ledger.Report(new RateLimitReport { ReservationId = "1", HasBegun = true, InputTokens = 20 }, Start);
        Room("input-tokens").Should().Be(80);
        _ledger.Report(new RateLimitReport { ReservationId = "1", HasBegun = true, HasEnded = true, InputTokens = 10, OutputTokens = 5 }, Start);
        Room("input-tokens").Should().Be(90);
        Room("output-tokens").Should().Be(95);
        _ledger.Report(new RateLimitReport { ReservationId = "1", HasEnded = true, InputTokens = 100, OutputTokens = 100 }, Start);
        Room("input-tokens").Should().Be(90, "it has ended");

        long Room(string resource) => Enumerable.Range(1, 100).TakeWhile(amount =>
            Wait(demand with { InputTokens = resource == "input-tokens" ? amount : 0, OutputTokens = resource == "output-tokens" ? amount : 0 }).Resource is null).LastOrDefault();
    }

    [Fact]
    public void Report_LimitThatBecomesKnownLater_CountsWhatIsOpen()
    {
        var demand = Demand(30, 40);
        _ledger.Reserve("waiting", demand, Start);
        _ledger.Reserve("begun", Demand(5, 6), Start);
        _ledger.Report(new RateLimitReport { ReservationId = "begun", HasBegun = true }, Start);

        // 70 of the first one, and the 6 that the second one may still write.
        var limited = demand with { Limits = [new Limit("tokens", 200)] };
        Wait(limited with { InputTokens = 124, OutputTokens = 0 }).Resource.Should().BeNull();
        Wait(limited with { InputTokens = 125, OutputTokens = 0 }).Resource.Should().Be("tokens");
    }

    [Theory]
    [InlineData("requests", 1, true)]
    [InlineData("tokens", 70, true)]
    [InlineData("input-tokens", 30, true)]
    [InlineData("output-tokens", 40, true)]
    [InlineData("project-tokens", 70, true)]
    [InlineData("priority-tokens", 70, false)]
    public void Report_WindowOfTheProvider_CountsWhatItHasNotSeen(string resource, long unseen, bool counts)
    {
        var demand = Demand(30, 40);
        _ledger.Reserve("waiting", demand, Start);
        _ledger.Reserve("begun", Demand(5, 6), Start);
        _ledger.Reserve("second", Demand(5, 6), Start);
        _ledger.Report(new RateLimitReport { ReservationId = "begun", HasBegun = true }, Start);
        _ledger.Report(new RateLimitReport { ReservationId = "second", HasBegun = true }, Start);

        Observe(remaining: unseen + RateLimitLedger.AmountOf(resource, 30, 40));
        Wait(demand).Resource.Should().BeNull();
        Observe(remaining: unseen + RateLimitLedger.AmountOf(resource, 30, 40) - 1);
        Wait(demand).Resource.Should().Be(counts ? resource : null);

        void Observe(long remaining) => _ledger.Report(
            new RateLimitReport { ReservationId = "none", Windows = [new RateLimitWindow { Resource = resource, Limit = null, Remaining = remaining, ResetAt = At(60), ObservedAt = Start, Raw = "" }] }, Start);
    }

    private static RateLimitDemand Demand(long input, long output, params Limit[] limits) => new() { InputTokens = input, OutputTokens = output, Limits = limits, Burst = TimeSpan.FromHours(1) };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static DateTimeOffset At(double seconds) => Start + Seconds(seconds);

    private void Pause(double seconds, bool isAcceleration = false) => _ledger.Report(new RateLimitReport { ReservationId = "none", Pause = Seconds(seconds), IsAcceleration = isAcceleration }, Start);

    private (TimeSpan Wait, string? Resource) Wait(RateLimitDemand demand, double at = 0) => _ledger.WaitFor(demand, At(at));
}
