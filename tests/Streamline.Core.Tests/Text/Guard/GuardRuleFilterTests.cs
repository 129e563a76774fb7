using System.Text;
using System.Text.RegularExpressions;
using Streamline.TestSupport;

namespace Streamline.Tests.Text.Guard;

[Trait("Law", "1")]
public sealed partial class GuardRuleFilterTests
{
    private static readonly GuardRule[][] RuleSets =
    [
        [GuardRule.Redact("ab", "#")],
        [GuardRule.Redact("abca", "1"), GuardRule.Redact("bc", "2"), GuardRule.Redact("a", "3")],
        [GuardRule.Redact("AA", "#", ignoreCase: true), GuardRule.Redact(Bounded(), "<>", maxChars: 4)],
        [GuardRule.Redact(Growing(), "*", maxChars: 3), GuardRule.Redact("c c", "")],
        [GuardRule.Redact(Anchored(), "^", maxChars: 3), GuardRule.Redact(LookingBack(), "!", maxChars: 3)],
        [GuardRule.Block("bbb", "no"), GuardRule.Redact("b", "x")],
        [GuardRule.Redact(Everything(), "all", maxChars: 1)],
    ];

    [Fact]
    public void AnyChunks_GiveWhatTheWholeTextGives()
    {
        var random = new Random(20261129);
        for (var run = 0; run < 20_000; run++)
        {
            var rules = RuleSets[run % RuleSets.Length];
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 40)).Select(_ => random.GetItems(["a", "b", "c", " ", "\n", "😀"], 1)[0]));

            Stream(rules, text, () => random.Next(1, 6)).Should().Be(GuardRule.Apply(rules, text), "of {0} by rule set {1}", text, run % RuleSets.Length);
        }
    }

    [CorpusTheory(Recordings.Pydantic)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task RecordedTexts_InPieces_GiveWhatTheWholeTextGives(int size)
    {
        GuardRule[] rules = [GuardRule.Redact(Numbers(), "#"), GuardRule.Redact("the ", "THE "), GuardRule.Redact(Capitalized(), "[name]", maxChars: 20)];
        var replaced = 0;
        foreach (var recording in Recordings.All().Where((_, i) => i % 7 == 0))
        {
            var text = Make.TextOf((await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync()).Events);
            var expected = GuardRule.Apply(rules, text);
            replaced += expected == text ? 0 : 1;

            Stream(rules, text, () => size).Should().Be(expected, recording.File);
        }

        replaced.Should().BeGreaterThan(5);
    }

    [Fact]
    [Trait("Law", "8")]
    public void MatchWithoutEnd_IsHeldNoLongerThanItsBound()
    {
        var rules = new[] { GuardRule.Redact(Growing(), "*", maxChars: 3) };
        var text = new string('a', (2 * GuardRule.MaxMatchChars) + 10);
        var filter = new GuardRuleFilter(rules);
        var first = filter.Add(text[..(GuardRule.MaxMatchChars + 5)], isLast: false);

        first.Should().Be("*");
        (first + filter.Add(text[(GuardRule.MaxMatchChars + 5)..], isLast: true)).Should().Be(GuardRule.Apply(rules, text)).And.Be("***");
    }

    [Fact]
    public void Text_IsHeldBackNoMoreThanTheRulesNeed()
    {
        var filter = new GuardRuleFilter([GuardRule.Redact("secret")]);

        filter.Add("The secr", isLast: false).Should().Be("Th", "six characters may begin the word");
        filter.Add("et is", isLast: false).Should().Be("e [redacted]");
        filter.Add("!", isLast: true).Should().Be(" is!");
    }

    [Fact]
    public void MatchThatMayGrow_IsDecidedAsSoonAsItCannot()
    {
        var rule = GuardRule.Redact(Growing(), "*", maxChars: 3);
        var filter = new GuardRuleFilter([rule]);
        var shown = filter.Add("a", isLast: false);
        var added = 0;
        for (; shown.Length == 0; added++)
        {
            shown += filter.Add("c", isLast: false);
        }

        added.Should().Be(rule.GrowthChars);
        shown.Should().StartWith("*");
    }

    [Fact]
    public void Rules_ThatCannotWork_AreRejected()
    {
        FluentActions.Invoking(() => GuardRule.Redact("")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => GuardRule.Redact(Backwards())).Should().Throw<ArgumentException>().WithMessage("*right to left*");
        FluentActions.Invoking(() => GuardRule.Block(Growing(), "r", maxChars: 0)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static string Stream(GuardRule[] rules, string text, Func<int> size)
    {
        var filter = new GuardRuleFilter(rules);
        var shown = new StringBuilder();
        for (var i = 0; i < text.Length && filter.BlockReason is null;)
        {
            var length = Math.Min(size(), text.Length - i);
            var piece = filter.Add(text.Substring(i, length), isLast: false);
            (piece.Length > 0 && char.IsHighSurrogate(piece[^1])).Should().BeFalse("a surrogate pair is never split");
            shown.Append(piece);
            i += length;
        }

        return shown.Append(filter.BlockReason is null ? filter.Add("", isLast: true) : "").ToString();
    }

    [GeneratedRegex(@"\ba{1,2}c?\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bounded();

    [GeneratedRegex("a+b*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Growing();

    [GeneratedRegex("^[ab]", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Anchored();

    [GeneratedRegex("(?<=a)b(?!c)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LookingBack();

    [GeneratedRegex(".*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Everything();

    [GeneratedRegex(@"\d+([.,]\d+)*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\b[A-Z][a-z]{2,10}\b", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Capitalized();

    [GeneratedRegex("a", RegexOptions.RightToLeft, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Backwards();
}
