using System.Text;
using Streamline.Protocols;
using Streamline.Protocols.Anthropic;
using Streamline.Protocols.Gemini;
using Streamline.Protocols.OpenAIChat;
using Streamline.Protocols.OpenAIResponses;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Shared.Decoding;

/// <summary>A learned shape outlives other events; what changes the meaning of its payloads ends it. With and without shapes, the events are the same.</summary>
public class ShapeLifetimeTests
{
    [Fact]
    public Task Chat_SecondCallTakesTheIndexOfTheFirst_GetsTheLaterPieces() => AssertSameAsync(
        StreamProtocols.OpenAIChat,
        predicts => new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        Choice("""{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}"""),
        Arguments("""{"""),
        Arguments("""\"x\":"""),
        Arguments("""1}"""),
        Choice("""{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":""}}]}"""),
        Arguments("""{"""),
        Arguments("""\"x\":"""),
        Arguments("""1}"""),
        """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""");

    [Fact]
    public Task Chat_TierChangesAndChangesBack_IsReportedEachTime() => AssertSameAsync(
        StreamProtocols.OpenAIChat,
        predicts => new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        Tiered("default", "a"),
        Tiered("default", "b"),
        Tiered("default", "c"),
        Tiered("flex", "d"),
        Tiered("default", "e"),
        Tiered("flex", "f"),
        """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");

    [Fact]
    public Task Chat_CountsChangeAndChangeBack_AreReportedEachTime() => AssertSameAsync(
        StreamProtocols.OpenAIChat,
        predicts => new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        Counted(1, "a"),
        Counted(1, "b"),
        Counted(1, "c"),
        """{"id":"r","model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}""",
        Counted(1, "d"),
        Counted(1, "e"),
        """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");

    [Fact]
    public Task Chat_ProbabilitiesOfEachPiece_AreReportedEachTime() => AssertSameAsync(
        StreamProtocols.OpenAIChat,
        predicts => new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        Likely("a", "-0.5"),
        Likely("b", "-0.25e-3"),
        Likely("b", "-0.25e-3"),
        Likely("c\\n", "0"),
        Likely("d", "-1", token: "other"),
        Likely("\\ud83d", "-2"),
        Likely("\\ude00", "-3"),
        Likely("e", "-4"),
        Likely("f", "[-5]"),
        Choice("""{"reasoning":"t"}"""),
        Likely("g", "-6"),
        Likely("h", "-7"),
        """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");

    [Fact]
    public Task Chat_ProbabilitiesOfChangingShape_AreReportedEachTime() => AssertSameAsync(
        StreamProtocols.OpenAIChat,
        predicts => new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        [.. "abcdefghij".Select(letter => Likely(letter.ToString(), "-1", token: new string(letter, letter - 'a' + 2)))]);

    [Fact]
    public Task Chat_SignatureBetweenPiecesOfReasoning_BeginsAnotherBlock() => AssertSameAsync(
        StreamProtocols.OpenAIChat,
        predicts => new OpenAIChatEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        Detail("""{"type":"reasoning.text","index":0,"text":"a"}"""),
        Detail("""{"type":"reasoning.text","index":0,"text":"b"}"""),
        Detail("""{"type":"reasoning.text","index":0,"text":"c"}"""),
        Detail("""{"type":"reasoning.text","index":0,"signature":"s"}"""),
        Detail("""{"type":"reasoning.text","index":0,"text":"d"}"""),
        """{"id":"r","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");

    [Fact]
    public Task Anthropic_BlocksThatAlternateInterleaveAndReuseAnIndex_GetTheirOwnPieces() => AssertSameAsync(
        StreamProtocols.Anthropic,
        predicts => new AnthropicEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        """{"type":"message_start","message":{"id":"m","role":"assistant","content":[]}}""",
        Begin(0, """{"type":"text","text":""}"""),
        Text(0, "a"),
        Text(0, "b"),
        Begin(1, """{"type":"tool_use","id":"c","name":"f","input":{}}"""),
        Json(1, """{\"x\":"""),
        Text(0, "c"),
        Json(1, "1}"),
        """{"type":"content_block_stop","index":0}""",
        Begin(2, """{"type":"thinking","thinking":""}"""),
        """{"type":"content_block_delta","index":2,"delta":{"type":"thinking_delta","thinking":"t"}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"thinking_delta","thinking":"u"}}""",
        """{"type":"content_block_stop","index":1}""",
        Begin(0, """{"type":"text","text":""}"""),
        Text(0, "d"),
        Text(0, "e"),
        """{"type":"content_block_delta","delta":{"type":"text_delta","text":"without an index"}}""",
        """{"type":"content_block_delta","delta":{"type":"text_delta","text":"again"}}""",
        Begin(3, """{"type":"text","text":""}"""),
        """{"type":"content_block_delta","delta":{"type":"text_delta","text":"of the next"}}""",
        Text(0, "f"),
        Text(3, "g"),
        """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""",
        """{"type":"message_stop"}""");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Anthropic_DeltaOfAnotherKindOrOfAClosedBlock_FailsWithAndWithoutShapes(int index)
    {
        var body = Body(
            """{"type":"message_start","message":{"id":"m","role":"assistant","content":[]}}""",
            Begin(0, """{"type":"text","text":""}"""),
            Text(0, "a"),
            Text(0, "b"),
            Begin(1, """{"type":"tool_use","id":"c","name":"f","input":{}}"""),
            Begin(2, """{"type":"thinking","thinking":""}"""),
            Text(index, "c"));

        foreach (var predicts in new[] { true, false })
        {
            var (_, exception) = await WireRun.ReadAsync(StreamProtocols.Anthropic, new AnthropicEventDecoder(new StreamReadOptions(), requestId: null, predicts), body);

            exception.Should().BeOfType<StreamProtocolException>().Which.Error.Should().Be(StreamProtocolError.UnexpectedEvent);
        }
    }

    [Fact]
    public Task Gemini_TextAfterAFinishReason_SaysThatTheAnswerIsNotWhole() => AssertSameAsync(
        StreamProtocols.Gemini,
        predicts => new GeminiEventDecoder(new StreamReadOptions(), requestId: null, predicts),
        """{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"b"}]}}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"c"}]}}]}""",
        """{"candidates":[{"finishReason":"STOP"}]}""",
        """{"candidates":[{"content":{"parts":[{"text":"d"}]}}]}""");

    [Fact]
    public Task Responses_SecondItemAtTheSameIndex_GetsTheLaterPieces() => AssertSameAsync(
        StreamProtocols.OpenAIResponses,
        predicts => new OpenAIResponsesEventDecoder(new StreamReadOptions(), requestId: null, predicts: predicts),
        """{"type":"response.created","response":{"id":"r"}}""",
        """{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"i"}}""",
        Output("a"),
        Output("b"),
        Output("c"),
        """{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"j"}}""",
        Output("d"),
        Output("e"),
        """{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}""");

    private static string Choice(string delta) => """{"id":"r","model":"m","choices":[{"index":0,"delta":*}]}""".Replace("*", delta, StringComparison.Ordinal);

    private static string Arguments(string piece) => Choice("""{"tool_calls":[{"index":0,"function":{"arguments":"*"}}]}""".Replace("*", piece, StringComparison.Ordinal));

    private static string Detail(string detail) => Choice("""{"reasoning_details":[*]}""".Replace("*", detail, StringComparison.Ordinal));

    private static string Likely(string text, string probability, string? token = null) =>
        $$$"""{"id":"r","model":"m","choices":[{"index":0,"delta":{"content":"{{{text}}}"},"logprobs":{"content":[{"token":"{{{token ?? text}}}","logprob":{{{probability}}},"top_logprobs":[]}]},"finish_reason":null}]}""";

    private static string Tiered(string tier, string text) =>
        $$$"""{"id":"r","model":"m","service_tier":"{{{tier}}}","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""";

    private static string Counted(int count, string text) =>
        $$$"""{"id":"r","model":"m","usage":{"prompt_tokens":5,"completion_tokens":{{{count}}}},"choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]}""";

    private static string Begin(int index, string block) => $$"""{"type":"content_block_start","index":{{index}},"content_block":""" + block + "}";

    private static string Text(int index, string text) => $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"text_delta","text":"{{{text}}}"}}""";

    private static string Json(int index, string piece) =>
        $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"input_json_delta","partial_json":"{{{piece}}}"}}""";

    private static string Output(string text) => $$"""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"{{text}}"}""";

    private static byte[] Body(params ReadOnlySpan<string> frames)
    {
        var body = new StringBuilder();
        foreach (var frame in frames)
        {
            body.Append("data: ").Append(frame).Append("\n\n");
        }

        return Encoding.UTF8.GetBytes(body.ToString());
    }

    private static async Task AssertSameAsync(StreamProtocol protocol, Func<bool, StreamEventDecoder> create, params string[] frames)
    {
        var body = Body(frames);

        var (parsed, parsedException) = await WireRun.ReadAsync(protocol, create(false), body);
        var (predicted, predictedException) = await WireRun.ReadAsync(protocol, create(true), body);

        predicted.ToLines().Should().Be(parsed.ToLines());
        predictedException?.Message.Should().Be(parsedException?.Message);
        parsed.Should().NotBeEmpty();
    }
}
