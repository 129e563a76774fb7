namespace Streamline.Tests.Markdown;

public sealed class SafeInlinesTests
{
    private static readonly string[] Parts =
    [
        "*", "**", "*a ", "a* ", "_b", " __", "~~", "`", "``", "[", "]", "![", "](", "](u", "](<", "](u \"", "][", "<", "<a", "</a", "<a b=\"", "<a b='", "<!--", "<?", "<!A", "<![CDATA[", "<a:", "<a@", "&", "&a", "\\", "!", " ", "\n", "x",
    ];

    /// <summary>Every two constructs, unfinished thousands of times, each after the other and all of one before all of the other.</summary>
    [Fact]
    [Trait("Law", "8")]
    public void Close_OfUnfinishedConstructs_LooksAtEachCharacterAFewTimes()
    {
        const int Length = 1200;
        const int MostTimes = 16;
        foreach (var (first, second) in Parts.SelectMany(first => Parts.Select(second => (first, second))))
        {
            var both = string.Concat(Enumerable.Repeat(first + second, Length / (first + second).Length));
            var apart = string.Concat(Enumerable.Repeat(first, Length / first.Length)) + string.Concat(Enumerable.Repeat(second, Length / second.Length));
            foreach (var text in new[] { both, apart, apart + " \n", both + "\">" })
            {
                SafeInlines.Close(text, out var examined);
                examined.Should().BeLessThanOrEqualTo(MostTimes * text.Length, "of {0} and {1}", first, second);
            }
        }
    }

    [Theory]
    [InlineData("if (a<b && c", "if (a<b && c")]
    [InlineData("if a<b and", "if a")]
    [InlineData("if a<b, then", "if a<b, then")]
    [InlineData("a <b c='>", "a ")]
    [InlineData("a <b c='>'>d", "a <b c='>'>d")]
    [InlineData("a <!-- b > c", "a ")]
    [InlineData("a <https://b.c/", "a ")]
    [InlineData("a <https://b.c/ d", "a <https://b.c/ d")]
    [InlineData("a <b@c.de", "a ")]
    [InlineData("a[i](b c and **d", "a[i](b c and **d**")]
    [InlineData("a [i](b \"c d", "a i")]
    [InlineData("a [i](b(c)d", "a i")]
    [InlineData("a ![i](b(c)d", "a ")]
    [InlineData("a [i](b(c)d) *e", "a [i](b(c)d) *e*")]
    [InlineData("**a [b *c ", "**a b *c*** ")]
    public void Close_UnfinishedText_ShowsWhatIsText(string text, string safe) => SafeInlines.Close(text).Should().Be(safe);
}
