using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>Ids that are missing, empty or repeated, and arguments that the end of a call repeats or contradicts.</summary>
public sealed class ToolCallBlockTests
{
    private readonly List<StreamEvent> _events = [];
    private readonly DecoderOutput _output;

    public ToolCallBlockTests() => _output = new DecoderOutput(new StreamReadOptions(), _events.Add) { ResponseId = "r" };

    private IEnumerable<ToolCallCompleted> Completed => _events.OfType<ToolCallCompleted>();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Start_WithoutAnId_MakesOneThatIsUnique(string? id)
    {
        Call(id, "f", "{}");
        Call(id, "f", "{}");

        Completed.Select(call => call.CallId).Should().OnlyHaveUniqueItems().And.NotContain("");
    }

    [Fact]
    [Trait("Law", "7")]
    public void Seal_SameIdAndSameArguments_IsOneCall()
    {
        Call("k", "f", """{"a":1}""");
        Call("k", "f", """{"a":1}""");

        Completed.Should().ContainSingle();
        _events.OfType<ToolCallStarted>().Should().ContainSingle();
    }

    [Theory]
    [InlineData("f", """{"a":2}""")]
    [InlineData("g", """{"a":1}""")]
    [Trait("Law", "13")]
    public void Seal_SameIdAndOtherCall_GetsAnIdOfItsOwn(string name, string arguments)
    {
        Call("k", "f", """{"a":1}""");
        Call("k", name, arguments);

        Completed.Select(call => call.CallId).Should().HaveCount(2).And.OnlyHaveUniqueItems();
        Completed.Last().Should().BeEquivalentTo(new { Name = name, ArgumentsText = arguments });
        _events.OfType<ToolCallStarted>().Last().CallId.Should().Be(Completed.Last().CallId);
    }

    [Theory]
    [InlineData("""{"a":1}""", null, """{"a":1}""", true)]
    [InlineData("""{"a":1}""", "", """{"a":1}""", true)]
    [InlineData("""{"a":1}""", "{}", """{"a":1}""", true)]
    [InlineData("""{"a":1}""", """{ "a" : 1 }""", """{"a":1}""", true)]
    [InlineData("", """{"a":1}""", """{"a":1}""", true)]
    [InlineData("""{"a":""", """{"a":1}""", """{"a":1}""", true)]
    [InlineData("pTc0Zx==", """{"a":1}""", """{"a":1}""", true)]
    [InlineData("""{"a":1}""", """{"a":2}""", """{"a":2}""", false)]
    [InlineData("""{"a":1}""", "not json", """{"a":1}""", true)]
    [Trait("Law", "3")]
    public void Seal_ArgumentsAtTheEnd_CountUnlessTheyContradictTheirDeltas(string pieces, string? whole, string text, bool areReadable)
    {
        Call("k", "f", pieces, whole);

        var call = Completed.Single();
        call.ArgumentsText.Should().Be(text);
        (call.Arguments is not null).Should().Be(areReadable);
        (call.ParseError is null).Should().Be(areReadable);
    }

    [Fact]
    public void Start_AfterPieces_ShowsThem()
    {
        var block = new ToolCallBlock(_output);
        block.AppendValue("""{"a":""");
        block.Start("k", "f");
        block.AppendValue("1}");
        block.Seal();

        _events.OfType<ToolInputDelta>().Select(delta => delta.Fragment).Should().Equal("""{"a":""", "1}");
        Completed.Single().Arguments.Should().NotBeNull();
    }

    [Fact]
    [Trait("Law", "8")]
    public void AppendValue_BeforeTheName_IsBounded()
    {
        var block = new ToolCallBlock(new DecoderOutput(new StreamReadOptions { MaxArgumentBytes = 8 }, _events.Add));

        var append = () => block.AppendValue("123456789");

        append.Should().Throw<StreamLimitException>().Which.LimitName.Should().Be(nameof(StreamReadOptions.MaxArgumentBytes));
    }

    private void Call(string? id, string name, string pieces, string? whole = null)
    {
        var block = new ToolCallBlock(_output);
        block.Start(id, name);
        if (pieces.Length > 0)
        {
            block.AppendValue(pieces);
        }

        block.Seal(whole);
    }
}
