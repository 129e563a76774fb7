using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>Settings of tools that a provider does not have, and schemas that are too deep for any.</summary>
public sealed class ToolSettingTests
{
    private static readonly StreamProtocol[] Protocols =
    [
        StreamProtocols.Anthropic, StreamProtocols.OpenAIChat, StreamProtocols.OpenAIResponses, StreamProtocols.Gemini, StreamProtocols.Ollama,
        StreamProtocols.BedrockConverse, StreamProtocols.BedrockAnthropic, StreamProtocols.Cohere, StreamProtocols.GeminiInteractions,
    ];

    public static TheoryData<string> Names => [.. Protocols.Select(protocol => protocol.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_OneRequiredCall_IsSentByEveryProtocol(string name)
    {
        var options = new ChatOptions { Tools = [RequestBody.Weather], ToolMode = ChatToolMode.RequireSpecific("weather"), AllowMultipleToolCalls = false };

        RequestBody.Write(Named(name), [new ChatMessage(ChatRole.User, "q")], options).ToJsonString().Should().Contain("weather");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_SchemaThatIsTooDeep_IsAClearError(string name)
    {
        var schema = JsonElement.Parse(
            string.Concat(Enumerable.Repeat("""{"type":"object","properties":{"a":""", 500)) + "{}" + new string('}', 1000), new JsonDocumentOptions { MaxDepth = 1100 });
        var function = AIFunctionFactory.CreateDeclaration("deep", "Deep.", schema);

        var writeTool = () => RequestBody.Write(Named(name), [new ChatMessage(ChatRole.User, "q")], new ChatOptions { Tools = [function] });
        var writeFormat = () => RequestBody.Write(Named(name), [new ChatMessage(ChatRole.User, "q")], new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) });

        writeTool.Should().Throw<ArgumentException>().WithMessage("*function 'deep' nests too deeply: expected at most 900 levels*");
        writeFormat.Should().Throw<ArgumentException>().WithMessage("*answer nests too deeply: expected at most 900 levels*");
    }

    [Theory]
    [InlineData("anthropic", """{"messages":[],"output_config":5}""", "output_config: found a number, expected an object")]
    [InlineData("anthropic", """{"messages":[],"thinking":[]}""", "thinking: found an array, expected an object")]
    [InlineData("anthropic", """{"messages":[],"tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool","name":""}}""", "tool_choice.name: found a string, expected a string that is not blank")]
    [InlineData("anthropic", """{"messages":[],"system":[{"type":"image"}]}""", "system[0].type: found a string, expected 'text'")]
    [InlineData("openai", """{"messages":[],"max_completion_tokens":1,"max_tokens":"x"}""", "max_tokens: found a string, expected a whole number")]
    [InlineData("openai", """{"messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://x/"}}]}]}""", "messages[0].content[0].type: found a string, expected a part of text")]
    [InlineData("openai-responses", """{"input":[],"reasoning":true}""", "reasoning: found a boolean, expected an object")]
    public void ReadRequest_MemberOfAnotherKind_SaysWhatWasFoundAndExpectedAndWhere(string name, string body, string expected)
    {
        var read = () => Named(name).ReadRequest(JsonElement.Parse(body));

        read.Should().Throw<StreamProtocolException>().WithMessage(expected + "*").Which.Error.Should().Be(StreamProtocolError.InvalidPayload);
    }

    private static StreamProtocol Named(string name) => Array.Find(Protocols, protocol => protocol.Name == name)!;
}
