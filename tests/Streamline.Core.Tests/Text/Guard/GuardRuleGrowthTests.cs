using System.Text;
using System.Text.RegularExpressions;

namespace Streamline.Tests.Text.Guard;

/// <summary>Matches that are longer than the <c>maxChars</c> of their rule, and continue after text that may already be all of them.</summary>
[Trait("Law", "1")]
public sealed class GuardRuleGrowthTests
{
    private static readonly string Token = $"use eyJ{new string('h', 33)}.{new string('p', 400)}.SIGNATURE_SIGNATURE now";

    public static TheoryData<string, int, string> Growing => new()
    {
        { @"eyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?", GuardRule.DefaultMaxChars, Token },
        { "(?:[0-9A-F]{2})+", GuardRule.DefaultMaxChars, $"key {new string('A', 800)} end" },
        { "x[0-9]+(?:END)?", 4, "a x123456END b" },
        { "x[0-9]+(?:END)?", 4, "a x123456EN b x1E" },
    };

    [Theory]
    [MemberData(nameof(Growing))]
    public void MatchThatContinues_InPiecesOfAnySize_IsOne(string pattern, int maxChars, string text)
    {
        GuardRule[] rules = [GuardRule.Redact(Pattern(pattern), "[r]", maxChars), GuardRule.Redact("now", "then")];
        for (var size = 1; size <= text.Length; size++)
        {
            Stream(rules, text, () => size).Should().Be(GuardRule.Apply(rules, text), "in pieces of {0}", size);
        }
    }

    [Fact]
    public void RandomPatterns_InAnyPieces_GiveWhatTheWholeTextGives()
    {
        var random = new Random(20261130);
        var longer = 0;
        for (var run = 0; run < 300; run++)
        {
            var texts = new StringBuilder();
            GuardRule[] rules = [.. Enumerable.Range(0, random.Next(1, 3)).Select(i => RandomRule(random, $"<{i}>", texts))];
            var text = texts.ToString();
            var whole = GuardRule.Apply(rules, text);
            longer += rules.Any(rule => rule.Pattern.Match(text).Length > rule.MaxChars) ? 1 : 0;
            for (var size = 1; size < text.Length; size += 1 + (size / 8))
            {
                Stream(rules, text, () => size).Should().Be(whole, "of {0} by {1} in pieces of {2}", text, string.Join(" and ", rules.Select(rule => rule.Pattern)), size);
            }

            Stream(rules, text, () => random.Next(1, 9)).Should().Be(whole, "of {0} by {1}", text, string.Join(" and ", rules.Select(rule => rule.Pattern)));
        }

        longer.Should().BeGreaterThan(100);
    }

    [Fact]
    [Trait("Law", "8")]
    public void MatchOfTheGreatestLength_IsCutAtTheSamePlace_WhereverTheTextIsCut()
    {
        GuardRule[] rules = [GuardRule.Redact(Pattern("a+(?!b)"), "*", maxChars: 3)];
        foreach (var length in Enumerable.Range(GuardRule.MaxMatchChars - 2, 5))
        {
            var text = new string('a', length) + "b" + new string('a', 10) + "c";
            for (var cut = GuardRule.MaxMatchChars - 4; cut < text.Length; cut++)
            {
                var first = cut;
                Stream(rules, text, () => (first, first = text.Length).first).Should().Be(GuardRule.Apply(rules, text), "of {0} characters cut at {1}", length, cut);
            }
        }
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData("[a-z]+", GuardRule.DefaultMaxChars)]
    [InlineData("[a-z]+", 1)]
    [InlineData("[a-z]+!", 10_000)]
    [InlineData("[0-9]+", 10_000)]
    public void LongText_InPiecesOfOneCharacter_IsExaminedInLinearTime(string pattern, int maxChars)
    {
        const int MostExaminations = 600;
        var text = new string('a', 20_000);
        GuardRule[] rules = [GuardRule.Redact(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromMinutes(1)), "*", maxChars)];
        var filter = new GuardRuleFilter(rules);
        var shown = new StringBuilder();
        foreach (var next in text)
        {
            shown.Append(filter.Add(next.ToString(), isLast: false));
        }

        shown.Append(filter.Add("", isLast: true)).ToString().Should().Be(GuardRule.Apply(rules, text));
        filter.Examined.Should().BeLessThan(MostExaminations * text.Length);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(256)]
    public void Text_HeldBack_IsNoMoreThanMaxChars(int maxChars)
    {
        var filter = new GuardRuleFilter([GuardRule.Redact(Pattern("x[0-9]+"), "*", maxChars)]);
        for (var length = 1; length < 1000; length++)
        {
            filter.Add("a", isLast: false);
            (length - filter.DecidedChars).Should().BeLessThanOrEqualTo(maxChars + 1);
        }
    }

    // A head, a unit that is repeated, and what may follow: what follows a match is decided by the length of the unit and the tail, and one more character.
    private static GuardRule RandomRule(Random random, string replacement, StringBuilder text)
    {
        var (head, unit, tail) = (RandomPart(random, 1), RandomPart(random, 1), RandomPart(random, 0));
        var other = random.Next(2) == 0 ? RandomPart(random, 1) : "";
        var looksAhead = random.Next(2) == 0;
        var pattern = $"x{head}(?:{unit}{(other.Length > 0 ? "|" + other : "")}){(random.Next(2) == 0 ? "*" : "+")}{(tail.Length > 0 ? $"(?:{tail})?" : "")}{(looksAhead ? "(?!!)" : "")}";
        for (var i = 0; i < 3; i++)
        {
            text.Append('x').Append(random.Next(4) == 0 ? RandomPart(random, 0) : head);
            text.AppendJoin("", random.GetItems([unit, unit, unit, other], random.Next(0, 10))).Append(random.GetItems([tail, tail[..(tail.Length / 2)], RandomPart(random, 0)], 1)[0]).Append(random.GetItems(["", "!", " ", "😀"], 1)[0]);
        }

        var options = looksAhead || random.Next(2) == 0 ? RegexOptions.CultureInvariant : RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
        var maxChars = 1 + head.Length + Math.Max(unit.Length, other.Length) + tail.Length + 1;
        return GuardRule.Redact(new Regex(pattern, options, TimeSpan.FromSeconds(10)), replacement, maxChars);
    }

    private static string RandomPart(Random random, int least) => new(random.GetItems<char>("abc", random.Next(least, 4)));

    private static string Stream(GuardRule[] rules, string text, Func<int> size)
    {
        var filter = new GuardRuleFilter(rules);
        var shown = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var length = Math.Min(size(), text.Length - i);
            shown.Append(filter.Add(text.Substring(i, length), isLast: false));
            i += length;
        }

        return shown.Append(filter.Add("", isLast: true)).ToString();
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
}
