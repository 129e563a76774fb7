using System.Net;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.GeminiInteractions.InteractionsEvents;

namespace Streamline.Tests.Protocols.GeminiInteractions;

public sealed class InteractionsEventDecoderTests
{
    private const string Usage =
        """{"total_tokens":133,"total_input_tokens":53,"input_tokens_by_modality":[{"modality":"text","tokens":53}],"total_cached_tokens":3,"total_output_tokens":15,"total_tool_use_tokens":0,"total_thought_tokens":65}""";

    public static TheoryData<string, string[], string[]> Steps => new()
    {
        {
            "a thought with a summary and a signature",
            Step(0, """{"type":"thought","signature":"","summary":[{"type":"text","text":"Hm"}]}""", """{"content":{"text":", well","type":"text"},"type":"thought_summary"}""", """{"signature":"s1","type":"thought_signature"}"""),
            ["start 0 Reasoning", "reasoning 0 Hm", "reasoning 0 , well", """end 0 signed s1 {"type":"thought"}"""]
        },
        {
            "a thought without anything",
            Step(0, """{"type":"thought"}"""),
            ["start 0 Reasoning", """end 0 {"type":"thought"}"""]
        },
        {
            "a text",
            Step(0, """{"type":"model_output"}""", """{"text":"Hi","type":"text"}""", """{"text":" there","type":"text"}"""),
            ["start 0 Text", "text 0 Hi", "text 0  there", "end 0"]
        },
        {
            "a text that begins with its step",
            Step(0, """{"type":"model_output","content":[{"type":"text","text":"Hi"}]}""", """{"text":"!","type":"text"}"""),
            ["start 0 Text", "text 0 Hi", "text 0 !", "end 0"]
        },
        {
            "an output that says nothing",
            Step(0, """{"type":"model_output"}"""),
            []
        },
        {
            "an output with more than contents",
            Step(0, """{"type":"model_output","error":{"code":3}}""", """{"text":"Hi","type":"text"}"""),
            ["start 0 Text", "text 0 Hi", """end 0 {"type":"model_output","error":{"code":3}}"""]
        },
        {
            "a text with citations",
            Step(0, """{"type":"model_output"}""", """{"text":"Hi","type":"text"}""", """{"annotations":[{"type":"url_citation","url":"https://c.org"}],"type":"text_annotation_delta"}"""),
            ["start 0 Text", "text 0 Hi", """citation 0 {"type":"url_citation","url":"https://c.org"}""", "end 0"]
        },
        {
            "a text around an image",
            Step(0, """{"type":"model_output"}""", """{"text":"Look:","type":"text"}""", """{"type":"image","mime_type":"image/png","data":"AQID"}""", """{"text":"Nice.","type":"text"}"""),
            ["start 0 Text", "text 0 Look:", "end 0", "start 1 Other", """end 1 {"type":"image","mime_type":"image/png","data":"AQID"}""", "start 2 Text", "text 2 Nice.", "end 2"]
        },
        {
            "sound, a film and a file",
            Step(0, """{"type":"model_output"}""", """{"type":"audio","data":"AQ"}""", """{"type":"video","uri":"https://v"}""", """{"type":"document","uri":"https://d"}"""),
            [
                "start 0 Other", """end 0 {"type":"audio","data":"AQ"}""", "start 1 Other", """end 1 {"type":"video","uri":"https://v"}""", "start 2 Other", """end 2 {"type":"document","uri":"https://d"}""",
            ]
        },
        {
            "a call whose arguments grow",
            Step(0, """{"id":"c","signature":"","type":"function_call","name":"f","arguments":{}}""", """{"arguments":"{\"a\":","type":"arguments_delta"}""", """{"arguments":"1}","type":"arguments_delta"}"""),
            ["call 0 c f", "input 0 {\"a\":", "input 0 1}", "called 0 {\"a\":1}"]
        },
        {
            "a call that comes whole",
            Step(0, """{"id":"c","signature":"s2","type":"function_call","name":"f","arguments":{"a":1}}"""),
            ["call 0 c f", "input 0 {\"a\":1}", """called 0 {"a":1} {"signature":"s2","type":"function_call"}"""]
        },
        {
            "a call whose name comes with its delta",
            Step(0, """{"type":"function_call"}""", """{"type":"function_call","id":"c","name":"f","arguments":{"a":1}}"""),
            ["call 0 c f", "input 0 {\"a\":1}", "called 0 {\"a\":1}"]
        },
        {
            "a call without arguments",
            Step(0, """{"id":"c","type":"function_call","name":"f","arguments":{}}"""),
            ["call 0 c f", "called 0 "]
        },
        {
            "a call whose beginning contradicts its deltas",
            Step(0, """{"id":"c","type":"function_call","name":"f","arguments":{"a":1}}""", """{"arguments":"{\"a\":2}","type":"arguments_delta"}"""),
            ["call 0 c f", "input 0 {\"a\":2}", "called 0 {\"a\":1} with an error"]
        },
        {
            "a call with a signature of its own event",
            Step(0, """{"id":"c","type":"function_call","name":"f","arguments":{}}""", """{"type":"thought_signature","signature":"s3"}"""),
            ["call 0 c f", """called 0  {"type":"function_call","signature":"s3"}"""]
        },
        {
            "a call without an id",
            Step(0, """{"type":"function_call","name":"f","arguments":{}}"""),
            ["call 0 call_v1_a_0 f", "called 0 "]
        },
        {
            "two calls of one id",
            [.. Step(0, """{"id":"c","type":"function_call","name":"f","arguments":{"a":1}}"""), .. Step(1, """{"id":"c","type":"function_call","name":"f","arguments":{"a":1}}"""), .. Step(2, """{"id":"c","type":"function_call","name":"f","arguments":{"a":2}}""")],
            ["call 0 c f", "input 0 {\"a\":1}", "called 0 {\"a\":1}", "call 1 c_1 f", "input 1 {\"a\":2}", "called 1 {\"a\":2}"]
        },
        {
            "a tool that the provider runs",
            [
                .. Step(0, """{"id":"g","signature":"","type":"google_search_call"}""", """{"type":"google_search_call","signature":"s4","arguments":{"queries":["x"]}}"""),
                .. Step(1, """{"call_id":"g","type":"google_search_result"}""", """{"type":"google_search_result","result":[{"url":"u"}],"is_error":false}"""),
            ],
            [
                "call 0 g google_search by the provider", "input 0 {\"queries\":[\"x\"]}",
                """called 0 {"queries":["x"]} {"id":"g","signature":"s4","type":"google_search_call","arguments":{"queries":["x"]}}""",
                "start 1 ServerToolResult", """end 1 {"call_id":"g","type":"google_search_result","result":[{"url":"u"}],"is_error":false}""",
            ]
        },
        {
            "a tool of an MCP server",
            Step(0, """{"id":"m","type":"mcp_server_tool_call","name":"find","server_name":"s","arguments":{}}"""),
            ["call 0 m find by the provider", """called 0  {"id":"m","type":"mcp_server_tool_call","name":"find","server_name":"s","arguments":{}}"""]
        },
        {
            "steps that are not announced",
            [Words(0, "Hi"), Delta(1, """{"type":"retrieval_call","arguments":{"queries":["x"]}}"""), Delta(2, """{"type":"retrieval_result","is_error":false}"""), Stop(2), Stop(1), Stop(0)],
            [
                "start 0 Text", "text 0 Hi", "call 1 call_v1_a_1 retrieval by the provider", "start 2 ServerToolResult", """end 2 {"type":"retrieval_result","is_error":false}""",
                "input 1 {\"queries\":[\"x\"]}", """called 1 {"queries":["x"]} {"type":"retrieval_call","arguments":{"queries":["x"]}}""", "end 0",
            ]
        },
        {
            "steps that overlap",
            [Start(0, """{"type":"model_output"}"""), Start(1, """{"id":"c","type":"function_call","name":"f"}"""), Words(0, "a"), Arguments(1, "{}"), Words(0, "b"), Stop(1), Stop(0)],
            ["call 0 c f", "start 1 Text", "text 1 a", "input 0 {}", "text 1 b", "called 0 {}", "end 1"]
        },
        {
            "a result of a function that the provider ran",
            Step(0, """{"type":"function_result","call_id":"c"}""", """{"type":"function_result","call_id":"c","result":"18"}"""),
            ["start 0 ServerToolResult", """end 0 {"type":"function_result","call_id":"c","result":"18"}"""]
        },
    };

    public static TheoryData<string, string[], string[]> Unknown => new()
    {
        { "an event", ["""{"event_type":"step.pause","index":0}"""], ["passed step.pause"] },
        { "a step", Step(0, """{"type":"dream","depth":1}""", """{"type":"dream","depth":2}"""), ["start 0 Other", """end 0 {"type":"dream","depth":2}"""] },
        { "a delta", Step(0, """{"type":"model_output"}""", """{"type":"smell","data":"x"}"""), ["passed step.delta"] },
        { "what the user said", Step(0, """{"type":"user_input","content":[{"type":"text","text":"q"}]}"""), ["passed step.start"] },
        { "an item of a summary", Step(0, """{"type":"thought","summary":[{"type":"image","data":"AQ"}]}"""), ["start 0 Reasoning", "passed summary", """end 0 {"type":"thought"}"""] },
        { "a member of an event", [Words(0, "a").Insert(1, "\"novel\":1,"), Words(0, "b").Insert(1, "\"novel\":1,")], ["start 0 Text", "text 0 a", "metadata novel 1 of 0", "text 0 b", "end 0"] },
        { "a member of a delta", [Delta(0, """{"type":"text","text":"a","novel":1}""")], ["start 0 Text", "text 0 a", "metadata novel 1 of 0", "end 0"] },
        { "a member of a thought", Step(0, """{"type":"thought","novel":1}"""), ["start 0 Reasoning", """end 0 {"type":"thought","novel":1}"""] },
        { "metadata of an event", [Words(0, "a").Insert(1, "\"metadata\":{\"total_usage\":{},\"novel\":1},")], ["start 0 Text", "text 0 a", "metadata novel 1 of 0", "end 0"] },
        { "a status", ["""{"event_type":"interaction.status_update","interaction_id":"v1_a","status":"novel"}"""], ["metadata status \"novel\""] },
        { "arguments without their call", [Arguments(4, "{}")], ["passed step.delta"] },
        { "a delta after the end of its step", [.. Step(0, """{"type":"model_output"}""", """{"text":"Hi","type":"text"}"""), Words(0, "again")], ["start 0 Text", "text 0 Hi", "end 0", "passed step.delta"] },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Decode_Steps_GivesTheirBlocks(string what, string[] payloads, string[] expected) => Describe(await ReadAsync(payloads)).Should().Equal(expected, what);

    [Theory]
    [Trait("Law", "11")]
    [MemberData(nameof(Unknown))]
    public async Task Decode_WhatIsNotKnown_IsPassedThrough(string what, string[] payloads, string[] expected) => Describe(await ReadAsync(payloads)).Should().Equal(expected, what);

    [Fact]
    public async Task Decode_WholeResponse_GivesItsEvents()
    {
        var (events, _) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiInteractions, Body(
            """{"interaction":{"id":"v1_a","status":"queued","model":"g","created":"2026-05-15T18:52:03Z"},"event_type":"interaction.created"}""",
            """{"interaction_id":"v1_a","status":"in_progress","event_type":"interaction.status_update"}""",
            Words(0, "Hi"),
            Stop(0),
            $$"""{"interaction":{"id":"v1_a","status":"completed","usage":{{Usage}},"created":"2026-05-15T18:52:03Z","updated":"x","service_tier":"standard","object":"interaction","model":"g"},"event_type":"interaction.completed"}"""));

        events.ToLines().Should().Be("""
            {"type":"responseStarted","provider":"gemini-interactions","protocol":"gemini-interactions","responseId":"v1_a","model":"g","createdAt":"2026-05-15T18:52:03+00:00"}
            {"type":"providerMetadata","name":"status","value":"in_progress"}
            {"type":"contentStarted","index":0,"kind":"text","choice":0}
            {"type":"textDelta","index":0,"text":"Hi"}
            {"type":"contentCompleted","index":0,"kind":"text"}
            {"type":"usageUpdated","usage":{"inputTokens":53,"outputTokens":80,"totalTokens":133,"cachedInputTokens":3,"reasoningTokens":65,"additionalCounts":{"input_tokens_by_modality.text":53,"total_tool_use_tokens":0}}}
            {"type":"providerMetadata","name":"service_tier","value":"standard"}
            {"type":"responseCompleted","finishReason":"stop","rawFinishReason":"completed","usage":{"inputTokens":53,"outputTokens":80,"totalTokens":133,"cachedInputTokens":3,"reasoningTokens":65,"additionalCounts":{"input_tokens_by_modality.text":53,"total_tool_use_tokens":0}},"outcome":"complete"}
            """);
    }

    [Fact]
    public async Task Decode_EventsOfTheFirstVersion_AreReadAlike()
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiInteractions, Body(
            """{"interaction":{"id":"v1_a","status":"in_progress","agent":"deep-research"},"event_type":"interaction.start"}""",
            """{"index":0,"content":{"type":"thought"},"event_type":"content.start"}""",
            """{"index":0,"delta":{"content":{"text":"Hm","type":"text"},"type":"thought_summary"},"event_id":"e1","event_type":"content.delta"}""",
            """{"index":0,"delta":{"signature":"s","type":"thought_signature"},"event_type":"content.delta"}""",
            """{"index":0,"event_type":"content.stop"}""",
            """{"index":1,"content":{"type":"text","text":"H"},"event_type":"content.start"}""",
            """{"index":1,"delta":{"type":"text","text":"i"},"event_type":"content.delta"}""",
            """{"index":1,"event_type":"content.stop"}""",
            """{"index":2,"delta":{"type":"function_call","id":"c","name":"f","arguments":{"a":1}},"event_type":"content.delta"}""",
            """{"index":2,"event_type":"content.stop"}""",
            """{"interaction":{"id":"v1_a","status":"requires_action","usage":{"total_input_tokens":1,"total_output_tokens":2}},"event_type":"interaction.complete"}"""));

        exception.Should().BeNull();
        Describe(events).Should().Equal(
            "start 0 Reasoning", "reasoning 0 Hm", """end 0 signed s {"type":"thought"}""", "start 1 Text", "text 1 H", "text 1 i", "end 1", "call 2 c f", "input 2 {\"a\":1}", "called 2 {\"a\":1}");
        events[0].Should().BeOfType<ResponseStarted>().Which.Model.Should().Be("deep-research");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.Should().BeEquivalentTo(new { FinishReason = FinishReason.ToolCalls, RawFinishReason = "requires_action" });
    }

    [Fact]
    public async Task Decode_OnlyTheWholeInteraction_IsTheAnswer()
    {
        var (events, _) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiInteractions, Body(
            """{"interaction":{"id":"v1_a","status":"completed","steps":[{"type":"user_input","content":[]},{"type":"thought","signature":"s"},{"type":"model_output","content":[{"type":"text","text":"Hi"}]},{"type":"function_call","id":"c","name":"f","arguments":{}}]},"event_type":"interaction.completed"}"""));

        Describe(events).Should().Equal("start 0 Reasoning", """end 0 signed s {"type":"thought"}""", "start 1 Text", "text 1 Hi", "end 1", "call 2 c f", "called 2 ");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    [Fact]
    public async Task Decode_StepsAgainAtTheEnd_AreNotToldTwice()
    {
        var events = await ReadAsync([Words(0, "Hi"), Stop(0), """{"interaction":{"id":"v1_a","status":"completed","steps":[{"type":"model_output","content":[{"type":"text","text":"Hi"}]}]},"event_type":"interaction.completed"}"""]);

        Describe(events).Should().Equal("start 0 Text", "text 0 Hi", "end 0");
    }

    [Fact]
    public async Task Decode_UsageOfAnEvent_IsReportedAtOnce()
    {
        var events = await ReadAsync(
            Words(0, "a").Insert(1, "\"metadata\":{\"total_usage\":{\"total_output_tokens\":1}},"),
            Stop(0).Insert(1, "\"usage\":{\"total_output_tokens\":2,\"grounding_tool_count\":[{\"type\":\"google_search\",\"count\":1}]},"));

        events.OfType<UsageUpdated>().Select(updated => updated.Usage.OutputTokens).Should().Equal(1, 2);
    }

    [Theory]
    [InlineData("completed", FinishReason.Stop)]
    [InlineData("requires_action", FinishReason.ToolCalls)]
    [InlineData("incomplete", FinishReason.Length)]
    [InlineData("budget_exceeded", FinishReason.Length)]
    [InlineData("cancelled", FinishReason.Other)]
    [InlineData("requires_continuation", FinishReason.Pause)]
    [Trait("Law", "11")]
    public async Task Decode_Status_IsTranslatedAndKept(string status, FinishReason expected)
    {
        var (events, _) = await WireRun.ReadAllWaysAsync(StreamProtocols.GeminiInteractions, Body(Created, Completed.Replace("completed\",\"object", status + "\",\"object")));

        var completed = events[^1].Should().BeOfType<ResponseCompleted>().Subject;
        (completed.FinishReason, completed.RawFinishReason).Should().Be((expected, status));
    }

    [Theory]
    [InlineData("""{"error":{"message":"Slow down.","code":"resource_exhausted"},"event_type":"error"}""", 429, "resource_exhausted", "Slow down.", true)]
    [InlineData("""{"error":{"message":"Too long.","code":"gateway_timeout"},"event_id":"e","event_type":"error"}""", 504, "gateway_timeout", "Too long.", true)]
    [InlineData("""{"error":{"code":400,"message":"No.","status":"INVALID_ARGUMENT"},"event_type":"error"}""", 400, "INVALID_ARGUMENT", "No.", false)]
    [InlineData("""{"interaction":{"id":"v1_a","status":"failed","errors":[{"code":"internal","message":"Broken."}]},"event_type":"interaction.completed"}""", 500, "internal", "Broken.", true)]
    [InlineData("""{"interaction":{"id":"v1_a","status":"failed"},"event_type":"interaction.completed"}""", null, "failed", "The interaction failed.", false)]
    [Trait("Law", "5")]
    public async Task Decode_Error_IsThrownWithItsWords(string payload, int? status, string code, string message, bool isRetryable)
    {
        var exception = await FailAsync<ProviderException>(Body(Created, Words(0, "Hi"), payload));

        exception.Should().BeEquivalentTo(new { StatusCode = (HttpStatusCode?)status, Code = code, ProviderMessage = message, IsRetryable = isRetryable, IsInBand = true });
    }

    [Fact]
    [Trait("Law", "5")]
    public async Task Decode_ErrorAsStrayText_IsThrownWithItsWords()
    {
        // Long responses are cut off after ten minutes in this way.
        var exception = await FailAsync<ProviderException>(Body(Created, Words(0, "Hi")) + "[{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"The service is currently unavailable.\",\n    \"status\": \"UNAVAILABLE\"\n  }\n}\n]\n");

        exception.Should().BeEquivalentTo(new { StatusCode = HttpStatusCode.ServiceUnavailable, ProviderMessage = "The service is currently unavailable.", IsRetryable = true });
    }

    [Fact]
    [Trait("Law", "4")]
    public async Task Complete_WithoutItsEnd_SaysWhere()
    {
        (await FailAsync<StreamInterruptedException>("")).Message.Should().Contain("without interaction.created");
        (await FailAsync<StreamInterruptedException>(Body(Created))).Message.Should().Contain("without interaction.completed,");
        (await FailAsync<StreamInterruptedException>(Body(Created, Start(2, """{"type":"function_call","id":"c","name":"f"}"""), Arguments(2, "{")))).Message.Should().Contain("within step 2");
    }

    [Fact]
    public async Task Complete_AfterAFinalStatus_IsTheEnd()
    {
        var (events, exception) = await WireRun.ReadAllWaysAsync(
            StreamProtocols.GeminiInteractions, Body(Created, Words(0, "Hi"), Stop(0), """{"event_type":"interaction.status_update","interaction_id":"v1_a","status":"completed"}"""));

        exception.Should().BeNull();
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Stop);
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Decode_CallThatTheEndCuts_IsNotSealed()
    {
        var events = await ReadAsync(Start(0, """{"id":"c","type":"function_call","name":"f","arguments":{}}"""), Arguments(0, "{\"a\":1}"));

        Describe(events).Should().Equal("call 0 c f", "input 0 {\"a\":1}", "called 0 {\"a\":1} with an error");
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Stop);
    }

    [Theory]
    [InlineData("data: {\"event_type\":\n\n", "not JSON")]
    [InlineData("data: [1]\n\n", "of kind Array")]
    [InlineData("data: {\"event_type\":\"step.start\",\"index\":0}\n\n", "'step'")]
    [InlineData("data: {\"event_type\":\"step.start\",\"index\":0,\"step\":{\"type\":\"function_call\",\"id\":\"c\"}}\n\ndata: {\"event_type\":\"step.stop\",\"index\":0}\n\n", "without a name")]
    public async Task Decode_MalformedPayload_IsAProtocolError(string body, string what) =>
        (await FailAsync<StreamProtocolException>(Body(Created) + body)).Message.Should().Contain(what);
}
