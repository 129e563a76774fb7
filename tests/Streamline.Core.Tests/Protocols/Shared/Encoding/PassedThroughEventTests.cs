using System.Text;
using Streamline.Protocols;
using Streamline.Tests.Protocols.Cohere;
using Streamline.Tests.Protocols.GeminiInteractions;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.Bedrock.BedrockWire;

namespace Streamline.Tests.Protocols.Shared;

/// <summary>What a decoder passes through because it does not know it, every encoder writes, and the decoder of its protocol reads it, whatever it holds.</summary>
public class PassedThroughEventTests
{
    private static readonly StreamProtocol[] Protocols =
    [
        StreamProtocols.Anthropic, StreamProtocols.BedrockAnthropic, StreamProtocols.BedrockConverse, StreamProtocols.Gemini, StreamProtocols.GeminiJsonArray,
        StreamProtocols.Ollama, StreamProtocols.OpenAIChat, StreamProtocols.OpenAIResponses, StreamProtocols.Cohere, StreamProtocols.GeminiInteractions,
    ];

    private const string MessageStart = """{"type":"message_start","message":{"id":"m","model":"x","role":"assistant","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""";
    private const string MessageEnd = """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}""";

    /// <summary>Whole streams that have the text "ab", the number of events that are passed through, and the protocols they are of.</summary>
    public static TheoryData<string, string[], int> Streams => new()
    {
        { "anthropic", ["""{"type":"novel"}""", MessageStart, """{"type":"a\nb"}""", .. AnthropicText(5), MessageEnd, """{"type":"message_stop"}"""], 4 },
        { "openai", ["""{"":""}""", "false", """{"type":"a\nb"}""", Chat("""{"content":"a"}"""), Chat("""{"tool_calls":[{"type":"hologram","choices":[]}]}"""), Chat("""{"content":"b"}"""), Chat("{}", "stop"), "[DONE]"], 4 },
        { "gemini", ["""{"candidates":[{"content":{"parts":[0,{"text":"a"},[[{}]]]}}]}""", """{"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}"""], 2 },
        { "gemini-interactions", ["""{"event_type":"a\nb"}""", InteractionsEvents.Created, """{"event_type":"interaction.novel","x":1}""",
            .. InteractionsEvents.Step(0, """{"type":"model_output"}""", """{"type":"text","text":"a"}""", """{"type":"hologram","x":1}""", """{"type":"text","text":"b"}"""),
            InteractionsEvents.Start(1, """{"type":"user_input","content":[]}"""), InteractionsEvents.Completed, "[DONE]"], 4 },
        { "ollama", ["""{"message":{"content":"a","tool_calls":["x"]},"done":false}""", """{"message":{"content":"b"},"done":true,"done_reason":"stop"}"""], 1 },
        { "openai-responses", ["""{"type":"a\nb"}""", """{"type":"response.created","response":{"id":"r"}}""", """{"type":"c\nd"}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"message","role":"assistant","content":[]}}""",
            """{"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":"ab"}""",
            """{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}"""], 2 },
        { "cohere", ["""{"type":"novel"}""", CohereWire.Start, """{"type":"a\nb"}""", CohereWire.TextStart, CohereWire.Words("a"), """{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":{}}}}}""",
            """{"type":"tool-call-delta","index":5,"delta":{"message":{"tool_calls":{"function":{"arguments":"{}"}}}}}""", CohereWire.Words("b"), CohereWire.ContentEnd, CohereWire.Stop, "[DONE]"], 4 },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    [Trait("Law", "11")]
    public async Task Encode_PassedThroughEvents_AreReadByTheDecoderOfEveryProtocol(string name, string[] payloads, int passedThrough)
    {
        var separator = name == "ollama" ? "\n" : "\n\n";
        var prefix = name == "ollama" ? "" : "data: ";
        var source = Protocols.First(protocol => protocol.Name == name);

        await VerifyAsync(source, Encoding.UTF8.GetBytes(string.Concat(payloads.Select(payload => prefix + payload + separator))), passedThrough);
    }

    [Fact]
    [Trait("Law", "11")]
    public Task Encode_PassedThroughEventsOfConverse_AreReadByTheDecoderOfEveryProtocol() => VerifyAsync(
        StreamProtocols.BedrockConverse,
        Body(
            Event("early", "no json"),
            Start,
            Event("a\nb", "[1]"),
            BlockStart(0, """{"hologram":{"x":1}}"""),
            Delta(0, """{"text":"of the hologram"}"""),
            Delta(3, """{"text":"a"}"""),
            Delta(3, """{"reasoningContent":{"text":"not of a text"}}"""),
            Delta(3, """{"text":"b"}"""),
            BlockStop(3),
            Delta(7, """{"toolUse":""}"""),
            BlockStart(9, """{"novelException":{}}"""),
            Stop,
            Metadata),
        passedThrough: 7);

    [Fact]
    [Trait("Law", "11")]
    public Task Encode_PassedThroughMessagesOfInvokeModel_AreReadByTheDecoderOfEveryProtocol() => VerifyAsync(
        StreamProtocols.BedrockAnthropic,
        Body([Event("early", "no json"), Chunk(MessageStart), Event("message_stop", "no json"), .. AnthropicText(2).Select(Chunk), Chunk(MessageEnd), Chunk("""{"type":"message_stop"}""")]),
        passedThrough: 4);

    private static async Task VerifyAsync(StreamProtocol source, byte[] body, int passedThrough)
    {
        var (events, none) = await WireRun.ReadAsync(source, body);
        none.Should().BeNull();
        events.OfType<ProviderEvent>().Should().HaveCount(passedThrough);
        events.OfType<TextDelta>().Select(delta => delta.Text).Aggregate("", string.Concat).Should().Be("ab");
        foreach (var protocol in Protocols)
        {
            var (again, exception) = await WireRun.ReadAsync(protocol, WireRun.Encode(protocol, events));
            exception.Should().BeNull("{0} was written as {1}", source.Name, protocol.Name);
            again[^1].Should().BeOfType<ResponseCompleted>("{0} was written as {1}", source.Name, protocol.Name);
            again.OfType<TextDelta>().Select(delta => delta.Text).Aggregate("", string.Concat).Should().Be("ab", "{0} was written as {1}", source.Name, protocol.Name);
        }
    }

    // With a block of a kind that is not known and goes back whole, a delta of it, and one of a new type for the text.
    private static string[] AnthropicText(int index) =>
    [
        """{"type":"content_block_start","index":0,"content_block":{"type":"novel_block"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}""",
        """{"type":"content_block_stop","index":0}""",
        $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"text","text":""}}""",
        $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"text_delta","text":"ab"}}""",
        $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"novel_delta","x":1}}""",
        $$$"""{"type":"content_block_stop","index":{{{index}}}}""",
    ];

    private static string Chat(string delta, string? reason = null) =>
        $$$"""{"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{(reason is null ? "null" : $"\"{reason}\"")}}}}]}""";

    private static byte[] Chunk(string payload) =>
        Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}"}""");
}
