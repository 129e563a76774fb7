using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Protocols.Cohere;

public sealed class CohereRequestReaderTests
{
    [Fact]
    public void ReadRequest_RandomBodies_AreWrittenAgainAsTheyWere()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var body = new CohereRandomBody(seed).Create();

            var request = StreamProtocols.Cohere.ReadRequest(JsonElement.Parse(body.ToJsonString()));
            var written = RequestBody.Write(StreamProtocols.Cohere, request.Messages, request.Options, request.ExtraBody, model: null);

            JsonNode.DeepEquals(written, body).Should().BeTrue("case {0} is\n{1}\nand was written as\n{2}", seed, body.ToJsonString(), written.ToJsonString());
        }
    }

    [Fact]
    public void ReadRequest_Conversation_IsInTheExchangeTypes()
    {
        var request = Read(
            """
            {"model":"command-x","max_tokens":100,"temperature":0.5,"p":0.75,"k":7,"stop_sequences":["END"],"stream":true,"safety_mode":"OFF",
             "messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]},
              {"role":"assistant","tool_plan":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bern\"}"}}]},
              {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"18 C"}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"Warm."}],"citations":[{"text":"Warm"}]}],
             "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}],"strict_tools":true,
             "tool_choice":"REQUIRED","thinking":{"type":"disabled"},"response_format":{"type":"json_object","json_schema":{"type":"object"}}}
            """);

        request.Messages.Select(message => message.Role.Value).Should().Equal("system", "user", "assistant", "tool", "assistant");
        request.Messages[1].Contents.OfType<DataContent>().Single().Data.ToArray().Should().Equal(1, 2, 3);
        var call = request.Messages[2].Contents.OfType<FunctionCallContent>().Single();
        (call.CallId, call.Name, call.Arguments!["city"]!.ToString()).Should().Be(("c1", "weather", "Bern"));
        request.Messages[2].Contents.OfType<TextReasoningContent>().Single().Text.Should().Be("I look.");
        request.Messages[4].Text.Should().Be("Warm.");
        request.Messages[4].Contents[1].Annotations.Should().ContainSingle();
        var options = request.Options!;
        (options.ModelId, options.MaxOutputTokens, options.Temperature, options.TopP, options.TopK, options.Reasoning!.Effort)
            .Should().Be(("command-x", 100, 0.5f, 0.75f, 7, ReasoningEffort.None));
        options.StopSequences.Should().Equal("END");
        options.ResponseFormat.Should().BeOfType<ChatResponseFormatJson>().Which.Schema.Should().NotBeNull();
        options.ToolMode.Should().BeOfType<RequiredChatToolMode>();
        options.Tools!.Single().Should().BeAssignableTo<AIFunctionDeclaration>().Which.AdditionalProperties["strict"].Should().Be(true);
        request.ExtraBody!.ToJsonString().Should().Be("""{"safety_mode":"OFF"}""");
    }

    [Fact]
    public void ReadRequest_ToolRound_GoesOutOverAnotherProtocol()
    {
        var request = Read(
            """
            {"messages":[{"role":"user","content":"Weather?"},
              {"role":"assistant","tool_plan":"I look.","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"1"}]}
            """);

        RequestBody.Write(StreamProtocols.Anthropic, request.Messages)["messages"]![1].ShouldBe(
            """{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"f","input":{"x":1}}]}""");
    }

    [Theory]
    [InlineData("{}", "messages: missing, expected a value.")]
    [InlineData("""{"messages":[{"role":"robot","content":""}]}""", "messages[0].role: found a string, expected 'system', 'user', 'assistant' or 'tool'.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"document"}]}]}""", "messages[0].content[0].type: found a string, expected one of: text, image_url.")]
    [InlineData("""{"messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id: missing, expected a value.")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{}}]}]}""", "messages[0].tool_calls[0].function.name: missing, expected a value.")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"thinking":5}""", "thinking: found a number, expected an object.")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"k":-1}""", "k: found a number, expected a whole number")]
    [InlineData("""{"messages":[{"role":"user","content":"x"}],"tools":[{"function":{}}]}""", "tools[0].type: missing, expected a value.")]
    [InlineData("""{"messages":[]}""", "The body is not a conversation that can be sent: The request has no content")]
    public void ReadRequest_InvalidBody_SaysWhatWasFoundAndExpectedAndWhere(string body, string expected) =>
        FluentActions.Invoking(() => Read(body)).Should().Throw<StreamProtocolException>().WithMessage(expected + "*").Which.Error.Should().Be(StreamProtocolError.InvalidPayload);

    private static StreamRequest Read(string body) => StreamProtocols.Cohere.ReadRequest(JsonElement.Parse(body));
}
