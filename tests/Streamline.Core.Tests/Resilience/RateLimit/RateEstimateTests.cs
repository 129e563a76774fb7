using Microsoft.Extensions.AI;

namespace Streamline.Tests.Resilience.RateLimit;

/// <summary>What is learned from the requests before: their tokens, their number, and the time to their first event.</summary>
public sealed class RateEstimateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void RecentValues_High_IsTheValueThat95Of100DoNotExceed()
    {
        var values = new RecentValues();
        values.High.Should().BeNull();
        values.Add(7);
        values.High.Should().Be(7);

        for (var i = 64; i >= 1; i--)
        {
            values.Add(i);
        }

        values.High.Should().Be(61);
        values.Add(100);
        values.High.Should().Be(61, "the 64 before it is forgotten");
        values.Add(100);
        values.Add(100);
        values.High.Should().Be(61);
        values.Add(100);
        values.High.Should().Be(100);
    }

    [Fact]
    public void SlowStart_BeginsAtHalfTheRateOfTheLastTenSeconds_AndGrowsByHalfEveryTen()
    {
        var slow = new SlowStart();
        slow.Note(At(-11));
        for (var i = 0; i < 40; i++)
        {
            slow.Note(At(i < 20 ? -10 : 0));
        }

        slow.WaitFor(At(0)).Should().Be(TimeSpan.Zero, "it has not begun");
        slow.Begin(At(0));
        slow.WaitFor(At(0)).TotalSeconds.Should().BeApproximately(0.5, 1e-6);
        slow.WaitFor(At(0.25)).TotalSeconds.Should().BeApproximately((1 / (2 * Math.Pow(1.5, 0.025))) - 0.25, 1e-6);
        slow.Note(At(10));
        slow.WaitFor(At(10)).TotalSeconds.Should().BeApproximately(1 / 3d, 1e-6);
        slow.Note(At(51));
        slow.WaitFor(At(51)).Should().BeGreaterThan(TimeSpan.Zero);
        slow.Note(At(52));
        slow.WaitFor(At(52)).Should().Be(TimeSpan.Zero, "it has grown eightfold");
        slow.WaitFor(At(51)).Should().Be(TimeSpan.Zero, "it is over");
    }

    [Fact]
    public void SlowStart_NothingSentBefore_BeginsAtOneInTenSeconds()
    {
        var slow = new SlowStart();
        slow.Note(At(0));
        slow.Begin(At(20));

        slow.Note(At(20));
        slow.WaitFor(At(20)).Should().Be(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void SlowStart_WhatWasSentLongBefore_DoesNotCount()
    {
        var slow = new SlowStart();
        for (var i = 0; i < 20; i++)
        {
            slow.Note(At(0));
        }

        slow.Begin(At(10.001));
        slow.WaitFor(At(10.001)).TotalSeconds.Should().BeLessThanOrEqualTo(0, "the last one was so long ago");
        slow.WaitFor(At(1)).TotalSeconds.Should().BeGreaterThan(5, "one in ten seconds");
    }

    [Fact]
    [Trait("Law", "8")]
    public void SlowStart_MoreThanIsKept_CountsAsTenThousand()
    {
        var slow = new SlowStart();
        for (var i = 0; i < 20_000; i++)
        {
            slow.Note(At(0));
        }

        slow.Begin(At(0));

        slow.WaitFor(At(0)).Should().Be(TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public void ConcurrencyLimit_NotAdaptive_StaysAsItIs()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { MaxConcurrency = 50 });
        limit.Note(TimeSpan.FromSeconds(1), 0, open: 50);
        limit.Note(TimeSpan.FromSeconds(100), 0, open: 50);

        limit.Current.Should().Be(50);
        new ConcurrencyLimit(new RateLimitOptions()).Current.Should().Be(int.MaxValue);
    }

    [Fact]
    public void ConcurrencyLimit_Adaptive_RisesWhileTheTimeStays_AndFallsAsItGrows()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true });
        limit.Current.Should().Be(20);

        // The same time for every thousand tokens: 20 + a fifth of 4 each time.
        Note(limit, [1, 1, 1, 1, 1]).Should().Equal(20, 21, 22, 23, 24);

        // Four times as long: the average is 1.5 after the first of them, so that the limit goes towards 1.5 × 1.5 / 4 of it, and so on.
        Note(limit, [4, 4, 4]).Should().Equal(22, 22, 22);

        // Short again: the gradient is 1.
        Note(limit, [1, 1]).Should().Equal(22, 23);
    }

    [Fact]
    public void ConcurrencyLimit_LongPrompts_MayTakeLonger()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true });
        for (var i = 0; i < 30; i++)
        {
            limit.Note(TimeSpan.FromSeconds(2), inputTokens: 1000, open: limit.Current);
            limit.Note(TimeSpan.FromSeconds(4), inputTokens: 3000, open: limit.Current);
        }

        limit.Current.Should().Be(68, "the same time for every thousand tokens");
        limit.Note(TimeSpan.FromSeconds(1), inputTokens: 0, open: limit.Current);
        limit.Note(TimeSpan.FromSeconds(1), inputTokens: 0, open: limit.Current);
        limit.Current.Should().Be(69);
    }

    [Fact]
    public void ConcurrencyLimit_NoMostIsSet_RisesToTwoHundred()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true });

        Note(limit, [.. Enumerable.Repeat(1d, 300)])[^1].Should().Be(200);
    }

    [Fact]
    public void ConcurrencyLimit_AfterALongTimeOfLoad_ForgetsIt()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true });
        Note(limit, [.. Enumerable.Repeat(10d, 20), .. Enumerable.Repeat(1d, 60)]);
        var before = limit.Current;

        Note(limit, [.. Enumerable.Repeat(4d, 5)])[^1].Should().BeLessThan(before, "what was usual under load is not any more");
    }

    [Fact]
    public void ConcurrencyLimit_TimeThatStaysLonger_IsUsualAfterAFewHundredRequests()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true });
        Note(limit, [.. Enumerable.Repeat(1d, 1000)]);
        var current = Note(limit, [.. Enumerable.Repeat(3d, 251)]);

        current[120].Should().Be(18);
        current[250].Should().BeInRange(80, 90);
    }

    [Fact]
    public void ConcurrencyLimit_FewAreOpen_SaysNothing()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true });
        for (var i = 0; i < 10; i++)
        {
            limit.Note(TimeSpan.FromSeconds(1), 0, open: 9);
        }

        limit.Current.Should().Be(20);
        limit.Note(TimeSpan.FromSeconds(1), 0, open: 10);
        limit.Note(TimeSpan.FromSeconds(1), 0, open: 11);
        limit.Current.Should().Be(21, "half of the limit is enough");
    }

    [Fact]
    public void ConcurrencyLimit_Adaptive_StaysWithinOneAndTheMost()
    {
        var limit = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true, MaxConcurrency = 22 });
        Note(limit, Enumerable.Repeat(0d, 20).ToArray())[^1].Should().Be(22);
        var least = new ConcurrencyLimit(new RateLimitOptions { AdaptiveConcurrency = true, MaxConcurrency = 3 });
        least.Current.Should().Be(3);
        Note(least, Enumerable.Range(0, 60).Select(i => Math.Pow(3, i % 30)).ToArray()).Should().OnlyContain(current => current >= 1 && current <= 3);
    }

    [Fact]
    public void TokenEstimator_Input_IsRatherTooHighAndLearns()
    {
        var estimator = new TokenEstimator(new RateLimitOptions());
        var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.User, new string('x', 4000))] };
        var (tokens, raw) = estimator.EstimateInput(request);
        tokens.Should().Be((long)Math.Ceiling(raw * 1.4), "1, and twice a deviation of a fifth");

        estimator.Learn(100, 200, null);
        Ratio().Should().BeApproximately(2.36, 0.01, "what one request was, and a deviation of 0.2 + 0.16");
        estimator.Learn(100, 100, null);
        Ratio().Should().BeApproximately(2 + 0.328, 0.01);
        estimator.Learn(100, 0, null);
        estimator.Learn(100, null, null);
        estimator.Learn(0, 100, null);
        Ratio().Should().BeApproximately(2 + 0.328, 0.01, "nothing was counted");
        estimator.EstimateInput(new StreamRequest { Messages = [] }).Tokens.Should().Be(1);

        double Ratio() => estimator.EstimateInput(request).Tokens / raw;
    }

    [Theory]
    [InlineData(1_000_000, 10 + 0.2 + (0.2 * 8.8))]
    [InlineData(1, 0.82 + 0.34 + 0.34)]
    public void TokenEstimator_CountThatCannotBe_ChangesLittle(long counted, double expected)
    {
        var estimator = new TokenEstimator(new RateLimitOptions());
        var request = new StreamRequest { Messages = [new ChatMessage(ChatRole.User, new string('x', 40_000))] };
        estimator.Learn(1000, counted, null);

        var (tokens, raw) = estimator.EstimateInput(request);
        (tokens / raw).Should().BeApproximately(expected, 0.01);
    }

    [Fact]
    public void TokenEstimator_Output_IsWhatOthersUsedAndAFifthMore()
    {
        var estimator = new TokenEstimator(new RateLimitOptions { ExpectedOutputTokens = 500 });
        estimator.EstimateOutput(With(null)).Should().Be(500);
        estimator.EstimateOutput(With(499)).Should().Be(499);
        estimator.EstimateOutput(With(501)).Should().Be(500);

        estimator.Learn(1, 1, 101);
        estimator.EstimateOutput(With(null)).Should().Be(122);
        estimator.EstimateOutput(With(50)).Should().Be(50);
        estimator.EstimateOutput(With(0)).Should().Be(1);
        new TokenEstimator(new RateLimitOptions { ReservesMaxOutputTokens = true }).EstimateOutput(With(9000)).Should().Be(9000);
        new TokenEstimator(new RateLimitOptions { ReservesMaxOutputTokens = true }).EstimateOutput(With(null)).Should().Be(1024);

        static StreamRequest With(int? most) => new() { Messages = [], Options = new ChatOptions { MaxOutputTokens = most } };
    }

    private static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    // With a thousand input tokens, twice the time counts as much as half of it.
    private static List<int> Note(ConcurrencyLimit limit, double[] seconds)
    {
        var current = new List<int>();
        foreach (var time in seconds)
        {
            limit.Note(TimeSpan.FromSeconds(Math.Min(2 * time, 1e9)), inputTokens: 1000, open: limit.Current);
            current.Add(limit.Current);
        }

        return current;
    }
}
