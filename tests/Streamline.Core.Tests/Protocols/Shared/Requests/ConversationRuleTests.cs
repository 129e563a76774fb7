using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Requests;

/// <summary>The rules of docs/providers.md by which a conversation goes on with another provider, one by one.</summary>
public sealed class ConversationRuleTests
{
    private static readonly ChatMessage Question = new(ChatRole.User, "q");

    /// <summary>An answer of Anthropic with reasoning, a search that the provider ran, a citation and a call.</summary>
    private static ChatMessage FromAnthropic => new(ChatRole.Assistant,
    [
        Raw(new TextReasoningContent("hm") { ProtectedData = "sig" }, "anthropic", """{"type":"thinking"}"""),
        Raw(new TextReasoningContent(""), "anthropic", """{"type":"redacted_thinking","data":"x"}"""),
        Raw(new ToolCallContent("srv"), "anthropic", """{"type":"server_tool_use","id":"srv","name":"web_search","input":{}}"""),
        Raw(new AIContent(), "anthropic", """{"type":"web_search_tool_result","tool_use_id":"srv","content":[]}"""),
        new TextContent("It rains.") { Annotations = [new CitationAnnotation { AdditionalProperties = new() { ["anthropic.block"] = JsonElement.Parse("{}"u8) } }] },
        new FunctionCallContent("toolu_1", "f", new Dictionary<string, object?> { ["x"] = 1 }),
    ]);

    /// <summary>An answer of the Responses API with encrypted reasoning, a hosted tool, a free-form call and a refusal.</summary>
    private static ChatMessage FromResponses => new(ChatRole.Assistant,
    [
        Raw(new TextReasoningContent("hm") { ProtectedData = "enc" }, "openai-responses", """{"id":"rs_1","type":"reasoning"}"""),
        Raw(new ToolCallContent("ws_1"), "openai-responses", """{"id":"ws_1","type":"web_search_call"}"""),
        Raw(new AIContent(), "openai-responses", """{"id":"ws_1","type":"web_search_call","status":"completed"}"""),
        Raw(new AIContent(), "openai-responses", """{"id":"cmp","type":"compaction","encrypted_content":"e"}"""),
        Raw(new ErrorContent("I cannot.") { ErrorCode = "Refusal" }, "openai-responses", """{"id":"msg_1","type":"message","role":"assistant"}"""),
        Raw(
            new FunctionCallContent("call_1", "sql", new Dictionary<string, object?> { ["input"] = "SELECT 1" }) { AdditionalProperties = new() { [ContentProperties.ArgumentsText] = "SELECT 1" } },
            "openai-responses",
            """{"id":"ctc_1","type":"custom_tool_call","call_id":"call_1","name":"sql"}"""),
    ]);

    public static TheoryData<string, string> OfAnthropic => new()
    {
        {
            "openai",
            """[{"role":"user","content":"q"},{"role":"assistant","content":"It rains.","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\u0022x\u0022:1}"}}]},{"role":"tool","tool_call_id":"toolu_1","content":"ok"}]"""
        },
        {
            "openai-responses",
            """[{"type":"message","role":"user","content":[{"type":"input_text","text":"q"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It rains.","annotations":[]}]},{"type":"function_call","call_id":"toolu_1","name":"f","arguments":"{\u0022x\u0022:1}","status":"completed"},{"type":"function_call_output","call_id":"toolu_1","output":"ok"}]"""
        },
        {
            "gemini",
            """[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"It rains."},{"thoughtSignature":"skip_thought_signature_validator","functionCall":{"name":"f","args":{"x":1}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"ok"}}}]}]"""
        },
        {
            "bedrock",
            """[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{"text":"It rains."},{"toolUse":{"toolUseId":"toolu_1","name":"f","input":{"x":1}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"toolu_1","content":[{"text":"ok"}]}}]}]"""
        },
        {
            "ollama",
            """[{"role":"user","content":"q"},{"role":"assistant","content":"It rains.","tool_calls":[{"id":"toolu_1","function":{"index":0,"name":"f","arguments":{"x":1}}}]},{"role":"tool","content":"ok","tool_name":"f","tool_call_id":"toolu_1"}]"""
        },
    };

    [Theory]
    [MemberData(nameof(OfAnthropic))]
    public void Write_AnswerOfAnthropic_KeepsTextAndCalls(string wire, string expected) =>
        Messages(wire, [Question, FromAnthropic, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("toolu_1", "ok")])]).Should().Be(expected);

    public static TheoryData<string, string> OfResponses => new()
    {
        {
            "openai",
            """[{"role":"user","content":"q"},{"role":"assistant","content":null,"refusal":"I cannot.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"sql","arguments":"{\u0022input\u0022:\u0022SELECT 1\u0022}"}}]},{"role":"tool","tool_call_id":"call_1","content":"ok"}]"""
        },
        {
            "anthropic",
            """[{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"text","text":"I cannot."},{"type":"tool_use","id":"call_1","name":"sql","input":{"input":"SELECT 1"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"ok"}]}]"""
        },
        {
            "gemini",
            """[{"role":"user","parts":[{"text":"q"}]},{"role":"model","parts":[{"text":"I cannot."},{"thoughtSignature":"skip_thought_signature_validator","functionCall":{"name":"sql","args":{"input":"SELECT 1"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"sql","response":{"output":"ok"}}}]}]"""
        },
        {
            "bedrock",
            """[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{"text":"I cannot."},{"toolUse":{"toolUseId":"call_1","name":"sql","input":{"input":"SELECT 1"}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"call_1","content":[{"text":"ok"}]}}]}]"""
        },
        {
            "ollama",
            """[{"role":"user","content":"q"},{"role":"assistant","content":"I cannot.","tool_calls":[{"id":"call_1","function":{"index":0,"name":"sql","arguments":{"input":"SELECT 1"}}}]},{"role":"tool","content":"ok","tool_name":"sql","tool_call_id":"call_1"}]"""
        },
    };

    [Theory]
    [MemberData(nameof(OfResponses))]
    public void Write_AnswerOfTheResponsesApi_KeepsTextAndCalls(string wire, string expected) =>
        Messages(wire, [Question, FromResponses, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "ok")])]).Should().Be(expected);

    [Fact]
    public void Write_FreeFormCallToItsOwnWire_IsTheTextAsItCame() =>
        Messages("openai-responses", [FromResponses, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "ok")])]).Should()
            .Contain(""""type":"custom_tool_call","call_id":"call_1","name":"sql","input":"SELECT 1","status":"completed"}"""").And
            .Contain("""{"type":"custom_tool_call_output","call_id":"call_1","output":"ok"}""");

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    [InlineData("bedrock")]
    public void Write_ContentsOfOtherLibrariesAboutProvidersTools_AreLeftOut(string wire)
    {
        var text = new TextContent("t");
        ChatMessage answer = new(ChatRole.Assistant, [new WebSearchToolCallContent("a"), new WebSearchToolResultContent("a"), new ToolCallContent("b"), new AIContent(), text]);

        Messages(wire, [Question, answer, Question]).Should().Be(Messages(wire, [Question, new ChatMessage(ChatRole.Assistant, [text]), Question]));
    }

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    [InlineData("bedrock")]
    public void Write_CallThatWasCutOff_IsLeftOutAndMakesNoGap(string wire)
    {
        ChatMessage cut = new(ChatRole.Assistant, [new FunctionCallContent("a", "f") { InformationalOnly = true }]);

        Messages(wire, [Question, cut, Question]).Should().Be(Messages(wire, [Question, Question]));
        Messages(wire, [Question, RequestBody.Store(cut), Question]).Should().Be(Messages(wire, [Question, Question]), "of a stored conversation too");
    }

    [Fact]
    public void Write_IdWithOtherSignsThanAnthropicTakes_IsMendedInCallAndResult() =>
        Messages("anthropic", [Question, new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("functions.f:0", "f")]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("functions.f:0", "ok")])])
            .Should().Contain("""{"type":"tool_use","id":"functions_f_0",""").And.Contain("""{"type":"tool_result","tool_use_id":"functions_f_0",""");

    [Fact]
    public void Write_IdThatAnthropicGaveWithMoreInItsBlock_IsTheSameInCallAndResult() =>
        Messages("anthropic", [Question, new ChatMessage(ChatRole.Assistant, [Raw(new FunctionCallContent("f:0", "f"), "anthropic", """{"type":"tool_use","id":"f:0","name":"f","caller":{"type":"direct"}}""")]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("f:0", "ok")])])
            .Should().Contain("""{"type":"tool_use","id":"f_0","name":"f","caller":""").And.Contain("""{"type":"tool_result","tool_use_id":"f_0",""");

    [Fact]
    public void Write_LongIdsForBedrock_AreShortenedAlikeInCallAndResultAndStayTwo()
    {
        string[] ids = [new string('a', 64), new string('a', 64) + ":b", new string('a', 64) + ":c"];
        var messages = Messages("bedrock", [Question, new ChatMessage(ChatRole.Assistant, [.. ids.Select(id => new FunctionCallContent(id, "f"))]), new ChatMessage(ChatRole.Tool, [.. ids.Select(id => new FunctionResultContent(id, "ok"))])]);

        var written = System.Text.RegularExpressions.Regex.Matches(messages, "\"toolUseId\":\"([a-zA-Z0-9_-]{1,64})\"").Select(match => match.Groups[1].Value).ToList();
        written.Should().HaveCount(6);
        written[..3].Should().Equal(written[3..]).And.OnlyHaveUniqueItems().And.StartWith(ids[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Write_ResultWithoutTextForBedrock_SaysThatThereIsNothing(string result) =>
        Messages("bedrock", [new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f")]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", result)])])
            .Should().Contain("""{"toolResult":{"toolUseId":"a","content":[{"text":"(nothing)"}]}}""");

    /// <summary>A cache marker, as a gateway reads it or an application adds it, is no reason to withhold from another model what it stands on.</summary>
    [Theory]
    [InlineData("anthropic", "gemini")]
    [InlineData("bedrock-anthropic", "bedrock")]
    [InlineData("openai", "anthropic")]
    [InlineData("openai-responses", "anthropic")]
    [InlineData("gemini", "anthropic")]
    [InlineData("ollama", "anthropic")]
    [InlineData("bedrock", "anthropic")]
    public void Write_WhatTheUserSaidWithAMarkOfAnotherWire_IsSentWithoutTheMark(string wire, string other)
    {
        ChatMessage[] Conversation(Func<AIContent, AIContent> mark) =>
        [
            new(ChatRole.User, [mark(new TextContent("q")), mark(new DataContent(new byte[] { 1 }, "image/png"))]),
            new(ChatRole.Assistant, [mark(new TextContent("a")), mark(new FunctionCallContent("a", "f"))]),
            new(ChatRole.Tool, [(FunctionResultContent)mark(new FunctionResultContent("a", "ok"))]),
        ];

        Messages(wire, Conversation(content => Raw(content, other, """{"type":"x","cache_control":{"type":"ephemeral"}}""")))
            .Should().Be(Messages(wire, Conversation(content => content)));
    }

    /// <summary>Results hold them where a gateway read them: search results, references to tools.</summary>
    [Theory]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("gemini")]
    [InlineData("ollama")]
    [InlineData("bedrock")]
    public void Write_BlockOfAnotherWireInAResult_IsLeftOutAndTheRestStays(string wire)
    {
        ChatMessage[] Conversation(params AIContent[] contents) =>
            [Question, new(ChatRole.Assistant, [new FunctionCallContent("a", "f")]), new(ChatRole.Tool, [new FunctionResultContent("a", contents.ToList())])];
        var text = new TextContent("ok");

        Messages(wire, Conversation(text, Raw(new AIContent(), "anthropic", """{"type":"tool_reference","tool_name":"g"}"""))).Should().Be(Messages(wire, Conversation(text)));
    }

    [Fact]
    public void Write_PictureThatChatCompletionsHadInAResult_StaysThereAndComesOnce() =>
        Messages(
            "openai",
            [
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f")]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", new List<AIContent> { Raw(new DataContent(new byte[] { 1 }, "image/png"), "openai", """{"type":"image_url","novel":1}""") })]),
            ])
            .Should().EndWith("""{"role":"tool","tool_call_id":"a","content":[{"type":"image_url","novel":1}]}]""");

    public static TheoryData<string, string> MediaOfResults => new()
    {
        {
            "openai",
            """[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"seen"},{"role":"tool","tool_call_id":"b","content":"2"},{"role":"user","content":[{"type":"text","text":"From the result of the call a:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQ=="}}]},{"role":"user","content":"q"}]"""
        },
        {
            "ollama",
            """[{"role":"user","content":"q"},{"role":"assistant","content":"","tool_calls":[{"id":"a","function":{"index":0,"name":"f","arguments":{}}},{"id":"b","function":{"index":1,"name":"f","arguments":{}}}]},{"role":"tool","content":"seen","tool_name":"f","tool_call_id":"a"},{"role":"tool","content":"2","tool_name":"f","tool_call_id":"b"},{"role":"user","content":"From the result of the call a:","images":["AQ=="]},{"role":"user","content":"q"}]"""
        },
    };

    [Theory]
    [MemberData(nameof(MediaOfResults))]
    public void Write_PictureInAResult_FollowsTheResultsOfTheRoundWhereTheWireTakesOnlyText(string wire, string expected) => Messages(
        wire,
        [
            Question,
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f"), new FunctionCallContent("b", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", new List<AIContent> { new TextContent("seen"), new DataContent(new byte[] { 1 }, "image/png") })]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("b", "2")]),
            Question,
        ]).Should().Be(expected);

    [Fact]
    public void Write_ResultOfJsonThatCameBackIndented_IsTheSameText()
    {
        ChatMessage[] Conversation(string json) =>
            [new(ChatRole.Assistant, [new FunctionCallContent("a", "f")]), new(ChatRole.Tool, [new FunctionResultContent("a", JsonElement.Parse(json))])];

        Messages("openai", Conversation("{\n  \"t\": 1.50,\n  \"é\": \"a\\nb\"\n}")).Should().Be(Messages("openai", Conversation("{\"t\":1.50,\"é\":\"a\\nb\"}")));
    }

    private static T Raw<T>(T content, string wire, string block)
        where T : AIContent
    {
        (content.AdditionalProperties ??= [])[ContentProperties.RawBlock(wire)] = JsonElement.Parse(block);
        return content;
    }

    private static string Messages(string wire, IReadOnlyList<ChatMessage> conversation)
    {
        StreamProtocol protocol = wire switch
        {
            "anthropic" => StreamProtocols.Anthropic,
            "bedrock-anthropic" => StreamProtocols.BedrockAnthropic,
            "bedrock" => StreamProtocols.BedrockConverse,
            "openai" => StreamProtocols.OpenAIChat,
            "openai-responses" => StreamProtocols.OpenAIResponses,
            "gemini" => StreamProtocols.Gemini,
            _ => StreamProtocols.Ollama,
        };
        var body = RequestBody.Write(protocol, conversation, new ChatOptions { Tools = [RequestBody.Weather] });
        return (body["messages"] ?? body["input"] ?? body["contents"])!.ToJsonString();
    }
}
