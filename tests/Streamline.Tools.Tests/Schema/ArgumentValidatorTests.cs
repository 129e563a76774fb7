using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Schema;

/// <summary>What a model is told of arguments that do not match, and that what is not understood is never an error.</summary>
public sealed class ArgumentValidatorTests
{
    private const string Weather = """
        {"type":"object","properties":{
          "city":{"type":"string","minLength":1,"maxLength":10},
          "days":{"type":"integer","minimum":1,"maximum":7},
          "unit":{"type":"string","enum":["c","f"]},
          "tags":{"type":"array","items":{"type":"string"},"maxItems":2},
          "near":{"type":["object","null"],"properties":{"km":{"type":"number","exclusiveMinimum":0}},"required":["km"]}
        },"required":["city"],"additionalProperties":false}
        """;

    [Theory]
    [InlineData("""{"city":"Paris"}""", null)]
    [InlineData("""{"city":"Paris","days":3,"unit":"c","tags":["a","b"],"near":{"km":0.5}}""", null)]
    [InlineData("""{"city":"Paris","days":3.0,"near":null}""", null)]
    [InlineData("{}", "'city': missing.")]
    [InlineData("""{"city":5}""", "'city': expected string, found number 5.")]
    [InlineData("""{"city":""}""", "'city': expected at least 1 characters; found 0.")]
    [InlineData("""{"city":"Paris, the city"}""", "'city': expected at most 10 characters; found 15.")]
    [InlineData("""{"city":"Paris","days":"3"}""", "'days': expected integer, found string \"3\".")]
    [InlineData("""{"city":"Paris","days":1.5}""", "'days': expected integer, found number 1.5.")]
    [InlineData("""{"city":"Paris","days":0}""", "'days': expected at least 1; found 0.")]
    [InlineData("""{"city":"Paris","days":8}""", "'days': expected at most 7; found 8.")]
    [InlineData("""{"city":"Paris","unit":"k"}""", "'unit': expected one of \"c\", \"f\"; found \"k\".")]
    [InlineData("""{"city":"Paris","tags":["a",1]}""", "'tags[1]': expected string, found number 1.")]
    [InlineData("""{"city":"Paris","tags":["a","b","c"]}""", "'tags': expected at most 2 items; found 3.")]
    [InlineData("""{"city":"Paris","near":{}}""", "'near.km': missing.")]
    [InlineData("""{"city":"Paris","near":{"km":0}}""", "'near.km': expected more than 0; found 0.")]
    [InlineData("""{"city":"Paris","near":true}""", "'near': expected object or null, found boolean true.")]
    [InlineData("""{"city":"Paris","town":"x"}""", "'town': unknown member.")]
    [InlineData("""{"days":9}""", "'city': missing. 'days': expected at most 7; found 9.")]
    public void Check_Arguments_SaysWhatIsWrong(string arguments, string? problems) => Check(Weather, arguments).Should().Be(problems);

    [Theory]
    [InlineData("""{"anyOf":[{"type":"object","required":["a"]},{"type":"object","required":["b","c"]}]}""", """{"b":1}""", "'a': missing.")]
    [InlineData("""{"anyOf":[{"required":["a"]},{"required":["b"]}]}""", """{"b":1,"a":1}""", null)]
    [InlineData("""{"oneOf":[{"required":["a"]},{"required":["b"]}]}""", """{"b":1,"a":1}""", "matches 2 of the alternatives, of which only one is allowed.")]
    [InlineData("""{"allOf":[{"required":["a"]},{"required":["b"]}]}""", """{"a":1}""", "'b': missing.")]
    [InlineData("""{"properties":{"a":{"const":"x"}}}""", """{"a":"y"}""", "'a': expected \"x\"; found \"y\".")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/n~1m"}},"$defs":{"n/m":{"type":"boolean"}}}""", """{"a":"y"}""", "'a': expected boolean, found string \"y\".")]
    [InlineData("""{"properties":{"a":{"$ref":"#"}},"required":["b"]}""", """{"b":1,"a":{"a":{}}}""", "'a.b': missing. 'a.a.b': missing.")]
    [InlineData("""{"additionalProperties":{"type":"string"}}""", """{"a":1}""", "'a': expected string, found number 1.")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "'a': not allowed.")]
    [InlineData("""{"properties":{"a":{"prefixItems":[{"type":"string"}],"items":{"type":"integer"}}}}""", """{"a":["x",1,"y"]}""", "'a[2]': expected integer, found string \"y\".")]
    [InlineData("""{"properties":{"a":{"prefixItems":[{"type":"string"}]}}}""", """{"a":[1,1]}""", "'a[0]': expected string, found number 1.")]
    [InlineData("""{"required":["b"],"anyOf":[{"required":["c"]},{"required":["d","e"]}]}""", "{}", "'b': missing. 'c': missing.")]
    public void Check_Combinations_AreUnderstood(string schema, string arguments, string? problems) => Check(schema, arguments).Should().Be(problems);

    [Theory]
    [InlineData("""{"maximum":3}""", "3", null)]
    [InlineData("""{"maximum":3}""", "3.5", "expected at most 3; found 3.5")]
    [InlineData("""{"minimum":3}""", "3", null)]
    [InlineData("""{"minimum":3}""", "2.5", "expected at least 3; found 2.5")]
    [InlineData("""{"exclusiveMaximum":3}""", "2.5", null)]
    [InlineData("""{"exclusiveMaximum":3}""", "3", "expected less than 3; found 3")]
    [InlineData("""{"exclusiveMinimum":3}""", "3.5", null)]
    [InlineData("""{"exclusiveMinimum":3}""", "3", "expected more than 3; found 3")]
    [InlineData("""{"type":"integer"}""", "1e2", null)]
    [InlineData("""{"type":"integer"}""", "1e300", null)]
    [InlineData("""{"type":"integer"}""", "1e-300", "expected integer, found number 1e-300")]
    [InlineData("""{"type":"integer"}""", "12345678901234567890.5", "expected integer, found number 12345678901234567890.5")]
    [InlineData("""{"type":"number"}""", "1.5", null)]
    [InlineData("""{"type":"number"}""", "\"1\"", "expected number, found string \"1\"")]
    [InlineData("""{"type":"null"}""", "null", null)]
    [InlineData("""{"type":"null"}""", "false", "expected null, found boolean false")]
    [InlineData("""{"type":"boolean"}""", "true", null)]
    [InlineData("""{"type":"boolean"}""", "false", null)]
    [InlineData("""{"type":"boolean"}""", "null", "expected boolean, found null")]
    [InlineData("""{"type":"array"}""", "{}", "expected array, found object")]
    [InlineData("""{"type":"object"}""", "[]", "expected object, found array")]
    [InlineData("""{"minLength":2}""", "\"ab\"", null)]
    [InlineData("""{"minLength":2}""", "\"🙂\"", "expected at least 2 characters; found 1")]
    [InlineData("""{"maxLength":1}""", "\"🙂\"", null)]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "expected at most 1 characters; found 2")]
    [InlineData("""{"minItems":2}""", "[1,2]", null)]
    [InlineData("""{"minItems":2}""", "[1]", "expected at least 2 items; found 1")]
    [InlineData("""{"maxItems":1}""", "[1]", null)]
    [InlineData("""{"minProperties":1}""", """{"a":1}""", null)]
    [InlineData("""{"minProperties":1}""", "{}", "expected at least 1 members; found 0")]
    [InlineData("""{"maxProperties":1}""", """{"a":1}""", null)]
    [InlineData("""{"maxProperties":1}""", """{"a":1,"b":2}""", "expected at most 1 members; found 2")]
    [InlineData("""{"enum":["a",1,null]}""", "1.0", null)]
    [InlineData("""{"enum":["a",1,null]}""", "2", "expected one of \"a\", 1, null; found 2")]
    [InlineData("""{"const":{"a":1}}""", """{"a":1.0}""", null)]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"null"}]}""", "5", "expected string, found number 5")]
    [InlineData("""{"oneOf":[{"type":"string"},{"maxLength":1}]}""", "\"ab\"", null)]
    [InlineData("""{"anyOf":[{"type":"string"},{"maxLength":1}]}""", "\"a\"", null)]
    [InlineData("""{"allOf":[{"type":"string"},{"$ref":"#/allOf/0"}]}""", "\"a\"", null)]
    [InlineData("""{"$ref":"#/$defs/a~0b","$defs":{"a~b":{"type":"string"}}}""", "5", "expected string, found number 5")]
    [InlineData("""{"$ref":"#/$defs/1","$defs":[{"type":"null"},{"type":"string"}]}""", "5", "expected string, found number 5")]
    [InlineData("""{"$ref":"#/$defs/2","$defs":[{"type":"null"},{"type":"string"}]}""", "5", null)]
    [InlineData("""{"type":["string","null"]}""", "5", "expected string or null, found number 5")]
    [InlineData("""{"type":[]}""", "5", null)]
    [InlineData("""{"type":"integer","maxLength":1}""", "\"ab\"", "expected integer, found string \"ab\"")]
    [InlineData("""{"enum":["a"],"maxLength":1}""", "\"ab\"", "expected one of \"a\"; found \"ab\"")]
    [InlineData("""{"const":"a","maxLength":1}""", "\"ab\"", "expected \"a\"; found \"ab\"")]
    public void Check_Value_BoundsAndKindsAreExact(string schema, string value, string? problem) =>
        Check(schema, value).Should().Be(problem is null ? null : problem + ".");

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    public void Check_ManyMembers_EachHasItsRule(int count)
    {
        var schema = $$"""{"properties":{{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""
            "m{{i}}":{"const":{{i}}}
            """))}}},"additionalProperties":false}""";
        for (var i = 0; i < count; i++)
        {
            Check(schema, $$"""{"m{{i}}":{{i}}}""").Should().BeNull();
            Check(schema, $$"""{"m{{i}}":-1}""").Should().Be($"'m{i}': expected {i}; found -1.");
        }

        Check(schema, """{"m":0}""").Should().Be("'m': unknown member.");
    }

    [Fact]
    public void Check_MoreProblemsThanAreTold_TellsEight() =>
        Check("""{"items":{"type":"null"},"properties":{"a":{"items":{"type":"null"}}}}""", """{"a":[1,2,3,4,5,6,7,8,9,10]}""")!.Split(". ").Should().HaveCount(8);

    [Theory]
    [InlineData(62, "")]
    [InlineData(63, "…")]
    public void Check_LongValue_IsShownUpTo64Characters(int length, string end)
    {
        var text = new string('x', length);
        Check("""{"properties":{"a":{"type":"null"}}}""", $$"""{"a":"{{text}}"}""").Should().Be($"'a': expected null, found string {$"\"{text}\""[..64]}{end}.");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"type":"date","format":"x","pattern":"^b","enum":5,"required":7,"properties":[],"items":3,"minimum":"a","anyOf":{},"$ref":"https://example.com/x"}""")]
    [InlineData("""{"type":5,"const2":1,"not":{},"if":{},"$ref":"#/nowhere","allOf":[],"oneOf":[]}""")]
    [InlineData("""{"patternProperties":{"^a":{}},"additionalProperties":false}""")]
    public void Check_WhatIsNotUnderstood_IsNoError(string schema) => Check(schema, """{"a":"a"}""").Should().BeNull();

    // Two alternatives of which only one can match, as generators write a tree.
    private const string Tree = """
        {"properties":{"root":{"$ref":"#/$defs/n"}},"$defs":{"n":{"oneOf":[
          {"type":"object","properties":{"value":{"type":"number"}},"required":["value"],"additionalProperties":false},
          {"type":"object","properties":{"child":{"$ref":"#/$defs/n"}},"required":["child"],"additionalProperties":false}]}}}
        """;

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(40)]
    public void Check_OneOf_DeeperThanIsChecked_IsNoError(int depth)
    {
        for (var around = 0; around < 3; around++)
        {
            var value = string.Concat(Enumerable.Repeat("{\"child\":", depth)) + "{\"value\":1}" + new string('}', depth);
            var (schema, arguments) = (Tree, $$"""{"root":{{value}}}""");
            for (var i = 0; i < around; i++)
            {
                (schema, arguments) = (schema.Replace("\"properties\":{\"root\":{\"$ref\":\"#/$defs/n\"}}", "\"properties\":{\"w\":{\"properties\":{\"root\":{\"$ref\":\"#/$defs/n\"}}}}", StringComparison.Ordinal), $$"""{"w":{{arguments}}}""");
            }

            Check(schema, arguments).Should().BeNull();
        }
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData(20, true)]
    [InlineData(40, false)]
    public void Check_SchemaThatRefersToItself_IsCheckedToADepth(int depth, bool isChecked)
    {
        const string Schema = """{"properties":{"a":{"type":"object","additionalProperties":{"$ref":"#/properties/a"}},"l":{"items":{"$ref":"#/properties/l"},"maxItems":1}}}""";
        var objects = string.Concat(Enumerable.Repeat("{\"m\":", depth)) + "5" + new string('}', depth);
        (Check(Schema, $$"""{"a":{{objects}}}""") is not null).Should().Be(isChecked);
        var arrays = new string('[', depth) + "1,2" + new string(']', depth);
        (Check(Schema, $$"""{"l":{{arrays}}}""") is not null).Should().Be(isChecked);
    }

    [Fact]
    [Trait("Law", "8")]
    public void Check_OneOf_MoreThanIsChecked_IsNoError()
    {
        const string Schema = """{"items":{"type":"null"},"properties":{"l":{"items":{"oneOf":[{"required":["x"]},{"required":["y"]}]}}}}""";
        var items = string.Join(',', Enumerable.Repeat("""{"x":1}""", 80_000));
        Check(Schema, $$"""{"l":[{{items}}]}""").Should().BeNull();
    }

    [Theory]
    [InlineData("""{"oneOf":[{"pattern":"^a"},{"pattern":"^b"}]}""", null)]
    [InlineData("""{"oneOf":[{"$ref":"https://example.com/a"},{"$ref":"#/nowhere"}]}""", null)]
    [InlineData("""{"oneOf":[{"$ref":"#a"},{"type":"date"}]}""", null)]
    [InlineData("""{"oneOf":[{"not":{}},{"type":"integer"}]}""", null)]
    [InlineData("""{"oneOf":[{"anyOf":[{"format":"a"},{"format":"b"}]},{"minLength":1}]}""", null)]
    [InlineData("""{"oneOf":[{"anyOf":[{"format":"a"},{"type":"string"}]},{"minLength":1}]}""", "matches 2 of the alternatives, of which only one is allowed.")]
    [InlineData("""{"oneOf":[{"title":"A","description":"a","x-order":1},{"default":"b","examples":["b"]}]}""", "matches 2 of the alternatives, of which only one is allowed.")]
    [InlineData("""{"oneOf":[{"pattern":"^a"},{"minLength":1},{"maxLength":9}]}""", "matches 2 of the alternatives, of which only one is allowed.")]
    [InlineData("""{"oneOf":[{"pattern":"^a","type":"integer"},{"type":"null"}]}""", "expected integer, found string \"text\".")]
    [InlineData("""{"oneOf":[{"allOf":[{"pattern":"^a"},{"pattern":"^b"}]},{"minLength":1}]}""", null)]
    [InlineData("""{"oneOf":[{"pattern":"^a","anyOf":[{"format":"a"}]},{"minLength":1}]}""", null)]
    [InlineData("""{"oneOf":[{"pattern":"^a","$ref":"#/nowhere"},{"minLength":1}]}""", null)]
    [InlineData("""{"oneOf":[{"oneOf":[{"type":"string"},{"type":"null"}]},{"minLength":1}]}""", "matches 2 of the alternatives, of which only one is allowed.")]
    public void Check_OneOf_CountsOnlyWhatMatchesForCertain(string schema, string? problems) => Check(schema, "\"text\"").Should().Be(problems);

    [Theory]
    [InlineData("""{"type":"string","nullable":true}""", "null", null)]
    [InlineData("""{"type":"string","enum":["a"],"nullable":true}""", "null", null)]
    [InlineData("""{"nullable":true,"$ref":"#/$defs/n"}""", "null", null)]
    [InlineData("""{"type":"string","nullable":false}""", "null", "'a': expected string, found null.")]
    [InlineData("""{"type":"string","nullable":true}""", "5", "'a': expected string or null, found number 5.")]
    [InlineData("""{"type":["string","null"],"nullable":true}""", "5", "'a': expected string or null, found number 5.")]
    public void Check_Nullable_AllowsNull(string schema, string value, string? problems) =>
        Check("{\"properties\":{\"a\":" + schema + "},\"$defs\":{\"n\":{\"type\":\"integer\"}}}", $$"""{"a":{{value}}}""").Should().Be(problems);

    [Fact]
    public void Check_ReferenceToAnAnchor_IsNotThatToTheRoot() =>
        Check("""{"type":"object","properties":{"a":{"$ref":"#item"}},"$defs":{"x":{"$anchor":"item","type":"string"}}}""", """{"a":"s"}""").Should().BeNull();

    [Fact]
    [Trait("Law", "8")]
    public void Check_SchemaThatRefersToItselfTwice_EndsSoon() =>
        Check("""{"anyOf":[{"$ref":"#"},{"$ref":"#"}],"allOf":[{"$ref":"#"},{"$ref":"#"}]}""", """{"a":1}""").Should().BeNull();

    [Fact]
    [Trait("Law", "8")]
    public void Check_ManyProblemsAndLongValues_AreCut()
    {
        var arguments = "{" + string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"m{i}\":\"{new string('x', 1000)}\"")) + "}";
        Check("""{"additionalProperties":{"type":"integer"}}""", arguments)!.Length.Should().BeLessThan(1500);
    }

    [Fact]
    public void Check_HalfOfASurrogatePair_IsNotChecked() => Check("""{"properties":{"a":{"maxLength":0}}}""", """{"a":"\ud800"}""").Should().BeNull();

    [Fact]
    [Trait("Law", "3")]
    public async Task Loop_ArgumentsThatDoNotMatch_AreNotRunAndTheModelIsTold()
    {
        var ran = 0;
        var function = Microsoft.Extensions.AI.AIFunctionFactory.Create((string city, int days) => ran++, "tool");
        StreamEvent[] call = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool", """{"city":"Paris","days":"three"}"""));

        var events = await Loop.Over([function], call, Wire.Answer()).RunAsync();

        events.ErrorOf("1").Should().Be("The tool was not run: its arguments do not match the schema. 'days': expected integer, found string \"three\".");
        ran.Should().Be(0);
        events.OfType<ToolExecutionStarted>().Should().BeEmpty();
    }

    [Fact]
    public async Task Loop_ValidationTurnedOff_LeavesItToTheTool()
    {
        var function = Microsoft.Extensions.AI.AIFunctionFactory.Create((string city) => city, "tool");
        StreamEvent[] call = Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "1", "tool"));
        var loop = Loop.Over(new ToolSet().Add(function, o => o.ValidateArguments = false), call, Wire.Answer());
        (await loop.RunAsync()).ErrorOf("1").Should().Be("The tool failed.");
    }

    private static string? Check(string schema, string arguments) => new ArgumentValidator(Wire.Json(schema)).Check(Wire.Json(arguments));
}
