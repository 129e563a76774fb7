using System.Linq.Expressions;

namespace Streamline.Tests.Structured;

/// <summary>Which parts of a value are complete, asked by typed paths and by JSON Pointers.</summary>
public sealed class MemberPathTests
{
    private const string Text =
        """{"goal":"g","steps":[{"title":"a","priority":"Low","sub-steps":[{"title":"aa","priority":"Low"}]},{"title":"b""";

    private static readonly Partial<Plan> Midway = Read(Text);

    [Fact]
    public void IsMemberComplete_TypedPath_TellsWhatIsComplete()
    {
        var second = 1;
        Midway.IsMemberComplete(plan => plan.Goal).Should().BeTrue();
        Midway.IsMemberComplete(plan => plan.Steps).Should().BeFalse();
        Midway.IsMemberComplete(plan => plan.Steps[0]).Should().BeTrue();
        Midway.IsMemberComplete(plan => plan.Steps[0].Title).Should().BeTrue();
        Midway.IsMemberComplete(plan => plan.Steps[0].Steps![0].Title).Should().BeTrue();
        Midway.IsMemberComplete(plan => plan.Steps[second].Title).Should().BeFalse();
        Midway.IsMemberComplete(plan => plan.Steps.ElementAt(7).Title).Should().BeFalse("it has not begun");
        Midway.IsMemberComplete(plan => plan.Owner.Home.Lines[0]).Should().BeFalse();
        Midway.IsMemberComplete(plan => plan.Counts["a/b"]).Should().BeFalse();
        Midway.IsMemberComplete(plan => plan).Should().BeFalse();
    }

    [Theory]
    [InlineData("goal", true)]
    [InlineData("/goal", true)]
    [InlineData("steps", false)]
    [InlineData("/steps/0", true)]
    [InlineData("/steps/0/sub-steps/0/title", true)]
    [InlineData("/steps/1/title", false)]
    [InlineData("/steps/99/title", false)]
    [InlineData("/owner/home/lines/0", false)]
    [InlineData("/extra/any/thing", false)]
    [InlineData("/counts/any", false)]
    [InlineData("", false)]
    public void IsMemberComplete_Pointer_TellsWhatIsComplete(string path, bool isComplete) => Midway.IsMemberComplete(path).Should().Be(isComplete);

    [Theory]
    [InlineData("steps[0]", "*Plan has no member 'steps[0]'*JSON Pointer*")]
    [InlineData("Goals", "*Plan has no member 'Goals'*")]
    [InlineData("/steps/0/name", "*PlanStep has no member 'name', at '/steps/0'*")]
    [InlineData("/steps/first", "*found 'first', expected the index of an element, at '/steps'*")]
    [InlineData("/goal/length", "*a value of type String has no members, at '/goal'*")]
    [InlineData("/steps/0/~", "*'~' is followed by*")]
    public void IsMemberComplete_PointerThatCannotBe_Throws(string path, string message) =>
        FluentActions.Invoking(() => Midway.IsMemberComplete(path)).Should().Throw<ArgumentException>().WithMessage(message);

    [Fact]
    public void IsMemberComplete_TypedPathThatCannotBe_Throws()
    {
        Throws(plan => plan.Steps.Count, "*'IReadOnlyList`1.Count'*not a member of its JSON*");
        Throws(plan => plan.Goal.Length, "*'String.Length'*not a member of its JSON*");
        Throws(plan => plan.Goal.ToUpperInvariant(), "*expected members and indexes only*");
        Throws(plan => plan.Steps[plan.Effort].Title, "*expected a number or a string, as a constant or a variable*");
        Throws(plan => plan.Steps[-1].Title, "*expected a number from 0.*");

        static void Throws<TMember>(Expression<Func<Plan, TMember>> path, string message) =>
            FluentActions.Invoking(() => Midway.IsMemberComplete(path)).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void IsMemberComplete_Null_Throws()
    {
        FluentActions.Invoking(() => Midway.IsMemberComplete((string)null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Midway.IsMemberComplete((Expression<Func<Plan, string>>)null!)).Should().Throw<ArgumentNullException>();
    }

    [Fact]
    public async Task IsMemberComplete_MembersOfDerivedTypes_ArePossible()
    {
        var partials = await Reading.ReadAsync("""{"name":"x","by":{"kind":"train","company":"FS","line":"1"}}""", PlanContext.Default.Journey);
        var last = partials[^1];
        last.IsMemberComplete("/by/line").Should().BeTrue();
        last.IsMemberComplete("/by/kind").Should().BeTrue();
        last.IsMemberComplete(journey => ((Train)journey.By).Line).Should().BeTrue();
        last.IsMemberComplete(journey => journey.By.Company).Should().BeTrue();
        last.Invoking(partial => partial.IsMemberComplete("/by/wings")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task IsMemberComplete_MemberThatIsNotInJson_Throws()
    {
        var last = (await Reading.ReadAsync("""{"text":"a","ignored":"b"}""", GrowingContext.Default.Hidden))[^1];
        last.Invoking(partial => partial.IsMemberComplete(hidden => hidden.Ignored)).Should().Throw<ArgumentException>().WithMessage("*'Hidden.Ignored'*not a member of its JSON*");
        last.Invoking(partial => partial.IsMemberComplete("ignored")).Should().Throw<ArgumentException>().WithMessage("*Hidden has no member 'ignored'*");
        last.IsMemberComplete("text").Should().BeTrue();
    }

    [Fact]
    public async Task IsMemberComplete_KeysOfAnyType_AreNamedAsTheSerializerNamesThem()
    {
        var id = Guid.Parse("6f9619ff-8b86-d011-b42d-00cf4fc964ff");
        var last = (await Reading.ReadAsync($$$"""{"byShade":{"Red":1},"byPriority":{"top":1},"byId":{"{{{id}}}":1}}""", GrowingContext.Default.Hidden))[^1];
        last.IsMemberComplete(hidden => hidden.ByShade[Shade.Red]).Should().BeTrue();
        last.IsMemberComplete(hidden => hidden.ByShade[Shade.Blue]).Should().BeFalse();
        last.IsMemberComplete(hidden => hidden.ByPriority[Priority.High]).Should().BeTrue("the name in JSON counts");
        last.IsMemberComplete(hidden => hidden.ById[id]).Should().BeTrue();
    }

    [Fact]
    public async Task IsMemberComplete_ListAtTheRoot_IsAskedByIndex()
    {
        var partials = await Reading.ReadAsync("[1,2]", PlanContext.Default.Int32Array);
        partials[3].IsMemberComplete("/0").Should().BeTrue();
        partials[3].IsMemberComplete(list => list[0]).Should().BeTrue();
        partials[3].IsMemberComplete(list => list[1]).Should().BeFalse();
    }

    private static Partial<Plan> Read(string text)
    {
        var document = new Streamline.Json.PartialJsonDocument();
        document.Append(text);
        return new PartialReader<Plan>(PlanContext.Default.Plan).Read(document.RootElement);
    }
}
