using System.Text;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Texts that are there as a whole: what is well-formed stays as it is, several scalars are several documents, and what follows a document is not dropped when it may be data.</summary>
public sealed class WholeTextTests
{
    private static readonly string[] Pieces = ["", ",", ":", ": ,", "b,", "{", "}", "[", "]", "},", "\\\"", "\\\\", "'", "//", "```", "ab", " ", "\\n", "é", "😀", "]}"];

    [Fact]
    public void Repair_WellFormedText_IsTheSame() => ShouldStay("""{"a":",","b,":": ,"}""");

    [Fact]
    public void Repair_WellFormedTextsWithStructureInNamesAndStrings_AreTheSame()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var text = new StringBuilder();
            AppendValue(text, new Random(seed), depth: 0);
            ShouldStay(text.ToString());
        }
    }

    [Theory]
    [InlineData("5", "[5]")]
    [InlineData("-0.5e1", "[-0.5e1]")]
    [InlineData("true", "[true]")]
    [InlineData("1\n2", "[1,2]")]
    [InlineData("1\n\n  true \nnull\n", "[1,true,null]")]
    [InlineData("0", "[0]")]
    public void Parse_ScalarsAtTheRootAsDocuments_AreElementsOfAWholeArray(string text, string expected)
    {
        foreach (var mode in new[] { PartialJsonRepairMode.Safe, PartialJsonRepairMode.Guess })
        {
            var root = PartialJson.Parse(text, new PartialJsonOptions { Repair = mode, Documents = PartialJsonDocuments.All });
            (root.GetRawText(), root.IsComplete).Should().Be((expected, true), mode.ToString());
            var live = new PartialJsonDocument(new PartialJsonOptions { Repair = mode, Documents = PartialJsonDocuments.All });
            foreach (var c in text)
            {
                live.TryAppend([c]);
            }

            (live.TryComplete(), live.RootElement.GetRawText(), live.IsComplete).Should().Be((true, expected, true), mode.ToString());
        }
    }

    [Fact]
    public void Parse_TextAtTheRootAsDocuments_IsAWholeString()
    {
        var root = PartialJson.Parse("some words", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = PartialJsonDocuments.All });
        (root.GetRawText(), root.IsComplete).Should().Be(("""["some words"]""", true));
    }

    [Theory]
    [InlineData("{}5")]
    [InlineData("""{"a":1} true""")]
    [InlineData("""{"a":1} b: 2""")]
    [InlineData("""{"a":1} b : 2""")]
    [InlineData("[1] -2.5 and so on")]
    [InlineData("{}\n5")]
    [InlineData("{}\nnull\n")]
    public void Safe_DataAfterTheRoot_IsAnError(string text)
    {
        FluentActions.Invoking(() => PartialJson.Repair(text, PartialJsonRepairMode.Safe)).Should().Throw<StreamProtocolException>();
        var live = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        foreach (var c in text)
        {
            live.TryAppend([c]);
        }

        live.TryComplete().Should().BeFalse();
        live.RootElement.ValueKind.Should().NotBe(JsonValueKind.Undefined, "what came before stays readable");
    }

    [Theory]
    [InlineData("{} 5")]
    [InlineData("{}\ntrue\n")]
    public void Safe_ScalarsAfterTheLastOfAllDocuments_AreAnError(string text)
    {
        var options = new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe, Documents = PartialJsonDocuments.All };
        FluentActions.Invoking(() => PartialJson.Parse(text, options)).Should().Throw<StreamProtocolException>();
        PartialJson.Parse("{} and prose", options).GetRawText().Should().Be("[{}]");
    }

    [Theory]
    [InlineData("{}\n\nNote: nothing was found.")]
    [InlineData("{} That is all.")]
    [InlineData("{} true.")]
    [InlineData("[1]\n1. One\n2. Two")]
    [InlineData("{}\n```\nHint: none")]
    public void Safe_ProseAfterTheRoot_IsSkipped(string text) =>
        PartialJson.Repair(text, PartialJsonRepairMode.Safe).Trim().Should().Be(text[..2] == "{}" ? "{}" : "[1]");

    private static void ShouldStay(string text)
    {
        using var expected = JsonDocument.Parse(text);
        var utf8 = Encoding.UTF8.GetBytes(text);
        foreach (var mode in Enum.GetValues<PartialJsonRepairMode>())
        {
            PartialJson.Repair(text, mode).Should().Be(text, mode.ToString());
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            PartialJson.Repair(utf8, output, mode).Should().BeEmpty(text);
            Encoding.UTF8.GetString(output.WrittenSpan).Should().Be(text, mode.ToString());
            PartialJson.Parse(text, new PartialJsonOptions { Repair = mode }).GetRawText().Should().Be(text.Trim(), mode.ToString());
            var all = PartialJson.Parse(utf8, new PartialJsonOptions { Repair = mode, Documents = PartialJsonDocuments.All });
            JsonElement.DeepEquals(JsonElement.Parse((mode == PartialJsonRepairMode.None ? all : all[0]).GetRawText()), expected.RootElement).Should().BeTrue("{0}: {1}", mode, text);
        }
    }

    private static void AppendValue(StringBuilder text, Random random, int depth)
    {
        switch (depth == 0 ? random.Next(4, 6) : random.Next(depth > 3 ? 4 : 6))
        {
            case 0:
                text.Append(random.Next(-500, 500)).Append(random.Next(3) == 0 ? "e1" : "");
                break;
            case 1:
                text.Append(random.Next(3) switch { 0 => "true", 1 => "null", _ => "-0" });
                break;
            case 2 or 3:
                AppendString(text, random);
                break;
            case 4:
                AppendContainer(text, random, depth, '[', ']');
                break;
            default:
                AppendContainer(text, random, depth, '{', '}');
                break;
        }
    }

    private static void AppendContainer(StringBuilder text, Random random, int depth, char open, char close)
    {
        text.Append(open);
        for (var (index, count) = (0, random.Next(4)); index < count; index++)
        {
            text.Append(index == 0 ? "" : random.Next(3) switch { 0 => ",", 1 => ", ", _ => ",\n" });
            if (open == '{')
            {
                AppendString(text, random);
                text.Append(random.Next(3) == 0 ? " : " : ":");
            }

            AppendValue(text, random, depth + 1);
        }

        text.Append(close);
    }

    private static void AppendString(StringBuilder text, Random random) =>
        text.Append('"').Append(string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Pieces[random.Next(Pieces.Length)]))).Append('"');
}
