using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>A repair is reported where it was made, in bytes of the text as it was received.</summary>
public sealed class RepairOffsetTests
{
    [Theory]
    [InlineData("""{\"a\":\"b\qc\"}""", PartialJsonRepairKind.EscapedDocument, 1)]
    [InlineData("""{\"a\":\"b\qc\"}""", PartialJsonRepairKind.InvalidEscape, 10)]
    [InlineData("[1, /* c */ 2]", PartialJsonRepairKind.Comment, 4)]
    [InlineData("[1, // c\n2]", PartialJsonRepairKind.Comment, 4)]
    [InlineData("[1, # c\n2]", PartialJsonRepairKind.Comment, 4)]
    [InlineData("[1, abc // c\n]", PartialJsonRepairKind.UnquotedValue, 4)]
    [InlineData("[1, abc // c\n]", PartialJsonRepairKind.Comment, 8)]
    [InlineData("""["ab\u12xy"]""", PartialJsonRepairKind.InvalidEscape, 4)]
    [InlineData("""["ab\ud83d\u12xy"]""", PartialJsonRepairKind.InvalidEscape, 10)]
    [InlineData("""["ab\qy"]""", PartialJsonRepairKind.InvalidEscape, 4)]
    [InlineData("""  "a":1}""", PartialJsonRepairKind.MissingBrackets, 2)]
    [InlineData("  \"a\tb\": 1}", PartialJsonRepairKind.MissingBrackets, 2)]
    [InlineData("{\"é\":1},\"b\":2}", PartialJsonRepairKind.ExtraCloser, 7)]
    [InlineData("{\"é\":[1},\"b\":2}", PartialJsonRepairKind.MissingCloser, 8)]
    [InlineData("{\"é\":1, \"b: 2, \"c\":3}", PartialJsonRepairKind.MissingQuote, 11)]
    [InlineData("[\"é\", (c) 2]", PartialJsonRepairKind.UnquotedValue, 7)]
    [InlineData("[\"é\", d(1, 2)]", PartialJsonRepairKind.UnquotedValue, 7)]
    [InlineData("[\"é\", 12\"]", PartialJsonRepairKind.UnexpectedCharacter, 9)]
    [InlineData("[\"é\" \"b\", 1]", PartialJsonRepairKind.MissingComma, 6)]
    [InlineData("{\"é\":1, so \"b\":2}", PartialJsonRepairKind.UnexpectedCharacter, 9)]
    [InlineData("{\"é\":1, [2]}", PartialJsonRepairKind.MissingName, 9)]
    [InlineData("{\"\"a\"\": \"\"b\\qé\"\"}", PartialJsonRepairKind.InvalidEscape, 11)]
    [InlineData("[\"x, \ny\"]", PartialJsonRepairKind.ControlCharacter, 5)]
    [InlineData("[1,'a']", PartialJsonRepairKind.ForeignQuotes, 3)]
    [InlineData("[1,“a”]", PartialJsonRepairKind.ForeignQuotes, 3)]
    [InlineData("[1, …]", PartialJsonRepairKind.Ellipsis, 4)]
    [InlineData("[1, x y]", PartialJsonRepairKind.UnquotedValue, 4)]
    [InlineData("{\"a\":1, bc: 2}", PartialJsonRepairKind.UnquotedName, 8)]
    [InlineData("{\"a\":1, bc\": 2}", PartialJsonRepairKind.MissingQuote, 8)]
    [InlineData("{\"a\":\"b,\n\"c\":1}", PartialJsonRepairKind.MissingQuote, 7)]
    [InlineData("{\"a\":[1,2}", PartialJsonRepairKind.MissingCloser, 9)]
    [InlineData("{\"a\" 1}", PartialJsonRepairKind.MissingColon, 5)]
    [InlineData("[1 2]", PartialJsonRepairKind.MissingComma, 3)]
    [InlineData("x <think>y</think>[1]", PartialJsonRepairKind.ReasoningBlock, 2)]
    [InlineData("x ```json\n[1]\n", PartialJsonRepairKind.MarkdownFence, 2)]
    [InlineData("see: {\"a\":1}", PartialJsonRepairKind.TextBefore, 0)]
    [InlineData("{\"a\":1} and", PartialJsonRepairKind.TextAfter, 8)]
    public void Repairs_OneKind_AreReportedWhereTheyWereMade(string text, PartialJsonRepairKind kind, long offset)
    {
        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8(text), new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess }))
        {
            document.Complete();
            document.Repairs.Where(repair => repair.Kind == kind).Select(repair => repair.ByteOffset).Should().Equal([offset], how);
        }
    }

    [Theory]
    [InlineData(PartialJsonDocuments.First)]
    [InlineData(PartialJsonDocuments.Last)]
    [InlineData(PartialJsonDocuments.All)]
    public void Repairs_FurtherDocument_IsReportedAtItsOpeningBracket(PartialJsonDocuments documents)
    {
        foreach (var text in (string[])["{\"a\":1} and { \"b\":2}", "{\"a\":1} and [[2]]"])
        {
            var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = documents });
            var confidence = documents == PartialJsonDocuments.All ? PartialJsonRepairConfidence.Safe : PartialJsonRepairConfidence.Guess;
            document.Repairs.Should().Contain(new PartialJsonRepair(PartialJsonRepairKind.FurtherDocument, 12, confidence), text);
        }
    }

    [Fact]
    public void Repairs_BytesBetweenTokensThatAreNotUtf8_AreReportedWhereTheyBegin()
    {
        foreach (var (how, document) in JsonFeed.EveryWay([(byte)'[', (byte)'1', (byte)',', 0xE2, 0x82, (byte)'2', (byte)']'], new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe }))
        {
            document.Complete();
            document.RootElement.GetArrayLength().Should().Be(2, how);
            document.Repairs.Should().Equal([new PartialJsonRepair(PartialJsonRepairKind.InvalidUtf8, 3, PartialJsonRepairConfidence.Safe)], how);
        }
    }
}
