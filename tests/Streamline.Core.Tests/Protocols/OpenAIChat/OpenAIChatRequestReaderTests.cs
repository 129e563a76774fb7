using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.OpenAIChat;

public sealed class OpenAIChatRequestReaderTests
{
    [Fact]
    public void ReadRequest_RandomBodies_AreWrittenAgainAsTheyWere()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var body = new OpenAIChatRandomBody(seed).Create();

            var request = StreamProtocols.OpenAIChat.ReadRequest(JsonElement.Parse(body.ToJsonString()));
            var written = RequestBody.Write(StreamProtocols.OpenAIChat, request.Messages, request.Options, request.ExtraBody, model: null);

            JsonNode.DeepEquals(written, body).Should().BeTrue("case {0} is\n{1}\nand was written as\n{2}", seed, body.ToJsonString(), written.ToJsonString());
        }
    }

    [Fact]
    public void ReadRequest_Conversation_IsInTheExchangeTypes()
    {
        var request = Read(
            """
            {"model":"gpt-x","max_completion_tokens":100,"temperature":0.5,"user":"u","stop":"END","stream":false,"stream_options":null,"n":null,
             "messages":[
              {"role":"developer","content":"Be brief."},
              {"role":"user","name":"Ann","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","detail":"low"}}]},
              {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bern\"}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"18 C"},
              {"role":"assistant","content":"Warm.","refusal":null}],
             "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"},"strict":true}}],
             "tool_choice":"required","parallel_tool_calls":false,"reasoning_effort":"low","response_format":{"type":"json_object"}}
            """);

        request.Messages.Select(message => message.Role.Value).Should().Equal("developer", "user", "assistant", "tool", "assistant");
        request.Messages[1].AuthorName.Should().Be("Ann");
        request.Messages[1].Contents.OfType<DataContent>().Single().Data.ToArray().Should().Equal(1, 2, 3);
        var call = request.Messages[2].Contents.OfType<FunctionCallContent>().Single();
        (call.CallId, call.Name, call.Arguments!["city"]!.ToString()).Should().Be(("c1", "weather", "Bern"));
        request.Messages[2].Contents.OfType<TextReasoningContent>().Single().Text.Should().Be("Hm.");
        request.Messages[3].Contents.OfType<FunctionResultContent>().Single().Result.Should().Be("18 C");
        request.Messages[4].Text.Should().Be("Warm.");
        var options = request.Options!;
        (options.ModelId, options.MaxOutputTokens, options.Temperature, options.AllowMultipleToolCalls, options.Reasoning!.Effort)
            .Should().Be(("gpt-x", 100, 0.5f, false, ReasoningEffort.Low));
        options.StopSequences.Should().Equal("END");
        options.ResponseFormat.Should().Be(ChatResponseFormat.Json);
        options.ToolMode.Should().BeOfType<RequiredChatToolMode>();
        options.Tools!.Single().Should().BeAssignableTo<AIFunctionDeclaration>().Which.AdditionalProperties["strict"].Should().Be(true);
        request.ExtraBody!.ToJsonString().Should().Be("""{"user":"u"}""");
    }

    [Fact]
    public void ReadRequest_OldNameOfTheLimit_IsWrittenAsItIs()
    {
        var request = Read("""{"messages":[{"role":"user","content":"Hi"}],"max_tokens":7}""");

        request.Options!.MaxOutputTokens.Should().Be(7);
        var written = RequestBody.Write(StreamProtocols.OpenAIChat, request.Messages, request.Options, request.ExtraBody);
        (written["max_tokens"]!.GetValue<int>(), written["max_completion_tokens"]).Should().Be((7, null));
    }

    [Fact]
    public void ReadRequest_ToolRound_GoesOutOverAnotherWire()
    {
        var request = Read(
            """
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Weather?"},
              {"role":"assistant","content":"Let me see.","reasoning_content":"Hm.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
              {"role":"tool","tool_call_id":"c2","content":"2"},{"role":"tool","tool_call_id":"c1","content":"1"}]}
            """);

        var body = RequestBody.Write(StreamProtocols.Anthropic, request.Messages);
        body["system"].ShouldBe("""[{"type":"text","text":"Be brief."}]""");
        body["messages"]![1].ShouldBe(
            """{"role":"assistant","content":[{"type":"text","text":"Let me see."},{"type":"tool_use","id":"c1","name":"f","input":{"x":1}},{"type":"tool_use","id":"c2","name":"g","input":{}}]}""");
        body["messages"]![2].ShouldBe(
            """{"role":"user","content":[{"type":"tool_result","tool_use_id":"c2","content":"2"},{"type":"tool_result","tool_use_id":"c1","content":"1"}]}""");
    }

    [Theory]
    [InlineData("\"x\"", "The body: found a string, expected an object.")]
    [InlineData("{}", "messages: missing, expected a value.")]
    [InlineData("""{"messages":[{"role":"robot","content":""}]}""", "messages[0].role: found a string, expected 'system', 'developer', 'user', 'assistant' or 'tool'.")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content: missing, expected a value.")]
    [InlineData("""{"messages":[{"role":"user","content":5}]}""", "messages[0].content: found a number, expected an array.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":"x"}]}]}""", "messages[0].content[0].image_url: found a string, expected an object.")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":{}}}]}]}""", "messages[0].tool_calls[0].function.arguments: found an object, expected a string.")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id: missing, expected a value.")]
    [InlineData("""{"messages":[],"temperature":"hot"}""", "temperature: found a string, expected a number within the range of a 32-bit float.")]
    [InlineData("""{"messages":[],"tools":[{"type":"function"}]}""", "tools[0].function: missing, expected a value.")]
    public void ReadRequest_NotOfTheWire_SaysWhereAndWhat(string body, string message)
    {
        var act = () => Read(body);

        var thrown = act.Should().Throw<StreamProtocolException>().Which;
        (thrown.Error, thrown.Message).Should().Be((StreamProtocolError.InvalidPayload, message));
    }

    private static StreamRequest Read(string body) => StreamProtocols.OpenAIChat.ReadRequest(JsonElement.Parse(body));
}
