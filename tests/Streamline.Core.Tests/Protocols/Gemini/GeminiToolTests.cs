using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Gemini;

public sealed class GeminiToolTests
{
    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi");

    [Theory]
    [InlineData("""{"type":"object","additionalProperties":{"type":"string"}}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"type":"object"}}}""")]
    [InlineData("""{"type":"object","anyOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}""")]
    [InlineData("""{"type":"object","properties":{},"additionalProperties":true}""")]
    public void Write_ParametersThatAreNotProperties_AreSent(string schema)
    {
        var sent = Function(schema)["parametersJsonSchema"];

        sent.Should().NotBeNull();
        foreach (var member in JsonElement.Parse(schema).EnumerateObject())
        {
            sent![member.Name]!.ToJsonString().Should().Be(member.Value.GetRawText());
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"$schema":"s","type":"object","properties":{},"required":[],"additionalProperties":false}""")]
    public void Write_NoParameters_HaveNoSchema(string schema) => Function(schema).AsObject().Should().NotContainKey("parametersJsonSchema");

    [Fact]
    public void Write_ModeWithoutFunctions_IsNotSent()
    {
        var options = new ChatOptions { Tools = [new HostedWebSearchTool()], ToolMode = ChatToolMode.Auto };

        RequestBody.Write(StreamProtocols.Gemini, [Hi], options, model: "gemini-3-flash").Should().NotContainKey("toolConfig");
    }

    [Theory]
    [InlineData("gemini-3-flash", """{"includeServerSideToolInvocations":true}""")]
    [InlineData("gemini-2.5-flash", null)]
    public void Write_FunctionAndToolOfTheProvider_AreCombinedWhereTheModelCan(string model, string? expected)
    {
        var options = new ChatOptions { Tools = [RequestBody.Weather, new HostedWebSearchTool()] };

        RequestBody.Write(StreamProtocols.Gemini, [Hi], options, model: model)["toolConfig"]?.ToJsonString().Should().Be(expected);
    }

    private static System.Text.Json.Nodes.JsonNode Function(string schema) => RequestBody.Write(
        StreamProtocols.Gemini,
        [Hi],
        new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("f", "", JsonElement.Parse(schema))] })["tools"]![0]!["functionDeclarations"]![0]!;
}
