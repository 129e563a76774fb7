using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.Shared;
using Streamline.Testing;
using Streamline.Tests.Structured;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>What each provider accepts of a schema that its model is held to, in the requests of structured output.</summary>
public sealed class SchemaDialectTests
{
    private const int AllConstraints = 8;
    private const string Answer = """{"minutes":5,"name":"abc","code":"a","tags":[],"link":"https://a.example","due":"2026-01-01T00:00:00Z"}""";

    public static TheoryData<string, string[]> Constraints => new()
    {
        { "anthropic", ["minutes: minimum: 1, maximum: 600", "name: minLength: 2, maxLength: 10", "code: pattern: a+", "tags: maxItems: 3"] },
        { "bedrock", ["minutes: minimum: 1, maximum: 600", "name: minLength: 2, maxLength: 10", "code: pattern: a+", "tags: maxItems: 3"] },
        { "openai", ["name: minLength: 2, maxLength: 10", "link: format: uri"] },
        { "openai-responses", ["name: minLength: 2, maxLength: 10", "link: format: uri"] },
        {
            "azure-openai",
            ["minutes: minimum: 1, maximum: 600", "name: minLength: 2, maxLength: 10", "code: pattern: a+", "tags: maxItems: 3", "link: format: uri", "due: format: date-time"]
        },
        { "gemini", ["name: minLength: 2, maxLength: 10", "code: pattern: a+"] },
        { "cohere", ["minutes: minimum: 1, maximum: 600", "name: minLength: 2, maxLength: 10", "code: pattern: a+", "tags: maxItems: 3", "link: format: uri"] },
        { "ollama", ["code: pattern: a+"] },
    };

    [Theory]
    [MemberData(nameof(Constraints))]
    public async Task Schema_OfATypeWithConstraints_HasWhatTheProviderAcceptsAndDescribesTheRest(string provider, string[] described)
    {
        var schema = await SchemaOfRequestAsync(provider);
        var found = new List<string>();
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            var text = property.Value.TryGetProperty("description", out var description) ? description.GetString()! : "";
            if (text.Length > 0)
            {
                text.Should().StartWith("(").And.EndWith(")");
                found.Add($"{property.Name}: {text[1..^1]}");
            }

            foreach (var keyword in property.Value.EnumerateObject().Where(keyword => keyword.Name is not ("type" or "items" or "description")))
            {
                text.Should().NotContain(keyword.Name, "it is there still");
            }
        }

        found.Should().Equal(described);
        CountConstraints(schema).Should().Be(AllConstraints - described.Sum(text => text.Count(c => c == ':') - 1), "nothing is lost");
    }

    [Fact]
    public void Anthropic_ObjectWithProperties_IsClosedAndOthersAreLeftAlone() =>
        Apply(SchemaDialect.Anthropic, """{"type":"object","properties":{"a":{"type":"object"},"b":{"type":"object","properties":{},"additionalProperties":true}}}""").Should().Be(
            """{"type":"object","properties":{"a":{"type":"object"},"b":{"type":"object","properties":{},"additionalProperties":false}},"additionalProperties":false}""");

    [Fact]
    public void Apply_NothingToChange_GivesTheSameText()
    {
        const string Schema = """{ "type": "object", "properties": { "minimum": { "type": "string" }, "enum": { "type": "integer" } }, "additionalProperties": false }""";
        Apply(SchemaDialect.Anthropic, Schema).Should().Be(Schema);
        Apply(SchemaDialect.Anthropic, "true").Should().Be("true");
    }

    [Fact]
    public void Apply_Description_KeepsItsText() => Apply(SchemaDialect.AzureStrict, """{"type":"number","description":"How long.","minimum":0.5}""")
        .Should().Be("""{"type":"number","description":"How long. (minimum: 0.5)"}""");

    [Fact]
    public void Apply_KeywordsThatAnotherStandsFor_AreReplaced()
    {
        Apply(SchemaDialect.Gemini, """{"const":"x"}""").Should().Be("""{"enum":["x"]}""");
        Apply(SchemaDialect.OpenAIStrict, """{"oneOf":[{"type":"string","maxLength":3},{"type":"null"}]}""").Should().Be("""{"anyOf":[{"type":"string","description":"(maxLength: 3)"},{"type":"null"}]}""");
    }

    [Fact]
    public void Apply_ReferenceWithADescription_StandsAlone() => Apply(SchemaDialect.OpenAIStrict, """{"$ref":"#/$defs/a","description":"The first.","$defs":{"a":{"type":"string","minLength":1}}}""")
        .Should().Be("""{"description":"The first.","$defs":{"a":{"type":"string","description":"(minLength: 1)"}},"anyOf":[{"$ref":"#/$defs/a"}]}""");

    [Fact]
    public void Gemini_MembersThatLeadBack_AreNotRequired() => Apply(
        SchemaDialect.Gemini,
        """{"type":"object","properties":{"tree":{"$ref":"#/$defs/tree"}},"required":["tree"],"$defs":{"tree":{"type":"object","properties":{"n":{"type":"string"},"kids":{"type":"array","items":{"$ref":"#/$defs/tree"}}},"required":["n","kids"]}}}""")
        .Should().Be("""{"type":"object","properties":{"tree":{"$ref":"#/$defs/tree"}},"required":["tree"],"$defs":{"tree":{"type":"object","properties":{"n":{"type":"string"},"kids":{"type":"array","items":{"$ref":"#/$defs/tree"}}},"required":["n"]}}}""");

    [Theory]
    [InlineData("openai", "/tools/0/function/parameters/properties/name/description")]
    [InlineData("openai-responses", "/tools/0/parameters/properties/name/description")]
    [InlineData("bedrock", "/toolConfig/tools/0/toolSpec/inputSchema/json/properties/name/description")]
    public async Task Parameters_OfAStrictFunction_AreAdaptedLikeAnAnswer(string provider, string pointer)
    {
        var body = await BodyAsync(ProtocolOf(provider), StructuredOutputMode.ToolCall, ScriptedReply.ToolCall("Limits", Answer));
        Streamline.Tests.Json.JsonFeed.Whole(body.GetRawText()).RootElement.GetPointer(pointer).GetString().Should().Be("(minLength: 2, maxLength: 10)");
    }

    private static int CountConstraints(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Sum(property => property.Value.EnumerateObject().Count(keyword => keyword.Name is "minimum" or "maximum" or "minLength" or "maxLength" or "pattern" or "maxItems" or "format"));

    private static string Apply(SchemaDialect dialect, string schema) => dialect.Apply(JsonElement.Parse(schema)).GetRawText();

    private static StreamProtocol ProtocolOf(string provider) => provider switch
    {
        "anthropic" => StreamProtocols.Anthropic,
        "bedrock" => StreamProtocols.BedrockConverse,
        "openai" => StreamProtocols.OpenAIChat,
        "openai-responses" => StreamProtocols.OpenAIResponses,
        "azure-openai" => OpenAICompatible.Azure("resource"),
        "gemini" => StreamProtocols.Gemini,
        "cohere" => StreamProtocols.Cohere,
        _ => StreamProtocols.Ollama,
    };

    private static async Task<JsonElement> SchemaOfRequestAsync(string provider)
    {
        var body = await BodyAsync(ProtocolOf(provider), StructuredOutputMode.Auto, ScriptedReply.Text(Answer));
        var pointer = provider switch
        {
            "anthropic" => "/output_config/format/schema",
            "bedrock" => "/outputConfig/textFormat/structure/jsonSchema/schema",
            "openai" or "azure-openai" => "/response_format/json_schema/schema",
            "openai-responses" => "/text/format/schema",
            "gemini" => "/generationConfig/responseJsonSchema",
            "cohere" => "/response_format/json_schema",
            _ => "/format",
        };
        var found = Streamline.Tests.Json.JsonFeed.Whole(body.GetRawText()).RootElement.GetPointer(pointer);
        return JsonElement.Parse(found.ValueKind == JsonValueKind.String ? found.GetString()! : found.GetRawText());
    }

    private static async Task<JsonElement> BodyAsync(StreamProtocol protocol, StructuredOutputMode mode, ScriptedReply reply)
    {
        var provider = new ScriptedProvider(reply);
        using var http = new HttpClient(provider.CreateHandler(protocol));
        var last = await protocol.CreateClient(http, "none", "any").StreamObjectAsync("?", OddContext.Default.Limits, new StructuredOutputOptions { Mode = mode }).LastAsync();
        last.Value!.Minutes.Should().Be(5);
        return provider.Exchanges[0].Request.Body;
    }
}
