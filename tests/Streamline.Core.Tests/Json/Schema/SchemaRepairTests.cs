using System.Text.Json;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Where a schema is known, what fits it wins, and every such repair is a guess.</summary>
public sealed class SchemaRepairTests
{
    private const string Item = """{"type":"object","additionalProperties":false,"properties":{"id":{"type":"integer"},"label":{"type":"string"}}}""";

    private static readonly PartialJsonSchema Schema = PartialJsonSchema.Create(JsonElement.Parse($$"""
        {
          "type": "object", "additionalProperties": false,
          "properties": {
            "fullName": { "type": "string" }, "age": { "type": "integer" }, "score": { "type": ["number", "null"] }, "ready": { "type": "boolean" },
            "color": { "enum": ["red", "dark_blue"] }, "tags": { "type": "array", "items": { "type": "string" } }, "sizes": { "type": "array", "items": { "type": "number" } },
            "item": {{Item}}, "items": { "type": "array", "items": {{Item}} }, "next": { "$ref": "#" },
            "matrix": { "type": "array", "items": { "type": "array", "items": { "type": "integer" } } }, "any": {}
          }
        }
        """));

    // The text, what comes of it, and the kinds of repairs.
    public static TheoryData<string, string, string> Conversions => new()
    {
        // Names.
        { """{"full_name":"Ada"}""", """{"fullName":"Ada"}""", "RenamedProperty" },
        { """{"Full Name":"Ada","AGE":7}""", """{"fullName":"Ada","AGE":7}""".Replace("AGE", "age", StringComparison.Ordinal), "RenamedProperty RenamedProperty" },
        { """{"item":{"ID":1}}""", """{"item":{"id":1}}""", "RenamedProperty" },
        { """{"nickname":"Ada"}""", """{"nickname":"Ada"}""", "" },

        // Numbers.
        { """{"age":"7"}""", """{"age":7 }""", "ConvertedValue" },
        { """{"score":" 4.5 "}""", """{"score":4.5 }""", "ConvertedValue" },
        { """{"score":""}""", """{"score":null }""", "ConvertedValue" },
        { """{"score":"None"}""", """{"score":null }""", "ConvertedValue" },
        { """{"age":"1,250"}""", """{"age":1250 }""", "ConvertedValue" },
        { """{"age":"seven"}""", """{"age":"seven"}""", "" },
        { """{"fullName":7}""", """{"fullName":"7"}""", "ConvertedValue" },
        { """{"fullName":true,"age":7}""", """{"fullName":"true","age":7}""", "ConvertedValue" },
        { """{"any":"7"}""", """{"any":"7"}""", "" },

        // Booleans.
        { """{"ready":"true"}""", """{"ready":true }""", "ConvertedValue" },
        { """{"ready":"False"}""", """{"ready":false }""", "ConvertedValue" },
        { """{"ready":"yes"}""", """{"ready":true }""", "ConvertedValue" },
        { """{"ready":0}""", """{"ready":false }""", "ConvertedValue" },
        { """{"ready":off}""", """{"ready":false }""", "ConvertedValue" },
        { """{"ready":2}""", """{"ready":2}""", "" },

        // Numbers that are not JSON are no worse off than without the schema.
        { """{"age":00184,"score":3}""", """{"age":"00184","score":3}""", "UnquotedValue" },
        { """{"fullName":00184,"score":3}""", """{"fullName":"00184","score":3}""", "UnquotedValue" },
        { """{"fullName":1,000,"score":3}""", """{"fullName":"1,000","score":3}""", "ConvertedValue" },
        { """{"fullName":1,000,000}""", """{"fullName":"1,000,000"}""", "ConvertedValue" },
        { """{"age":1,000,"score":3}""", """{"age":1000 ,"score":3}""", "ConvertedValue" },

        // Lists.
        { """{"tags":"a","age":7}""", """{"tags":["a"],"age":7}""", "WrappedValue" },
        { """{"sizes":5}""", """{"sizes":[5 ]}""", "WrappedValue" },
        { """{"items":{"id":1,"label":"x"},"age":7}""", """{"items":[{"id":1,"label":"x"}],"age":7}""", "WrappedValue" },
        { """{"item":[{"id":1}],"age":7}""", """{"item":{"id":1},"age":7}""", "UnexpectedCharacter ExtraCloser" },
        { """{"tags":5}""", """{"tags":5}""", "" },
        { """{"sizes":"5"}""", """{"sizes":[5 ]}""", "WrappedValue ConvertedValue" },
        { """{"sizes":"five"}""", """{"sizes":"five"}""", "" },

        // Enums.
        { """{"color":"Red"}""", """{"color":"red"}""", "ConvertedValue" },
        { """{"color":"dark-blue"}""", """{"color":"dark_blue"}""", "ConvertedValue" },
        { """{"color":Dark Blue}""", """{"color":"dark_blue"}""", "ConvertedValue" },
        { """{"color":"green"}""", """{"color":"green"}""", "" },
        { """{"next":{"next":{"color":"RED"}}}""", """{"next":{"next":{"color":"red"}}}""", "ConvertedValue" },
    };

    // Single faults that have several readings, of which the schema knows one.
    public static TheoryData<string, string> Faults => new()
    {
        { """{"tags":[["a","b"],"age":7}""", """{"tags":["a","b"],"age":7}""" },
        { """{"tags":"a","b"],"age":7}""", """{"tags":["a","b"],"age":7}""" },
        { """{"tags":{"a","b"],"age":7}""", """{"tags":["a","b"],"age":7}""" },
        { """{"tags":"[a","b"],"age":7}""", """{"tags":["a","b"],"age":7}""" },
        { """{"sizes":1[,2],"age":7}""", """{"sizes":[1,2],"age":7}""" },
        { """{"matrix":[[1,2],3,4]],"age":7}""", """{"matrix":[[1,2],[3,4]],"age":7}""" },
        { """{"items":[{"id":1},"id":2}],"age":7}""", """{"items":[{"id":1},{"id":2}],"age":7}""" },
        { """{"items":[{"id":1,{"id":2}],"age":7}""", """{"items":[{"id":1},{"id":2}],"age":7}""" },
        { """{"items":[["id":1}],"age":7}""", """{"items":[{"id":1}],"age":7}""" },
        { """{"items":{"id":1},{"id":2}],"age":7}""", """{"items":[{"id":1},{"id":2}],"age":7}""" },
        { """{"item":{"id":1,"age":7}""", """{"item":{"id":1},"age":7}""" },
        { """{"color":"red,"age":7}""", """{"color":"red","age":7}""" },
        { """{"color":"red,""age":7}""", """{"color":"red","age":7}""" },
        { """{"fullName":"Ada","age:"7}""", """{"fullName":"Ada","age":7}""" },
        { """["fullName":"Ada","age":7}""", """{"fullName":"Ada","age":7}""" },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void RootElement_ValueThatDoesNotFit_IsReadAsWhatIsWanted(string text, string expected, string kinds)
    {
        var document = Read(text);
        document.RootElement.GetRawText().Should().Be(expected);
        string.Join(' ', document.Repairs.Select(repair => repair.Kind)).Should().Be(kinds);
        document.Repairs.Where(repair => repair.Confidence != PartialJsonRepairConfidence.Guess).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void RootElement_FaultWithSeveralReadings_TakesTheOneThatFits(string text, string expected)
    {
        var repaired = Read(text).RootElement.GetRawText();
        JsonElement.DeepEquals(JsonElement.Parse(repaired), JsonElement.Parse(expected)).Should().BeTrue(repaired);
        repaired = PartialJson.Repair(text, PartialJsonRepairMode.Guess, Schema);
        JsonElement.DeepEquals(JsonElement.Parse(repaired), JsonElement.Parse(expected)).Should().BeTrue(repaired);
    }

    [Fact]
    [Trait("Law", "1")]
    [Trait("Law", "2")]
    public void RootElement_EveryPrefixAndSplit_HoldsTheLaws()
    {
        foreach (var text in Conversions.Concat(Faults).Select(row => (string)row[0]))
        {
            RepairOracle.FindViolation(JsonFeed.Utf8(text), Schema, new Random(text.Length)).Should().BeNull(text);
        }
    }

    [Theory]
    [Trait("Law", "1")]
    [InlineData("10\t(\n n;[\\.9`''t0>}b`{b\n1'*=[<\t(t/[\\[*\"\\`+a' ")]
    [InlineData("1 /x")]
    [InlineData("1 \u201Cx")]
    [InlineData("true `x")]
    public void RootElement_TextAfterAValueThatDoesNotFitAtTheRoot_IsNoSecondValue(string text)
    {
        foreach (var wanted in (string[])["""{"type":"object"}""", """{"type":"array","items":{"type":"number"}}""", """{"type":"array","items":{"type":"string"}}"""])
        {
            RepairOracle.FindViolation(JsonFeed.Utf8(text), PartialJsonSchema.Create(JsonElement.Parse(wanted)), new Random(text.Length)).Should().BeNull(wanted);
        }
    }

    [Theory]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "5", "[5]")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", " 5\n", "[5]")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", "5 of them", "\"5 of them\"")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "\"a\"", "[\"a\"]")]
    [InlineData("""{"type":"array","items":{"type":"boolean"}}""", "true", "[true]")]
    [InlineData("""{"type":["array","string"],"items":{"type":"string"}}""", "\"a\"", "\"a\"")]
    [InlineData("""{"type":"array","items":ITEM}""", """{"id":"1"}""", """[{"id":1}]""")]
    [InlineData("""{"type":"array","items":ITEM}""", """Here: {"id":1}. Done.""", """[{"id":1}]""")]
    [InlineData("""{"type":"array","items":ITEM}""", """[{"id":1}]""", """[{"id":1}]""")]
    [InlineData("""{"anyOf":[{"type":"array","items":ITEM},{"type":"object","additionalProperties":false,"properties":{"value":{"type":"array","items":ITEM}}}]}""", """{"id":1,"label":"x"}""", """[{"id":1,"label":"x"}]""")]
    [InlineData("""{"anyOf":[{"type":"array","items":ITEM},{"type":"object","additionalProperties":false,"properties":{"value":{"type":"array","items":ITEM}}}]}""", """{"value":{"id":1}}""", """{"value":[{"id":1}]}""")]
    [InlineData("""{"anyOf":[{"type":"array","items":ITEM},{"type":"object","additionalProperties":false,"properties":{"value":{"type":"array","items":ITEM}}}]}""", """{"list":[{"id":1}]}""", """{"list":[{"id":1}]}""")]
    public void RootElement_ListAtTheRoot_IsPutAroundASingleValue(string schema, string text, string expected)
    {
        var wanted = PartialJsonSchema.Create(JsonElement.Parse(schema.Replace("ITEM", Item, StringComparison.Ordinal)));
        foreach (var step in (int[])[1, text.Length])
        {
            var document = JsonFeed.InPieces(JsonFeed.Utf8(text), step, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = wanted });
            document.TryComplete().Should().BeTrue();
            document.IsComplete.Should().BeTrue();
            document.RootElement.GetRawText().Replace(" ", "", StringComparison.Ordinal).Should().Be(expected.Replace(" ", "", StringComparison.Ordinal));
        }

        RepairOracle.FindViolation(JsonFeed.Utf8(text), wanted, new Random(text.Length)).Should().BeNull();
    }

    [Theory]
    [InlineData("""{"age":"7"}""")]
    [InlineData("""{"full_name":"Ada"}""")]
    [InlineData("""{"tags":"a"}""")]
    public void RootElement_WithoutGuesses_IsAsWritten(string text)
    {
        foreach (var mode in (ReadOnlySpan<PartialJsonRepairMode>)[PartialJsonRepairMode.None, PartialJsonRepairMode.Safe])
        {
            var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = mode, Schema = Schema });
            document.TryComplete().Should().BeTrue();
            document.RootElement.GetRawText().Should().Be(text);
            document.Repairs.Should().BeEmpty();
        }
    }

    [Fact]
    public void RootElement_TextThatFits_IsUntouched()
    {
        const string Text = """{"fullName":"Ada","age":7,"score":null,"ready":true,"color":"red","tags":["a",""],"item":{"id":1},"items":[],"next":{"any":[{"x":[1]}]},"any":{"age":"7"}}""";
        var document = Read(Text);
        document.RootElement.GetRawText().Should().Be(Text);
        document.RepairCount.Should().Be(0);
    }

    [Fact]
    public void RootElement_NumberInQuotes_IsShownWhenItsEndIsKnown()
    {
        var document = JsonFeed.Whole("""{"fullName":"A","age":"7""", new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = Schema });
        document.RootElement.TryGetProperty("age", out _).Should().BeFalse();
        document.Append("\",\"r"u8);
        document.RootElement["age"].GetInt32().Should().Be(7);
    }

    [Fact]
    public void RootElement_LongTextForANumber_IsShownAsItGrows()
    {
        var document = JsonFeed.Whole("{\"age\":\"" + new string('x', 100), new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = Schema });
        document.RootElement["age"].GetString().Should().HaveLength(100);
    }

    [Fact]
    public void RootElement_ManyDocuments_HaveTheSchemaEach()
    {
        var options = new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = Schema, Documents = PartialJsonDocuments.All };
        var document = JsonFeed.Whole("""{"age":"1"} {"age":"2"}""", options);
        document.Complete();
        document.RootElement.GetRawText().Should().Be("""[{"age":1 },{"age":2 }]""");
    }

    [Fact]
    public void RootElement_EveryStateOfThePage_BecomesWhatThePageSays()
    {
        var states = RepairPage.SchemaStates().ToList();
        states.Should().HaveCountGreaterThan(8);
        foreach (var (schema, text, becomes, kind) in states)
        {
            var properties = """{"type":"object","additionalProperties":false,"properties":{"a":SCHEMA,"b":{"type":"integer"}}}""".Replace("SCHEMA", schema, StringComparison.Ordinal);
            var options = new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = PartialJsonSchema.Create(JsonElement.Parse(properties)) };
            var document = JsonFeed.Whole(text, options);
            document.TryComplete().Should().BeTrue();
            var repaired = document.RootElement.GetRawText();
            JsonElement.DeepEquals(JsonElement.Parse(repaired), JsonElement.Parse(becomes)).Should().BeTrue(repaired);
            document.Repairs.Should().Contain(repair => repair.Kind.ToString() == kind && repair.Confidence == PartialJsonRepairConfidence.Guess);
        }
    }

    private static PartialJsonDocument Read(string text)
    {
        var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = Schema });
        document.TryComplete().Should().BeTrue();
        return document;
    }

    /// <summary>A list of one that is left out ends at its bracket, which is not that of the array around all documents. The text was found by the fuzz, and ended the process.</summary>
    [Theory]
    [InlineData("number")]
    [InlineData("boolean")]
    [InlineData("string")]
    [InlineData("array")]
    public void TryComplete_AllDocuments_NeverClosesTheArrayThatHoldsThem(string type)
    {
        var text = Convert.FromBase64String("bn07KzEKKy9dLyl7KC8se24KXDAxKSo5dDpbfT0rKFwqLitdCi86OS4wPT5uLDs9KyI7CSMJWyg=");
        foreach (var documents in Enum.GetValues<PartialJsonDocuments>())
        {
            var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = documents, Schema = PartialJsonSchema.Create(JsonElement.Parse($$"""{"type":"{{type}}"}""")) });
            document.TryAppend(text);
            document.TryComplete().Should().BeTrue();
            document.RootElement.ValueKind.Should().Be(documents == PartialJsonDocuments.All ? JsonValueKind.Array : document.RootElement.ValueKind);
        }
    }

    /// <summary>A list of one that is left out makes a document of a number, after which the documents before it must stay.</summary>
    [Theory]
    [InlineData("{\"a\":1}\n[5];\n{\"b\":2}")]
    [InlineData("{\"a\":1} [5] x {\"b\":2}")]
    [InlineData("[5]{\"a\":1}[-]{\"b\":2}")]
    [InlineData("[1,2] [5.] [6e] [7]x")]
    public void TryAppend_AllDocumentsOfANumber_KeepsThemAll(string text)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Documents = PartialJsonDocuments.All, Schema = PartialJsonSchema.Create(JsonElement.Parse("""{"type":"number"}""")) });
        var shown = 0;
        foreach (var next in text)
        {
            document.TryAppend([next]).Should().BeTrue();
            var count = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.GetArrayLength() : 0;
            count.Should().BeGreaterThanOrEqualTo(shown);
            shown = count;
        }

        document.TryComplete().Should().BeTrue();
        document.RootElement.GetArrayLength().Should().BeGreaterThan(1);
    }
}
