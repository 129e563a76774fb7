using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Json;

namespace Streamline.Tests.Json;

/// <summary>Well-formed documents with a schema that they do not fit: what is not plainly meant stays as it is.</summary>
public sealed class SchemaPropertyTests
{
    private static readonly PartialJsonRepairKind[] Allowed =
    [
        PartialJsonRepairKind.ConvertedValue, PartialJsonRepairKind.WrappedValue, PartialJsonRepairKind.RenamedProperty, PartialJsonRepairKind.UnexpectedCharacter, PartialJsonRepairKind.ExtraCloser,
    ];

    [Fact]
    public void RootElement_RandomDocumentAndUnrelatedSchema_KeepsEveryNameAndValue()
    {
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            var schema = RandomSchema.Create(random);
            var text = RandomDocument.Create(random).ToJsonString(RandomDocument.Plain);
            foreach (var document in (PartialJsonDocument[])[Read(text, schema, text.Length), Read(text, schema, 1 + random.Next(9))])
            {
                document.Error.Should().BeNull($"{seed}: {text}");
                document.IsComplete.Should().BeTrue($"{seed}: {text}");
                document.Repairs.Select(repair => repair.Kind).Except(Allowed).Should().BeEmpty($"{seed}: {text}");
                AssertSame(document.RootElement.GetRawText(), text, seed);
            }

            AssertSame(PartialJson.Repair(text, PartialJsonRepairMode.Guess, schema), text, seed);
        }
    }

    [Fact]
    public void RootElement_RandomDocumentAndItsOwnSchema_IsUntouched()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var node = RandomDocument.Create(random);
            var text = node.ToJsonString(RandomDocument.Plain);
            var schema = PartialJsonSchema.Create(JsonElement.Parse(RandomDocument.SchemaOf(node).ToJsonString()));
            var document = Read(text, schema, 1 + random.Next(20));
            document.RootElement.GetRawText().Should().Be(text, $"{seed}");
            document.RepairCount.Should().Be(0, text);
            PartialJson.Repair(text, PartialJsonRepairMode.Guess, schema).Should().Be(text);
        }
    }

    // Found by the first test, or by hand.
    [Theory]
    [InlineData("""{"type":"string"}""", """{"a":{"street":"Via 1","city":"Rome"},"b":3}""", null)]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", """{"a":[{"t":"x"},{"t":"y"}]}""", null)]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", """{"a":{"t":"x","u":"y"}}""", null)]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", """{"a":[["x","y"],["z"]]}""", """{"a":[["x","y"],"z"]}""")]
    [InlineData("""{"type":"array","items":{"type":"integer"}}""", """{"a":[[7],[ 8 ],[]]}""", """{"a":[7,8,[]]}""")]
    [InlineData("""{"type":"array","items":{"type":"boolean"}}""", """{"a":[[],"7",""],"b":[true]}""", null)]
    [InlineData("""{"type":"object"}""", """{"a":[{"x":1},{"y":2}],"b":1}""", null)]
    [InlineData("""{"type":"object"}""", """[{"a":{"x":1}},{"a":{"y":2}}]""", null)]
    [InlineData("""{"type":"object"}""", """[ {"a":{"x":1}} ]""", """{"a":{"x":1}}""")]
    [InlineData("""{"type":"object"}""", """{"a":[[{"x":1}]],"b":1}""", null)]
    public void RootElement_ValueOfAnotherForm_StaysUnlessItIsPlainlyMeant(string schema, string text, string? expected)
    {
        var properties = """{"type":"object","additionalProperties":false,"properties":{"a":SCHEMA,"b":{"type":"integer"}}}""".Replace("SCHEMA", schema, StringComparison.Ordinal);
        var repaired = Read(text, PartialJsonSchema.Create(JsonElement.Parse(properties)), 1).RootElement.GetRawText();
        JsonElement.DeepEquals(JsonElement.Parse(repaired), JsonElement.Parse(expected ?? text)).Should().BeTrue(repaired);
    }

    private static PartialJsonDocument Read(string text, PartialJsonSchema schema, int step)
    {
        var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess, Schema = schema });
        for (var start = 0; start < text.Length; start += step)
        {
            document.TryAppend(text.AsSpan(start, Math.Min(step, text.Length - start)));
        }

        document.TryComplete();
        return document;
    }

    // Conversions keep the text of a value, and new names are like the old ones.
    private static void AssertSame(string repaired, string text, int seed)
    {
        var (values, names) = (new List<string>(), new List<string>());
        var (expectedValues, expectedNames) = (new List<string>(), new List<string>());
        Collect(JsonElement.Parse(repaired), values, names);
        Collect(JsonElement.Parse(text), expectedValues, expectedNames);
        values.Order(StringComparer.Ordinal).Should().Equal(expectedValues.Order(StringComparer.Ordinal), $"{seed}: {text}");
        names.Order(StringComparer.Ordinal).Should().Equal(expectedNames.Order(StringComparer.Ordinal), $"{seed}: {text}");
    }

    private static void Collect(JsonElement element, List<string> values, List<string> names)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var own = element.EnumerateObject().Select(property => property.Name).ToList();
                own.Should().OnlyHaveUniqueItems();
                names.AddRange(own.Select(name => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant()));
                foreach (var property in element.EnumerateObject())
                {
                    Collect(property.Value, values, names);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, values, names);
                }

                break;
            default:
                values.Add(element.ToString().ToUpperInvariant());
                break;
        }
    }
}
