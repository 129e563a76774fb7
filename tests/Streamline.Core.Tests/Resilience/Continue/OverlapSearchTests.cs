using System.Globalization;

namespace Streamline.Tests.Resilience.Continue;

public sealed class OverlapSearchTests
{
    // Longer than what is searched, and without a repetition in itself.
    private static readonly string Long = string.Concat(Enumerable.Range(0, 2000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} ")));

    [Theory]
    [InlineData("abcdef", "", 0, 0, true)]
    [InlineData("the end of the text", "the text goes on", 8, 1, false)]
    [InlineData("one two", "x", 0, 0, false)]
    [InlineData("abcabc", "abcabc", 6, 3, false)]
    [InlineData("abcabc", "abcabcd", 6, 3, false)]
    [InlineData("abcabcd", "abc", 0, 0, true)]
    [InlineData("xabcy", "abc", 0, 0, true)]
    [InlineData("xyabc", "abc", 3, 0, false)]
    [InlineData("xyabc", "ab", 0, 0, true)]
    [InlineData("aaaa", "aa", 2, 1, true)]
    public void Find_EndThatIsRepeated_IsTheLongestAndTheSecond(string shown, string text, int longest, int second, bool isPending) =>
        OverlapSearch.Find(shown, text).Should().Be((longest, second, isPending));

    [Fact]
    public void Find_TextThatBeginsAnew_IsFoundHoweverLongItIs()
    {
        OverlapSearch.Find(Long, Long + "more").Should().Be((Long.Length, 0, false));
        OverlapSearch.Find(Long, Long.AsSpan(0, 6000)).Should().Be((0, 0, true));
    }

    [Fact]
    public void Find_RepetitionOfTheMiddle_IsFoundWithinTheWindow()
    {
        OverlapSearch.Find(Long, Last(OverlapSearch.Window)).Longest.Should().Be(OverlapSearch.Window);
        OverlapSearch.Find(Long, Last(OverlapSearch.Window + 1)).Should().Be((0, 0, false));
        OverlapSearch.Find(Long, Last(OverlapSearch.Window)[..^2000]).IsPending.Should().BeTrue();
        OverlapSearch.Find(Long, Long.AsSpan(100, 100)).IsPending.Should().BeFalse("it is too far back");

        static ReadOnlySpan<char> Last(int length) => Long.AsSpan(Long.Length - length);
    }

    [Theory]
    [InlineData("abcd", true)]
    [InlineData("abc", false)]
    [InlineData("a 1\n- b 2", true)]
    [InlineData("--------\n\n    {", false)]
    [InlineData("```python\nabc", false)]
    [InlineData("```python\nabcd", true)]
    [InlineData("😀😀", true)]
    [InlineData("😀a", false)]
    public void IsTelling_FourLettersOrDigitsOutsideOfFences_AreEnough(string text, bool expected) => OverlapSearch.IsTelling(text).Should().Be(expected);
}
