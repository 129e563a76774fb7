using System.Text.Json;
using Streamline.Json;
using Streamline.Tests.Structured;

namespace Streamline.Tests.Json;

/// <summary>What of a JSON schema counts for a repair.</summary>
public sealed class PartialJsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object"}""", "Object")]
    [InlineData("""{"type":["string","null"]}""", "String, Null")]
    [InlineData("""{"type":"integer","nullable":true}""", "Number, Null")]
    [InlineData("""{"enum":["a",1,null]}""", "String, Number, Null")]
    [InlineData("""{"const":true}""", "Boolean")]
    [InlineData("""{"properties":{"a":{}}}""", "Object")]
    [InlineData("""{"items":{}}""", "Array")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"array"}]}""", "String, Array")]
    [InlineData("""{"oneOf":[{"$ref":"#/$defs/x"},{"type":"null"}],"$defs":{"x":{"type":"number"}}}""", "Number, Null")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/x~1y"}],"$defs":{"x/y":{"type":"number"}}}""", "Number")]
    [InlineData("""{"$ref":"#"}""", "All")]
    [InlineData("""{"$ref":"other.json"}""", "All")]
    [InlineData("""{"$ref":"#/nowhere"}""", "All")]
    [InlineData("""{"description":"anything"}""", "All")]
    [InlineData("""{"type":"of another draft"}""", "All")]
    [InlineData("true", "All")]
    [InlineData("false", "All")]
    public void Create_AnySchema_AllowsTheKindsThatItNames(string schema, string kinds) =>
        Create(schema).Shape.Kinds.Should().Be(Enum.Parse<JsonKinds>(kinds));

    [Fact]
    public void Create_SchemaThatContainsItself_Ends()
    {
        var shape = Create("""{"type":"object","properties":{"left":{"$ref":"#"},"both":{"anyOf":[{"$ref":"#"},{"$ref":"#/properties/both"},{"type":"null"}]}}}""").Shape;
        Property(shape, "left").Should().BeSameAs(shape);
        var both = Property(shape, "both");
        both.Kinds.Should().Be(JsonKinds.Object | JsonKinds.Null);
        Property(both, "left").Should().BeSameAs(shape);
    }

    [Fact]
    public void Create_AlternativesWithTheSameProperty_AllowWhatAnyOfThemAllows()
    {
        var shape = Create("""{"anyOf":[{"properties":{"kind":{"const":"a"},"x":{"type":"number"}},"additionalProperties":false},{"properties":{"kind":{"const":"b"}},"additionalProperties":false}]}""").Shape;
        shape.Others.Should().BeNull();
        Property(shape, "kind").Strings!.Count.Should().Be(2);
        Property(shape, "x").Kinds.Should().Be(JsonKinds.Number);
    }

    [Fact]
    public void Create_ItemsAndOtherProperties_AreFollowed()
    {
        var shape = Create("""{"type":["array","object"],"prefixItems":[{"type":"string"}],"items":{"type":"null"},"additionalProperties":{"type":"boolean"}}""").Shape;
        shape.Items.Kinds.Should().Be(JsonKinds.String | JsonKinds.Null);
        shape.Others!.Kinds.Should().Be(JsonKinds.Boolean);
    }

    [Fact]
    public void Create_HugeSchema_IsBounded()
    {
        var properties = string.Join(',', Enumerable.Range(0, 20_000).Select(index => $"\"p{index}\":{{\"type\":\"string\"}}"));
        var shape = Create("{\"type\":\"object\",\"properties\":{" + properties + "}}").Shape;
        Property(shape, "p0").Kinds.Should().Be(JsonKinds.String);
        Property(shape, "p19999").Kinds.Should().Be(JsonKinds.All);
    }

    [Fact]
    public void Create_Type_HasItsSchema()
    {
        var shape = PartialJsonSchema.Create(TripContext.Default.Stop).Shape;
        Property(shape, "hours").Allows(JsonKinds.Number).Should().BeTrue();
        Property(shape, "hours").Allows(JsonKinds.Object).Should().BeFalse();
    }

    [Fact]
    public void Create_NoSchema_IsRefused()
    {
        FluentActions.Invoking(() => PartialJsonSchema.Create(JsonElement.Parse("[]"))).Should().Throw<ArgumentException>().WithMessage("*found Array*");
        FluentActions.Invoking(() => PartialJsonSchema.Create(default(JsonElement))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => PartialJsonSchema.Create(null!)).Should().Throw<ArgumentNullException>();
    }

    private static PartialJsonSchema Create(string schema) => PartialJsonSchema.Create(JsonElement.Parse(schema));

    private static JsonShape Property(JsonShape shape, string name)
    {
        shape.TryGetProperty(JsonNameHash.Add(JsonNameHash.Empty, JsonFeed.Utf8(name)), out var property).Should().BeTrue(name);
        return property;
    }
}
