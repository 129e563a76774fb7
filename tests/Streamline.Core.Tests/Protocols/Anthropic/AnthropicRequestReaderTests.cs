using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Anthropic;

public class AnthropicRequestReaderTests
{
    [Fact]
    public void ReadRequest_RandomBodies_AreWrittenAgainAsTheyWere()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            var body = new AnthropicRandomBody(seed).Create();

            var request = StreamProtocols.Anthropic.ReadRequest(JsonElement.Parse(body.ToJsonString()));
            var written = RequestBody.Write(StreamProtocols.Anthropic, request.Messages, request.Options, request.ExtraBody, model: null);

            JsonNode.DeepEquals(written, body).Should().BeTrue("case {0} is\n{1}\nand was written as\n{2}", seed, body.ToJsonString(), written.ToJsonString());
        }
    }

    [Fact]
    public void ReadRequest_Conversation_IsInTheExchangeTypes()
    {
        var request = Read(
            """
            {"model":"claude-x","max_tokens":100,"temperature":0.5,"metadata":{"user_id":"u"},"stop_sequences":["END"],
             "system":"Be brief.","messages":[
              {"role":"user","content":[{"type":"text","text":"Look:","cache_control":{"type":"ephemeral"}},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"sig"},{"type":"tool_use","id":"t1","name":"weather","input":{"city":"Bern"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[{"type":"text","text":"no"}]}]}],
             "tools":[{"name":"weather","description":"Tells.","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}},{"type":"web_search_20250305","name":"web_search","max_uses":2},{"type":"bash_20250124","name":"bash"}],
             "tool_choice":{"type":"any","disable_parallel_tool_use":true}}
            """);

        request.Messages.Select(message => message.Role).Should().Equal(ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.User);
        request.Messages[0].Text.Should().Be("Be brief.");
        request.Messages[1].Contents.OfType<DataContent>().Single().Data.ToArray().Should().Equal(1, 2, 3);
        request.Messages[2].Contents.OfType<TextReasoningContent>().Single().ProtectedData.Should().Be("sig");
        var call = request.Messages[2].Contents.OfType<FunctionCallContent>().Single();
        (call.CallId, call.Name, call.Arguments!["city"]!.ToString()).Should().Be(("t1", "weather", "Bern"));
        request.Messages[3].Contents.OfType<FunctionResultContent>().Single().CallId.Should().Be("t1");
        var options = request.Options!;
        (options.ModelId, options.MaxOutputTokens, options.Temperature, options.AllowMultipleToolCalls).Should().Be(("claude-x", 100, 0.5f, false));
        options.ToolMode.Should().BeOfType<RequiredChatToolMode>();
        options.Tools!.Select(tool => tool.Name).Should().Equal("weather", "web_search", "bash");
        options.Tools![0].Should().BeAssignableTo<AIFunctionDeclaration>();
        options.Tools![1].Should().BeOfType<HostedWebSearchTool>();
        request.ExtraBody!.ToJsonString().Should().Be("""{"metadata":{"user_id":"u"}}""");
    }

    [Fact]
    public void ReadRequest_CallWithoutAnythingOfItsWire_GoesOutOverAnother()
    {
        var request = Read(
            """
            {"model":"m","max_tokens":1,"messages":[
              {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"sig"},{"type":"tool_use","id":"t1","name":"f","input":{"x":1},"cache_control":{"type":"ephemeral"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"1","cache_control":{"type":"ephemeral"}}]},{"type":"text","text":"And?"}]}]}
            """);

        RequestBody.Write(StreamProtocols.OpenAIChat, request.Messages)["messages"].ShouldBe(
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},{"role":"tool","tool_call_id":"t1","content":"1"},{"role":"user","content":"And?"}]""");
    }

    [Fact]
    public void ReadRequest_HalfASurrogatePair_BecomesTheReplacementCharacter() =>
        Read("""{"messages":[{"role":"user","content":"a\ud83cb"}]}""").Messages[0].Text.Should().Be("a\uFFFDb");

    [Fact]
    public void ReadRequest_BytesThatAreNoUtf8_BecomeTheReplacementCharacter()
    {
        byte[] body = [.. """{"messages":[{"role":"user","content":"a"""u8, 0xFF, .. """b"}]}"""u8];
        using var document = JsonDocument.Parse(body);

        StreamProtocols.Anthropic.ReadRequest(document.RootElement).Messages[0].Text.Should().Be("a\uFFFDb");
    }

    [Fact]
    public void ReadRequest_DocumentDisposed_KeepsWhatTheRequestHolds()
    {
        StreamRequest request;
        using (var document = JsonDocument.Parse("""{"messages":[{"role":"user","content":[{"type":"text","text":"a","x":1}]}]}"""))
        {
            request = StreamProtocols.Anthropic.ReadRequest(document.RootElement);
        }

        RequestBody.Write(StreamProtocols.Anthropic, request.Messages)["messages"].ShouldBe("""[{"role":"user","content":[{"type":"text","text":"a","x":1}]}]""");
    }

    [Theory]
    [InlineData("[]", "The body: found an array, expected an object.")]
    [InlineData("{}", "messages: missing, expected a value.")]
    [InlineData("""{"messages":{}}""", "messages: found an object, expected an array.")]
    [InlineData("""{"messages":[1]}""", "messages[0]: found a number, expected an object.")]
    [InlineData("""{"messages":[{"role":"robot","content":""}]}""", "messages[0].role: found a string, expected 'user' or 'assistant'.")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant"}]}""", "messages[1].content: missing, expected a value.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"a"}]}]}""", "messages[0].content[0].type: missing, expected a value.")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":1}]}]}""", "messages[0].content[0].text: found a number, expected a string.")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"b","input":"{}"}]}]}""", "messages[0].content[0].input: found a string, expected an object.")]
    [InlineData("""{"messages":[],"max_tokens":"many"}""", "max_tokens: found a string, expected a whole number from 0 to 2147483647.")]
    [InlineData("""{"messages":[],"tools":[{"name":"f"}]}""", "tools[0].input_schema: missing, expected a value.")]
    [InlineData("""{"messages":[],"temperature":1e999}""", "temperature: found a number, expected a number within the range of a 32-bit float.")]
    [InlineData("""{"messages":[],"tool_choice":"auto"}""", "tool_choice: found a string, expected an object.")]
    public void ReadRequest_NotOfTheWire_SaysWhereAndWhat(string body, string message)
    {
        var act = () => Read(body);

        var thrown = act.Should().Throw<StreamProtocolException>().Which;
        (thrown.Error, thrown.Message).Should().Be((StreamProtocolError.InvalidPayload, message));
    }

    [Fact]
    public void ReadRequest_WireThatDoesNotReadRequests_IsNotSupported()
    {
        StreamProtocols.Anthropic.CanReadRequests.Should().BeTrue();
        StreamProtocols.Ollama.CanReadRequests.Should().BeFalse();
        var act = () => StreamProtocols.Ollama.ReadRequest(JsonElement.Parse("{}"));
        act.Should().Throw<NotSupportedException>();
    }

    [Theory]
    [InlineData("anthropic", "messages")]
    [InlineData("openai", "messages")]
    [InlineData("openai-responses", "input")]
    public void ReadRequest_MemberTwice_IsTheLast(string wire, string conversation)
    {
        StreamProtocol protocol = wire switch { "anthropic" => StreamProtocols.Anthropic, "openai" => StreamProtocols.OpenAIChat, _ => StreamProtocols.OpenAIResponses };

        var request = protocol.ReadRequest(JsonElement.Parse($$"""{"metadata":{"a":1},"metadata":{"a":2},"{{conversation}}":[{"role":"user","content":"q"}]}"""));

        request.ExtraBody!.ToJsonString().Should().Be("""{"metadata":{"a":2}}""");
    }

    [Fact]
    public void ReadRequest_NoElement_IsMisuse()
    {
        var act = () => StreamProtocols.Anthropic.ReadRequest(default);
        act.Should().Throw<ArgumentException>().WithParameterName("body");
    }

    private static StreamRequest Read(string body) => StreamProtocols.Anthropic.ReadRequest(JsonElement.Parse(body));
}
