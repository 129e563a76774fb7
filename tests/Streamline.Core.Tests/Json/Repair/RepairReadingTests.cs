using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>How malformed texts are read that have several readings, beside the examples of the page.</summary>
public sealed class RepairReadingTests
{
    public static TheoryData<string, string> Readings => new()
    {
        // Strings behind one another.
        { "[\"a\"\n\"b\"\n\"c\"\n]", """["a","b","c"]""" },
        { """{"stops": ["Lyon" "Nice" {"x": 1} "Pisa"]}""", """{"stops":["Lyon","Nice",{"x":1},"Pisa"]}""" },
        { """["he said "hi" "there" now", "b"]""", """["he said \"hi\" \"there\" now","b"]""" },
        { """["he said "hi", and so, he left", "b"]""", """["he said \"hi\", and so, he left","b"]""" },
        { """["a "red" door, a "blue" gate, a "third" ", "b"]""", """["a \"red\" door, a \"blue\" gate, a \"third\" ","b"]""" },
        { """["a", bc""", """["a","bc"]""" },
        { """["b ", c, "d " true]""", """["b ","c","d ",true]""" },
        { """["a""b""c"]""", """["a","b","c"]""" },
        { "['say ''hi'' now', 'b']", """["say ''hi'' now","b"]""" },
        { """{"a": "x", "b"}""", """{"a":"x","b":null}""" },
        { """{"sql": "select "a", "b" from t"}""", """{"sql":"select \"a\", \"b\" from t"}""" },
        { """{"a": "b", [1, 2], "c": 3}""", """{"a":"b","":[1,2],"c":3}""" },

        // JSON in a string.
        { """{"function": "f", "args": "{"x": 1, "y": [1, "}"]}", "b": 2}""", """{"function":"f","args":"{\"x\": 1, \"y\": [1, \"}\"]}","b":2}""" },
        { "{\"args\": \"{\n  \"x\": 1,\n  \"y\": \"z\"\n}\", \"b\": 2}", """{"args":"{\n  \"x\": 1,\n  \"y\": \"z\"\n}","b":2}""" },
        { """{"open": "[" "close": "]"}""", """{"open":"[","close":"]"}""" },
        { """{"a": "```json {"k": [1, "b"]}```"}""", """{"a":"```json {\"k\": [1, \"b\"]}```"}""" },


        // Brackets before quotes where no JSON follows.
        { """{"re": "[\"']", "b": 1}""", """{"re":"[\"']","b":1}""" },
        { """{"re": "["']", "b": 1}""", """{"re":"[\"']","b":1}""" },
        { """{"a": "use "[" to open", "b": 1}""", """{"a":"use \"[\" to open","b":1}""" },
        { """["use "[" to open", "b"]""", """["use \"[\" to open","b"]""" },
        { """{"a": "if (x) {"; print("hi"); }", "b": 1}""", """{"a":"if (x) {\"; print(\"hi\"); }","b":1}""" },
        { """{"a": "see x["key"]["k"] now", "b": 1}""", """{"a":"see x[\"key\"][\"k\"] now","b":1}""" },
        { """{"a": "x = {"a", "b": 1}""", """{"a":"x = {\"a","b":1}""" },

        // Names.
        { """{"city:"Paris"}""", """{"city":"Paris"}""" },
        { """{"a":1, "first name: "Bob", "b": [2]}""", """{"a":1,"first name":"Bob","b":[2]}""" },
        { """{"sizes: [1, 2], "b": 2}""", """{"sizes":[1,2],"b":2}""" },
        { """{"at 10:30": 1, "http://x/y": 2}""", """{"at 10:30":1,"http://x/y":2}""" },
        { """{"v": true, (note) "w": "x", Next "y": 1}""", """{"v":true,"w":"x","y":1}""" },
        { """{"title": A long day. "mood": rather calm. "rain": x}""", """{"title":"A long day.","mood":"rather calm.","rain":"x"}""" },
        { """{"at 10: 30" 1, "b: c" "d"}""", """{"at 10: 30":1,"b: c":"d"}""" },

        // Quotes of Python.
        { "{\"code\": \"\"\"def f():\n  return \"x\"\n\"\"\", \"b\": 1}", """{"code":"def f():\n  return \"x\"\n","b":1}""" },
        { "['''it's \"q\"''', '', '''''']", """["it's \"q\"","",""]""" },
        { "[\"\"\"a", """["a"]""" },
        { "['''a''", """["a"]""" },
        { "{\"a\": \"\"\"say \"hi\"\"\"\", \"b\": '''say 'hi'''''}", "{\"a\":\"say \\\"hi\\\"\",\"b\":\"say 'hi''\"}" },
        { """{b": 1, c": "x"}""", """{"b":1,"c":"x"}""" },

        // Quotes behind scalars.
        { """{ "city": Paris", "year": 1999", "end": null" }""", """{"city":"Paris","year":1999,"end":null}""" },
        { """{"a":1"b":true"c":"d"}""", """{"a":1,"b":true,"c":"d"}""" },

        // Parentheses.
        { "(see above)", "\"(see above)\"" },
        { """{"a": new Date(), "b": re()do, "c": f( )}""", """{"a":"new Date()","b":"re()do","c":"f( )"}""" },
        { "(see above, please)", "\"(see above, please)\"" },
        { "(c) 2024, Acme (Inc.)", "\"(c) 2024, Acme (Inc.)\"" },

        // The end of the root, and of a fence.
        { """{"a":1}, "b":2}, "c":[3]}""", """{"a":1,"b":2,"c":[3]}""" },
        { "{\"a\": \"x\"}\n\n\"b\": 2}", """{"a":"x","b":2}""" },
        { """{"a":1},{"a":2},"b":3}""", """[{"a":1},{"a":2,"b":3}]""" },
        { """{"a":1} "b": 2""", """{"a":1}""" },
        { "{\"a\":1}\n\n\"a\": the number of them", """{"a":1}""" },
        { "{\"a\":1}\n\"b\":  [2]}", """{"a":1,"b":[2]}""" },
        { """{"a":{"b":[1,2}, "c":3}""", """{"a":{"b":[1,2]},"c":3}""" },
        { "```json\n{\"a\":1,\n```json\n\"b\":2}\n```", """{"a":1,"b":2}""" },
        { """{"a":[1,2],"b":"say "hi") now"}""", """{"a":[1,2],"b":"say \"hi\") now"}""" },
        { "```json\n{\"a\":\n```\nDone.", """{"a":null}""" },
        { "```json\n[{\"a\": \"x\"},\n {\"b\": \"y\"\n```", """[{"a":"x"},{"b":"y"}]""" },
        { "```json\n{\"a\": \"v}\n```\n", """{"a":"v"}""" },
        { "```json\n{\"a\": \"v\n```\nmore\", \"b\": 1}\n```", """{"a":"v\n```\nmore","b":1}""" },
        { "{\"a\": \"v\n```", """{"a":"v\n```"}""" },

        { """{"a":[1,2]}{"b":"say "hi") now"}""", """[{"a":[1,2]},{"b":"say \"hi\") now"}]""" },

        // Doubled quotes.
        { """{"": 1, "a": ""}""", """{"":1,"a":""}""" },
    };

    [Theory]
    [MemberData(nameof(Readings))]
    public void Repair_TextWithSeveralReadings_TakesTheLikelyOne(string text, string expected)
    {
        var repaired = PartialJson.Repair(text);
        JsonNode.DeepEquals(JsonNode.Parse(repaired), JsonNode.Parse(expected)).Should().BeTrue(repaired);
    }

    [Theory]
    [Trait("Law", "1")]
    [Trait("Law", "2")]
    [MemberData(nameof(Readings))]
    public void RootElement_EveryPrefixOfSuchAText_OnlyGrows(string text, string expected) =>
        RepairOracle.FindViolation(JsonFeed.Utf8(text), new Random(text.Length)).Should().BeNull(expected);

    [Fact]
    public void Repair_LongWordWithBrackets_IsOneText()
    {
        for (var length = 245; length < 265; length++)
        {
            var word = "x[1] " + new string('y', length) + "é€😀 é";
            PartialJson.Repair($$"""[{{word}},1]""").Should().Be($$"""["{{word}}",1]""", word);
            RepairOracle.FindViolation(JsonFeed.Utf8($"[{word},1]"), new Random(length)).Should().BeNull(word);
        }
    }

    [Fact]
    public void IsComplete_AfterTheBraceThatEndsTheRoot_IsTrueWhenNoPropertyCanFollow()
    {
        var document = JsonFeed.Whole("""{"a":"b"}""", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
        document.RootElement["a"].IsComplete.Should().BeTrue();
        document.IsComplete.Should().BeFalse();
        document.Append(" \n"u8);
        document.IsComplete.Should().BeFalse();
        document.Append("D"u8);
        document.IsComplete.Should().BeTrue();
        JsonFeed.Whole("""{"a":"b"}""", new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe }).IsComplete.Should().BeTrue("without guesses, a brace is a brace");
    }

    [Fact]
    public void RootElement_BehindTheBraceThatEndsTheRoot_IsCompleteAtTheEnd()
    {
        var document = JsonFeed.Whole("""{"a":"b"},"c" """, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
        document.IsComplete.Should().BeFalse();
        document.Complete();
        document.IsComplete.Should().BeTrue();
        document.RootElement.GetRawText().Should().Be("""{"a":"b"}""");
    }

    [Fact]
    public void Append_PropertyBehindTheRootInSafe_IsRefused()
    {
        var document = JsonFeed.Whole("""{"a":1},"b":2}""", new PartialJsonOptions { Repair = PartialJsonRepairMode.Safe });
        document.TryComplete().Should().BeFalse();
        document.Error.Should().BeOfType<StreamProtocolException>().Which.ByteOffset.Should().Be(7);
        document.IsComplete.Should().BeFalse();
        document.RootElement["a"].GetInt32().Should().Be(1);
    }
}
