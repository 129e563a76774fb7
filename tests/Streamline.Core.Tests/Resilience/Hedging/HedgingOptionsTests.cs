namespace Streamline.Tests.Resilience.Hedging;

[Trait("Law", "8")]
public sealed class HedgingOptionsTests
{
    [Fact]
    public void Set_OutOfRange_ThrowsWithTheNameOfTheOption()
    {
        (string Option, Action<HedgingOptions> Set, string Message)[] refused =
        [
            ("PrimaryName", o => o.PrimaryName = "", "*"),
            ("HedgeName", o => o.HedgeName = "", "*"),
            ("Percentile", o => o.Percentile = 0.49, "Expected at least 0.5 and less than 1.*"),
            ("Percentile", o => o.Percentile = 1, "Expected at least 0.5 and less than 1.*"),
            ("MinimumRequests", o => o.MinimumRequests = 0, "*"),
            ("MinDelay", o => o.MinDelay = TimeSpan.FromTicks(-1), "*"),
            ("MinDelay", o => o.MinDelay = TimeSpan.FromHours(1) + TimeSpan.FromTicks(1), "*"),
            ("Budget", o => o.Budget = 0, "Expected more than 0 and at most 1: a budget above 1 would send every request more than once.*"),
            ("Budget", o => o.Budget = 1.01, "*"),
            ("Budget", o => o.Budget = double.NaN, "*"),
            ("MaxFailureRatio", o => o.MaxFailureRatio = -0.01, "Expected a share from 0 to 1.*"),
            ("MaxFailureRatio", o => o.MaxFailureRatio = 1.01, "*"),
            ("MinRemaining", o => o.MinRemaining = -0.01, "*"),
            ("MinRemaining", o => o.MinRemaining = double.NaN, "*"),
        ];
        foreach (var (option, set, message) in refused)
        {
            FluentActions.Invoking(() => set(new HedgingOptions())).Should().Throw<ArgumentException>(option).WithMessage(message).Which.ParamName.Should().Be(option);
        }
    }

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        Action<HedgingOptions>[] edges =
        [
            o => o.Percentile = 0.5,
            o => o.Percentile = 0.99,
            o => o.MinimumRequests = 1,
            o => o.MinDelay = TimeSpan.Zero,
            o => o.MinDelay = TimeSpan.FromHours(1),
            o => o.Budget = 0.001,
            o => o.Budget = 1,
            o => o.MaxFailureRatio = 0,
            o => o.MaxFailureRatio = 1,
            o => o.MinRemaining = 0,
            o => o.MinRemaining = 1,
        ];
        foreach (var set in edges)
        {
            FluentActions.Invoking(() => set(new HedgingOptions())).Should().NotThrow();
        }
    }

    [Fact]
    public void Defaults_AreAsDocumented() => new HedgingOptions().Should().BeEquivalentTo(new
    {
        Client = (IStreamClient?)null,
        PrimaryName = "primary",
        HedgeName = "hedge",
        Percentile = 0.95,
        MinimumRequests = 20,
        MinDelay = TimeSpan.FromMilliseconds(250),
        Budget = 0.05,
        MaxFailureRatio = 0.05,
        MinRemaining = 0.2,
        AllowFunctions = false,
        TimeProvider = (TimeProvider?)null,
    });

    [Fact]
    public void Copy_OneNameForBoth_IsRefusedWithTheReason()
    {
        FluentActions.Invoking(() => new HedgingOptions { HedgeName = "primary" }.Copy()).Should().Throw<InvalidOperationException>()
            .WithMessage("PrimaryName and HedgeName are both 'primary'; names must be unique, because events use them.");
        new HedgingOptions { HedgeName = "Primary" }.Copy().HedgeName.Should().Be("Primary");
    }
}
