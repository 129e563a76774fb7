using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;
using static Streamline.Tests.Protocols.OpenAIResponses.OpenAIResponsesWire;

namespace Streamline.Tests.Protocols.OpenAIResponses;

public sealed class OpenAIResponsesRequestWriterTests
{
    private const string UserHi = """{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}""";

    [Fact]
    public void Write_PlainQuestion_IsTheExactBody() =>
        Write(Ask(new ChatOptions { Instructions = "Be brief." })).Should().Be($$"""{"model":"m","instructions":"Be brief.","input":[{{UserHi}}],"stream":true}""");

    [Fact]
    public void Write_AllOptions_AreTheWiresMembers() =>
        Write(Ask(new ChatOptions
        {
            ModelId = "gpt",
            MaxOutputTokens = 100,
            Temperature = 0.5f,
            TopP = 0.25f,
            ConversationId = "resp_1",
            AllowBackgroundResponses = true,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.ExtraHigh, Output = ReasoningOutput.Summary },
            ResponseFormat = ChatResponseFormat.Json,
        })).Should().Be(
            $$$"""{"model":"gpt","previous_response_id":"resp_1","input":[{{{UserHi}}}],"max_output_tokens":100,"temperature":0.5,"top_p":0.25,"text":{"format":{"type":"json_object"}},"reasoning":{"effort":"xhigh","summary":"auto"},"stream":true,"background":true}""");

    public static TheoryData<string, ChatOptions, string?> Members => new()
    {
        { "conversation", new() { ConversationId = "conv_1" }, "\"conv_1\"" },
        { "previous_response_id", new() { ConversationId = "conv_1" }, null },
        { "text", new() { ResponseFormat = ChatResponseFormat.Text }, """{"format":{"type":"text"}}""" },
        { "text", new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "Answer", "An answer") },
            """{"format":{"type":"json_schema","name":"Answer","description":"An answer","schema":{"type":"object"}}}""" },
        { "text", new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("{}")) }, """{"format":{"type":"json_schema","name":"response","schema":{}}}""" },
        { "reasoning", new() { Reasoning = new() { Effort = ReasoningEffort.None } }, """{"effort":"none"}""" },
        { "reasoning", new() { Reasoning = new() { Effort = ReasoningEffort.Low } }, """{"effort":"low"}""" },
        { "reasoning", new() { Reasoning = new() { Effort = ReasoningEffort.Medium, Output = ReasoningOutput.None } }, """{"effort":"medium"}""" },
        { "reasoning", new() { Reasoning = new() { Effort = ReasoningEffort.High } }, """{"effort":"high"}""" },
        { "reasoning", new() { Reasoning = new() { Output = ReasoningOutput.Full } }, """{"summary":"detailed"}""" },
        { "reasoning", new() { Reasoning = new() { Output = ReasoningOutput.None } }, null },
        { "tool_choice", new() { Tools = [Function("f")] }, null },
        { "tool_choice", new() { Tools = [Function("f")], ToolMode = ChatToolMode.Auto }, "\"auto\"" },
        { "tool_choice", new() { Tools = [Function("f")], ToolMode = ChatToolMode.None }, "\"none\"" },
        { "tool_choice", new() { Tools = [Function("f")], ToolMode = ChatToolMode.RequireAny }, "\"required\"" },
        { "tool_choice", new() { Tools = [Function("f")], ToolMode = ChatToolMode.RequireSpecific("f") }, """{"type":"function","name":"f"}""" },
        { "tool_choice", new() { ToolMode = ChatToolMode.RequireAny }, null },
        { "parallel_tool_calls", new() { Tools = [Function("f")], AllowMultipleToolCalls = false }, "false" },
        { "parallel_tool_calls", new() { AllowMultipleToolCalls = false }, null },
    };

    [Theory]
    [MemberData(nameof(Members))]
    public void Write_Option_IsAMember(string name, ChatOptions options, string? expected) =>
        (JsonNode.Parse(Write(Ask(options)))![name]?.ToJsonString()).Should().Be(expected, name);

    public static TheoryData<AITool, string> Tools => new()
    {
        { AIFunctionFactory.CreateDeclaration("weather", "Tells.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""")),
            """{"type":"function","name":"weather","description":"Tells.","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":false}""" },
        { Function("f"), """{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}""" },
        { new HostedWebSearchTool(), """{"type":"web_search"}""" },
        { new HostedImageGenerationTool(), """{"type":"image_generation"}""" },
        { new HostedCodeInterpreterTool { Inputs = [new HostedFileContent("file_1")] }, """{"type":"code_interpreter","container":{"type":"auto","file_ids":["file_1"]}}""" },
        { new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("vs")], MaximumResultCount = 2 }, """{"type":"file_search","vector_store_ids":["vs"],"max_num_results":2}""" },
        { new HostedMcpServerTool("s", "https://x/") { ServerDescription = "d", ApprovalMode = HostedMcpServerToolApprovalMode.AlwaysRequire },
            """{"type":"mcp","server_label":"s","server_url":"https://x/","server_description":"d","require_approval":"always"}""" },
        { new HostedMcpServerTool("s", "connector_gmail") { ApprovalMode = HostedMcpServerToolApprovalMode.RequireSpecific(["a"], null) },
            """{"type":"mcp","server_label":"s","connector_id":"connector_gmail","require_approval":{"always":{"tool_names":["a"]}}}""" },
        { new RawTool(JsonElement.Parse("""{"type":"custom","name":"sql","format":{"type":"text"}}""")), """{"type":"custom","name":"sql","format":{"type":"text"}}""" },
    };

    [Theory]
    [MemberData(nameof(Tools))]
    public void Write_Tool_IsTheWiresForm(AITool tool, string expected) =>
        JsonElement.Parse(Write(Ask(new ChatOptions { Tools = [tool] }))).GetProperty("tools")[0].GetRawText().Should().Be(expected);

    public static TheoryData<string, ChatMessage[], string> Conversations => new()
    {
        { "roles", [new(ChatRole.System, "s"), new(new ChatRole("developer"), "d"), new(ChatRole.User, "u"), new(ChatRole.Assistant, "a")],
            """[{"type":"message","role":"system","content":[{"type":"input_text","text":"s"}]},{"type":"message","role":"developer","content":[{"type":"input_text","text":"d"}]},{"type":"message","role":"user","content":[{"type":"input_text","text":"u"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"a","annotations":[]}]}]""" },
        { "parts of a user", [new(ChatRole.User,
            [
                new TextContent("Look:"),
                new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                new UriContent("https://x/y.jpg", "image/jpeg") { AdditionalProperties = new() { ["detail"] = "low" } },
                new HostedFileContent("file-i") { MediaType = "image/png" },
                new DataContent(new byte[] { 4 }, "application/pdf") { Name = "a.pdf" },
                new UriContent("https://x/y.pdf", "application/pdf"),
                new HostedFileContent("file-1"),
            ])],
            """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Look:"},{"type":"input_image","image_url":"data:image/png;base64,AQID"},{"type":"input_image","image_url":"https://x/y.jpg","detail":"low"},{"type":"input_image","file_id":"file-i"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BA=="},{"type":"input_file","file_url":"https://x/y.pdf"},{"type":"input_file","file_id":"file-1"}]}]""" },
        { "calls and results", [
            new(ChatRole.Assistant, [new TextContent("Let me see."), Call("a", "f", "{ \"x\" : 1 }"), Call("b", "g", ""), Call("c", "h", "{broken")]),
            new(ChatRole.Tool, [new FunctionResultContent("b", JsonElement.Parse("""{"y":2}""")), new FunctionResultContent("a", "sunny"), new FunctionResultContent("c", null) { Exception = new InvalidOperationException("secret") }])],
            """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me see.","annotations":[]}]},{"type":"function_call","call_id":"a","name":"f","arguments":"{ \"x\" : 1 }","status":"completed"},{"type":"function_call","call_id":"b","name":"g","arguments":"{}","status":"completed"},{"type":"function_call","call_id":"c","name":"h","arguments":"{\"INVALID_JSON\":\"{broken\"}","status":"completed"},{"type":"function_call_output","call_id":"a","output":"sunny"},{"type":"function_call_output","call_id":"b","output":"{\"y\":2}"},{"type":"function_call_output","call_id":"c","output":"The tool failed."}]""" },
        { "a result as parts", [new(ChatRole.Tool, [new FunctionResultContent("a", new AIContent[] { new TextContent("x"), new DataContent(new byte[] { 1 }, "image/png") })])],
            """[{"type":"function_call_output","call_id":"a","output":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"data:image/png;base64,AQ=="}]}]""" },
        { "arguments without their text", [new(ChatRole.Assistant, [new FunctionCallContent("a", "f", new Dictionary<string, object?> { ["s"] = "ü" })]), new(ChatRole.Tool, [new FunctionResultContent("a", "1")])],
            """[{"type":"function_call","call_id":"a","name":"f","arguments":"{\"s\":\"ü\"}","status":"completed"},{"type":"function_call_output","call_id":"a","output":"1"}]""" },
        { "a result with the user's words", [new(ChatRole.User, [new TextContent("and?"), new FunctionResultContent("a", "1")])],
            """[{"type":"function_call_output","call_id":"a","output":"1"},{"type":"message","role":"user","content":[{"type":"input_text","text":"and?"}]}]""" },
        { "a refusal", [new(ChatRole.Assistant, [new ErrorContent("I cannot.") { ErrorCode = "Refusal" }])],
            """[{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I cannot."}]}]""" },
        { "a call that was cut off", [new(ChatRole.Assistant, [new TextContent("t"), new FunctionCallContent("a", "f") { InformationalOnly = true }])],
            """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"t","annotations":[]}]}]""" },
        { "reasoning and blocks of another provider",
            [new(ChatRole.Assistant, [new TextReasoningContent("hm") { ProtectedData = "sig" }, new AIContent { AdditionalProperties = new() { ["anthropic.block"] = JsonElement.Parse("{}") } }, new ToolCallContent("s"), new TextContent("t")])],
            """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"t","annotations":[]}]}]""" },
        { "reasoning that led to nothing", [new(ChatRole.Assistant, [new TextContent("t"), Raw(new TextReasoningContent("hm"), """{"id":"rs","type":"reasoning"}""")])],
            """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"t","annotations":[]}]}]""" },
        { "text that was cut", [new(ChatRole.Assistant, [Raw(new TextContent("t"), """{"id":"msg","type":"message","role":"assistant"}""")])],
            """[{"type":"message","role":"assistant","status":"incomplete","content":[{"type":"output_text","text":"t","annotations":[]}]}]""" },
        { "two messages of one id apart", [new(ChatRole.Assistant, [Raw(new TextContent("a"), """{"id":"m","type":"message","status":"completed"}"""), Call("c", "f", "{}"), Raw(new TextContent("b"), """{"id":"m","type":"message","status":"completed"}""")]), new(ChatRole.Tool, [new FunctionResultContent("c", "1")])],
            """[{"type":"message","status":"completed","content":[{"type":"output_text","text":"a","annotations":[]}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"b","annotations":[]}]},{"type":"function_call_output","call_id":"c","output":"1"}]""" },
        { "what the application answers itself", [new(ChatRole.User, [Raw(new AIContent(), """{"type":"mcp_approval_response","approval_request_id":"a","approve":true}"""), Raw(new AIContent(), """{"type":"input_audio","x":1}""")])],
            """[{"type":"mcp_approval_response","approval_request_id":"a","approve":true},{"type":"message","role":"user","content":[{"type":"input_audio","x":1}]}]""" },
        { "the output of a tool in a form of its own", [new(ChatRole.Tool, [Raw(new FunctionResultContent("a", null), """{"type":"computer_call_output","call_id":"a","output":{}}""")])],
            """[{"type":"computer_call_output","call_id":"a","output":{}}]""" },
        { "nothing", [new(ChatRole.Assistant, []), new(ChatRole.User, []), new(ChatRole.Assistant, "")], "[]" },
    };

    [Theory]
    [MemberData(nameof(Conversations))]
    public void Write_Conversation_IsTheWiresItems(string what, ChatMessage[] messages, string expected) =>
        JsonElement.Parse(Write(new StreamRequest { Messages = messages, Options = new ChatOptions { ConversationId = "resp_1" } })).GetProperty("input").GetRawText().Should().Be(expected, what);

    [Fact]
    public async Task Write_AnswerOfEveryKindOfItem_GoesBackAsItCame()
    {
        string[] items =
        [
            """{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"One"},{"type":"summary_text","text":"Two"}],"encrypted_content":"E"}""",
            """{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"x"}}""",
            """{"id":"msg_1","type":"message","role":"assistant","phase":"commentary","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[{"type":"url_citation","url":"https://x/","title":"X","start_index":0,"end_index":2}]},{"type":"refusal","refusal":"No."}]}""",
            """{"id":"rs_2","type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"hm"}]}""",
            """{"id":"ci_1","type":"code_interpreter_call","status":"completed","container_id":"c","code":"print(1)","outputs":[{"type":"logs","logs":"1"}]}""",
            """{"id":"mcp_1","type":"mcp_call","status":"completed","name":"ask","server_label":"s","arguments":"{}","output":"o","error":null}""",
            """{"id":"ctc_1","type":"custom_tool_call","call_id":"k1","name":"sql","input":"SELECT 1","status":"completed"}""",
            """{"id":"fc_1","type":"function_call","call_id":"k2","name":"f","namespace":"n","arguments":"{ \"a\" : 1.50 }","status":"completed"}""",
            """{"id":"sh_1","type":"shell_call","call_id":"k3","action":{"commands":["ls"]},"status":"completed"}""",
            """{"id":"x","type":"never_seen","deep":{"a":[{}]}}""",
        ];
        var events = await DecodeAllWaysAsync(Response(items.SelectMany((item, index) => new[] { Added(index, Begun(item)), Done(index, item) })));
        List<ChatMessage> messages = [.. Fold(events).ToChatResponse().Messages, new(ChatRole.Tool, [new FunctionResultContent("k1", "1 row"), new FunctionResultContent("k2", "2"), Raw(new AIContent(), """{"type":"shell_call_output","call_id":"k3","output":[]}""")])];

        var input = NextRequest(messages)["input"]!;

        var expected = new JsonArray([.. items.Select(item => JsonNode.Parse(item)),
            JsonNode.Parse("""{"type":"custom_tool_call_output","call_id":"k1","output":"1 row"}"""),
            JsonNode.Parse("""{"type":"function_call_output","call_id":"k2","output":"2"}"""),
            JsonNode.Parse("""{"type":"shell_call_output","call_id":"k3","output":[]}""")]);
        JsonNode.DeepEquals(input, expected).Should().BeTrue("the items went back as\n{0}\nin place of\n{1}", input.ToJsonString(), expected.ToJsonString());
    }

    [Fact]
    public async Task Write_AnswerForAnotherProvider_KeepsItsTextAndCalls()
    {
        var events = await DecodeAllWaysAsync(Response(
            Done(0, """{"id":"rs_1","type":"reasoning","summary":[],"encrypted_content":"E"}"""),
            Done(1, """{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}"""),
            Done(2, """{"id":"fc_1","type":"function_call","call_id":"k","name":"f","arguments":"{}","status":"completed"}""")));
        var request = new StreamRequest { Messages = [new(ChatRole.User, "u"), .. Fold(events).ToChatResponse().Messages, new(ChatRole.Tool, [new FunctionResultContent("k", "1")])] };

        foreach (var protocol in new[] { StreamProtocols.Anthropic, StreamProtocols.OpenAIChat })
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            protocol.WriteRequestBody(request, new StreamRequestDefaults("m", null), output);
            System.Text.Encoding.UTF8.GetString(output.WrittenSpan).Should().ContainAll("\"Hi\"", "\"k\"").And.NotContainAny("rs_1", "msg_1", "fc_1");
        }
    }

    [Theory]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    [InlineData(null, true, false)]
    [InlineData(false, false, false)]
    public void Write_ResponseThatIsNotKept_AsksForEncryptedReasoning(bool? store, bool reasons, bool asks)
    {
        var body = Write(new StreamRequest
        {
            Messages = [new(ChatRole.User, "Hi")],
            Options = new ChatOptions { Reasoning = reasons ? new ReasoningOptions { Effort = ReasoningEffort.Low } : null },
            ExtraBody = store is { } value ? new JsonObject { ["store"] = value } : null,
        });

        body.Contains("\"include\":[\"reasoning.encrypted_content\"]", StringComparison.Ordinal).Should().Be(asks);
    }

    [Fact]
    public void Write_ExtraBody_IsLastAndWins() =>
        Write(Ask(new ChatOptions { Temperature = 0.5f }) with { ExtraBody = new JsonObject { ["temperature"] = 1, ["store"] = false, ["include"] = new JsonArray("x") } })
            .Should().Be($$"""{"model":"m","input":[{{UserHi}}],"stream":true,"temperature":1,"store":false,"include":["x"]}""");

    [Fact]
    public void Write_Defaults_FillInWhatTheRequestDoesNotSay()
    {
        Write(Ask(), maxOutputTokens: 9).Should().Contain("\"max_output_tokens\":9");
        Write(Ask(new ChatOptions { MaxOutputTokens = 5 }), maxOutputTokens: 9).Should().Contain("\"max_output_tokens\":5");
        Write(Ask() with { ExtraBody = new JsonObject { ["model"] = "x" } }, model: null).Should().Contain("\"model\":\"x\"");
        FluentActions.Invoking(() => Write(Ask(), model: null)).Should().Throw<ArgumentException>().WithMessage("*model*");
    }

    public static TheoryData<string, StreamRequest> NotCarried
    {
        get
        {
            var rows = new TheoryData<string, StreamRequest>();
            void Options(string name, ChatOptions options) => rows.Add(name, Ask(options));
            void Content(string name, ChatRole role, AIContent content) => rows.Add(name, new StreamRequest { Messages = [new(role, [content])] });
            Options("TopK", new ChatOptions { TopK = 3 });
            Options("StopSequences", new ChatOptions { StopSequences = ["x"] });
            Options("Seed", new ChatOptions { Seed = 1 });
            Options("FrequencyPenalty", new ChatOptions { FrequencyPenalty = 1 });
            Options("PresencePenalty", new ChatOptions { PresencePenalty = 1 });
            Options("RawTool", new ChatOptions { Tools = [new RawTool(default)] });
            Content("video/mp4", ChatRole.User, new DataContent(new byte[] { 1 }, "video/mp4"));
            Content("audio/wav", ChatRole.User, new DataContent(new byte[] { 1 }, "audio/wav"));
            Content("audio/wav", ChatRole.User, new UriContent("https://x/y", "audio/wav"));
            Content("image/png", ChatRole.Assistant, new DataContent(new byte[] { 1 }, "image/png"));
            Content("narrator", new ChatRole("narrator"), new TextContent("t"));
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(NotCarried))]
    public void Write_WhatTheWireCannotCarry_IsNamed(string name, StreamRequest request) =>
        FluentActions.Invoking(() => Write(request)).Should().Throw<ArgumentException>().WithMessage($"*{name}*");

    [Fact]
    [Trait("Law", "10")]
    public void WriteRequestHeaders_Key_IsABearerToken()
    {
        using var request = new HttpRequestMessage();
        StreamProtocols.OpenAIResponses.WriteRequestHeaders(request.Headers, "sk-1");
        request.Headers.Authorization.Should().Be(new AuthenticationHeaderValue("Bearer", "sk-1"));
    }

    [Fact]
    public void Protocol_Names_AreThoseOfTheWire()
    {
        var protocol = StreamProtocols.OpenAIResponses;
        (protocol.Name, protocol.ContentType).Should().Be(("openai-responses", "text/event-stream"));
        new Uri(protocol.DefaultBaseAddress, protocol.RequestPath).AbsoluteUri.Should().Be("https://api.openai.com/v1/responses");
    }

    private static StreamRequest Ask(ChatOptions? options = null) => new() { Messages = [new(ChatRole.User, "Hi")], Options = options };

    private static AIFunctionDeclaration Function(string name) => AIFunctionFactory.CreateDeclaration(name, null, JsonElement.Parse("{}"));

    private static FunctionCallContent Call(string id, string name, string arguments) => new(id, name)
    {
        AdditionalProperties = new() { [ContentProperties.ArgumentsText] = arguments },
    };

    private static T Raw<T>(T content, string json)
        where T : AIContent
    {
        content.AdditionalProperties = new() { [ContentProperties.RawBlock("openai-responses")] = JsonElement.Parse(json) };
        return content;
    }

    // An item as it begins: without its parts, arguments and results.
    private static string Begun(string item)
    {
        var begun = JsonNode.Parse(item)!.AsObject();
        foreach (var name in new[] { "arguments", "input", "code", "output", "outputs", "action", "encrypted_content" })
        {
            begun.Remove(name);
        }

        foreach (var name in new[] { "summary", "content" }.Where(begun.ContainsKey))
        {
            begun[name] = new JsonArray();
        }

        begun["status"] = "in_progress";
        return begun.ToJsonString();
    }

    private sealed class RawTool(JsonElement json) : AITool
    {
        public override string Name => nameof(RawTool);

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => json.ValueKind == JsonValueKind.Undefined
            ? new Dictionary<string, object?>()
            : new Dictionary<string, object?> { [ContentProperties.RawBlock("openai-responses")] = json };
    }
}
