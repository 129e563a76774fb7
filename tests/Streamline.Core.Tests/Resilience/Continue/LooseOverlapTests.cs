namespace Streamline.Tests.Resilience.Continue;

public sealed class LooseOverlapTests
{
    private const string Shown = "The river meets the sea below";

    [Fact]
    public void Find_OtherWhiteSpace_IsTheSameText()
    {
        var match = LooseOverlap.Find(Shown, "Sure:\nmeets the  sea\nbelow the bridge.", 12);

        match.Should().Be(new LooseOverlap.Match(Start: 6, End: 26, IsUnique: true, IsIntroduced: true));
    }

    [Fact]
    public void Find_AllThatWasShown_BeginsAtItsBeginning()
    {
        LooseOverlap.Find(Shown, "The  river meets the sea below.", 12).Should().Be(new LooseOverlap.Match(0, 30, IsUnique: true, IsIntroduced: true));
        LooseOverlap.Find(Shown, "Hi! The river meets the sea below.", 12).Should().Be(new LooseOverlap.Match(4, 33, IsUnique: true, IsIntroduced: false));
        LooseOverlap.Find("stheseabelow", "s the sea below", 12).Should().Be(new LooseOverlap.Match(0, 15, IsUnique: true, IsIntroduced: true));
    }

    [Fact]
    public void Find_RepeatedTwice_IsNotUnique() => LooseOverlap.Find(Shown, "the sea below. Then the sea below", 11)!.Value.Should().Match<LooseOverlap.Match>(match => match.Start == 0 && match.End == 13 && !match.IsUnique);

    [Fact]
    public void Find_WordsThatOverlapThemselves_AreNotUnique() => LooseOverlap.Find("abab abab abab", "abab abab abab ab", 12)!.Value.IsUnique.Should().BeFalse();

    [Fact]
    public void Find_OneLetterManyTimes_IsNotUnique() => LooseOverlap.Find("aaaaaaaaaaaa", "aaaaaaaaaaaa a", 12)!.Value.IsUnique.Should().BeFalse();

    [Theory]
    [InlineData("sea below", "sea below")]
    [InlineData(Shown, "nothing of the kind")]
    [InlineData("The end\n- - - - - - - - - - - - -", "- - - - - - - - - - - - - More")]
    public void Find_TooLittleOrNothing_IsNull(string shown, string text) => LooseOverlap.Find(shown, text, 12).Should().BeNull();

    [Theory]
    [InlineData("", true)]
    [InlineData("Continuing: ", true)]
    [InlineData("Continuing ... ", true)]
    [InlineData("Continuing … ", true)]
    [InlineData("\"", true)]
    [InlineData("It was “", true)]
    [InlineData("It was „", true)]
    [InlineData("It was «", true)]
    [InlineData("It was `", true)]
    [InlineData("```text\n", true)]
    [InlineData("Continuing:\n```text\n", true)]
    [InlineData("Sorry for that.\n\n", true)]
    [InlineData("Sorry for that. ", false)]
    [InlineData("Continuing.. ", false)]
    [InlineData("Sorry for that.\nHere it is:\n", false)]
    [InlineData("Sorry for that:\nHere it is: ", false)]
    public void Find_WhatIsBefore_IsAnIntroductionOrNot(string before, bool expected)
    {
        var match = LooseOverlap.Find(Shown, before + "the sea below the bridge", 11)!.Value;

        match.Start.Should().Be(before.Length);
        match.IsIntroduced.Should().Be(expected);
    }

    [Theory]
    [InlineData(199, true)]
    [InlineData(200, false)]
    public void Find_LongTextBefore_IsNoIntroduction(int length, bool expected) =>
        LooseOverlap.Find(Shown, new string('x', length) + ":the sea below the bridge", 11)!.Value.IsIntroduced.Should().Be(expected);

    [Fact]
    public void FindIntroduced_FewWordsAmongWhiteSpace_AreFoundCharacterByCharacter()
    {
        const string List = "The list:\n    ab\n    cd";
        const string Text = "Here:\n    ab\n    cd\n    ef";

        LooseOverlap.FindIntroduced(List, Text, 12).Should().Be(new LooseOverlap.Match(5, 19, IsUnique: true, IsIntroduced: true));
        LooseOverlap.FindIntroduced(List, Text, 14).Should().Be(new LooseOverlap.Match(5, 19, IsUnique: true, IsIntroduced: true));
        LooseOverlap.FindIntroduced(List, Text, 15).Should().BeNull();
        LooseOverlap.FindIntroduced(List, Text[5..], 14).Should().BeNull("nothing introduces it");
        LooseOverlap.FindIntroduced(List, "Here is\n    ab\n    cd", 14).Should().BeNull("that is not an introduction");
        LooseOverlap.FindIntroduced(List, "Here:", 12).Should().BeNull();
    }

    [Theory]
    [InlineData(199, true)]
    [InlineData(200, false)]
    public void FindIntroduced_LongIntroduction_IsNone(int length, bool expected) =>
        LooseOverlap.FindIntroduced("The list:\n    ab\n    cd", new string('x', length) + ":\n    ab\n    cd\n", 14).HasValue.Should().Be(expected);

    [Theory]
    [InlineData(13, false)]
    [InlineData(14, true)]
    [InlineData(26, true)]
    public void FindIntroduced_RepetitionInItself_IsNotUnique(int minLength, bool isUnique) =>
        LooseOverlap.FindIntroduced("ab cd ef gh, ab cd ef gh, ", "Go:ab cd ef gh, ab cd ef gh, ", minLength).Should().Be(new LooseOverlap.Match(3, 29, isUnique, IsIntroduced: true));

    [Fact]
    public void FindIntroduced_MarksOnly_AreNotUnique() =>
        LooseOverlap.FindIntroduced("Title\n--------------", "Here:--------------\nText", 12)!.Value.Should().Be(new LooseOverlap.Match(5, 19, IsUnique: false, IsIntroduced: true));
}
