using System.Buffers;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Slips that destroy their neighbours where each look-ahead spells out its own grammar. Nothing is lost without a report, and nothing at all in <see cref="PartialJsonRepairMode.Safe"/>.</summary>
public sealed class RepairClassTests
{
    private static readonly PartialJsonOptions Safe = new() { Repair = PartialJsonRepairMode.Safe };

    public static TheoryData<string, string> Slips => new()
    {
        // A colon that is missing or another sign, after a member that is a string.
        { """{"a":"x","b" "y"}""", """{"a":"x","b":"y"}""" },
        { """{"a":"x","b"="y","c":1}""", """{"a":"x","b":"y","c":1}""" },
        { """{"a":"x","b"=>"y"}""", """{"a":"x","b":"y"}""" },
        { """{"a":"x","b"："y"}""", """{"a":"x","b":"y"}""" },
        { """{"a":"x","b";"y","c":["z"]}""", """{"a":"x","b":"y","c":["z"]}""" },

        // A slip in a name does not swallow the value before it.
        { """{"p":"a.ts","offset: 600,"limit":20}""", """{"p":"a.ts","offset":600,"limit":20}""" },
        { """{"a":"x",\"b\":\"y\"}""", """{"a":"x","b":"y"}""" },
        { """{"p":"a.ts",offset": 600,"limit":20}""", """{"p":"a.ts","offset":600,"limit":20}""" },

        // A closer too many does not lose what follows it.
        { """{"edits":[{"x":"y"}}],"path":"a.yml"}""", """{"edits":[{"x":"y"}],"path":"a.yml"}""" },
        { """{"edits":[{"x":"y"}]],"path":"a.yml"}""", """{"edits":[{"x":"y"}],"path":"a.yml"}""" },
        { """{"edits":[{"x":{"z":1}}}],"path":"a.yml","n":[1]}""", """{"edits":[{"x":{"z":1}}],"path":"a.yml","n":[1]}""" },

        // Data after the root belongs to it.
        { """{"a":1}],"b":2}""", """{"a":1,"b":2}""" },
        { """{"a":1},"b":2}""", """{"a":1,"b":2}""" },
        { """{"a":"x"}}, "b":{"c":2}}""", """{"a":"x","b":{"c":2}}""" },

        // A name that is cut off with its value.
        { """{"p":"a","offset: 600}""", """{"p":"a","offset":600}""" },
        { """{"p":"a","offset':600}""", """{"p":"a","offset":600}""" },

        // Whitespace of other scripts is not part of a value.
        { "{\"a\":\"x\"\u00A0,\"b\":12\u3000,\u00A0\"c\":true\u00A0}", """{"a":"x","b":12,"c":true}""" },

        // Digits in groups.
        { """{"amount": 2,000.00,"t":"x"}""", """{"amount":2000.00,"t":"x"}""" },
        { """{"amount": 1,234,567,"t":"x"}""", """{"amount":1234567,"t":"x"}""" },

        // Numbers without commas, versions, and a sign that is none of a number.
        { """["a",1.2.3,"b"]""", """["a","1.2.3","b"]""" },
        { "[1 .5]", "[1,0.5]" },
        { "[1\n.5]", "[1,0.5]" },
        { "[1. 5]", "[1,5]" },
        { """{"a":"x"."b":1}""", """{"a":"x","b":1}""" },
        { """{"a":-,"b":1}""", """{"a":"-","b":1}""" },
        { """{"a":[1 2 3]}""", """{"a":[1,2,3]}""" },
        { "[1.5 -2 3e2 4]", "[1.5,-2,3e2,4]" },
        { """{"phone":12 34 56,"b":1}""", """{"phone":"12 34 56","b":1}""" },
        { """["12 inches", 12 inches]""", """["12 inches","12 inches"]""" },

        // Quotes inside of several strings.
        { """["He said "no"", "She said "yes""]""", """["He said \"no\"","She said \"yes\""]""" },
        { """{"a":"the "x" one","b":"the "y" one","c":"the "z" one"}""", """{"a":"the \"x\" one","b":"the \"y\" one","c":"the \"z\" one"}""" },

        // What looks like a comment is data.
        { """{"note": "the "#1" choice", "b": 2}""", """{"note":"the \"#1\" choice","b":2}""" },
        { "{\"url\": \"https:\"//example.com/a?b=c#d\"\n}", """{"url":"https:\"//example.com/a?b=c#d"}""" },
        { "{\"tags\":[\n#ai,\n#dotnet\n]}", """{"tags":["#ai","#dotnet"]}""" },
        { "[\"#a\", #b,\n\"#c\"]", """["#a","#b","#c"]""" },
        { "{\"paths\":[\n//cdn/x.js,\n\"b\"\n]}", """{"paths":["//cdn/x.js","b"]}""" },
        { """{"size":10 px,"color":#fff,"w":5}""", """{"size":"10 px","color":"#fff","w":5}""" },
        { "[1, //last\n]", "[1]" },

        // An object of JavaScript or Python, however many names it has.
        { """{x: "a", b: 1, c: 2, d: 3, e: 4, f: 5}""", """{"x":"a","b":1,"c":2,"d":3,"e":4,"f":5}""" },
        { """[{type: "a", x: 0, y: 0, w: 1, h: 2, r: 3}, {type: "b", x: 0, y: 0, w: 1, h: 2, r: 3}]""", """[{"type":"a","x":0,"y":0,"w":1,"h":2,"r":3},{"type":"b","x":0,"y":0,"w":1,"h":2,"r":3}]""" },
        { """{'name': 'Bob Lee', 'says': "It's ok", 'tags': ['a', 'b'], 'ok': True, 'sub': {'x': 1.5, 'y': None}, 'end': 'z'}""", """{"name":"Bob Lee","says":"It's ok","tags":["a","b"],"ok":true,"sub":{"x":1.5,"y":null},"end":"z"}""" },
        { """{'a': 'x', 'd': datetime.datetime(2024, 1, 2, 0, 0), 'e': 1}""", """{"a":"x","d":"datetime.datetime(2024, 1, 2, 0, 0)","e":1}""" },

        // Lists after a list, with prose between them.
        { "Step 1: [1,2]\nStep 2: [3,4]\nAnswer: [5]", "[[1,2],[3,4],[5]]" },
        { "[true] and [false]", "[[true],[false]]" },
        { """{"a":1} and {b:2}""", """[{"a":1},{"b":2}]""" },

        // Doubled braces, escapes between tokens, doubled quotes, quotes in patterns.
        { """{"a":{{"b":1}},"c":2}""", """{"a":{"b":1},"c":2}""" },
        { """{\n  "a": 1,\n  "b": "x"\n}""", """{"a":1,"b":"x"}""" },
        { """{""a"": ""x"", ""b"": 1}""", """{"a":"x","b":1}""" },
        { """{"re":"a["']b","c":1}""", """{"re":"a[\"']b","c":1}""" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public void Repair_Slip_IsReadAsItWasMeantAndReported(string text, string meant)
    {
        var output = new ArrayBufferWriter<byte>();
        var repairs = PartialJson.Repair(JsonFeed.Utf8(text), output);

        JsonNode.DeepEquals(JsonNode.Parse(output.WrittenSpan), JsonNode.Parse(meant)).Should().BeTrue(System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
        repairs.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("{\"lang\": \"C\"#,\n \"b\": 1}")]
    [InlineData("{\"f\":True,//\"g\":2,\n\"h\":3}")]
    [InlineData("[1,//\"g\",2,\n3]")]
    [InlineData("{\"a\":1,`\"b\":2}")]
    [InlineData("{`a\"：1，\"b\"：[2，3]}")]
    [InlineData("{\"pi\":3.14159…}")]
    [InlineData("{\"age\":…1}")]
    [InlineData("{\"a\":\"x\\\ny\"}")]
    [InlineData("The results: [1,2] and [3,4]")]
    [InlineData("Input: {\"n\": 3}\nOutput: [4, 5]")]
    [InlineData("{\"a\":1}; b: 2")]
    public void Complete_DataThatIsEasilyLost_IsRefusedInSafe(string text) => JsonFeed.Whole(text, Safe).TryComplete().Should().BeFalse();

    [Theory]
    [InlineData("{\"a\":1}\ntrue\n[3]")]
    [InlineData("[1,2]\n3\n[4]")]
    [InlineData("{\"a\":1}\n\"b\":2}\n{\"c\":3}")]
    public void Complete_DataBetweenDocuments_IsRefusedInSafe(string text) =>
        JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe, Documents = PartialJsonDocuments.All }).TryComplete().Should().BeFalse();

    [Theory]
    [InlineData("The result is {\"a\":1}.", true)]
    [InlineData("{\"a\":1}. Hope this helps!", true)]
    [InlineData("{\"a\":1} - as requested, see [1]", true)]
    [InlineData("<think>ab</thinking>{\"a\":1}", true)]
    [InlineData("<think time=\"3\">x {\"y\":2} </think>{\"a\":1}", true)]
    [InlineData("{\n \"a\": 1, // the na", false)]
    [InlineData("{a: 1, ci", false)]
    public void Complete_HarmlessText_IsReadInSafe(string text, bool isComplete)
    {
        var document = JsonFeed.Whole(text, Safe);

        document.TryComplete().Should().BeTrue();
        document.IsComplete.Should().Be(isComplete);
        document.RootElement["a"].GetInt32().Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Slips))]
    public void Repair_SlipInSafe_IsRightOrRefused(string text, string meant)
    {
        var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        if (document.TryComplete())
        {
            document.IsComplete.Should().BeTrue();
            JsonNode.DeepEquals(JsonNode.Parse(document.RootElement.GetRawText()), JsonNode.Parse(meant)).Should().BeTrue(document.RootElement.GetRawText());
        }
        else
        {
            document.Error.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.InvalidJson);
        }
    }

    [Theory]
    [Trait("Law", "2")]
    [MemberData(nameof(Slips))]
    public void Append_Slip_IsTheSameForEverySplitAndOnlyGrows(string text, string meant) =>
        RepairOracle.FindViolation(JsonFeed.Utf8(text), new Random(text.Length)).Should().BeNull(meant);

    [Theory]
    [InlineData("""{"a":1}{"b":2}""", PartialJsonRepairKind.FurtherDocument)]
    [InlineData("{\"a\":1}\n[2]", PartialJsonRepairKind.FurtherDocument)]
    [InlineData("""{"a":1}, 2""", PartialJsonRepairKind.ExtraComma)]
    [InlineData("""{"a":1}]""", PartialJsonRepairKind.ExtraCloser)]
    [InlineData("""{"a":1} and "b": 2""", PartialJsonRepairKind.TextAfter)]
    [InlineData("""{"a":{"b":1}""", PartialJsonRepairKind.MissingCloser)]
    public void TryComplete_DataThatWouldBeDroppedInSafe_IsRefused(string text, PartialJsonRepairKind kind)
    {
        var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        document.TryComplete().Should().BeFalse();
        document.Error!.Message.Should().Contain($": {kind},");
        document.RootElement["a"].ValueKind.Should().NotBe(System.Text.Json.JsonValueKind.Undefined, "what came before stays readable");
    }

    [Theory]
    [InlineData("""{"a":1} That is all.""")]
    [InlineData("""{"a":1} See [1] and {name}.""")]
    [InlineData("```json\n{\"a\":1}\n```\nDone: \"yes\".")]
    public void TryComplete_ProseAfterADocumentInSafe_IsReported(string text)
    {
        var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        document.TryComplete().Should().BeTrue(document.Error?.Message);
        document.IsComplete.Should().BeTrue();
        document.Repairs.Should().NotBeEmpty();
    }
}
