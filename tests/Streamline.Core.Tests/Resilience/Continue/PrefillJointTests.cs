namespace Streamline.Tests.Resilience.Continue;

public sealed class PrefillJointTests
{
    private const string Sent = "Hello there,";

    [Fact]
    public void Add_NothingIsMissing_FollowsAtOnce()
    {
        new PrefillJoint(Sent, "", mayRepeat: false).Add(" you", isLast: false).Should().Be(new Joint(" you", SeamConfidence.Exact));
        new PrefillJoint(Sent, "", mayRepeat: false).Add("", isLast: false).Should().Be(new Joint("", SeamConfidence.Exact));
        new PrefillJoint(Sent, "", mayRepeat: false).Add(Sent, isLast: false).Should().Be(new Joint(Sent, SeamConfidence.Exact), "this server repeats nothing");
    }

    [Fact]
    public void Add_WhiteSpaceThatCouldNotBeSent_IsNotShownTwice()
    {
        var joint = new PrefillJoint(Sent, " \n", mayRepeat: false);
        joint.Add("", isLast: false).Should().BeNull();
        joint.Add(" ", isLast: false).Should().BeNull();

        joint.Add("\nyou", isLast: false).Should().Be(new Joint("you", SeamConfidence.Exact, Overlap: 2));
    }

    [Theory]
    [InlineData("you", "you", 0)]
    [InlineData(" you", "you", 1)]
    [InlineData("\nyou", "\nyou", 0)]
    public void Add_OtherWhiteSpaceThanWasShown_IsNotExact(string text, string rest, int overlap) =>
        new PrefillJoint(Sent, " \n", mayRepeat: false).Add(text, isLast: false).Should().Be(new Joint(rest, SeamConfidence.High, overlap));

    [Fact]
    public void Add_EndsWithinTheWhiteSpace_IsDecided()
    {
        new PrefillJoint(Sent, " \n", mayRepeat: false).Add(" ", isLast: true).Should().Be(new Joint("", SeamConfidence.High, Overlap: 1));
        new PrefillJoint(Sent, " \n", mayRepeat: false).Add("", isLast: true).Should().Be(new Joint("", SeamConfidence.Exact), "nothing follows");
    }

    [Fact]
    public void Add_ServerRepeatsTheMessage_IsRemoved()
    {
        var joint = new PrefillJoint(Sent, " ", mayRepeat: true);
        joint.Add("Hello ", isLast: false).Should().BeNull();
        joint.Add("there,", isLast: false).Should().BeNull("the white space may follow");

        joint.Add(" you", isLast: false).Should().Be(new Joint("you", SeamConfidence.Exact, Overlap: 13));
        new PrefillJoint(Sent, "", mayRepeat: true).Add(Sent, isLast: false).Should().Be(new Joint("", SeamConfidence.Exact, Overlap: 12));
    }

    [Fact]
    public void Add_ServerMightRepeatAndDoesNot_FollowsAsSoonAsThatIsKnown()
    {
        var joint = new PrefillJoint(Sent, "", mayRepeat: true);
        joint.Add("Hello ", isLast: false).Should().BeNull();
        joint.Add("again", isLast: false).Should().Be(new Joint("Hello again", SeamConfidence.Exact));
        new PrefillJoint(Sent, "", mayRepeat: true).Add("Hello ", isLast: true).Should().Be(new Joint("Hello ", SeamConfidence.Exact), "nothing follows");
        new PrefillJoint("Hello there", "", mayRepeat: true).Add("Hello there", isLast: false).Should().Be(new Joint("Hello there", SeamConfidence.Exact), "so short a text may begin the rest by chance");
    }

    [Fact]
    public void Reset_WhatWasHeld_IsForgotten()
    {
        var joint = new PrefillJoint(Sent, "", mayRepeat: true);
        joint.Add("Hello ", isLast: false).Should().BeNull();
        joint.Reset();

        joint.Add("there", isLast: false).Should().Be(new Joint("there", SeamConfidence.Exact));
    }
}
