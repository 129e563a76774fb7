using System.Text;
using System.Text.Json;
using Streamline.Protocols;
using Streamline.Tests.Protocols.Bedrock;
using Streamline.Tests.Protocols.Cohere;
using Streamline.Tests.Protocols.GeminiInteractions;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols;

/// <summary>
/// What is newer than this version: events, blocks, deltas, parts, roles, words. It is passed on, under the wire's own name, and the stream goes on to its
/// end with everything else in it.
/// </summary>
[Trait("Law", "11")]
public sealed class UnknownTests
{
    private const string Start = """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}""";
    private const string Created = """{"type":"response.created","response":{"id":"r","status":"in_progress"}}""";
    private const string Completed = """{"type":"response.completed","response":{"id":"r","status":"completed"}}""";
    private const string ChatText = """{"id":"c","choices":[{"index":0,"delta":{"content":"Hi"}}]}""";
    private const string ChatEnd = """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private static readonly string[] AnthropicText =
    [
        """{"type":"content_block_start","index":9,"content_block":{"type":"text","text":""}}""", """{"type":"content_block_delta","index":9,"delta":{"type":"text_delta","text":"Hi"}}""",
        """{"type":"content_block_stop","index":9}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""", """{"type":"message_stop"}""",
    ];

    private static readonly string[] CohereText = [CohereWire.TextStart.Replace(":0", ":9", StringComparison.Ordinal), CohereWire.Words("Hi", 9), """{"type":"content-end","index":9}""", CohereWire.Stop];

    private static readonly string[] InteractionsText = InteractionsEvents.Step(9, """{"type":"model_output"}""", """{"type":"text","text":"Hi"}""");

    private const string BedrockStart = """messageStart {"role":"assistant"}""";

    private static readonly string[] BedrockText =
    [
        """contentBlockDelta {"contentBlockIndex":9,"delta":{"text":"Hi"}}""", """contentBlockStop {"contentBlockIndex":9}""", """messageStop {"stopReason":"end_turn"}""", """metadata {"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}""",
    ];

    private static readonly string ResponsesText = """{"type":"response.output_item.done","output_index":9,"item":{"id":"m9","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}}""";

    /// <summary>Wire, what is new, the payloads, and what tells of it: <c>event name</c>, <c>metadata name</c>, <c>raw kind type</c> or <c>finish word</c>.</summary>
    public static TheoryData<string, string, string[], string> Rows => new()
    {
        { "anthropic", "an event", [Start, """{"type":"novel_event","x":1}""", .. AnthropicText], "event novel_event" },
        { "anthropic", "a block", [Start, """{"type":"content_block_start","index":0,"content_block":{"type":"novel_block","x":1}}""", """{"type":"content_block_stop","index":0}""", .. AnthropicText], "raw Other novel_block" },
        { "anthropic", "a result of a tool", [Start, """{"type":"content_block_start","index":0,"content_block":{"type":"novel_tool_result","x":1}}""", """{"type":"content_block_stop","index":0}""", .. AnthropicText], "raw ServerToolResult novel_tool_result" },
        { "anthropic", "a delta of a known block", [Start, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"novel_delta","x":1}}""", """{"type":"content_block_stop","index":0}""", .. AnthropicText], "event content_block_delta/novel_delta" },
        { "anthropic", "a delta of a new block", [Start, """{"type":"content_block_start","index":0,"content_block":{"type":"novel_block"}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}""", """{"type":"content_block_stop","index":0}""", .. AnthropicText], "event content_block_delta/text_delta" },
        { "anthropic", "a citation", [Start, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"novel_location"}}}""", """{"type":"content_block_stop","index":0}""", .. AnthropicText], "citation novel_location" },
        { "anthropic", "a stop reason", [Start, .. AnthropicText[..3], """{"type":"message_delta","delta":{"stop_reason":"novel"}}""", """{"type":"message_stop"}"""], "finish novel" },
        { "anthropic", "a role", [Start.Replace("assistant", "novel", StringComparison.Ordinal), .. AnthropicText], "metadata role" },
        { "anthropic", "a member of the message", [Start.Replace("\"stop_reason\"", "\"novel\":1,\"stop_reason\"", StringComparison.Ordinal), .. AnthropicText], "metadata novel" },

        { "openai", "an event", [ChatText, """{"type":"novel_event","x":1}""", ChatEnd], "event novel_event" },
        { "openai", "an object", [ChatText, """{"object":"novel.object","x":1}""", ChatEnd], "event novel.object" },
        { "openai", "a member of the chunk", [ChatText, """{"id":"c","choices":[],"novel":1}""", ChatEnd], "metadata novel" },
        { "openai", "a member of the delta", [ChatText, """{"id":"c","choices":[{"index":0,"delta":{"novel":1}}]}""", ChatEnd], "metadata delta.novel" },
        { "openai", "a member of the choice", [ChatText, """{"id":"c","choices":[{"index":0,"delta":{},"novel":1}]}""", ChatEnd], "metadata choices[0].novel" },
        { "openai", "a part of the content", [ChatText, """{"id":"c","choices":[{"index":0,"delta":{"content":[{"type":"novel_part"}]}}]}""", ChatEnd], "metadata delta.content" },
        { "openai", "a form of reasoning", [ChatText, """{"id":"c","choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.novel","x":1}]}}]}""", ChatEnd], "raw RedactedReasoning reasoning.novel" },
        { "openai", "a kind of tool call", [ChatText, """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"k","type":"novel","novel":{}}]}}]}""", ChatEnd], "event tool_calls/novel" },
        { "openai", "a role", [ChatText, """{"id":"c","choices":[{"index":0,"delta":{"role":"novel"}}]}""", ChatEnd], "metadata delta.role" },
        { "openai", "a finish reason", [ChatText, ChatEnd.Replace("stop", "novel", StringComparison.Ordinal)], "finish novel" },

        { "openai-responses", "an event", [Created, """{"type":"response.novel.delta","output_index":0,"delta":"x"}""", ResponsesText, Completed], "event response.novel.delta" },
        { "openai-responses", "a member of an event", [Created, """{"type":"response.in_progress","response":{"id":"r"},"novel":1}""", ResponsesText, Completed], "metadata novel" },
        { "openai-responses", "an item", [Created, """{"type":"response.output_item.added","output_index":0,"item":{"type":"novel_item"}}""", """{"type":"response.output_item.done","output_index":0,"item":{"type":"novel_item","x":1}}""", ResponsesText, Completed], "raw Other novel_item" },
        { "openai-responses", "a part", [Created, """{"type":"response.output_item.done","output_index":0,"item":{"id":"m","type":"message","role":"assistant","status":"completed","content":[{"type":"novel_part","x":1}]}}""", ResponsesText, Completed], "raw Other message" },
        { "openai-responses", "a role", [Created, """{"type":"response.output_item.done","output_index":0,"item":{"id":"m","type":"message","role":"novel","status":"completed","content":[{"type":"output_text","text":"","annotations":[]}]}}""", ResponsesText, Completed], "raw Text message" },
        { "openai-responses", "an annotation", [Created, ResponsesText.Replace("\"annotations\":[]", "\"annotations\":[{\"type\":\"novel_citation\"}]", StringComparison.Ordinal), Completed], "citation novel_citation" },
        { "openai-responses", "a member of the response", [Created, ResponsesText, Completed.Replace("\"id\"", "\"novel\":1,\"id\"", StringComparison.Ordinal)], "metadata novel" },
        { "openai-responses", "a status", [Created, ResponsesText, Completed.Replace("\"completed\"", "\"novel\"", StringComparison.Ordinal)], "finish novel" },
        { "openai-responses", "a reason of incompleteness", [Created, ResponsesText, """{"type":"response.incomplete","response":{"id":"r","status":"incomplete","incomplete_details":{"reason":"novel"}}}"""], "finish novel" },

        { "gemini", "an object", ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]}}]}""", """{"novel":1}""", """{"candidates":[{"finishReason":"STOP"}]}"""], "event message" },
        { "gemini", "a part", ["""{"candidates":[{"content":{"role":"model","parts":[{"novel":{"x":1}},{"text":"Hi"}]},"finishReason":"STOP"}]}"""], "raw Other " },
        { "gemini", "a part that is no object", ["""{"candidates":[{"content":{"role":"model","parts":["x",{"text":"Hi"}]},"finishReason":"STOP"}]}"""], "event part" },
        { "gemini", "a member beside the text", ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi","novel":1}]},"finishReason":"STOP"}]}"""], "raw Text " },
        { "gemini", "a member of the candidate", ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"novel":1,"finishReason":"STOP"}]}"""], "metadata candidates[0].novel" },
        { "gemini", "a member of the chunk", ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"novel":1}"""], "metadata novel" },
        { "gemini", "a role", ["""{"candidates":[{"content":{"role":"novel","parts":[{"text":"Hi"}]},"finishReason":"STOP"}]}"""], "metadata candidates[0].content.role" },
        { "gemini", "a finish reason", ["""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"NOVEL"}]}"""], "finish NOVEL" },

        { "gemini-interactions", "an event", [InteractionsEvents.Created, .. InteractionsText, """{"event_type":"novel_event","x":1}""", InteractionsEvents.Completed], "event novel_event" },
        { "gemini-interactions", "an event of the interaction", [InteractionsEvents.Created, .. InteractionsText, """{"event_type":"interaction.novel","x":1}""", InteractionsEvents.Completed], "event interaction.novel" },
        { "gemini-interactions", "a step", [InteractionsEvents.Created, .. InteractionsEvents.Step(0, """{"type":"novel_step","x":1}"""), .. InteractionsText, InteractionsEvents.Completed], "raw Other novel_step" },
        { "gemini-interactions", "a result of a tool", [InteractionsEvents.Created, .. InteractionsEvents.Step(0, """{"type":"novel_result","call_id":"c","x":1}"""), .. InteractionsText, InteractionsEvents.Completed], "raw ServerToolResult novel_result" },
        { "gemini-interactions", "a delta of a known step", [InteractionsEvents.Created, .. InteractionsEvents.Step(0, """{"type":"model_output"}""", """{"type":"novel_delta","x":1}"""), .. InteractionsText, InteractionsEvents.Completed], "event step.delta" },
        { "gemini-interactions", "a citation", [InteractionsEvents.Created, InteractionsText[0], InteractionsText[1], InteractionsEvents.Delta(9, """{"type":"text_annotation_delta","annotations":[{"type":"novel_citation"}]}"""), InteractionsText[2], InteractionsEvents.Completed], "citation novel_citation" },
        { "gemini-interactions", "a member of a text", [InteractionsEvents.Created, InteractionsText[0], InteractionsEvents.Delta(9, """{"type":"text","text":"Hi","novel":1}"""), InteractionsText[2], InteractionsEvents.Completed], "metadata novel" },
        { "gemini-interactions", "a member of the step", [InteractionsEvents.Created, .. InteractionsEvents.Step(9, """{"type":"model_output","novel":1}""", """{"type":"text","text":"Hi"}"""), InteractionsEvents.Completed], "raw Text model_output" },
        { "gemini-interactions", "a member of the interaction", [InteractionsEvents.Created, .. InteractionsText, InteractionsEvents.Completed.Replace("\"object\"", "\"novel\":1,\"object\"", StringComparison.Ordinal)], "metadata novel" },
        { "gemini-interactions", "a status", [InteractionsEvents.Created, .. InteractionsText, InteractionsEvents.Completed.Replace("\"completed\"", "\"novel\"", StringComparison.Ordinal)], "finish novel" },

        { "ollama", "a line", ["""{"model":"q","message":{"role":"assistant","content":"Hi"},"done":false}""", """{"status":"pulling","x":1}""", """{"model":"q","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}"""], "event pulling" },
        { "ollama", "a member of the line", ["""{"model":"q","message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"stop","novel":"x"}"""], "metadata novel" },
        { "ollama", "a member of the message", ["""{"model":"q","message":{"role":"assistant","content":"Hi","novel":1},"done":true,"done_reason":"stop"}"""], "metadata message.novel" },
        { "ollama", "a role", ["""{"model":"q","message":{"role":"novel","content":"Hi"},"done":true,"done_reason":"stop"}"""], "metadata message.role" },
        { "ollama", "a call without a name", ["""{"model":"q","message":{"role":"assistant","content":"Hi","tool_calls":[{"novel":1}]},"done":true,"done_reason":"stop"}"""], "event tool_calls" },
        { "ollama", "a reason", ["""{"model":"q","message":{"role":"assistant","content":"Hi"},"done":true,"done_reason":"novel"}"""], "finish novel" },

        { "bedrock", "an event", [BedrockStart, "novelEvent {\"x\":1}", .. BedrockText], "event novelEvent" },
        { "bedrock", "a block", [BedrockStart, """contentBlockStart {"contentBlockIndex":0,"start":{"novel":{"x":1}}}""", """contentBlockStop {"contentBlockIndex":0}""", .. BedrockText], "event contentBlockStart/novel" },
        { "bedrock", "a delta of a new block", [BedrockStart, """contentBlockStart {"contentBlockIndex":0,"start":{"novel":{}}}""", """contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"x"}}""", """contentBlockStop {"contentBlockIndex":0}""", .. BedrockText], "event contentBlockDelta/text" },
        { "bedrock", "a delta of a known block", [BedrockStart, BedrockText[0], """contentBlockDelta {"contentBlockIndex":9,"delta":{"novel":{"x":1}}}""", .. BedrockText[1..]], "event contentBlockDelta/novel" },
        { "bedrock", "a citation", [BedrockStart, BedrockText[0], """contentBlockDelta {"contentBlockIndex":9,"delta":{"citation":{"type":"novel"}}}""", .. BedrockText[1..]], "citation novel" },
        { "bedrock", "a stop reason", [BedrockStart, .. BedrockText[..2], """messageStop {"stopReason":"novel"}""", BedrockText[^1]], "finish novel" },
        { "bedrock", "a member of the start", ["""messageStart {"role":"assistant","novel":1}""", .. BedrockText], "metadata novel" },
        { "bedrock", "a member of the stop", [BedrockStart, .. BedrockText[..2], """messageStop {"stopReason":"end_turn","novel":1}""", BedrockText[^1]], "metadata novel" },
        { "bedrock", "a member of the metadata", [BedrockStart, .. BedrockText[..^1], """metadata {"usage":{"inputTokens":1},"novel":1}"""], "metadata novel" },
        { "bedrock", "a member of the usage", [BedrockStart, .. BedrockText[..^1], """metadata {"usage":{"inputTokens":1,"novel":["x"]}}"""], "metadata usage.novel" },

        { "bedrock-anthropic", "a frame", [Start, "novelFrame {\"x\":1}", .. AnthropicText], "event novelFrame" },
        { "bedrock-anthropic", "an event", [Start, """{"type":"novel_event","x":1}""", .. AnthropicText], "event novel_event" },
        { "bedrock-anthropic", "a block", [Start, """{"type":"content_block_start","index":0,"content_block":{"type":"novel_block","x":1}}""", """{"type":"content_block_stop","index":0}""", .. AnthropicText], "raw Other novel_block" },
        { "bedrock-anthropic", "a stop reason", [Start, .. AnthropicText[..3], """{"type":"message_delta","delta":{"stop_reason":"novel"}}""", """{"type":"message_stop"}"""], "finish novel" },
        { "bedrock-anthropic", "what the service measured", [Start, .. AnthropicText[..^1], """{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":1}}"""], "metadata amazon-bedrock-invocationMetrics" },

        { "cohere", "an event", [CohereWire.Start, """{"type":"novel-event","x":1}""", .. CohereText], "event novel-event" },
        { "cohere", "a content", [CohereWire.Start, """{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"novel","x":1}}}}""", """{"type":"content-end","index":0}""", .. CohereText], "raw Other novel" },
        { "cohere", "a delta of a new content", [CohereWire.Start, """{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"novel"}}}}""", CohereWire.Words("x"), """{"type":"content-end","index":0}""", .. CohereText], "event content-delta" },
        { "cohere", "a member of a delta", [CohereWire.Start, CohereText[0], CohereText[1].Replace("\"text\"", "\"novel\":1,\"text\"", StringComparison.Ordinal), .. CohereText[2..]], "metadata delta.message.content.novel" },
        { "cohere", "a member of the message", [CohereWire.Start.Replace("\"role\"", "\"novel\":1,\"role\"", StringComparison.Ordinal), .. CohereText], "metadata delta.message.novel" },
        { "cohere", "a member of an event", [CohereWire.Start.Replace("\"type\"", "\"novel\":1,\"type\"", StringComparison.Ordinal), .. CohereText], "metadata novel" },
        { "cohere", "a member of the end", [CohereWire.Start, .. CohereText[..3], CohereWire.End("\"finish_reason\":\"COMPLETE\",\"novel\":1")], "metadata delta.novel" },
        { "cohere", "a member of the usage", [CohereWire.Start, .. CohereText[..3], CohereWire.End("\"finish_reason\":\"COMPLETE\",\"usage\":{\"novel\":[\"x\"]}")], "metadata delta.usage.novel" },
        { "cohere", "a role", [CohereWire.Start.Replace("assistant", "novel", StringComparison.Ordinal), .. CohereText], "metadata delta.message.role" },
        { "cohere", "a citation", [CohereWire.Start, .. CohereText[..2], CohereWire.Citation("""{"type":"NOVEL"}"""), .. CohereText[2..]], "citation NOVEL" },
        { "cohere", "a finish reason", [CohereWire.Start, .. CohereText[..3], CohereWire.End("\"finish_reason\":\"NOVEL\"")], "finish NOVEL" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Read_WhatIsNew_IsPassedOnAndTheStreamGoesOn(string wire, string what, string[] payloads, string expected)
    {
        StreamProtocol protocol = wire switch
        {
            "anthropic" => StreamProtocols.Anthropic,
            "openai" => StreamProtocols.OpenAIChat,
            "openai-responses" => StreamProtocols.OpenAIResponses,
            "gemini" => StreamProtocols.Gemini,
            "gemini-interactions" => StreamProtocols.GeminiInteractions,
            "bedrock" => StreamProtocols.BedrockConverse,
            "bedrock-anthropic" => StreamProtocols.BedrockAnthropic,
            "cohere" => StreamProtocols.Cohere,
            _ => StreamProtocols.Ollama,
        };
        byte[] body = [.. payloads.SelectMany(payload => Frame(wire, payload))];
        var (events, exception) = await WireRun.ReadAllWaysAsync(protocol, body);

        exception.Should().BeNull(what);
        string.Concat(events.OfType<TextDelta>().Select(delta => delta.Text)).Should().Be("Hi", "what is known stays, beside {0}", what);
        var state = WireRun.Fold(events);
        events.SelectMany(streamEvent => Tell(streamEvent)).Concat(state.Blocks.Where(block => block.Raw is not null).Select(block => $"raw {block.Kind} {Type(block.Raw)}"))
            .Should().Contain(expected, "{0} is told", what);
        events[^1].Should().BeOfType<ResponseCompleted>();
        state.ToChatMessage().Contents.Should().NotBeEmpty();
    }

    private static byte[] Frame(string wire, string payload) => wire switch
    {
        "ollama" => Encoding.UTF8.GetBytes(payload + "\n"),
        "bedrock-anthropic" when payload[0] == '{' => BedrockWire.Event("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(payload))}}"}"""),
        "bedrock" or "bedrock-anthropic" => BedrockWire.Event(payload[..payload.IndexOf(' ', StringComparison.Ordinal)], payload[(payload.IndexOf(' ', StringComparison.Ordinal) + 1)..]),
        _ => Encoding.UTF8.GetBytes($"data: {payload}\n\n"),
    };

    private static IEnumerable<string> Tell(StreamEvent streamEvent) => streamEvent switch
    {
        ProviderEvent passedOn => ["event " + passedOn.Name],
        ProviderMetadata metadata => ["metadata " + metadata.Name],
        CitationAdded citation => ["citation " + Type(citation.Citation)],
        ResponseCompleted { FinishReason: FinishReason.Other } completed => ["finish " + completed.RawFinishReason],
        _ => [],
    };

    private static string? Type(JsonElement? raw) => raw!.Value.TryGetProperty("type", out var type) ? type.GetString() : null;
}
