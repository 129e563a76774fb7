using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

public sealed class PartialJsonPointerTests
{
    // The document and the pointers of RFC 6901, section 5.
    private const string Example = """
        {"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\j":5,"k\"l":6," ":7,"m~n":8}
        """;

    [Theory]
    [InlineData("/foo", """["bar","baz"]""")]
    [InlineData("/foo/0", "\"bar\"")]
    [InlineData("/", "0")]
    [InlineData("/a~1b", "1")]
    [InlineData("/c%d", "2")]
    [InlineData("/e^f", "3")]
    [InlineData("/g|h", "4")]
    [InlineData("/i\\j", "5")]
    [InlineData("/k\"l", "6")]
    [InlineData("/ ", "7")]
    [InlineData("/m~0n", "8")]
    public void GetPointer_Rfc6901Examples_FindTheValue(string pointer, string expected)
    {
        var root = JsonFeed.Whole(Example).RootElement;
        root.GetPointer(pointer).GetRawText().Should().Be(expected);
        root.GetPointer(pointer).GetPath().Should().Be(pointer);
        root.GetPointer("").GetRawText().Should().Be(Example.Trim());
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("/a~")]
    [InlineData("/a~2b")]
    [InlineData("/~1/~")]
    public void TryGetPointer_NotAPointer_IsRefused(string pointer)
    {
        var root = JsonFeed.Whole(Example).RootElement;
        root.Invoking(e => e.TryGetPointer(pointer, out _)).Should().Throw<ArgumentException>();
        root.Invoking(e => e.GetPointer(pointer)).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData("/list/2", "The JSON Pointer '/list/2' leads nowhere: found an array with 2 elements, at '/list'.")]
    [InlineData("/list/-", "The JSON Pointer '/list/-' leads nowhere: found an array with 2 elements, at '/list'.")]
    [InlineData("/list/01", "The JSON Pointer '/list/01' leads nowhere: found an array with 2 elements, at '/list'.")]
    [InlineData("/list/99999999999", "The JSON Pointer '/list/99999999999' leads nowhere: found an array with 2 elements, at '/list'.")]
    [InlineData("/list/0/x", "The JSON Pointer '/list/0/x' leads nowhere: found a value of kind Number, at '/list/0'.")]
    [InlineData("/open/y/z", "The JSON Pointer '/open/y/z' leads nowhere: found an object without this property, which is growing, at '/open'.")]
    [InlineData("/none", "The JSON Pointer '/none' leads nowhere: found an object without this property, which is growing, at the start of the path.")]
    public void GetPointer_NothingThere_SaysWhereThePathEnds(string pointer, string message)
    {
        var root = JsonFeed.Whole("""{"list":[1,2],"open":{"x":1,""").RootElement;
        root.TryGetPointer(pointer, out var value).Should().BeFalse();
        value.ValueKind.Should().Be(JsonValueKind.Undefined);
        root.Invoking(e => e.GetPointer(pointer)).Should().Throw<KeyNotFoundException>().WithMessage(message);
        default(PartialJsonElement).Invoking(e => e.GetPointer(pointer)).Should().Throw<KeyNotFoundException>().WithMessage("*nothing yet*");
    }

    [Fact]
    public void TryGetPointer_FromAnInnerElement_IsRelativeToIt()
    {
        var root = JsonFeed.Whole("""{"a":{"b":[{"c":"gro""").RootElement;
        root["a"].TryGetPointer("/b/0/c", out var value).Should().BeTrue();
        value.GetString().Should().Be("gro");
        value.GetPath().Should().Be("/a/b/0/c");
        default(PartialJsonElement).TryGetPointer("", out _).Should().BeFalse();
        default(PartialJsonElement).GetPath().Should().BeEmpty();
    }

    [Fact]
    public void GetPath_OfEveryValueOfEveryText_LeadsBackToIt()
    {
        foreach (var (name, text) in JsonSamples.All())
        {
            // The path of a property whose name occurs again leads to the later one.
            var root = JsonFeed.Whole(text).RootElement;
            if (root.ValueKind != JsonValueKind.Undefined && root.FindDuplicates().Count == 0)
            {
                Visit(root, root, name);
            }
        }
    }

    [Fact]
    public void TryWritePath_TooShort_WritesNothing()
    {
        var element = JsonFeed.Whole("""{"a~\u002f":[[0,1,2,3,4,5,6,7,8,9,"ten"]]}""").RootElement.GetPointer("/a~0~1/0/10");
        Span<byte> destination = stackalloc byte[11];
        element.TryWritePath(destination[..10], out var written).Should().BeFalse();
        written.Should().Be(0);
        element.TryWritePath(destination, out written).Should().BeTrue();
        Encoding.UTF8.GetString(destination[..written]).Should().Be("/a~0~1/0/10");
    }

    private static void Visit(PartialJsonElement root, PartialJsonElement element, string because)
    {
        JsonFeed.Describe(root.GetPointer(element.GetPath())).Should().Be(JsonFeed.Describe(element), because);
        var children = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Select(property => property.Value),
            JsonValueKind.Array => element.EnumerateArray(),
            _ => [],
        };
        foreach (var child in children)
        {
            Visit(root, child, because);
        }
    }
}
