using Streamline.TestSupport;

namespace Streamline.Tools.Tests;

[Trait("Law", "8")]
public sealed class ToolLoopOptionsTests
{
    [Fact]
    public void Defaults_AreAsDocumented()
    {
        var options = new ToolLoopOptions();
        options.MaxRounds.Should().Be(32);
        options.MaxCallsPerRound.Should().Be(128);
        options.MaxConcurrency.Should().Be(8);
        options.MaxResultBytes.Should().Be(8 << 20);
        options.MaxPendingProgress.Should().Be(64);
        options.DefaultTimeout.Should().Be(TimeSpan.FromMinutes(2));
        options.IncludeExceptionDetails.Should().BeFalse();
        options.TimeProvider.Should().BeNull("the clock is that of the pipeline");
        options.Services.Should().BeNull();
        options.OnToolFailure.Should().BeNull();
        options.AtMaxRounds.Should().Be(MaxRoundsAction.AnswerWithoutTools);
        options.MaxConsecutiveErrors.Should().Be(3);
        options.MaxTotalTokens.Should().BeNull();
        options.MaxCost.Should().BeNull();
        options.GracePeriod.Should().Be(TimeSpan.FromSeconds(1));
        options.ScopePerCall.Should().BeFalse();
        options.Approvals.Timeout.Should().Be(TimeSpan.FromMinutes(5));
        options.Approvals.TokenLifetime.Should().Be(TimeSpan.FromHours(24));
        options.Approvals.AllowEditedArguments.Should().BeFalse();

        var tool = new ToolOptions();
        tool.ReadOnly.Should().BeFalse("the safe side is that a tool has effects");
        tool.Exclusive.Should().BeFalse();
        tool.CancelSiblingsOnFailure.Should().BeFalse();
        tool.Timeout.Should().BeNull();
        tool.Approval.Should().BeNull();
        tool.Locks.Should().BeNull();
        tool.MaxConcurrency.Should().BeNull();
        tool.MaxCalls.Should().BeNull();
        tool.ValidateArguments.Should().BeTrue();
        tool.StreamedResult.Should().Be(ToolStreamedResult.Last);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Counts_LessThanOne_AreRejected(int value)
    {
        var options = new ToolLoopOptions();
        Action[] setters =
        [
            () => options.MaxRounds = value,
            () => options.MaxCallsPerRound = value,
            () => options.MaxConcurrency = value,
            () => options.MaxResultBytes = value,
            () => options.MaxPendingProgress = value,
            () => options.MaxConsecutiveErrors = value,
            () => options.MaxTotalTokens = value,
            () => options.MaxCost = value,
            () => new ToolOptions().MaxConcurrency = value,
            () => new ToolOptions().MaxCalls = value,
        ];
        setters.Should().AllSatisfy(set => set.Should().Throw<ArgumentOutOfRangeException>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    [InlineData(int.MaxValue + 1L)]
    public void Timeouts_OutOfRange_AreRejected(long milliseconds)
    {
        var value = TimeSpan.FromMilliseconds(milliseconds);
        FluentActions.Invoking(() => new ToolLoopOptions { DefaultTimeout = value }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new ToolOptions { Timeout = value }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new ToolLoopOptions { GracePeriod = value == TimeSpan.Zero ? TimeSpan.FromTicks(-1) : value }).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Timeouts_AtTheEdges_AreAccepted()
    {
        foreach (var value in new[] { TimeSpan.FromTicks(1), ToolLoopOptions.MaxTimeout, Timeout.InfiniteTimeSpan })
        {
            new ToolLoopOptions { DefaultTimeout = value }.DefaultTimeout.Should().Be(value);
            new ToolOptions { Timeout = value }.Timeout.Should().Be(value);
            new ToolLoopOptions { GracePeriod = value }.GracePeriod.Should().Be(value);
        }

        new ToolLoopOptions { GracePeriod = TimeSpan.Zero }.GracePeriod.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    [Trait("Law", "12")]
    public async Task TimeProvider_NotSet_IsThatOfThePipeline()
    {
        var time = new ManualTimeProvider();
        var tool = new GatedTool("tool");
        var source = new FakeStreamClient((_, _) => FakeStreamClient.Stream([Wire.Started, .. Wire.Call(0, "1", "tool"), Wire.Ended()]), (_, _) => FakeStreamClient.Stream(Wire.Answer()));
        var client = new StreamClientBuilder(source).UseTimeProvider(time).UseTools(tool.Function).Build();
        var reading = client.StreamAsync("hi").CollectAsync();
        await tool.NextRunAsync();
        time.Advance(new ToolLoopOptions().DefaultTimeout);

        (await reading.OrFail()).ErrorOf("1").Should().Contain("120 s");
    }
}
