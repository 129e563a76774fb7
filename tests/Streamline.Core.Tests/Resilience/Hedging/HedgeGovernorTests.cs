using System.Globalization;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Resilience.Hedging;

public sealed class HedgeGovernorTests
{
    [Fact]
    [Trait("Law", "8")]
    public void NoteTime_ManyNamesOfModels_KeepsABoundedNumber()
    {
        var governor = new HedgeGovernor(new HedgingOptions { MinimumRequests = 1, Percentile = 0.5 });
        for (var i = 0; i < 5000; i++)
        {
            governor.NoteTime(For(i), tokens: 100, TimeSpan.FromSeconds(3));
        }

        governor.Kinds.Should().Be(1001);
        governor.DelayOf(For(7), tokens: 100).Should().Be(TimeSpan.FromSeconds(3));
        governor.DelayOf(For(9999), tokens: 100).Should().Be(TimeSpan.FromSeconds(3), "further models share what is known");

        static StreamRequest For(int model) => new() { Messages = [], Options = new ChatOptions { ModelId = string.Create(CultureInfo.InvariantCulture, $"model-{model}") } };
    }

    [Fact]
    public void IsAllowed_RequestThatLeavesOrUsesSomethingAtTheProvider_IsNotSentTwice()
    {
        ChatOptions[] refused =
        [
            new() { ConversationId = "c" },
            new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) },
            new() { AllowBackgroundResponses = true },
            new() { RawRepresentationFactory = _ => null },
            new() { Tools = [new HostedWebSearchTool()] },
            new() { Tools = [AIFunctionFactory.Create(() => 1, "f")] },
        ];
        var governor = new HedgeGovernor(new HedgingOptions());
        foreach (var options in refused)
        {
            governor.IsAllowed(With(options)).Should().BeFalse();
        }

        governor.IsAllowed(With(null)).Should().BeTrue();
        governor.IsAllowed(With(new ChatOptions { AllowBackgroundResponses = false, Tools = [] })).Should().BeTrue();
    }

    [Fact]
    public void IsAllowed_Functions_OnlyIfTheyAreAllowed_AndNothingElseIsAmongThem()
    {
        var governor = new HedgeGovernor(new HedgingOptions { AllowFunctions = true });

        governor.IsAllowed(With(new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "f")] })).Should().BeTrue();
        governor.IsAllowed(With(new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "f"), new HostedWebSearchTool()] })).Should().BeFalse();
    }

    [Fact]
    public void DelayOf_TooFewTimes_IsNotKnown()
    {
        var governor = new HedgeGovernor(new HedgingOptions { MinimumRequests = 3, Percentile = 0.5, MinDelay = TimeSpan.FromSeconds(2) });
        governor.NoteTime(With(null), 100, TimeSpan.FromSeconds(3));
        governor.NoteTime(With(null), 100, TimeSpan.FromSeconds(3));
        governor.DelayOf(With(null), 100).Should().BeNull();
        governor.NoteTime(With(null), 100, null);
        governor.DelayOf(With(null), 100).Should().Be(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void DelayOf_ShorterThanTheLeast_IsTheLeast()
    {
        var governor = new HedgeGovernor(new HedgingOptions { MinimumRequests = 1, MinDelay = TimeSpan.FromSeconds(2) });
        governor.NoteTime(With(null), 100, TimeSpan.FromSeconds(1));

        governor.DelayOf(With(null), 100).Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void DelayOf_OnlyRequestsThatWereClosed_IsNotKnown()
    {
        var governor = new HedgeGovernor(new HedgingOptions { MinimumRequests = 1 });
        governor.NoteTime(With(null), 100, null);

        governor.DelayOf(With(null), 100).Should().BeNull();
    }

    [Fact]
    public void DelayOf_RequestsOfAnotherSize_AreOfAnotherKind()
    {
        var governor = new HedgeGovernor(new HedgingOptions { MinimumRequests = 1 });
        governor.NoteTime(With(null), 4, TimeSpan.FromSeconds(1));
        governor.NoteTime(With(null), 16, TimeSpan.FromSeconds(9));

        governor.DelayOf(With(null), 15).Should().Be(TimeSpan.FromSeconds(1));
        governor.DelayOf(With(null), 63).Should().Be(TimeSpan.FromSeconds(9));
        governor.DelayOf(With(null), 64).Should().BeNull();
        governor.DelayOf(With(null), 0).Should().BeNull();
    }

    [Fact]
    public void TryTake_Budget_IsAShareOfWhatWasSent()
    {
        var governor = new HedgeGovernor(new HedgingOptions { Budget = 0.25 });
        governor.TryTake(100).Should().BeFalse("nothing was sent yet");
        for (var i = 0; i < 4; i++)
        {
            governor.NoteEnd(100, hasFailed: false);
        }

        governor.TryTake(100).Should().BeTrue();
        governor.TryTake(1).Should().BeFalse("it is spent");
    }

    [Fact]
    public void TryTake_LongQuietTime_SavesTenRequestsAtMost()
    {
        var governor = new HedgeGovernor(new HedgingOptions { Budget = 1 });
        for (var i = 0; i < 50; i++)
        {
            governor.NoteEnd(100, hasFailed: false);
        }

        governor.TryTake(1000).Should().BeTrue();
        governor.TryTake(1).Should().BeFalse();
        governor.NoteEnd(1100, hasFailed: false);
        governor.TryTake(1100).Should().BeTrue();
        governor.NoteEnd(100_000, hasFailed: false);
        governor.TryTake(51_424).Should().BeTrue("ten times the average: 150, and a twentieth of what it grew by");
        governor.TryTake(2).Should().BeFalse();
    }

    [Fact]
    public void TryTake_LoserWroteSomething_CostsIt()
    {
        var governor = new HedgeGovernor(new HedgingOptions { Budget = 1 });
        governor.NoteEnd(100, hasFailed: false);
        governor.NoteLoser(null);
        governor.NoteLoser(new TokenUsage());
        governor.NoteLoser(new TokenUsage { OutputTokens = 40 });

        governor.TryTake(61).Should().BeFalse();
        governor.TryTake(60).Should().BeTrue();
    }

    [Fact]
    public void TryTake_ManyHaveFailed_IsRefused()
    {
        var governor = new HedgeGovernor(new HedgingOptions { Budget = 1, MaxFailureRatio = 0.25 });
        governor.NoteEnd(100, hasFailed: true);
        governor.TryTake(1).Should().BeFalse();
        for (var i = 0; i < 3; i++)
        {
            governor.NoteEnd(100, hasFailed: false);
        }

        governor.TryTake(1).Should().BeTrue("a quarter may fail");
        governor.NoteEnd(100, hasFailed: true);
        governor.TryTake(1).Should().BeFalse();
        for (var i = 0; i < 100; i++)
        {
            governor.NoteEnd(100, hasFailed: i < 25);
        }

        governor.TryTake(1).Should().BeTrue("the last hundred count");
    }

    [Fact]
    public void TryTake_LittleIsLeftOfALimit_IsRefusedUntilThereIsMore()
    {
        var governor = new HedgeGovernor(new HedgingOptions { Budget = 1, MinRemaining = 0.2 });
        governor.NoteEnd(100, hasFailed: false);
        Left(100, 19);
        governor.TryTake(1).Should().BeFalse();
        Left(100, 20);
        governor.TryTake(1).Should().BeTrue();
        Left(0, 0);
        governor.TryTake(1).Should().BeTrue("a limit of nothing is none");
        Left(100, null);
        governor.TryTake(1).Should().BeTrue();
        Left(null, 0);
        governor.TryTake(1).Should().BeTrue();

        void Left(long? limit, long? remaining) =>
            governor.NoteLimits(new RateLimitObserved { Windows = [new RateLimitWindow { Resource = "tokens", Limit = limit, Remaining = remaining, ObservedAt = DateTimeOffset.UnixEpoch, Raw = "" }] });
    }

    [Fact]
    public void TryTake_LittleIsLeftOfOneOfTheLimits_IsRefused()
    {
        var governor = new HedgeGovernor(new HedgingOptions { Budget = 1 });
        governor.NoteEnd(100, hasFailed: false);

        governor.NoteLimits(new RateLimitObserved { Windows = [Window("requests", 100), Window("tokens", 1)] });

        governor.TryTake(1).Should().BeFalse();

        static RateLimitWindow Window(string resource, long remaining) => new() { Resource = resource, Limit = 100, Remaining = remaining, ObservedAt = DateTimeOffset.UnixEpoch, Raw = "" };
    }

    [Fact]
    public void TryTake_FailureAHundredRequestsAgo_IsForgotten()
    {
        var governor = new HedgeGovernor(new HedgingOptions { Budget = 1, MaxFailureRatio = 0 });
        governor.NoteEnd(100, hasFailed: true);
        for (var i = 0; i < 99; i++)
        {
            governor.NoteEnd(100, hasFailed: false);
        }

        governor.TryTake(1).Should().BeFalse();
        governor.NoteEnd(100, hasFailed: false);
        governor.TryTake(1).Should().BeTrue();
    }

    private static StreamRequest With(ChatOptions? options) => new() { Messages = [], Options = options };
}
