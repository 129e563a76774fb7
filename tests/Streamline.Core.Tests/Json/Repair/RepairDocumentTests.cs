using System.Buffers;
using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Modes, several documents, limits and reports.</summary>
public sealed class RepairDocumentTests
{
    [Theory]
    [InlineData("[true/*c*/x]", "[true,\"x\"]")]
    [InlineData("[null/**/x]", "[null,\"x\"]")]
    [InlineData("[true//c\nx]", "[true\n,\"x\"]")]
    [InlineData("[1/*c*/2]", "[1 ,2]")]
    [InlineData("[true/*c*/,x]", "[true,\"x\"]")]
    public void Repair_CommentRightBehindAValue_EndsIt(string text, string expected) => PartialJson.Repair(text).Should().Be(expected);

    [Theory]
    [InlineData("[-\"0.*")]
    [InlineData("[-\"0.x,1]")]
    [InlineData("{\"a\":-\"0.\"b\":1}")]
    public void TryAppend_PointOfANumberThatWasDecided_IsNotRepaired(string text)
    {
        var document = JsonFeed.InPieces(JsonFeed.Utf8(text), 1, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
        document.TryComplete().Should().BeTrue();
    }

    [Theory]
    [InlineData("<think>a plan\n{\"a\":1}", false)]
    [InlineData("<think>a plan\n  [1]", false)]
    [InlineData("<think>a plan {x} of", true)]
    [InlineData("<think>\n{\"a\":1}\n</think>[1]", true)]
    public void TryComplete_ReasoningThatDoesNotEndBeforeADocument_IsAGuess(string text, bool isSafe)
    {
        foreach (var documents in Enum.GetValues<PartialJsonDocuments>())
        {
            var safe = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe, Documents = documents });
            safe.TryComplete().Should().Be(isSafe);

            var guess = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = documents });
            guess.TryComplete().Should().BeTrue();
            guess.Repairs.Any(repair => repair is { Kind: PartialJsonRepairKind.ReasoningBlock, Confidence: PartialJsonRepairConfidence.Guess }).Should().Be(!isSafe);
        }
    }

    [Theory]
    [InlineData("{\"a\":1} 5 [3]")]
    [InlineData("{\"a\":1}\n5 [3]")]
    [InlineData("{\"a\":1} null [3] x")]
    public void TryComplete_ScalarBeforeABracketAfterADocument_IsNotDroppedWithSafeRepairs(string text)
    {
        var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe, Documents = PartialJsonDocuments.All });
        document.TryComplete().Should().BeFalse();
        document.Error.Should().BeOfType<StreamProtocolException>().Which.ByteOffset.Should().Be(8);
    }

    [Theory]
    [InlineData("```\n\"a\"\n```", true)]
    [InlineData("```json\n\"a\" \n\n```", true)]
    [InlineData("```\n\"a\"\nb\"\n```", false)]
    [InlineData("```\n\"a\"\n`b`\"\n```", false)]
    [InlineData("```\n\"a\" `b` c\"\n```", false)]
    [InlineData("```\n\"a\" \"b\"\n```", false)]
    public void TryComplete_StringInAFenceWithSafeRepairs_EndsOnlyBeforeTheFence(string text, bool isRepaired)
    {
        var document = JsonFeed.InPieces(JsonFeed.Utf8(text), 1, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        (document.Error is null && document.TryComplete()).Should().Be(isRepaired);
    }

    [Fact]
    public void TryComplete_CutTextInTruncation_IsNoErrorAndStaysIncomplete()
    {
        var document = JsonFeed.Whole("""{"a":[1,23""", new PartialJsonOptions());

        document.TryComplete().Should().BeTrue();
        document.IsComplete.Should().BeFalse();
        JsonFeed.Describe(document.RootElement).Should().Be("""~{1:"a"~[2:=Number1~Number23]}""");
        document.Repairs.Should().BeEmpty();
    }

    [Fact]
    public void TryAppend_MalformedTextInTruncation_IsAnError()
    {
        var document = JsonFeed.Whole("[1,]", new PartialJsonOptions());

        document.Error.Should().BeOfType<StreamProtocolException>().Which.ByteOffset.Should().Be(3);
    }

    [Fact]
    public void RootElement_First_ShowsTheFirstAsItGrows()
    {
        var document = Repairing(PartialJsonDocuments.First);
        document.Append("{\"a\":[1,"u8);
        document.RootElement["a"][0].GetInt32().Should().Be(1);
        document.Append("2]}\n{\"b\":1}"u8);
        document.IsComplete.Should().BeTrue();
        document.RootElement.GetRawText().Should().Be("""{"a":[1,2]}""");
        document.Repairs[0].Should().Be(new PartialJsonRepair(PartialJsonRepairKind.FurtherDocument, 12, PartialJsonRepairConfidence.Guess));
    }

    [Fact]
    public void RootElement_Last_ShowsNothingBeforeTheEnd()
    {
        var document = Repairing(PartialJsonDocuments.Last);
        document.Append("{\"a\":1} and then {\"b\":2}"u8);
        document.RootElement.ValueKind.Should().Be(JsonValueKind.Undefined);
        document.Complete();
        document.RootElement.GetRawText().Should().Be("""{"b":2}""");
    }

    [Fact]
    public void RootElement_All_IsAnArrayThatGrows()
    {
        var document = Repairing(PartialJsonDocuments.All);
        document.Append("{\"a\":1}\n{\"b\":\"x y"u8);
        document.RootElement.GetArrayLength().Should().Be(2);
        document.RootElement[0].IsComplete.Should().BeTrue();
        document.Append("\"}\n\"c\"\n[3]"u8);
        document.Complete();
        document.IsComplete.Should().BeTrue();
        document.RootElement.ToString().Replace("\n", "", StringComparison.Ordinal).Should().Be("""[{"a":1},{"b":"x y"},"c",[3]]""");
    }

    [Theory]
    [InlineData("{\"a\":1}\ntrue\n[3]", """[{"a":1},true,[3]]""")]
    [InlineData("[1,2]\n3\n[4]", "[[1,2],3,[4]]")]
    [InlineData("true\n{\"a\":1}", """[true,{"a":1}]""")]
    [InlineData("1\nnull\n{\"a\":1}\n-2.5\n", """[1,null,{"a":1},-2.5]""")]
    [InlineData("{\"a\":1}\ntrue", """[{"a":1},true]""")]
    [InlineData("[1]\n2\nthree\n[4]", "[[1],[4]]")]
    public void RootElement_AllWithGuesses_HasScalarsThatHaveALineEach(string text, string expected)
    {
        foreach (var step in (int[])[1, text.Length])
        {
            var document = JsonFeed.InPieces(JsonFeed.Utf8(text), step, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = PartialJsonDocuments.All });
            document.Complete();
            var json = document.RootElement.GetRawText();
            JsonElement.DeepEquals(JsonElement.Parse(json), JsonElement.Parse(expected)).Should().BeTrue(json);
            RepairOracle.FindSplitViolation(JsonFeed.Utf8(text), new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = PartialJsonDocuments.All }, new Random(step)).Should().BeNull();
        }
    }

    [Theory]
    [InlineData("true\n{\"a\":1}", false)]
    [InlineData("[1]\n2\nthree\n[4]", false)]
    [InlineData("{\"a\":1}\n\"b\":2}\n{\"c\":3}", false)]
    [InlineData("{\"a\":1}\nSee below:\n[3]", true)]
    [InlineData("12 results:\n[3]", true)]
    public void TryComplete_AllWithSafeRepairs_DropsNoScalarThatHasALine(string text, bool isRepaired)
    {
        var document = JsonFeed.InPieces(JsonFeed.Utf8(text), 1, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe, Documents = PartialJsonDocuments.All });
        (document.Error is null && document.TryComplete()).Should().Be(isRepaired);
    }

    [Fact]
    public void Repairs_BeyondTheLimit_AreCountedAndNotListed()
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe, MaxRepairs = 3 });
        document.Append("[1,,2,,3"u8);
        var before = document.Repairs;
        document.Append(",,4,,5,,6]"u8);

        before.Should().HaveCount(2);
        document.Repairs.Should().HaveCount(3);
        document.RepairCount.Should().Be(5);
    }

    [Theory]
    [InlineData(PartialJsonRepairMode.Safe)]
    [InlineData(PartialJsonRepairMode.Guess)]
    [Trait("Law", "8")]
    public void TryAppend_TooDeepOrTooLong_IsALimitAndKeepsWhatCameBefore(PartialJsonRepairMode mode)
    {
        var deep = JsonFeed.Whole("[1, [ [ ]]", new PartialJsonOptions { Repair = mode, MaxDepth = 2 });
        deep.Error.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(PartialJsonOptions.MaxDepth));
        deep.RootElement[0].GetInt32().Should().Be(1);

        var large = JsonFeed.Whole("[1, 2, 3", new PartialJsonOptions { Repair = mode, MaxBytes = 5 });
        large.Error.Should().BeOfType<StreamLimitException>().Which.LimitName.Should().Be(nameof(PartialJsonOptions.MaxBytes));
        large.RootElement[0].GetInt32().Should().Be(1);
    }

    [Fact]
    public void RootElement_QuoteThatMayBeInner_IsNotTheEndUntilDecided()
    {
        var document = Repairing(PartialJsonDocuments.First);
        document.Append("{\"a\":\"say \"hi"u8);
        document.RootElement["a"].GetString().Should().Be("say");
        document.Append("\", \"b\""u8);
        document.RootElement["a"].IsComplete.Should().BeFalse();
        document.Append(":1}"u8);
        document.Complete();
        document.RootElement["a"].GetString().Should().Be("say \"hi");
        document.RootElement["a"].IsComplete.Should().BeTrue();
    }

    [Fact]
    public void Parse_EachMode_ForgivesWhatItSays()
    {
        PartialJson.Parse("[1,2").GetArrayLength().Should().Be(2);
        PartialJson.Parse("[1,2]"u8, new PartialJsonOptions { AllowTruncation = false }).IsComplete.Should().BeTrue();
        PartialJson.Parse("[1,,2]", new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe })[1].GetInt32().Should().Be(2);
        PartialJson.Parse("[a]", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess })[0].GetString().Should().Be("a");
        FluentActions.Invoking(() => PartialJson.Parse("[1,2", new PartialJsonOptions { AllowTruncation = false })).Should().Throw<StreamProtocolException>();
        FluentActions.Invoking(() => PartialJson.Parse("[1 2]")).Should().Throw<StreamProtocolException>();
        FluentActions.Invoking(() => PartialJson.Parse("[a]", new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe })).Should().Throw<StreamProtocolException>();
    }

    [Theory]
    [InlineData("", "null")]
    [InlineData("{\"a\":1,\"b\":[\"x", "{\"a\":1,\"b\":[\"x\"]}")]
    [InlineData("{\"a\":1,\"b\":", "{\"a\":1,\"b\":null}")]
    [InlineData("{\"a\":1,\"b", "{\"a\":1}")]
    [InlineData("[1,", "[1]")]
    [InlineData(" [1] ", " [1] ")]
    [InlineData("{\"a\":1} {\"b\":2}", "[{\"a\":1},{\"b\":2}]")]
    [InlineData("{\"a\":1} see [1]", "{\"a\":1} ")]
    [InlineData("<think>a<</think>[1]", "[1]")]
    [InlineData("[01,1_]", "[\"01\",\"1_\"]")]
    [InlineData("[\"a\"\"", "[\"a\",\"\"]")]
    [InlineData("[\"x\"; }\"]", "[\"x\\\"; }\"]")]
    [InlineData("[nul()]", "[\"nul()\"]")]
    [InlineData("[truea()]", "[\"truea()\"]")]
    [InlineData("f(abc)", "\"f(abc)\"")]
    public void Repair_Text_IsWellFormed(string text, string expected)
    {
        PartialJson.Repair(text).Should().Be(expected);
        var output = new ArrayBufferWriter<byte>();
        PartialJson.Repair(JsonFeed.Utf8(text), output);
        System.Text.Encoding.UTF8.GetString(output.WrittenSpan).Should().Be(expected);
    }

    [Fact]
    public void Repairs_NameWithoutAValue_IsAGuess()
    {
        var document = JsonFeed.Whole("{\"a\"}", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
        document.Complete();
        document.Repairs.Should().OnlyContain(repair => repair.Confidence == PartialJsonRepairConfidence.Guess);
        PartialJson.Repair("{\"a\"}").Should().Be("{\"a\":null }");
    }

    [Fact]
    public void Repair_StringReopenedWithTheNameBehindIt_LeavesTheRowsAroundIt()
    {
        // The rows lie in segments: somewhere the name behind the string is the first of one.
        for (var count = 0; count < 40; count++)
        {
            var members = string.Concat(Enumerable.Range(0, count).Select(index => $"\"m{index}\":[],"));
            var document = JsonFeed.Whole("[{" + members + "\"s\":\"v\", \"w\" x\",\"z\":1}]", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
            document.Complete();
            document.RootElement[0].EnumerateObject().Select(property => property.Name).Should()
                .Equal([.. Enumerable.Range(0, count).Select(index => $"m{index}"), "s", "w", "z"], "{0} members", count);
            document.RootElement[0]["s"].GetString().Should().Be("v");
            document.RootElement[0]["z"].GetPath().Should().Be("/0/z");
        }
    }

    [Fact]
    public void GetPath_ElementBehindAReopenedString_HasTheNextPosition() =>
        PartialJson.Parse("[\"a\" b\",2]", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess })[1].GetPath().Should().Be("/1");

    [Theory]
    [InlineData(PartialJsonRepairMode.None)]
    [InlineData(PartialJsonRepairMode.Safe)]
    [InlineData(PartialJsonRepairMode.Guess)]
    public void TryComplete_CutTextWhereThatIsNotAllowed_IsTruncated(PartialJsonRepairMode repair)
    {
        foreach (var text in (string[])["", "{\"a\":[1,2", "[\"a"])
        {
            var options = new PartialJsonOptions { Repair = repair, AllowTruncation = false };
            var document = JsonFeed.Whole(text, options);
            document.TryComplete().Should().BeFalse(text);
            document.Error.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.TruncatedJson, text);
            FluentActions.Invoking(() => PartialJson.Parse(text, options)).Should().Throw<StreamProtocolException>(text);
        }

        JsonFeed.Whole("[1]", new PartialJsonOptions { Repair = repair, AllowTruncation = false }).TryComplete().Should().BeTrue();
    }

    [Fact]
    public void Options_UndefinedChoice_IsRefused()
    {
        FluentActions.Invoking(() => new PartialJsonOptions { Repair = (PartialJsonRepairMode)9 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new PartialJsonOptions { Documents = (PartialJsonDocuments)9 }).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new PartialJsonOptions { MaxRepairs = -1 }).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static PartialJsonDocument Repairing(PartialJsonDocuments documents) =>
        new(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = documents });
}
