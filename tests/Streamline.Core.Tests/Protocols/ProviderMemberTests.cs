using System.Net;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Tests.Protocols.OpenAIChat;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>What a provider says besides what the events have a place for is kept, and goes back with the block that it belongs to.</summary>
public sealed class ProviderMemberTests
{
    private const string AnthropicStart = """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}""";

    [Fact]
    public async Task OpenAIChat_MembersOfACall_GoBackWithIt()
    {
        var events = await ReadAsync(StreamProtocols.OpenAIChat, OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k","type":"function","novel":{"a":1.50},"function":{"name":"f","arguments":"","strict":true}}] """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"novel":{"a":1.50},"function":{"arguments":"{"}}] """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"novel":{"a":1.50},"function":{"arguments":"}"}}] """),
            OpenAIChatWire.Delta("", "tool_calls"),
            "[DONE]"));

        events.OfType<ToolCallCompleted>().Single().ProviderData.Should().BeNull("nothing more came than at the beginning");
        RequestBody.Write(StreamProtocols.OpenAIChat, [Stored(events)])["messages"]![0]!.ToJsonString().Should().Be(
            """{"role":"assistant","content":null,"tool_calls":[{"id":"k","type":"function","function":{"name":"f","arguments":"{}","strict":true},"novel":{"a":1.50}}]}""");
        await IsReadAgainAsync(StreamProtocols.OpenAIChat, events);
    }

    [Fact]
    public async Task OpenAIChat_MembersOfALaterPiece_GoBackWithTheCall()
    {
        var events = await ReadAsync(StreamProtocols.OpenAIChat, OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k","type":"function","function":{"name":"f","arguments":"{"},"a":{"x":1}}] """),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"function":{"arguments":"}"},"a":{"y":2},"extra_content":{"google":{"thought_signature":"t"}}}] """, "tool_calls"),
            "[DONE]"));

        events.OfType<ToolCallCompleted>().Single().ProviderData!.Value.GetRawText().Should().Be("""{"a":{"x":1,"y":2},"extra_content":{"google":{"thought_signature":"t"}}}""");
        RequestBody.Write(StreamProtocols.OpenAIChat, [Stored(events)])["messages"]![0]!.ToJsonString().Should().Be(
            """{"role":"assistant","content":null,"tool_calls":[{"id":"k","type":"function","function":{"name":"f","arguments":"{}"},"a":{"x":1,"y":2},"extra_content":{"google":{"thought_signature":"t"}}}]}""");
        await IsReadAgainAsync(StreamProtocols.OpenAIChat, events);
    }

    [Fact]
    public async Task Anthropic_MembersOfTextAndThinking_GoBackWithTheBlock()
    {
        var events = await ReadAsync(StreamProtocols.Anthropic, Sse(
            AnthropicStart,
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":"","novel":{"a":1.50}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":null,"novel":true}}""",
            """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hi"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"content_block_start","index":2,"content_block":{"type":"text","text":"","novel":true}}""",
            """{"type":"content_block_stop","index":2}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""",
            """{"type":"message_stop"}"""));

        RequestBody.Write(StreamProtocols.Anthropic, [Stored(events)])["messages"]![1]!.ToJsonString().Should().Be(
            """{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig","novel":{"a":1.50}},{"type":"text","text":"Hi","novel":true}]}""");
        await IsReadAgainAsync(StreamProtocols.Anthropic, events);
    }

    [Fact]
    public async Task Anthropic_MembersOfADelta_ArePassedOnWhenTheyChange()
    {
        string[] deltas = ["""{"type":"text_delta","text":"a","novel":1}""", """{"type":"text_delta","text":"b","novel":1}""", """{"type":"text_delta","text":"c","novel":1}""", """{"type":"text_delta","text":"d","novel":2}"""];
        var events = await ReadAsync(StreamProtocols.Anthropic, Sse(
        [
            AnthropicStart,
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            .. deltas.Select(delta => $$"""{"type":"content_block_delta","index":0,"delta":{{delta}}}"""),
            """{"type":"content_block_stop","index":0}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""",
            """{"type":"message_stop"}""",
        ]));

        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("abcd");
        events.OfType<ProviderMetadata>().Select(metadata => $"{metadata.Name}={metadata.Value} of {metadata.Index}").Should().Equal("delta.novel=1 of 0", "delta.novel=2 of 0");
        await IsReadAgainAsync(StreamProtocols.Anthropic, events);
    }

    [Theory]
    [InlineData("""{"functionCall":{"partialArgs":[{"jsonPath":"$.x","numberValue":1}],"willContinue":true},"thoughtSignature":"late"}""", """{"functionCall":{}}""")]
    [InlineData("""{"functionCall":{"partialArgs":[{"jsonPath":"$.x","numberValue":1}],"willContinue":true}}""", """{"functionCall":{},"thoughtSignature":"late"}""")]
    public async Task Gemini_SignatureOfALaterPiece_GoesBackWithTheCall(string second, string third)
    {
        string[] parts = ["""{"functionCall":{"name":"f","willContinue":true}}""", second, third];
        var events = await ReadAsync(StreamProtocols.Gemini, string.Concat(parts.Select((part, i) =>
            $$$"""data: {"candidates":[{"content":{"role":"model","parts":[{{{part}}}]}{{{(i == 2 ? ",\"finishReason\":\"STOP\"" : "")}}}}]}""" + "\n\n")));

        RequestBody.Write(StreamProtocols.Gemini, [Stored(events)])["contents"]![1]!.ToJsonString().Should().Be(
            """{"role":"model","parts":[{"thoughtSignature":"late","functionCall":{"name":"f","args":{"x":1}}}]}""");
        events.OfType<ProviderEvent>().Should().BeEmpty();
    }

    [Fact]
    public async Task OpenAIResponses_AgentOfAnEvent_IsToldOncePerItem()
    {
        var events = await ReadAsync(StreamProtocols.OpenAIResponses, Sse(
            """{"type":"response.created","sequence_number":0,"response":{"id":"r","status":"in_progress","output":[]},"agent":{"agent_name":"lead"}}""",
            """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"m0","type":"message","role":"assistant","content":[]},"agent":{"agent_name":"lead/a"}}""",
            """{"type":"response.output_text.delta","sequence_number":2,"output_index":0,"content_index":0,"delta":"a","logprobs":[],"agent":{"agent_name":"lead/a"}}""",
            """{"type":"response.output_text.delta","sequence_number":3,"output_index":0,"content_index":0,"delta":"b","logprobs":[],"agent":{"agent_name":"lead/a"}}""",
            """{"type":"response.output_item.done","sequence_number":4,"output_index":0,"item":{"id":"m0","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"ab","annotations":[]}]},"agent":{"agent_name":"lead/a"}}""",
            """{"type":"response.completed","sequence_number":5,"response":{"id":"r","status":"completed"}}"""));

        events.OfType<ProviderMetadata>().Select(metadata => metadata.Name + metadata.Value.GetRawText()).Should().Equal(
            """agent{"agent_name":"lead"}""", """agent{"agent_name":"lead/a"}""");
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("ab");
    }

    [Fact]
    public async Task OpenAIResponses_LogProbabilitiesOfTheEndAlone_AreKept()
    {
        const string Created = """{"type":"response.created","response":{"id":"r"}}""";
        const string Done = """{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"ab","logprobs":[{"token":"ab","logprob":-1}]}""";
        const string Completed = """{"type":"response.completed","response":{"id":"r","status":"completed"}}""";
        var atEnd = await ReadAsync(StreamProtocols.OpenAIResponses, Sse(Created, Done, Completed));
        var inPieces = await ReadAsync(StreamProtocols.OpenAIResponses, Sse(
            Created, """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"ab","logprobs":[{"token":"ab","logprob":-1}]}""", Done, Completed));

        atEnd.OfType<ProviderMetadata>().Should().ContainSingle(metadata => metadata.Name == "logprobs" && metadata.Index == 0);
        inPieces.OfType<ProviderMetadata>().Should().ContainSingle(metadata => metadata.Name == "logprobs" && metadata.Index == 0);
    }

    [Fact]
    public async Task OpenAIChat_LogProbabilities_AreKeptChunkByChunk()
    {
        var chunk = OpenAIChatWire.Delta(""" "content":"a" """).Replace("\"finish_reason\"", "\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-0.5}],\"refusal\":null},\"finish_reason\"", StringComparison.Ordinal);
        var events = await ReadAsync(StreamProtocols.OpenAIChat, OpenAIChatWire.Stream(chunk, chunk, OpenAIChatWire.Delta("", "stop"), "[DONE]"));

        events.OfType<ProviderMetadata>().Select(metadata => (metadata.Name, metadata.Index)).Should().Equal(("logprobs", 0), ("logprobs", 0));
    }

    [Theory]
    [InlineData("server busy, please try again.  maximum pending requests exceeded", HttpStatusCode.ServiceUnavailable, true)]
    [InlineData("upstream error", HttpStatusCode.BadGateway, true)]
    [InlineData("Too Many Requests", HttpStatusCode.TooManyRequests, true)]
    [InlineData("unauthorized", HttpStatusCode.Unauthorized, false)]
    [InlineData("model 'x' not found", HttpStatusCode.NotFound, false)]
    [InlineData("registry.ollama.ai/library/x does not support tools", HttpStatusCode.BadRequest, false)]
    [InlineData("llama runner process has terminated", HttpStatusCode.InternalServerError, false)]
    [InlineData("something else", null, false)]
    public async Task Ollama_ErrorInTheStream_IsClassifiedByItsText(string text, HttpStatusCode? status, bool isRetryable)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(
            StreamProtocols.Ollama, $$"""{"model":"q","response":"Once","done":false}""" + "\n" + $$"""{"error":"{{text}}"}""" + "\n");

        var error = exception.Should().BeOfType<ProviderException>().Subject;
        (error.StatusCode, error.IsRetryable, error.IsInBand, error.ProviderMessage).Should().Be((status, isRetryable, true, text));
        events.OfType<TextDelta>().Should().ContainSingle();
    }

    [Theory]
    [InlineData("SELECT \"a\"\n", "\u0001é😀\\")]
    [InlineData("{\"x\":", "1")]
    [InlineData("", "")]
    public async Task FreeFormInput_OfEitherWire_IsAnArgumentThatGrows(string first, string second)
    {
        var chat = await ReadAsync(StreamProtocols.OpenAIChat, OpenAIChatWire.Stream(
            OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":0,"id":"k","type":"custom","custom":{"name":"sql","input":{{{Json(first)}}}}}] """),
            OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":0,"custom":{"input":{{{Json(second)}}}}}] """, "tool_calls"),
            "[DONE]"));
        var responses = await ReadAsync(StreamProtocols.OpenAIResponses, Sse(
            """{"type":"response.created","response":{"id":"r"}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"custom_tool_call","call_id":"k","name":"sql","input":""}}""",
            $$"""{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":{{Json(first)}}}""",
            $$"""{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":{{Json(second)}}}""",
            $$$"""{"type":"response.output_item.done","output_index":0,"item":{"id":"i","type":"custom_tool_call","call_id":"k","name":"sql","input":{{{Json(first + second)}}},"status":"completed"}}""",
            """{"type":"response.completed","response":{"id":"r","status":"completed"}}"""));
        foreach (var events in new[] { chat, responses })
        {
            var call = events.OfType<ToolCallCompleted>().Single();
            call.ParseError.Should().BeNull();
            call.ArgumentsText.Should().Be(first + second);
            call.Arguments!.Value.GetProperty("input").GetString().Should().Be(first + second);
            events.OfType<ToolInputDelta>().Select(delta => delta.Fragment).Should().Equal(new[] { first, second }.Where(piece => piece.Length > 0));
            if (events.OfType<ToolInputDelta>().LastOrDefault() is { } last)
            {
                last.Input["input"].GetString().Should().Be(first + second);
                last.Input.IsComplete.Should().BeFalse();
            }
        }

        var body = RequestBody.Write(StreamProtocols.OpenAIResponses, [Stored(responses), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("k", "ok")])]);
        body["input"]![0]!["input"]!.GetValue<string>().Should().Be(first + second);
        body["input"]![1]!["type"]!.GetValue<string>().Should().Be("custom_tool_call_output");
        RequestBody.Write(StreamProtocols.OpenAIChat, [Stored(chat)])["messages"]![0]!["tool_calls"]![0]!["custom"]!["input"]!.GetValue<string>().Should().Be(first + second);
        await IsReadAgainAsync(StreamProtocols.OpenAIChat, chat);
        await IsReadAgainAsync(StreamProtocols.OpenAIResponses, responses);
        foreach (var (protocol, events) in OtherWires.SelectMany(protocol => new[] { (protocol, chat), (protocol, responses) }))
        {
            var (read, exception) = await WireRun.ReadAsync(protocol, WireRun.Encode(protocol, events));
            exception.Should().BeNull();
            var call = read.OfType<ToolCallCompleted>().Single();
            (call.ParseError, call.Arguments?.GetPropertyCount()).Should().Be((null, 1), "a client of the wire {0} expects an object", protocol.Name);
            call.Arguments!.Value.GetProperty("input").GetString().Should().Be(first + second);
        }
    }

    /// <summary>The wires that have no free-form tools.</summary>
    private static readonly StreamProtocol[] OtherWires =
        [StreamProtocols.Anthropic, StreamProtocols.BedrockAnthropic, StreamProtocols.BedrockConverse, StreamProtocols.Gemini, StreamProtocols.Ollama];

    [Fact]
    [Trait("Law", "8")]
    public async Task FreeFormInput_TooLong_IsTheLimit()
    {
        var input = new string('"', 60);
        var wire = OpenAIChatWire.Stream(OpenAIChatWire.Delta($$$""" "tool_calls":[{"index":0,"id":"k","custom":{"name":"sql","input":{{{Json(input)}}}}}] """), OpenAIChatWire.Delta("", "stop"), "[DONE]");
        async Task<Exception?> RunAsync(int limit) =>
            (await OpenAIChatWire.DecodeAsync(System.Text.Encoding.UTF8.GetBytes(wire), options: new StreamReadOptions { MaxArgumentBytes = limit })).Exception;

        (await RunAsync(119)).Should().BeOfType<StreamLimitException>();
        (await RunAsync(140)).Should().BeNull();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task FreeFormInput_OfAResponseThatWasCut_IsNoArgument()
    {
        var events = await ReadAsync(StreamProtocols.OpenAIResponses, Sse(
            """{"type":"response.created","response":{"id":"r"}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"custom_tool_call","call_id":"k","name":"sql","input":""}}""",
            """{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":"DROP"}""",
            """{"type":"response.incomplete","response":{"id":"r","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}"""));

        events.OfType<ToolCallCompleted>().Single().Arguments.Should().BeNull();
        await IsReadAgainAsync(StreamProtocols.OpenAIResponses, events);
        foreach (var protocol in OtherWires)
        {
            var (read, exception) = await WireRun.ReadAsync(protocol, WireRun.Encode(protocol, events));
            exception.Should().BeNull();
            read.OfType<ToolCallCompleted>().Should().OnlyContain(call => call.Arguments == null, "what was cut is no argument on the wire {0}", protocol.Name);
        }
    }

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static string Sse(params string[] payloads) => string.Concat(payloads.Select(payload => $"data: {payload}\n\n"));

    private static async Task<List<StreamEvent>> ReadAsync(StreamProtocol protocol, string wire)
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(protocol, wire);
        exception.Should().BeNull();
        return events;
    }

    private static ChatMessage Stored(List<StreamEvent> events) => RequestBody.Store(WireRun.Fold(events).ToChatMessage());

    private static async Task IsReadAgainAsync(StreamProtocol protocol, List<StreamEvent> events)
    {
        var (again, exception) = await WireRun.ReadAsync(protocol, WireRun.Encode(protocol, events));
        exception.Should().BeNull();
        again.ToLines().Should().Be(events.ToLines());
    }
}
