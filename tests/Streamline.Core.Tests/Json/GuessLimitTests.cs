using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>A text that needs guess after guess is not JSON: reading ends, and keeps what it has.</summary>
[Trait("Law", "8")]
public sealed class GuessLimitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void Append_MoreGuessesThanAllowed_IsALimitWhereverTheTextIsCut(int chunk)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, MaxGuesses = 3 });
        var text = "[" + string.Concat(Enumerable.Repeat("1 \"a\" ", 20)) + "]";
        var shown = 0;
        for (var i = 0; i < text.Length && document.Error is null; i += Math.Min(chunk, text.Length - i))
        {
            document.TryAppend(text.AsSpan(i, Math.Min(chunk, text.Length - i)));
            var count = document.RootElement.GetArrayLength();
            count.Should().BeGreaterThanOrEqualTo(shown);
            shown = count;
        }

        document.TryComplete();
        var error = document.Error.Should().BeOfType<StreamLimitException>().Subject;
        (error.LimitName, error.Limit, error.Actual).Should().Be(("MaxGuesses", 3, 4));
        document.RootElement.GetArrayLength().Should().BePositive();
    }

    [Fact]
    public void Append_OneGuessForEverySixteenBytes_IsAllowedForEver()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, MaxGuesses = 1 });

        document.Append("[" + string.Concat(Enumerable.Repeat("\"twelve or more\" ", 5_000)) + "]");
        document.Complete();

        document.RootElement.GetArrayLength().Should().Be(5_000);
    }

    [Fact]
    public void Append_SafeRepairs_AreNotCounted()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, MaxGuesses = 0 });

        document.Append("[" + string.Concat(Enumerable.Repeat("'a',", 100)) + "]");
        document.Complete();

        (document.Error, document.RootElement.GetArrayLength()).Should().Be((null, 100));
    }

    [Fact]
    public void MaxGuesses_Negative_IsRefused() =>
        FluentActions.Invoking(() => new PartialJsonOptions { MaxGuesses = -1 }).Should().Throw<ArgumentOutOfRangeException>();
}
