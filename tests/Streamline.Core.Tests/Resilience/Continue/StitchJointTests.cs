namespace Streamline.Tests.Resilience.Continue;

public sealed class StitchJointTests
{
    private const string Shown = "The river runs through the old town and meets the sea bel";

    [Fact]
    public void Add_EndIsRepeated_IsFoundAtOnce()
    {
        var joint = Joint(Shown);

        joint.Add("and meets the s", isLast: false).Should().BeNull("more of it may follow");
        joint.Add("ea below", isLast: false).Should().Be(High("ow", overlap: 21));
    }

    [Fact]
    public void Add_BeginsAnew_IsFollowedToTheEnd()
    {
        var joint = Joint(Shown, maxHeld: 32);

        joint.Add(Shown[..40], isLast: false).Should().BeNull();
        joint.Add(Shown[40..56], isLast: false).Should().BeNull();
        joint.Add(Shown[56..], isLast: false).Should().Be(High("", overlap: Shown.Length));
    }

    [Fact]
    public void Add_BeginsAnewAndGoesAnotherWay_IsUnsure()
    {
        var joint = Joint(Shown, maxHeld: 32);

        joint.Add(Shown[..40], isLast: false).Should().BeNull();
        joint.Add("!", isLast: false).Should().Be(Low(Shown[..40] + "!"));
    }

    [Fact]
    public void Add_BeginsAnewAndEndsEarly_IsUnsure() => Joint(Shown).Add("The river", isLast: true).Should().Be(Low("The river"));

    [Fact]
    public void Reset_WhatWasHeld_IsForgotten()
    {
        var joint = Joint(Shown);
        joint.Add("and meets ", isLast: false).Should().BeNull();
        joint.Reset();

        joint.Add(Shown[..30], isLast: false).Should().BeNull();
        joint.Add(Shown[30..], isLast: false).Should().Be(High("", overlap: Shown.Length));
    }

    [Fact]
    public void Add_OverlapThatTheEndHasTwice_IsUnsure()
    {
        const string Twice = "one two three four. one two three four. ";

        Joint("Say: " + Twice).Add(Twice + "And", isLast: true).Should().Be(Low("And", overlap: Twice.Length));
        Joint("Say: " + Twice, minOverlap: 20).Add(Twice + "And", isLast: true).Should().Be(Low("And", overlap: Twice.Length), "each of the two has 20 characters");
        Joint("Say: " + Twice, minOverlap: 21).Add(Twice + "And", isLast: true).Should().Be(High("And", overlap: Twice.Length));
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(13, false)]
    public void Add_OverlapOfExactlyEnough_IsCertain(int minOverlap, bool isCertain)
    {
        // It begins within a word.
        var found = Joint("It meets the sea b", minOverlap).Add("ts the sea below it", isLast: true);

        found.Should().Be(isCertain ? High("elow it", overlap: 12) : Low("ts the sea below it"));
    }

    [Theory]
    [InlineData("It is the sea bel", "sea below", "ow", 7, true)] // two words
    [InlineData("It is the sea bel", " sea below", "ow", 8, true)] // with the space before them
    [InlineData("It is the sea bel", "below", "ow", 3, false)] // one word
    [InlineData("It is the sea bel", "ea below", "ea below", 0, false)] // it begins within a word
    [InlineData("To be", "To be or not", " or not", 5, true)] // all that was shown
    [InlineData("We go on,", "go on, yes", " yes", 6, false)] // the last one has not ended
    [InlineData("He said (a b", "(a b c", "(a b c", 0, false)] // a mark
    [InlineData("one two  ", "  three", "  three", 0, false)] // white space
    [InlineData("To be\nor", "be\nor not", " not", 5, true)] // on two lines
    public void Add_ShortOverlap_CountsByItsWords(string shown, string text, string rest, int overlap, bool isCertain) =>
        Joint(shown).Add(text, isLast: true).Should().Be(isCertain ? High(rest, overlap) : Low(rest, overlap));

    [Theory]
    [InlineData("Title\n--------------", "--------------\nText", "\nText", 14)]
    [InlineData("x: a          b", "a          b c", " c", 12)]
    [InlineData("Title\n------------", "------------\nText", "\nText", 12)]
    [InlineData("Title\n-----------", "-----------\nText", "-----------\nText", 0)]
    public void Add_OverlapThatTellsNothing_IsUnsure(string shown, string text, string rest, int overlap) =>
        Joint(shown).Add(text, isLast: true).Should().Be(Low(rest, overlap));

    [Fact]
    public void Add_OtherWhiteSpace_IsFoundAtTheEnd()
    {
        var joint = Joint(Shown);

        joint.Add("and  meets the sea bel", isLast: false).Should().BeNull("little has come yet");
        joint.Add("ow the harbour.", isLast: true).Should().Be(High("ow the harbour.", overlap: 22));
    }

    [Fact]
    public void Add_OtherWhiteSpaceInALongText_IsFoundWhileItArrives()
    {
        const string Text = "the old  town and meets the sea below the harbour, where the boa";

        Joint(Shown).Add(Text[..63], isLast: false).Should().BeNull();
        Joint(Shown).Add(Text, isLast: false).Should().Be(High("ow the harbour, where the boa", overlap: 35));
        Joint(Shown).Add("The river  runs through the old town and meets the sea bel      ", isLast: false).Should().BeNull("the white space belongs to it");
        Joint(Shown, maxHeld: 64).Add("The river  runs through the old town and meets the sea bel      ", isLast: false).Should().Be(High("      ", overlap: 58));
    }

    [Fact]
    public void Add_Introduction_IsHeldUntilItMayDecide()
    {
        const string Text = "Sure, I will continue where I stopped: and meets the sea below the harbour";

        Joint(Shown).Add(Text, isLast: false).Should().BeNull("an introduction may quote what it introduces");
        Joint(Shown, maxHeld: Text.Length).Add(Text, isLast: false).Should().Be(new Joint("ow the harbour", SeamConfidence.High, Overlap: 21, Preface: 39));
        Joint(Shown, maxHeld: Text.Length + 1).Add(Text, isLast: false).Should().BeNull();
        Joint(Shown).Add("I said that it runs, and meets the sea below", isLast: true).Should().Be(new Joint("ow", SeamConfidence.Low, Overlap: 21, Preface: 21), "those are words of the answer");
        Joint(Shown).Add("\"and meets the sea bel\": and meets the sea below", isLast: true)!.Value.Confidence.Should().Be(SeamConfidence.Low);
    }

    [Fact]
    public void Add_IntroductionOfFewWords_IsFoundCharacterByCharacter()
    {
        const string List = "The list:\n    ab\n    cd";

        Joint(List).Add("Here:\n    ab\n    cd\n    ef", isLast: true).Should().Be(new Joint("\n    ef", SeamConfidence.High, Overlap: 14, Preface: 5));
        Joint(List).Add("Here it is, once more and from the second line of the list on:\n    ab\n    cd\n    ef", isLast: false).Should().BeNull();
    }

    [Theory]
    [InlineData("It meets the sea\n", "meets  the sea\nNext", "Next", 15)] // the same line break
    [InlineData("It meets the sea\n", "meets  the sea Next", "Next", 15)] // another white space in its place
    [InlineData("It meets the sea ", "meets  the sea\n\nNext", "\n\nNext", 14)] // a new paragraph is more than a space
    [InlineData("It meets the sea", "meets  the sea Next", " Next", 14)] // nothing was shown
    [InlineData("It meets the sea\n\n", "meets  the sea\nNext", "Next", 15)] // a part of it
    [InlineData("It meets the sea\n", "meets  the sea\n\nNext", "\nNext", 15)] // more of it
    [InlineData("It meets the sea \n", "meets  the sea\nNext", "Next", 15)] // another order
    public void Add_WhiteSpaceAfterTheOverlap_IsNotShownTwice(string shown, string text, string rest, int overlap) =>
        Joint(shown, minOverlap: 10).Add(text, isLast: true).Should().Be(High(rest, overlap));

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public void Add_NothingIsRepeated_IsDecidedAtTheLimit(int length, bool isDecided)
    {
        var text = new string('x', length);

        Joint(Shown, maxHeld: 32).Add(text, isLast: false).Should().Be(isDecided ? Low(text) : null);
    }

    [Theory]
    [InlineData("It rained.", "Then", " ")]
    [InlineData("It rained!", "Then", " ")]
    [InlineData("It rained?", "Then", " ")]
    [InlineData("It rained…", "2 days", " ")]
    [InlineData("It rained,", "Then", "")]
    [InlineData("It rained.", ", then", "")]
    [InlineData("It rained.", "", "")]
    [InlineData("```\nIt rained.", "Then", "")]
    [InlineData("```\nIt rained.\n```", "Then", "")]
    public void Add_NothingIsRepeated_WordsAfterASentenceGetASpace(string shown, string text, string separator) =>
        Joint(shown).Add(text, isLast: true).Should().Be(new Joint(text, SeamConfidence.Low, Separator: separator));

    [Theory]
    [InlineData("```python\nprint(1)\n", "```python\nprint(2)", "print(2)", 10)]
    [InlineData("```python\nprint(1)\n", "print(2)", "print(2)", 0)]
    [InlineData("It rains ", "```python\nprint(2)", "```python\nprint(2)", 0)]
    public void Add_NothingIsRepeated_FenceIsRemovedWithinACodeBlock(string shown, string text, string rest, int preface) =>
        Joint(shown).Add(text, isLast: true).Should().Be(new Joint(rest, SeamConfidence.Low, Preface: preface));

    private static StitchJoint Joint(string shown, int minOverlap = 12, int maxHeld = 256) => new(shown, minOverlap, maxHeld);

    private static Joint High(string rest, int overlap) => new(rest, SeamConfidence.High, overlap);

    private static Joint Low(string rest, int overlap = 0) => new(rest, SeamConfidence.Low, overlap);
}
