using Streamline.Cli.Sentiment;

namespace Streamline.Cli.Tests.Sentiment;

public sealed class SentimentRaterTests
{
    [Theory]
    [InlineData("It is wonderful.", 1)]
    [InlineData("I really like it, thank you!", 1)]
    [InlineData("It isn’t bad.", 1)]
    [InlineData("This is the worst day.", -1)]
    [InlineData("It is not very good.", -1)]
    [InlineData("The build failed with an error.", -1)]
    [InlineData("The table has two rows.", 0)]
    [InlineData("", 0)]
    [InlineData("好!", 0)]
    public void Rate_Sentence_HasItsSign(string text, int sign) => Math.Sign(SentimentRater.Rate(text)).Should().Be(sign);

    [Fact]
    public void Rate_StrongerWords_RateHigher()
    {
        SentimentRater.Rate("It is very good.").Should().BeGreaterThan(SentimentRater.Rate("It is good."));
        SentimentRater.Rate("It is excellent.").Should().BeGreaterThan(SentimentRater.Rate("It is good."));
        SentimentRater.Rate("great great great great great great great great").Should().BeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Words_AreEachOfOneKind()
    {
        SentimentWords.Weights.Should().HaveCountGreaterThan(200);
        SentimentWords.Weights.Keys.Should().NotIntersectWith(SentimentWords.Negations).And.OnlyContain(word => word.All(char.IsAsciiLetterLower));
    }
}
