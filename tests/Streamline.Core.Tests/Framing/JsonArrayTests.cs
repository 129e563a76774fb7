using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Streamline.Framing;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Framing;

public class JsonArrayTests
{
    private static readonly string[] Values =
        ["1", "null", "\"\"", "\"]\"", "\"}\"", "\"\\\\\"", "\"\\\"}\"", "\"é😀\"", "[]", "[[{}]]", "{}", "{\"a\":{\"]\":[1]}}", "\"\\u005d\""];

    private static readonly string[] Blanks = ["", " ", "\n", "\r\n", "\t "];

    [Fact]
    [Trait("Law", "1")]
    public async Task Read_Elements_AreFramesHoweverTheBytesAreCut()
    {
        var result = await ReadAsync("[{\"a\":\"]},\\\"é\"}\n,\r\n{\"b\":[{}]} ]\n");

        result.Frames.Should().Equal("1 Message : {\"a\":\"]},\\\"é\"}", "20 Message : {\"b\":[{}]}");
        result.StrayText.Should().BeEmpty();
    }

    [Fact]
    public async Task Read_ByteOrderMarkAtTheBeginning_IsSkipped() =>
        (await FrameRun.ReadAllWaysAsync(FrameFormat.JsonArray, [0xEF, 0xBB, 0xBF, .. "[{}]"u8])).Frames.Should().Equal("4 Message : {}");

    [Theory]
    [InlineData("[]")]
    [InlineData(" [ ] ")]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Read_NoElements_HasNoFrames(string body) => (await ReadAsync(body)).ToString().Should().Be($"\n\n{body.Length}\n");

    [Fact]
    public async Task Read_ObjectInPlaceOfTheArray_IsOneFrame() =>
        (await ReadAsync(" {\"error\":{\"code\":503}} ")).Frames.Should().Equal("1 Message : {\"error\":{\"code\":503}}");

    [Theory]
    [InlineData("[{\"a\":1}")]
    [InlineData("[{\"a\":1},")]
    [InlineData("[{\"a\":1},{\"b")]
    [InlineData("[{\"a\":1},{\"b\":\"\\")]
    [Trait("Law", "4")]
    public async Task Read_ArrayThatIsCut_GivesItsWholeElements(string body)
    {
        var result = await ReadAsync(body);

        result.Frames.Should().Equal("1 Message : {\"a\":1}");
        result.StrayText.Should().BeEmpty("what is left is a cut element");
        result.BytesConsumed.Should().Be(body.Length);
    }

    [Theory]
    [InlineData("<html>", 0, 0x3C, "'[' or '{' at the beginning of the body")]
    [InlineData("[1]", 1, 0x31, "'{' or ']' in the array")]
    [InlineData("[[{}]]", 1, 0x5B, "'{' or ']' in the array")]
    [InlineData("[,{}]", 1, 0x2C, "'{' or ']' in the array")]
    [InlineData("[{} {}]", 4, 0x7B, "',' or ']' after an element of the array")]
    [InlineData("[{}}", 3, 0x7D, "',' or ']' after an element of the array")]
    [InlineData("[{},]", 4, 0x5D, "'{' after a comma of the array")]
    [InlineData("[{}]{}", 4, 0x7B, "nothing after the end of the array")]
    [InlineData("{}\n{}", 3, 0x7B, "nothing after the end of the array")]
    [InlineData("data: {}", 0, 0x64, "'[' or '{' at the beginning of the body")]
    public async Task Read_BytesThatAreNoArray_FailAtTheirPlace(string body, int offset, int found, string expected)
    {
        var exception = (await ReadAsync(body)).Exception.Should().BeOfType<StreamProtocolException>().Subject;

        exception.Error.Should().Be(StreamProtocolError.InvalidFrame);
        exception.ByteOffset.Should().Be(offset);
        exception.Message.Should().Be($"Found the byte 0x{found:X2}, expected {expected}, at byte {offset}.");
    }

    [Theory]
    [InlineData("[{\"a\":12}]", true)]
    [InlineData("[{\"a\":123}]", false)]
    [InlineData("[ {\"a\":12}  , {\"a\":\"123", false)]
    [Trait("Law", "8")]
    public async Task Read_ElementAtTheLimit_IsReadAndOnePastItIsNot(string body, bool isRead)
    {
        var result = await FrameRun.ReadAllWaysAsync(FrameFormat.JsonArray, Encoding.UTF8.GetBytes(body), maxFrameBytes: 8);

        (result.Exception is null).Should().Be(isRead);
        if (!isRead)
        {
            result.Exception.Should().BeOfType<StreamLimitException>().Which.Should().BeEquivalentTo(new { LimitName = "MaxEventBytes", Limit = 8L });
        }
    }

    [Fact]
    public void Read_GeneratedArrays_EqualTheElementsOfADocument()
    {
        var blank = Gen.Elements(Blanks);
        var element = from value in Gen.Elements(Values) from name in Gen.Elements(Values.Where(value => value[0] == '"').ToArray()) select $"{{{name}:{value}}}";
        var array = from items in (from before in blank from item in element from after in blank select before + item + after).ListOf()
                    from outer in blank
                    select $"{outer}[{(items.Count == 0 ? outer : string.Join(',', items))}]{outer}";
        var property = Prop.ForAll((from text in array from size in Gen.Choose(1, 9) select (text, size)).ToArbitrary(), sample =>
        {
            var result = FrameRun.ReadAsync(FrameFormat.JsonArray, Encoding.UTF8.GetBytes(sample.text), sample.size).GetAwaiter().GetResult();

            result.Exception.Should().BeNull();
            using var document = JsonDocument.Parse(sample.text);
            result.Frames.Select(frame => frame[(frame.IndexOf(": ", StringComparison.Ordinal) + 2)..])
                .Should().Equal(document.RootElement.EnumerateArray().Select(item => item.GetRawText()));
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(3, 5), property);
    }

    private static Task<FrameRunResult> ReadAsync(string body) => FrameRun.ReadAllWaysAsync(FrameFormat.JsonArray, Encoding.UTF8.GetBytes(body));
}
