namespace Streamline.Tests.Resilience.Continue;

[Trait("Law", "8")]
public sealed class ContinueOptionsTests
{
    [Fact]
    public void Set_OutOfRange_ThrowsWithTheNameOfTheOption()
    {
        (string Option, Action<ContinueOptions> Set, string Message)[] refused =
        [
            ("Otherwise", o => o.Otherwise = MidStreamPolicy.Continue, "Expected Fail or Restart.*"),
            ("MaxContinuations", o => o.MaxContinuations = 0, "*"),
            ("MinOverlap", o => o.MinOverlap = 3, "*"),
            ("MaxHeldChars", o => o.MaxHeldChars = 31, "*"),
            ("CreatePrompt", o => o.CreatePrompt = null!, "*"),
        ];
        foreach (var (option, set, message) in refused)
        {
            FluentActions.Invoking(() => set(new ContinueOptions())).Should().Throw<ArgumentException>(option).WithMessage(message).Which.ParamName.Should().Be(option);
        }
    }

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        Action<ContinueOptions>[] edges =
        [
            o => o.Otherwise = MidStreamPolicy.Restart,
            o => o.MaxContinuations = 1,
            o => o.MinOverlap = 4,
            o => o.MaxHeldChars = 32,
        ];
        foreach (var set in edges)
        {
            FluentActions.Invoking(() => set(new ContinueOptions())).Should().NotThrow();
        }
    }

    [Fact]
    public void Defaults_AreAsDocumented() => new ContinueOptions().Should().BeEquivalentTo(new
    {
        Otherwise = MidStreamPolicy.Fail,
        AllowStitching = false,
        AllowUnsureSeams = false,
        OnLength = false,
        OnPause = false,
        MaxContinuations = 8,
        MinOverlap = 12,
        MaxHeldChars = 256,
        AcceptsPrefill = (Func<StreamRequest, bool?>?)null,
    });
}
