namespace Streamline.Tests.Text.Smoothing;

[Trait("Law", "8")]
public sealed class SmoothingOptionsTests
{
    [Fact]
    public void Set_OutOfRange_ThrowsWithTheNameOfTheOption()
    {
        (string Option, Action<SmoothingOptions> Set, string Message)[] refused =
        [
            ("MaxDelay", o => o.MaxDelay = TimeSpan.Zero, "*"),
            ("MaxDelay", o => o.MaxDelay = TimeSpan.FromSeconds(10) + TimeSpan.FromTicks(1), "*"),
            ("Interval", o => o.Interval = TimeSpan.Zero, "*"),
            ("Interval", o => o.Interval = TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(1), "*"),
            ("MaxChars", o => o.MaxChars = 0, "*"),
        ];
        foreach (var (option, set, message) in refused)
        {
            FluentActions.Invoking(() => set(new SmoothingOptions())).Should().Throw<ArgumentException>(option).WithMessage(message).Which.ParamName.Should().Be(option);
        }
    }

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        Action<SmoothingOptions>[] edges =
        [
            o => o.MaxDelay = TimeSpan.FromTicks(1),
            o => o.MaxDelay = TimeSpan.FromSeconds(10),
            o => o.Interval = TimeSpan.FromSeconds(1),
            o => o.MaxChars = 1,
        ];
        foreach (var set in edges)
        {
            FluentActions.Invoking(() => set(new SmoothingOptions())).Should().NotThrow();
        }
    }

    [Fact]
    public void Defaults_AreAsDocumented() => new SmoothingOptions().Should().BeEquivalentTo(new
    {
        MaxDelay = TimeSpan.FromMilliseconds(150),
        Interval = TimeSpan.FromMilliseconds(33),
        MaxChars = 50,
        IncludeReasoning = true,
    });
}
