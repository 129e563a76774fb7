namespace Streamline.Tests.Text.Guard;

public sealed class GuardOptionsTests
{
    [Fact]
    public void Set_OutOfRange_ThrowsWithTheNameOfTheOption()
    {
        (string Option, Action<GuardOptions> Set, string Message)[] refused =
        [
            ("WindowChars", o => o.WindowChars = 0, "*"),
            ("ContextChars", o => o.ContextChars = -1, "*"),
            ("LookaheadChars", o => o.LookaheadChars = -1, "*"),
        ];
        foreach (var (option, set, message) in refused)
        {
            FluentActions.Invoking(() => set(new GuardOptions())).Should().Throw<ArgumentException>(option).WithMessage(message).Which.ParamName.Should().Be(option);
        }
    }

    [Fact]
    public void Set_EdgesOfRanges_Hold()
    {
        Action<GuardOptions>[] edges =
        [
            o => o.WindowChars = 1,
            o => o.ContextChars = 0,
            o => o.LookaheadChars = 0,
        ];
        foreach (var set in edges)
        {
            FluentActions.Invoking(() => set(new GuardOptions())).Should().NotThrow();
        }
    }

    [Fact]
    public void Defaults_AreAsDocumented() => new GuardOptions().Should().BeEquivalentTo(new
    {
        WindowChars = 200,
        ContextChars = 200,
        LookaheadChars = 50,
        IncludeReasoning = true,
        PassMetadata = false,
    });

    [Fact]
    public void Copy_RulesAddedLater_AreNotOfIt()
    {
        var options = new GuardOptions();
        var copy = options.Copy();
        options.Rules.Add(GuardRule.Redact("a"));

        copy.Rules.Should().BeEmpty();
    }

    [Fact]
    public void Rules_WithoutText_AreRefused()
    {
        var pattern = new System.Text.RegularExpressions.Regex("a", System.Text.RegularExpressions.RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
        Action[] refused =
        [
            () => GuardRule.Redact((string)null!),
            () => GuardRule.Redact("a", null!),
            () => GuardRule.Redact(pattern, null!),
            () => GuardRule.Redact((System.Text.RegularExpressions.Regex)null!),
            () => GuardRule.Block("a", null!),
            () => GuardRule.Block(pattern, null!),
            () => GuardRule.Apply(null!, "a"),
            () => GuardRule.Apply([], null!),
            () => GuardVerdict.Replace(null!),
            () => GuardVerdict.Redact(null!),
            () => GuardVerdict.Redact([0..1], null!),
            () => GuardVerdict.Block(null!),
        ];
        foreach (var refuse in refused)
        {
            refuse.Should().Throw<ArgumentNullException>();
        }

        FluentActions.Invoking(() => GuardRule.Redact(pattern, maxChars: 0)).Should().Throw<ArgumentOutOfRangeException>().Which.ParamName.Should().Be("maxChars");
        GuardRule.Redact(pattern, maxChars: 1).MaxChars.Should().Be(1);
    }

    [Fact]
    public void Apply_CaseIsIgnoredOnlyWhereItIsAskedFor()
    {
        GuardRule.Apply([GuardRule.Redact("ab", "*")], "ab AB").Should().Be("* AB");
        GuardRule.Apply([GuardRule.Redact("ab", "*", ignoreCase: true)], "ab AB").Should().Be("* *");
        GuardRule.Apply([GuardRule.Block("ab", "r")], "AB ab").Should().Be("AB ");
        GuardRule.Apply([GuardRule.Block("ab", "r", ignoreCase: true)], "x AB ab").Should().Be("x ");
    }

    [Fact]
    public void Apply_MatchesAtOnePlace_AreOfTheEarlierRule()
    {
        GuardRule.Apply([GuardRule.Redact("ab", "1"), GuardRule.Redact("abc", "2")], "abc").Should().Be("1c");
        GuardRule.Apply([GuardRule.Redact("abc", "2"), GuardRule.Redact("ab", "1")], "abc").Should().Be("2");
        GuardRule.Apply([GuardRule.Redact("bc", "1"), GuardRule.Redact("ab", "2")], "abc").Should().Be("2c");
        GuardRule.Apply([], "abc").Should().Be("abc");
    }

    [Fact]
    public void Apply_PatternThatMatchesNothing_FindsWhatFollows()
    {
        var pattern = new System.Text.RegularExpressions.Regex("x*", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

        GuardRule.Apply([GuardRule.Redact(pattern, "*")], "abxxcx").Should().Be("ab*c*");
    }

    [Fact]
    public void Verdict_RangesOutOfOrder_AreRefusedWithTheReason()
    {
        FluentActions.Invoking(() => GuardVerdict.Redact([2..3, 1..2]).Apply("abcdef")).Should().Throw<InvalidOperationException>()
            .WithMessage("A guard's check redacts 1..2, expected ascending ranges within 3..6 of the window's text.");
        FluentActions.Invoking(() => GuardVerdict.Redact([3..2]).Apply("abcdef")).Should().Throw<InvalidOperationException>();
        FluentActions.Invoking(() => GuardVerdict.Redact([3..7]).Apply("abcdef")).Should().Throw<InvalidOperationException>();
        GuardVerdict.Redact([0..2, 2..2, 2..6], "*").Apply("abcdef").Should().Be("***");
        GuardVerdict.Redact([], "*").Should().BeSameAs(GuardVerdict.Allow);
        GuardVerdict.Allow.Apply("abc").Should().Be("abc");
        GuardVerdict.Replace("x").Apply("abc").Should().Be("x");
    }
}
