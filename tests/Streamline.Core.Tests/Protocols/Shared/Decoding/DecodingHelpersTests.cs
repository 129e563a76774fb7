using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Streamline.Json;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Shared;

public class DecodingHelpersTests
{
    [Theory]
    [InlineData("""{"a":"\ud83d\ude00"}""", """{"a":"\ud83d\ude00"}""")]
    [InlineData("""{"a":"\ud83d"}""", """{"a":"\ufffd"}""")]
    [InlineData("""{"a":"\uDE00\uD83Dx\uD83D\uDE00"}""", """{"a":"\ufffd\ufffdx\uD83D\uDE00"}""")]
    [InlineData("""{"a":"\""", """{"a":"\""")]
    [InlineData("""{"a":"\ud83d""", """{"a":"\ufffd""")]
    [InlineData("""{"a":"\ud83d\""", """{"a":"\ufffd\""")]
    [InlineData("""{"a":"\\ud83d"}""", """{"a":"\\ud83d"}""")]
    [InlineData("""{"a":"\\\ud83d"}""", """{"a":"\\\ufffd"}""")]
    public void JsonSurrogates_Replace_TouchesOnlyHalves(string json, string expected) =>
        Encoding.UTF8.GetString(JsonSurrogates.Replace(Encoding.UTF8.GetBytes(json))).Should().Be(expected);

    [Fact]
    public void JsonPayload_MalformedText_NamesTheByteOfTheStream()
    {
        var parse = () => JsonPayload.Parse("{\"a\":1,\n\"b\":x}"u8, "an event", byteOffset: 1000);
        var exception = parse.Should().Throw<StreamProtocolException>().Which;
        exception.Error.Should().Be(StreamProtocolError.InvalidJson);
        exception.ByteOffset.Should().Be(1012);
    }

    [Fact]
    public void JsonPayload_BytesThatAreNotUtf8_BecomeTheReplacementCharacter() =>
        JsonPayload.Parse([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8], "an event", 0).GetProperty("a").GetString().Should().Be("\uFFFD");

    [Fact]
    public void ErrorExcerpt_LongText_IsBoundedAndCutBetweenCharacters()
    {
        var excerpt = ErrorExcerpt.Of(Encoding.UTF8.GetBytes("a" + new string('漢', 1000)))!;
        Encoding.UTF8.GetByteCount(excerpt).Should().BeInRange(ErrorExcerpt.MaxBytes - 3, ErrorExcerpt.MaxBytes);
        excerpt.Should().NotContain("\uFFFD");
        ErrorExcerpt.Of(" \r\n\t "u8).Should().BeNull();
        ErrorExcerpt.Of(" <html>\r\n<b>\u0007</b> "u8).Should().Be("<html>  <b> </b>");
    }

    [Fact]
    public void ExtraBody_Members_TakeThePlaceOfWrittenOnes()
    {
        var output = new ArrayBufferWriter<byte>();
        ExtraBody.Write(new JsonObject { ["b"] = new JsonObject { ["y"] = 2 }, ["c"] = null }, output, writer =>
        {
            writer.WriteNumber("a", 1);
            writer.WriteStartObject("b");
            writer.WriteNumber("x", 1);
            writer.WriteEndObject();
        });
        Encoding.UTF8.GetString(output.WrittenSpan).Should().Be("""{"a":1,"b":{"y":2},"c":null}""");
    }
}
