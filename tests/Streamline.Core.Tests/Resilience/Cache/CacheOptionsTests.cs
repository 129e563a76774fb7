namespace Streamline.Tests.Resilience.Cache;

[Trait("Law", "8")]
public sealed class CacheOptionsTests
{
    [Fact]
    public void Set_OutOfRange_ThrowsWithTheNameOfTheOption()
    {
        (string Option, Action<CacheOptions> Set, string Message)[] refused =
        [
            ("Expiration", o => o.Expiration = TimeSpan.Zero, "*"),
            ("ReplayInterval", o => o.ReplayInterval = TimeSpan.FromTicks(-1), "*"),
            ("ReplayInterval", o => o.ReplayInterval = TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(1), "*"),
            ("MaxEntryChars", o => o.MaxEntryChars = 1023, "*"),
        ];
        foreach (var (option, set, message) in refused)
        {
            FluentActions.Invoking(() => set(new CacheOptions())).Should().Throw<ArgumentException>(option).WithMessage(message).Which.ParamName.Should().Be(option);
        }
    }

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        Action<CacheOptions>[] edges =
        [
            o => o.Expiration = TimeSpan.FromTicks(1),
            o => o.ReplayInterval = TimeSpan.Zero,
            o => o.ReplayInterval = TimeSpan.FromMinutes(1),
            o => o.MaxEntryChars = 1024,
        ];
        foreach (var set in edges)
        {
            FluentActions.Invoking(() => set(new CacheOptions())).Should().NotThrow();
        }
    }

    [Fact]
    public void Defaults_AreAsDocumented() => new CacheOptions().Should().BeEquivalentTo(new
    {
        Name = (string?)null,
        Expiration = TimeSpan.FromHours(1),
        SingleFlight = true,
        ReplayInterval = TimeSpan.Zero,
        MaxEntryChars = 1024 * 1024,
        TimeProvider = (TimeProvider?)null,
    });
}
