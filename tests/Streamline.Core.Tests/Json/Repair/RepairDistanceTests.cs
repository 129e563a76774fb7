using System.Globalization;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Decisions that stand from a distance on: made at one byte, whenever a snapshot is taken, and never taken back.</summary>
public sealed class RepairDistanceTests
{
    private static readonly PartialJsonOptions Aggressive = new() { Repair = PartialJsonRepairMode.Guess };

    [Fact]
    [Trait("Law", "2")]
    public void RootElement_NameReopenedAfterASettledString_LeavesItComplete()
    {
        // The quote after the name is the byte that settles the value; to reconsider that quote takes it back.
        var name = new string('n', 254);
        var document = JsonFeed.Whole("{\"a\":\"b\",\"" + name, Aggressive);
        document.RootElement["a"].IsComplete.Should().BeFalse();
        document.Append("\""u8);
        document.RootElement["a"].IsComplete.Should().BeTrue();
        document.Append("x"u8);
        document.RootElement["a"].IsComplete.Should().BeTrue();
    }

    [Theory]
    [InlineData(180, "[\"a\\\"{0}z\"]")]
    [InlineData(200, "[\"a\"{0},\"z\"]")]
    public void Repair_QuoteAndThenSpaces_IsReadAgainWithin192Bytes(int spaces, string expected)
    {
        var gap = new string(' ', spaces);
        PartialJson.Repair($"[\"a\"{gap}z\"]").Replace(", ", ",", StringComparison.Ordinal).Should().Be(string.Format(CultureInfo.InvariantCulture, expected, gap));
    }

    [Theory]
    [InlineData(248, 2)]
    [InlineData(257, 1)]
    public void Repair_BraceAndThenSpaces_WaitsForWhatFollowsFor256Bytes(int spaces, int properties) =>
        JsonNode.Parse(PartialJson.Repair("{\"a\":1}" + new string(' ', spaces) + ",\"b\":2}"))!.AsObject().Count.Should().Be(properties);

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(3000)]
    public void Repair_FaultAfterANumberWithAPoint_FarFromTheLastToken_IsRepaired(int spaces)
    {
        var gap = new string(' ', spaces);
        JsonFeed.EveryWay(JsonFeed.Utf8($"{{\"k\":{gap}600.\"b\": 2}}"), Aggressive).Should().AllSatisfy(read =>
        {
            read.Document.Complete();
            JsonNode.DeepEquals(JsonNode.Parse(read.Document.RootElement.GetRawText()), JsonNode.Parse("""{"k":600,"b":2}""")).Should().BeTrue(read.How);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("e")]
    [InlineData("-")]
    public void Repair_FaultAfterALongNumber_IsRepaired(string end)
    {
        foreach (var fault in new[] { "\"b\": 2}", "\\n\\nb\"None", ".5}", "x}", "'", "e+}", "5-" })
        {
            foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8("{\"k\":" + new string('6', 300) + end + fault), Aggressive))
            {
                document.Invoking(it => it.Complete()).Should().NotThrow(how + " " + fault);
            }
        }
    }

    [Theory]
    [InlineData("", 64, "a")]
    [InlineData("", 65, "a*")]
    public void RootElement_SpacesAtTheEndOfAGrowingString_AreShownFromTheSixtyFifthOn(string before, int spaces, string expected)
    {
        var document = JsonFeed.Whole("[\"a" + before + new string(' ', spaces), Aggressive);
        document.RootElement[0].GetString().Should().Be(expected.Replace("*", new string(' ', spaces), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public void RootElement_TailsOfEveryLength_AreShownAlikeHoweverTheyCome(int chunkSize)
    {
        // Runs around the distance, behind letters and at the beginning, of one byte and of several.
        var text = string.Concat(new[] { 0, 1, 2, 3, 15, 16, 17, 32, 62, 63, 64, 65, 66, 67, 130 }.Select(length => new string(' ', length) + "x," + new string('}', length) + "y"));
        var all = "[\"" + text;
        var document = new PartialJsonDocument(Aggressive);
        for (var end = 0; end < all.Length;)
        {
            var start = end;
            end = Math.Min(all.Length, start + chunkSize);
            document.Append(all.AsSpan(start..end));
            Shown(document).Should().Be(Shown(JsonFeed.Whole(all[..end], Aggressive)), "of the first {0} bytes", end);
        }

        static string? Shown(PartialJsonDocument document) => document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Array && document.RootElement.GetArrayLength() > 0
            ? document.RootElement[0].GetString()
            : null;
    }

    [Fact]
    public void RootElement_CommasAtTheEndOfTheText_AreShownOnceItHasEnded()
    {
        var document = JsonFeed.Whole("[\"a, ", Aggressive);
        document.RootElement[0].GetString().Should().Be("a");
        document.Complete();
        document.RootElement[0].GetString().Should().Be("a, ");
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, false)]
    public void Repair_BraceInProse_IsFollowedFor64Bytes(int letters, bool isDocument)
    {
        var name = new string('n', letters);
        PartialJson.Repair($"text {{{name}:1}}").Should().Be(isDocument ? $"{{\"{name}\":1}}" : $"\"text {{{name}:1}}\"");
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    public void RootElement_NumberAndThenSpaces_IsShownFromTheSixtyFifthOn(int spaces, int shown) =>
        JsonFeed.Whole("[1" + new string(' ', spaces), Aggressive).RootElement.GetArrayLength().Should().Be(shown);

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(258)]
    [InlineData(5000)]
    public void Repair_DigitsAndThenALetter_AreText(int digits)
    {
        var number = new string('1', digits);
        PartialJson.Repair($"[{number}x]").Should().Be($"[\"{number}x\"]");
    }

    [Theory]
    [InlineData(256, 0)]
    [InlineData(257, 1)]
    public void RootElement_WordWithoutQuotes_IsShownWhenItIsLongerThan256Bytes(int letters, int shown) =>
        JsonFeed.Whole("[" + new string('a', letters), Aggressive).RootElement.GetArrayLength().Should().Be(shown);

    [Fact]
    public void RootElement_FaultInANameBehindAString_SettlesTheString()
    {
        var document = JsonFeed.Whole("""{"a":"b","c\""", Aggressive);
        document.RootElement["a"].IsComplete.Should().BeFalse();
        document.Append("qd\"x"u8);
        document.Complete();
        document.RootElement["a"].GetRawText().Should().Be("\"b\"");
    }

    [Fact]
    public void RootElement_NameOfAWithheldValue_IsWithheldToo()
    {
        foreach (var text in (string[])["""{"a":12""", """{"a":1 """, """{"a":tru""", """{"a":true"""])
        {
            JsonFeed.Whole(text, Aggressive).RootElement.GetPropertyCount().Should().Be(0, text);
        }
    }

    [Theory]
    [InlineData("[1 /*c*/ inches]", "[1,\"inches\"]")]
    [InlineData("[1 inches]", "[\"1 inches\"]")]
    [InlineData("[[\"a]", "[[\"a]\"]]")]
    [InlineData("[[\"a]]", "[[\"a\"]]")]
    public void Repair_WhatMayBelongToAValue_DoesSoUnlessItIsSettled(string text, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(PartialJson.Repair(text)), JsonNode.Parse(expected)).Should().BeTrue(text);
}
