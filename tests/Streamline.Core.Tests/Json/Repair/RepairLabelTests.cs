using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>A word in brackets is a label in front of a document, or an array of one word without quotes.</summary>
public sealed class RepairLabelTests
{
    [Theory]
    [InlineData("""[Note] {"a":1}""")]
    [InlineData("""[Note] Here is the answer: {"a":1}""")]
    [InlineData("""[Note]: {"a":1}""")]
    [InlineData("""[Note: as asked] {"a":1}""")]
    [InlineData("[INFO] starting\n[INFO] done\n{\"a\":1}")]
    [InlineData("[Note]\n```json\n{\"a\":1}\n```")]
    [InlineData("<think>hm</think>\n[Note] {\"a\":1}")]
    [InlineData("""[注意] {"a":1}""")]
    [InlineData("""[nothing to add] {"a":1}""")]
    [InlineData("""Sure: [Note] as asked, {"a":1}""")]
    public void Append_LabelAndThenADocument_IsTheDocument(string text)
    {
        foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8(text), new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe }))
        {
            document.TryComplete().Should().BeTrue(how);
            document.RootElement.GetRawText().Should().Be("""{"a":1}""", how);
            document.Repairs.Should().Contain(repair => repair.Kind == PartialJsonRepairKind.TextBefore, how);
        }
    }

    [Theory]
    [InlineData("[Note] [{\"a\":1}]", "[{\"a\":1}]")]
    [InlineData("[Note]", "[\"Note\"]")]
    [InlineData("[Note] ", "[\"Note\"] ")]
    [InlineData("[Note", "[\"Note\"]")]
    [InlineData("[Note] That is all.", "[\"Note\"] ")]
    [InlineData("Answer: [a b]\nThat is all.", "[\"a b\"]\n")]
    [InlineData("[a, b] c", "[\"a\", \"b\"] ")]
    [InlineData("[true] {\"a\":1}", "[[true],{\"a\":1}]")]
    [InlineData("[a]\n[b]", "[[\"a\"],[\"b\"]]")]
    [InlineData("[f(1)] {\"a\":1}", "[[\"f(1)\"],{\"a\":1}]")]
    public void Repair_WordInBrackets_IsTheDocumentUnlessABetterOneComes(string text, string expected) => PartialJson.Repair(text).Should().Be(expected);

    [Fact]
    public void RootElement_WordInBrackets_IsNotShownUntilItIsKnownToBeAnArray()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
        document.Append("[Note] "u8);
        document.RootElement.ValueKind.Should().Be(JsonValueKind.Undefined);
        document.Append(", b]"u8);
        document.Complete();
        document.RootElement[0].GetString().Should().Be("Note");
    }

    [Fact]
    public void Repairs_LabelThatWasTheDocument_TellWhatStoodAroundIt()
    {
        var document = JsonFeed.Whole("Answer: [a b]\nThat is all.", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
        document.Complete();
        document.Repairs.Select(repair => (repair.Kind, repair.ByteOffset)).Should().Equal(
            (PartialJsonRepairKind.TextBefore, 0), (PartialJsonRepairKind.UnquotedValue, 9), (PartialJsonRepairKind.TextAfter, 14));
    }

    [Theory]
    [InlineData(62, "[\"{0}\"]")]
    [InlineData(61, "{{\"a\":1}}")]
    public void Append_LongWordInBrackets_IsAnArrayWhen64BytesDoNotDecide(int letters, string expected)
    {
        var word = new string('w', letters);
        PartialJson.Parse($"[{word}]{{\"a\":1}}", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess }).GetRawText()
            .Should().Be(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, word));
    }

    [Theory]
    [InlineData(PartialJsonRepairMode.Safe)]
    [InlineData(PartialJsonRepairMode.Guess)]
    public void Repairs_TextAfterAFence_IsReportedToo(PartialJsonRepairMode mode)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = mode });
        document.Append("```json\n{\"a\":1}\n```\nHope it {helps}, or not.");
        document.Complete();

        document.Repairs.Select(repair => (repair.Kind, repair.ByteOffset)).Should().Equal(
            (PartialJsonRepairKind.MarkdownFence, 0), (PartialJsonRepairKind.MarkdownFence, 16), (PartialJsonRepairKind.TextAfter, 20));
    }
}
