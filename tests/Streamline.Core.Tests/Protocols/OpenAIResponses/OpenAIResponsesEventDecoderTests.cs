using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

public sealed class OpenAIResponsesEventDecoderTests
{
    private const string Message = """{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}""";

    [Fact]
    public async Task Decode_TheFunctionCallOfTheDocumentation_GivesItsEvents()
    {
        var events = await DecodeAllWaysAsync(Stream(
            """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[]}}""",
            """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"fc_1","type":"function_call","call_id":"call_9","name":"add","arguments":"","status":"in_progress"}}""",
            """{"type":"response.function_call_arguments.delta","sequence_number":2,"output_index":0,"item_id":"fc_1","delta":"{\"a\":1,","obfuscation":"q"}""",
            """{"type":"response.function_call_arguments.delta","sequence_number":3,"output_index":0,"item_id":"fc_1","delta":"\"b\":2}"}""",
            """{"type":"response.function_call_arguments.done","sequence_number":4,"output_index":0,"item_id":"fc_1","arguments":"{\"a\":1,\"b\":2}"}""",
            """{"type":"response.output_item.done","sequence_number":5,"output_index":0,"item":{"id":"fc_1","type":"function_call","call_id":"call_9","name":"add","arguments":"{\"a\":1,\"b\":2}","status":"completed"}}""",
            """{"type":"response.completed","sequence_number":6,"response":{"id":"resp_1","status":"completed","output":[{"id":"fc_1","type":"function_call","call_id":"call_9","name":"add","arguments":"{\"a\":1,\"b\":2}","status":"completed"}],"usage":{"input_tokens":20,"output_tokens":9,"total_tokens":29}}}"""));

        events.ToLines().Should().Be("""
            {"type":"responseStarted","provider":"openai-responses","protocol":"openai-responses","responseId":"resp_1"}
            {"type":"toolCallStarted","index":0,"callId":"call_9","name":"add","isProviderExecuted":false,"providerData":{"id":"fc_1","type":"function_call","call_id":"call_9","name":"add"},"choice":0}
            {"type":"toolInputDelta","index":0,"callId":"call_9","fragment":"{\u0022a\u0022:1,"}
            {"type":"toolInputDelta","index":0,"callId":"call_9","fragment":"\u0022b\u0022:2}"}
            {"type":"toolCallCompleted","index":0,"callId":"call_9","name":"add","argumentsText":"{\u0022a\u0022:1,\u0022b\u0022:2}","arguments":{"a":1,"b":2},"isProviderExecuted":false}
            {"type":"usageUpdated","usage":{"inputTokens":20,"outputTokens":9,"totalTokens":29}}
            {"type":"responseCompleted","finishReason":"toolCalls","rawFinishReason":"completed","usage":{"inputTokens":20,"outputTokens":9,"totalTokens":29},"outcome":"complete"}
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Decode_ReasoningInSeveralParts_IsABlockEach()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, """{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"begun"}"""),
            Event("reasoning_summary_part.added", 0, """ "part":{"type":"summary_text","text":""} """),
            Delta("reasoning_summary_text", 0, "First"),
            Event("reasoning_summary_text.done", 0, """ "text":"First" """),
            Event("reasoning_summary_part.done", 0, """ "part":{"type":"summary_text","text":"First"} """),
            Event("reasoning_summary_part.added", 0, """ "part":{"type":"summary_text","text":""} """).Replace("\"summary_index\":0", "\"summary_index\":1", StringComparison.Ordinal),
            Delta("reasoning_summary_text", 0, "Second").Replace("\"summary_index\":0", "\"summary_index\":1", StringComparison.Ordinal),
            Done(0, """{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"First"},{"type":"summary_text","text":"Second"}],"encrypted_content":"whole"}""")));

        Describe(events).Should().Equal("start 0 Reasoning", "reasoning 0 First", "end 0 Reasoning", "start 1 Reasoning", "reasoning 1 Second", "end 1 Reasoning signed whole");
    }

    [Fact]
    public async Task Decode_ReasoningThatIsOnlyEncrypted_IsShownFromItsBeginning()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, """{"id":"rs_1","type":"reasoning","summary":[]}"""), Done(0, """{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"E"}""")));

        Describe(events).Should().Equal("start 0 Reasoning", "end 0 Reasoning signed E");
    }

    [Fact]
    public async Task Decode_RefusalAfterText_IsTwoBlocksAndTheOutcome()
    {
        var second = Delta("refusal", 0, "I cannot.").Replace("\"content_index\":0", "\"content_index\":1", StringComparison.Ordinal);
        var events = await DecodeAllWaysAsync(Response(
            Added(0, Message),
            Event("content_part.added", 0, """ "part":{"type":"output_text","text":"","annotations":[]} """),
            Delta("output_text", 0, "Well"),
            Event("output_text.done", 0, """ "text":"Well" """),
            second,
            Done(0, """{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Well","annotations":[]},{"type":"refusal","refusal":"I cannot."}]}""")));

        Describe(events).Should().Equal("start 0 Text", "text 0 Well", "end 0 Text", "start 1 Refusal", "refusal 1 I cannot.", "end 1 Refusal");
        var completed = events.OfType<ResponseCompleted>().Single();
        (completed.FinishReason, completed.Outcome).Should().Be((FinishReason.Refusal, StreamOutcome.Refused));
    }

    [Fact]
    public async Task Decode_Message_SaysItsIdAndPhaseAtOnceAndItsStatusAtTheEnd()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, """{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant","phase":"commentary"}"""),
            Delta("output_text", 0, "Hi"),
            Done(0, """{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}],"role":"assistant","phase":"commentary"}""")));

        events.OfType<ContentStarted>().Single().ProviderData!.Value.GetRawText().Should().Be("""{"id":"msg_1","type":"message","role":"assistant","phase":"commentary"}""");
        events.OfType<ContentCompleted>().Single().Raw!.Value.GetRawText()
            .Should().Be("""{"id":"msg_1","type":"message","role":"assistant","phase":"commentary","status":"completed"}""");
    }

    [Fact]
    public async Task Decode_Annotations_AreCitationsOnce()
    {
        const string First = """{"type":"url_citation","url":"https://x/","title":"X","start_index":0,"end_index":2}""";
        const string Second = """{"type":"file_citation","file_id":"f","filename":"a","index":1}""";
        var events = await DecodeAllWaysAsync(Response(
            Added(0, Message),
            Delta("output_text", 0, "Hi"),
            Event("output_text.annotation.added", 0, $"\"annotation_index\":0,\"annotation\":{First}"),
            Done(0, $$"""{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[{{First}},{{Second}}]}],"role":"assistant"}""")));

        events.OfType<CitationAdded>().Select(citation => citation.Citation.GetRawText()).Should().Equal(First, Second);
    }

    [Theory]
    [InlineData("mcp_call", "arguments", "response.mcp_call_arguments", "ask", """{"q":1}""")]
    [InlineData("code_interpreter_call", "code", "response.code_interpreter_call_code", null, "print(1)\n")]
    public async Task Decode_ProvidersCallWithDeltas_IsShownAndItsItemIsTheResult(string type, string member, string name, string? toolName, string input)
    {
        var json = JsonSerializer.Serialize(input);
        var naming = toolName is null ? "" : $"\"name\":\"{toolName}\",";
        var whole = $$"""{"id":"i_0","type":"{{type}}",{{naming}}"status":"completed","{{member}}":{{json}},"output":"done"}""";
        var events = await DecodeAllWaysAsync(Response(
            Added(0, $$"""{"id":"i_0","type":"{{type}}",{{naming}}"status":"in_progress","{{member}}":""}"""),
            Event($"{type}.in_progress", 0, ""),
            $$"""{"type":"{{name}}.delta","item_id":"i_0","output_index":0,"delta":{{json}}}""",
            $$"""{"type":"{{name}}.done","item_id":"i_0","output_index":0,"{{member}}":{{json}}}""",
            Event($"{type}.completed", 0, ""),
            Done(0, whole)));

        events.OfType<ToolCallStarted>().Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Index = 0, CallId = "i_0", Name = toolName ?? "code_interpreter", IsProviderExecuted = true });
        events.OfType<ToolInputDelta>().Should().ContainSingle().Which.Fragment.Should().Be(input);
        events.OfType<ToolCallCompleted>().Should().ContainSingle().Which.ArgumentsText.Should().Be(input);
        events.OfType<ProviderMetadata>().Select(metadata => (metadata.Name, metadata.Index)).Should().Equal(($"response.{type}.in_progress", 0), ($"response.{type}.completed", 0));
        events.OfType<ContentCompleted>().Should().ContainSingle().Which.Should().Match<ContentCompleted>(result => result.Kind == ContentKind.ServerToolResult && result.Index == 1)
            .And.Subject.As<ContentCompleted>().Raw!.Value.GetRawText().Should().Be(whole);
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.Stop, "nothing is left to the application");
    }

    [Theory]
    [InlineData("""{"id":"w","type":"web_search_call","status":"completed","action":{"type":"search","query":"x"}}""", "web_search", """{"type":"search","query":"x"}""")]
    [InlineData("""{"id":"w","type":"file_search_call","status":"completed","queries":["x"],"results":null}""", "file_search", """{"queries":["x"]}""")]
    [InlineData("""{"id":"w","type":"image_generation_call","status":"completed","result":"AAAA"}""", "image_generation", "")]
    [InlineData("""{"id":"w","type":"web_search_call","status":"failed"}""", "web_search", "")]
    public async Task Decode_ProvidersCallWithoutDeltas_HasItsArgumentsFromTheItem(string whole, string name, string input)
    {
        var events = await DecodeAllWaysAsync(Response(Added(0, """{"id":"w","type":"TYPE","status":"in_progress"}""".Replace("TYPE", name + "_call", StringComparison.Ordinal)), Done(0, whole)));

        events.OfType<ToolCallCompleted>().Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = name, ArgumentsText = input, ParseError = (string?)null, IsProviderExecuted = true });
        events.OfType<ContentCompleted>().Should().ContainSingle().Which.Raw!.Value.GetRawText().Should().Be(whole);
    }

    [Fact]
    public async Task Decode_PartialImages_AreToldBesideTheCall()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, """{"id":"ig","type":"image_generation_call","status":"in_progress"}"""),
            Event("image_generation_call.partial_image", 0, """ "partial_image_index":0,"partial_image_b64":"QQ==","size":"1x1" """),
            Done(0, """{"id":"ig","type":"image_generation_call","status":"completed","result":"QUE="}""")));

        var preview = events.OfType<ProviderMetadata>().Single();
        (preview.Name, preview.Index, preview.Value.GetProperty("partial_image_b64").GetString()).Should().Be(("response.image_generation_call.partial_image", 0, "QQ=="));
        preview.Value.TryGetProperty("item_id", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Decode_FreeTextOfACustomTool_IsVerbatimAndTheArgumentInput()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, """{"id":"ctc_1","type":"custom_tool_call","call_id":"c","name":"sql","input":"","status":"in_progress"}"""),
            Delta("custom_tool_call_input", 0, "SELECT "),
            Delta("custom_tool_call_input", 0, "1"),
            Done(0, """{"id":"ctc_1","type":"custom_tool_call","call_id":"c","name":"sql","input":"SELECT 1","status":"completed"}""")));

        var call = events.OfType<ToolCallCompleted>().Single();
        (call.CallId, call.ArgumentsText, call.Arguments?.GetRawText()).Should().Be(("c", "SELECT 1", """{"input":"SELECT 1"}"""));
        call.ParseError.Should().BeNull();
        events[^1].Should().BeOfType<ResponseCompleted>().Which.FinishReason.Should().Be(FinishReason.ToolCalls);
    }

    /// <summary>Items without a form of their own: their type, and whether the model then waits for the application.</summary>
    [Theory]
    [InlineData(""" "type":"computer_call","call_id":"c","action":{"type":"screenshot"} """, true)]
    [InlineData(""" "type":"local_shell_call","call_id":"c","action":{} """, true)]
    [InlineData(""" "type":"apply_patch_call","call_id":"c","operation":{} """, true)]
    [InlineData(""" "type":"shell_call","call_id":"c","environment":{"type":"local"} """, true)]
    [InlineData(""" "type":"shell_call","call_id":"c","environment":{"type":"container_reference"} """, false)]
    [InlineData(""" "type":"mcp_approval_request","name":"t","arguments":"{}" """, true)]
    [InlineData(""" "type":"tool_search_call","execution":"client","arguments":{} """, true)]
    [InlineData(""" "type":"tool_search_call","execution":"server","arguments":{} """, false)]
    [InlineData(""" "type":"mcp_list_tools","server_label":"s","tools":[] """, false)]
    [InlineData(""" "type":"compaction","encrypted_content":"E" """, false)]
    [InlineData(""" "type":"never_seen","deep":{"x":[1.0]} """, false)]
    [Trait("Law", "11")]
    public async Task Decode_OtherItem_IsCarriedWhole(string members, bool isAwaited)
    {
        var whole = $$"""{"id":"x_1",{{members.Trim()}}}""";
        var events = await DecodeAllWaysAsync(Response(Added(0, whole), Event("shell_call_command.delta", 0, "\"command_index\":0,\"delta\":\"ls\""), Done(0, whole)));

        Describe(events).Should().Equal("start 0 Other", "aside 0 response.shell_call_command.delta", "end 0 Other");
        events.OfType<ContentStarted>().Single().ProviderData!.Value.GetRawText().Should().Be(whole);
        events.OfType<ContentCompleted>().Single().Raw!.Value.GetRawText().Should().Be(whole);
        events.OfType<ResponseCompleted>().Single().FinishReason.Should().Be(isAwaited ? FinishReason.ToolCalls : FinishReason.Stop);

        // An item that the model waits on goes back with its answer.
        ChatMessage answers = new(ChatRole.User,
        [
            .. new[] { """{"type":"any_call_output","call_id":"c"}""", """{"type":"mcp_approval_response","approval_request_id":"x_1","approve":true}""" }
                .Select(item => new AIContent { AdditionalProperties = new() { ["openai-responses.block"] = JsonElement.Parse(item) } }),
            new TextContent("Go on."),
        ]);
        var sent = whole.Contains("mcp_", StringComparison.Ordinal) || members.Contains("computer_call", StringComparison.Ordinal) || members.Contains("local_shell_call", StringComparison.Ordinal) || members.Contains("never_seen", StringComparison.Ordinal)
            ? whole
            : whole.Replace("\"id\":\"x_1\",", "", StringComparison.Ordinal); // the provider does not require it
        NextRequest([Fold(events).ToChatMessage(), answers])["input"]![0]!.ToJsonString().Should().Be(sent);
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Decode_UnknownEvents_ArePassedOn()
    {
        const string Novel = """{"type":"response.novel","output_index":0,"x":{"y":1}}""";
        var events = await DecodeAllWaysAsync(Response(Added(0, Message), Delta("output_text", 0, "a"), Novel, Delta("output_text", 0, "b"), Done(0, Message)));

        events.OfType<ProviderEvent>().Select(e => (e.Name, e.Data)).Should().Equal(("response.novel", Novel));
        Fold(events).Text.Should().Be("ab");
    }

    [Fact]
    [Trait("Law", "11")]
    public async Task Decode_PartOfAnUnknownKind_ComesWholeAndGoesBack()
    {
        const string Part = """{"type":"output_hologram","data":"QQ=="}""";
        var whole = $$"""{"id":"msg_1","type":"message","status":"completed","content":[{{Part}},{"type":"output_text","text":"Hi","annotations":[]}],"role":"assistant"}""";
        var events = await DecodeAllWaysAsync(Response(
            Added(0, Message),
            Event("content_part.added", 0, $"\"part\":{Part}"),
            Event("content_part.done", 0, $"\"part\":{Part}"),
            Delta("output_text", 0, "Hi").Replace("\"content_index\":0", "\"content_index\":1", StringComparison.Ordinal),
            Done(0, whole)));

        Describe(events).Should().Equal("start 0 Other", "end 0 Other", "start 1 Text", "text 1 Hi", "end 1 Text");
        var item = NextRequest([Fold(events).ToChatMessage()])["input"]![0]!;
        System.Text.Json.Nodes.JsonNode.DeepEquals(item, System.Text.Json.Nodes.JsonNode.Parse(whole.Replace("\"id\":\"msg_1\",", "", StringComparison.Ordinal))).Should().BeTrue(item.ToJsonString());
    }

    [Theory]
    [InlineData("incomplete", """ "incomplete_details":{"reason":"max_output_tokens"} """, FinishReason.Length, "max_output_tokens")]
    [InlineData("incomplete", """ "incomplete_details":{"reason":"content_filter"} """, FinishReason.ContentFilter, "content_filter")]
    [InlineData("incomplete", """ "incomplete_details":{"reason":"novel"} """, FinishReason.Other, "novel")]
    [InlineData("incomplete", """ "incomplete_details":null """, FinishReason.Other, "incomplete")]
    [InlineData("cancelled", """ "error":null """, FinishReason.Other, "cancelled")]
    [InlineData("completed", """ "error":null """, FinishReason.Stop, "completed")]
    public async Task Decode_End_IsTheReasonOrTheStatus(string status, string members, FinishReason expected, string word)
    {
        var events = await DecodeAllWaysAsync(Stream(Created, $$$"""{"type":"response.{{{status}}}","response":{"status":"{{{status}}}","output":[],{{{members}}}}}"""));

        var completed = events.OfType<ResponseCompleted>().Single();
        (completed.FinishReason, completed.RawFinishReason, completed.Usage).Should().Be((expected, word, null));
    }

    [Fact]
    public async Task Decode_Usage_HasEveryCount()
    {
        var events = await DecodeAllWaysAsync(Stream(
            Created,
            """{"type":"response.completed","response":{"status":"completed","output":[],"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":2,"audio_tokens":1},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":15,"num_sources_used":7}}}"""));

        events.OfType<UsageUpdated>().Single().Usage.Should().Be(new TokenUsage
        {
            InputTokens = 10,
            OutputTokens = 5,
            TotalTokens = 15,
            CachedInputTokens = 4,
            CacheWriteTokens = 2,
            ReasoningTokens = 3,
            AdditionalCounts = new Dictionary<string, long> { ["input_tokens_details.audio_tokens"] = 1, ["num_sources_used"] = 7 },
        });
    }

    [Fact]
    public async Task Decode_WhatTheResponseSaysMore_IsMetadata()
    {
        var events = await DecodeAllWaysAsync(Stream(
            Created,
            """{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"service_tier":"flex","tools":[1],"novel":{"a":1},"moderation":null,"content_filters":[]}}"""));

        events.OfType<ProviderMetadata>().Select(metadata => (metadata.Name, metadata.Value.GetRawText())).Should().Equal(("service_tier", "\"flex\""), ("novel", """{"a":1}"""));
    }

    [Fact]
    public async Task Decode_LogProbabilities_AreToldWithTheirDelta()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, Message),
            Event("output_text.delta", 0, """ "delta":"Hi","logprobs":[{"token":"Hi","logprob":-0.5}] """),
            Event("output_text.delta", 0, """ "delta":"!","logprobs":[] """),
            Done(0, Message)));

        Describe(events).Should().Equal("start 0 Text", "text 0 Hi", "aside 0 logprobs", "text 0 !", "end 0 Text");
    }

    [Fact]
    public async Task Decode_ItemsThatOverlap_AreKeptApart()
    {
        var events = await DecodeAllWaysAsync(Response(
            Added(0, Message),
            Delta("output_text", 0, "a"),
            Added(1, Message.Replace("msg_1", "msg_2", StringComparison.Ordinal)),
            Delta("output_text", 1, "x"),
            Delta("output_text", 0, "b"),
            Delta("output_text", 1, "y"),
            Done(0, Message),
            Delta("output_text", 1, "z"),
            Done(1, Message.Replace("msg_1", "msg_2", StringComparison.Ordinal))));

        Fold(events).Blocks.Select(block => block.Text).Should().Equal("ab", "xyz");
    }

    [Fact]
    public async Task Decode_KeepAlives_AreEvents()
    {
        var events = await DecodeAllWaysAsync(Stream(Created, """{"type":"keepalive","sequence_number":1}""") + ": ping\n\n" + Stream(Completed) + "data: [DONE]\n\n");

        events.OfType<KeepAlive>().Should().HaveCount(2);
    }

    [Fact]
    public async Task Decode_Audio_IsMetadataOfTheResponse()
    {
        var events = await DecodeAllWaysAsync(Stream(Created, """{"type":"response.audio.delta","delta":"QQ=="}""", """{"type":"response.audio.transcript.delta","delta":"A"}""", Completed));

        events.OfType<ProviderMetadata>().Select(metadata => (metadata.Name, metadata.Index)).Should().Equal(("response.audio.delta", null), ("response.audio.transcript.delta", null));
    }

    internal static IEnumerable<string> Describe(IEnumerable<StreamEvent> events) => events.Select(streamEvent => streamEvent switch
    {
        ContentStarted e => $"start {e.Index} {e.Kind}",
        ContentCompleted e => $"end {e.Index} {e.Kind}{(e.Signature is null ? "" : $" signed {e.Signature}")}",
        TextDelta e => $"text {e.Index} {e.Text}",
        ReasoningDelta e => $"reasoning {e.Index} {e.Text}",
        RefusalDelta e => $"refusal {e.Index} {e.Text}",
        ToolCallStarted e => $"call {e.Index} {e.CallId} {e.Name}",
        ToolInputDelta e => $"input {e.Index} {e.Fragment}",
        ToolCallCompleted e => $"called {e.Index} {e.ArgumentsText}{(e.ParseError is null ? "" : " with an error")}",
        ProviderMetadata e => $"aside {e.Index} {e.Name}",
        ProviderEvent e => $"unknown {e.Name}",
        _ => "",
    }).Where(line => line.Length > 0);
}
