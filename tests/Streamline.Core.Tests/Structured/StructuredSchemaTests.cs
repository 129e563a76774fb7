using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Structured;

/// <summary>The schema that a model is given.</summary>
public sealed class StructuredSchemaTests
{
    [Fact]
    public async Task Schema_OfAnAnnotatedType_HasWhatTheAnnotationsSay()
    {
        var schema = await SchemaAsync(PlanContext.Default.Plan);
        schema.GetProperty("description").GetString().Should().Be("A plan.");
        Member("goal").Should().Be("""{"description":"What it is for.","type":"string","minLength":3,"maxLength":40}""");
        Member("effort").Should().Be("""{"type":"integer","minimum":1,"maximum":10}""");
        Member("priority").Should().Be("""{"type":"string","enum":["Low","top"]}""");
        Member("tags").Should().Be("""{"type":"array","items":{"type":"string"},"minItems":1}""");
        Member("link").Should().Be("""{"type":"string","format":"uri"}""");
        Member("due").Should().Be("""{"type":"string","format":"date-time"}""");
        schema.GetProperty("properties").GetProperty("slug").GetProperty("pattern").GetString().Should().Be("^[a-z]+$");

        string Member(string name) => schema.GetProperty("properties").GetProperty(name).GetRawText();
    }

    [Fact]
    public async Task Schema_OfAnOpenType_IsTheOneThatAIJsonUtilitiesWrites()
    {
        var schema = await SchemaAsync(PlanContext.Default.LogOfDictionaryStringLogEntry);
        var expected = AIJsonUtilities.CreateJsonSchema(
            typeof(LogOf<Dictionary<string, LogEntry>>), serializerOptions: PlanContext.Default.Options, inferenceOptions: new AIJsonSchemaCreateOptions { IncludeSchemaKeyword = false });
        JsonElement.DeepEquals(schema, expected).Should().BeTrue();
        (await SchemaAsync(PlanContext.Default.Plan)).GetProperty("required").EnumerateArray().Select(name => name.GetString()).Should().NotContain("slug").And.Contain("goal");
    }

    [Fact]
    public async Task Schema_OfATypeThatIsThereTwice_RefersToADefinitionAtTheRoot() => (await SchemaAsync(OddContext.Default.Pair)).GetRawText().Should().Be(
        """{"type":"object","properties":{"left":{"type":"array","items":{"$ref":"#/$defs/left"}},"right":{"type":"array","items":{"$ref":"#/$defs/left"}}},"required":["left","right"],"$defs":{"left":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}},"additionalProperties":false}""");

    [Fact]
    public async Task Schema_OfARecursiveType_RefersToDefinitionsOnly()
    {
        var schema = (await SchemaAsync(PlanContext.Default.Plan)).GetRawText();
        schema.Should().Contain("\"$ref\":\"#/$defs/").And.NotContain("\"$ref\":\"#/properties");
    }

    [Fact]
    public async Task Schema_WithAnObjectOfAnything_DoesNotClaimToBeStrict()
    {
        foreach (var client in new[] { await ClientAsync(OddContext.Default.HasEmpty), await ClientAsync(OddContext.Default.HasTuple) })
        {
            client.Request!.Options!.AdditionalProperties.Should().BeNull();
        }

        (await ClientAsync(OddContext.Default.Pair)).Request!.Options!.AdditionalProperties.Should().Contain("strict", true);
    }

    [Fact]
    public async Task Schema_OfAClosedType_RequiresEverythingAndTellsDefaults()
    {
        var schema = await SchemaAsync(PlanContext.Default.Log);
        schema.GetRawText().Should().Be(
            """{"type":"object","properties":{"entries":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"text":{"type":"string"}},"required":["id","text"],"additionalProperties":false}},"summary":{"type":"string"}},"required":["entries","summary"],"additionalProperties":false}""");
    }

    private static async Task<JsonElement> SchemaAsync<T>(JsonTypeInfo<T> type) => ((ChatResponseFormatJson)(await ClientAsync(type)).Request!.Options!.ResponseFormat!).Schema!.Value;

    private static async Task<SynchronousClient> ClientAsync<T>(JsonTypeInfo<T> type)
    {
        var client = new SynchronousClient(Answers.Text("{}", reason: FinishReason.Refusal));
        await client.Invoking(c => c.StreamObjectAsync("?", type).LastAsync().AsTask()).Should().ThrowAsync<StructuredOutputException>();
        return client;
    }
}
