namespace Streamline.Tests.Resilience.Continue;

public sealed class TokenUsageSumTests
{
    private static readonly TokenUsage One = new()
    {
        InputTokens = 1,
        OutputTokens = 2,
        TotalTokens = 4,
        CachedInputTokens = 8,
        CacheWriteTokens = 16,
        ReasoningTokens = 32,
        AdditionalCounts = new Dictionary<string, long> { ["a"] = 64, ["b"] = 128 },
    };

    [Fact]
    public void Of_EveryCount_IsAdded()
    {
        var other = new TokenUsage
        {
            InputTokens = 100,
            OutputTokens = 200,
            TotalTokens = 300,
            CachedInputTokens = 400,
            CacheWriteTokens = 500,
            ReasoningTokens = 600,
            AdditionalCounts = new Dictionary<string, long> { ["b"] = 700, ["c"] = 800 },
        };

        TokenUsageSum.Of(One, other).Should().Be(new TokenUsage
        {
            InputTokens = 101,
            OutputTokens = 202,
            TotalTokens = 304,
            CachedInputTokens = 408,
            CacheWriteTokens = 516,
            ReasoningTokens = 632,
            AdditionalCounts = new Dictionary<string, long> { ["a"] = 64, ["b"] = 828, ["c"] = 800 },
        });
        One.AdditionalCounts!["b"].Should().Be(128, "what was reported is not changed");
    }

    [Fact]
    public void Of_OnlyOneIsKnown_IsThatOne()
    {
        TokenUsageSum.Of(null, null).Should().BeNull();
        TokenUsageSum.Of(One, null).Should().BeSameAs(One);
        TokenUsageSum.Of(null, One).Should().BeSameAs(One);
        TokenUsageSum.Of(One, new TokenUsage()).Should().Be(One);
        TokenUsageSum.Of(new TokenUsage(), One).Should().Be(One);
        TokenUsageSum.Of(new TokenUsage(), new TokenUsage()).Should().Be(new TokenUsage());
    }

    [Fact]
    public void Of_TotalThatWasNotReported_IsInputAndOutput()
    {
        TokenUsageSum.Of(new TokenUsage { InputTokens = 1, OutputTokens = 2 }, new TokenUsage { TotalTokens = 10 })!.TotalTokens.Should().Be(13);
        TokenUsageSum.Of(new TokenUsage { InputTokens = 1 }, new TokenUsage { TotalTokens = 10 })!.TotalTokens.Should().Be(10);
    }
}
