using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.OpenAIResponses;

public sealed class OpenAIResponsesRequestReaderTests
{
    [Fact]
    public void ReadRequest_RandomBodies_AreWrittenAgainAsTheyWere()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var body = new OpenAIResponsesRandomBody(seed).Create();

            var request = StreamProtocols.OpenAIResponses.ReadRequest(JsonElement.Parse(body.ToJsonString()));
            var written = RequestBody.Write(StreamProtocols.OpenAIResponses, request.Messages, request.Options, request.ExtraBody, model: null);

            if (!body.ContainsKey("include") && written["include"] is JsonArray { Count: 0 })
            {
                written.Remove("include");
            }

            JsonNode.DeepEquals(written, OpenAIResponsesRandomBody.WithoutUnknownIds(body)).Should().BeTrue("case {0} is\n{1}\nand was written as\n{2}", seed, body.ToJsonString(), written.ToJsonString());
        }
    }

    [Fact]
    public void ReadRequest_Conversation_IsInTheExchangeTypes()
    {
        var request = Read(
            """
            {"model":"gpt-x","instructions":"Be brief.","max_output_tokens":100,"store":false,"user":"u","stream":false,
             "input":[
              {"role":"user","content":"Weather?"},
              {"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"E"},
              {"type":"message","id":"msg","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Look:","annotations":[],"logprobs":[]}]},
              {"type":"function_call","id":"fc","call_id":"c1","name":"weather","arguments":"{\"city\":\"Bern\"}","status":"completed"},
              {"type":"function_call_output","call_id":"c1","output":"18 C"}],
             "tools":[{"type":"function","name":"weather","parameters":{"type":"object"},"strict":true}],
             "tool_choice":"required","reasoning":{"effort":"low"},"text":{"format":{"type":"json_object"}}}
            """);

        request.Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool);
        request.Messages[0].Text.Should().Be("Weather?");
        request.Messages[1].Contents.OfType<TextReasoningContent>().Single().ProtectedData.Should().Be("E");
        request.Messages[1].Text.Should().Be("Look:");
        var call = request.Messages[1].Contents.OfType<FunctionCallContent>().Single();
        (call.CallId, call.Name, call.Arguments!["city"]!.ToString()).Should().Be(("c1", "weather", "Bern"));
        request.Messages[2].Contents.OfType<FunctionResultContent>().Single().Result.Should().Be("18 C");
        var options = request.Options!;
        (options.ModelId, options.Instructions, options.MaxOutputTokens, options.Reasoning!.Effort).Should().Be(("gpt-x", "Be brief.", 100, ReasoningEffort.Low));
        options.ResponseFormat.Should().Be(ChatResponseFormat.Json);
        options.Tools!.Single().Should().BeAssignableTo<AIFunctionDeclaration>().Which.Name.Should().Be("weather");
        request.ExtraBody!.ToJsonString().Should().Be("""{"store":false,"user":"u","include":[]}""");
    }

    [Fact]
    public void ReadRequest_ToolRound_GoesOutOverAnotherWire()
    {
        var request = Read(
            """
            {"instructions":"Be brief.","input":[
              {"role":"user","content":[{"type":"input_text","text":"Weather?"}]},
              {"type":"message","id":"msg","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Look:","annotations":[]}]},
              {"type":"function_call","id":"fc","call_id":"c1","name":"f","arguments":"{\"x\":1}","status":"completed"},
              {"type":"function_call_output","call_id":"c1","output":"1"}]}
            """);

        var body = RequestBody.Write(StreamProtocols.Anthropic, request.Messages, request.Options);
        body["system"].ShouldBe("""[{"type":"text","text":"Be brief."}]""");
        body["messages"].ShouldBe(
            """[{"role":"user","content":[{"type":"text","text":"Weather?"}]},{"role":"assistant","content":[{"type":"text","text":"Look:"},{"type":"tool_use","id":"c1","name":"f","input":{"x":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"}]}]""");
    }

    [Fact]
    public void ReadRequest_Text_IsWhatTheUserSays()
    {
        var message = Read("""{"input":"Hi"}""").Messages.Single();

        (message.Role, message.Text).Should().Be((ChatRole.User, "Hi"));
    }

    [Theory]
    [InlineData("{}", "input: missing, expected a value.")]
    [InlineData("""{"input":7}""", "input: found a number, expected an array.")]
    [InlineData("""{"input":[{"role":"robot","content":""}]}""", "input[0].role: found a string, expected 'user', 'assistant', 'system' or 'developer'.")]
    [InlineData("""{"input":[{"type":"function_call","name":"f","arguments":""}]}""", "input[0].call_id: missing, expected a value.")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_text"}]}]}""", "input[0].content[0].text: missing, expected a value.")]
    [InlineData("""{"input":"","tools":[{"name":"f"}]}""", "tools[0].type: missing, expected a value.")]
    public void ReadRequest_NotOfTheWire_SaysWhereAndWhat(string body, string message)
    {
        var act = () => Read(body);

        var thrown = act.Should().Throw<StreamProtocolException>().Which;
        (thrown.Error, thrown.Message).Should().Be((StreamProtocolError.InvalidPayload, message));
    }

    private static StreamRequest Read(string body) => StreamProtocols.OpenAIResponses.ReadRequest(JsonElement.Parse(body));
}
