using System.Buffers;
using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;
using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Anthropic;

public class AnthropicRequestWriterTests
{
    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration(
        "weather", "Tells the weather.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    [Fact]
    public void Write_SingleQuestion_FillsInWhatTheWireDemands() => Body(
        [new ChatMessage(ChatRole.User, "Hi é")],
        expected: """{"model":"claude-x","max_tokens":8192,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"Hi é"}]}]}""");

    [Fact]
    public void Write_Instructions_StandBeforeSystemMessages() => Body(
        [new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, "Hi"), new ChatMessage(ChatRole.System, "Be kind.")],
        new ChatOptions { Instructions = "You help.", ModelId = "claude-y", MaxOutputTokens = 100 },
        """
        {"model":"claude-y","max_tokens":100,"stream":true,
         "system":[{"type":"text","text":"You help."},{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind."}],
         "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}
        """);

    [Fact]
    public void Write_Options_AreCarried() => Body(
        [new ChatMessage(ChatRole.User, "Hi")],
        new ChatOptions
        {
            Temperature = 0.7f,
            TopP = 0.5f,
            TopK = 40,
            StopSequences = ["END", "\n"],
            Tools = [Weather],
            ToolMode = ChatToolMode.RequireSpecific("weather"),
            AllowMultipleToolCalls = false,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.ExtraHigh, Output = ReasoningOutput.Summary },
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
        },
        """
        {"model":"claude-x","max_tokens":8192,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}],
         "temperature":0.7,"top_p":0.5,"top_k":40,"stop_sequences":["END","\n"],
         "tools":[{"name":"weather","description":"Tells the weather.","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}],
         "tool_choice":{"type":"tool","name":"weather","disable_parallel_tool_use":true},
         "thinking":{"type":"adaptive","display":"summarized"},
         "output_config":{"effort":"xhigh","format":{"type":"json_schema","schema":{"type":"object"}}}}
        """);

    [Theory]
    [InlineData("auto", null, """{"type":"auto"}""")]
    [InlineData("auto", false, """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData("none", false, """{"type":"none"}""")]
    [InlineData("any", true, """{"type":"any"}""")]
    [InlineData(null, false, """{"type":"auto","disable_parallel_tool_use":true}""")]
    [InlineData(null, true, null)]
    [InlineData(null, null, null)]
    public void Write_ToolMode_BecomesTheToolChoice(string? mode, bool? allowMultiple, string? expected)
    {
        var body = Write([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions
        {
            Tools = [Weather],
            AllowMultipleToolCalls = allowMultiple,
            ToolMode = mode switch { "auto" => ChatToolMode.Auto, "none" => ChatToolMode.None, "any" => ChatToolMode.RequireAny, _ => null },
        });
        body["tool_choice"]?.ToJsonString().Should().Be(expected);
        (body["tool_choice"] is null).Should().Be(expected is null);
    }

    [Fact]
    public void Write_ReasoningOff_DisablesThinking() =>
        Write([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None } })["thinking"]!
            .ToJsonString().Should().Be("""{"type":"disabled"}""");

    [Fact]
    public void Write_Tools_TakeFunctionsServerToolsAndVerbatimOnes()
    {
        var function = AIFunctionFactory.Create(([Description("Where")] string place) => place, "locate");
        var body = Write([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions { Tools = [function, new HostedWebSearchTool(), new VerbatimTool()] });
        var tools = body["tools"]!.AsArray();
        tools[0]!["name"]!.GetValue<string>().Should().Be("locate");
        tools[0]!["input_schema"]!["properties"]!["place"]!["description"]!.GetValue<string>().Should().Be("Where");
        tools[1]!.ToJsonString().Should().Be("""{"type":"web_search_20250305","name":"web_search"}""");
        tools[2]!.ToJsonString().Should().Be("""{"type":"bash_20250124","name":"bash"}""");
    }

    [Fact]
    public void Write_ImagesAndDocuments_BecomeTheirBlocks() => Body(
        [
            new ChatMessage(ChatRole.User,
            [
                new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                new UriContent("https://example.com/cat%20x.jpg", "image/jpeg"),
                new DataContent(new byte[] { 4 }, "application/pdf") { Name = "paper.pdf" },
                new UriContent("https://example.com/a.pdf", "application/pdf"),
                new DataContent("Zürich"u8.ToArray(), "text/markdown"),
                new HostedFileContent("file_1") { MediaType = "image/png" },
                new HostedFileContent("file_2"),
                new TextContent("Look."),
                new TextContent(""),
            ]),
        ],
        expected: """
        {"model":"claude-x","max_tokens":8192,"stream":true,"messages":[{"role":"user","content":[
          {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},
          {"type":"image","source":{"type":"url","url":"https://example.com/cat%20x.jpg"}},
          {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BA=="},"title":"paper.pdf"},
          {"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}},
          {"type":"document","source":{"type":"text","media_type":"text/plain","data":"Zürich"}},
          {"type":"image","source":{"type":"file","file_id":"file_1"}},
          {"type":"document","source":{"type":"file","file_id":"file_2"}},
          {"type":"text","text":"Look."}]}]}
        """);

    [Fact]
    public void Write_CacheMarkers_StandOnTheBlocksThatHaveThem()
    {
        Body(
            [
                new ChatMessage(ChatRole.System, [Marked(new TextContent("Be brief."), "text")]),
                new ChatMessage(ChatRole.User, [Marked(new DataContent(new byte[] { 1 }, "application/pdf") { Name = "a" }, "document"), Marked(new TextContent("Hi"), "text")]),
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("t1", "weather")]),
                new ChatMessage(ChatRole.Tool, [Marked(new FunctionResultContent("t1", "18 C"), "tool_result")]),
            ],
            expected: """
            {"model":"claude-x","max_tokens":8192,"stream":true,
             "system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],
             "messages":[
              {"role":"user","content":[
               {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AQ=="},"title":"a","cache_control":{"type":"ephemeral"}},
               {"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"weather","input":{}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"18 C","cache_control":{"type":"ephemeral"}}]}]}
            """);

        static AIContent Marked(AIContent content, string type)
        {
            content.AdditionalProperties = new() { [ContentProperties.RawBlock("anthropic")] = JsonElement.Parse($$$"""{"type":"{{{type}}}","cache_control":{"type":"ephemeral"}}""") };
            return content;
        }
    }

    [Fact]
    public void Write_ResultsOfARound_StandInOneMessageBeforeItsText() => Body(
        [
            new ChatMessage(ChatRole.User, "Compare."),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextContent("On it."),
                new FunctionCallContent("t1", "weather", new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Paris", ["days"] = 2, ["exact"] = JsonElement.Parse("1.50") }),
                new FunctionCallContent("t2", "weather", new Dictionary<string, object?>(StringComparer.Ordinal)),
                new FunctionCallContent("t3", "weather"),
                new FunctionCallContent("t4", "chart"),
            ]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("t1", "18 C")]),
            new ChatMessage(ChatRole.Tool,
            [
                new FunctionResultContent("t2", "no such city") { AdditionalProperties = new() { [ContentProperties.IsError] = true } },
                new FunctionResultContent("t3", null) { Exception = new TimeoutException("secret") },
            ]),
            new ChatMessage(ChatRole.User, [new TextContent("Now compare."), new FunctionResultContent("t4", new List<AIContent> { new TextContent("A chart"), new DataContent(new byte[] { 1 }, "image/png") })]),
        ],
        expected: """
        {"model":"claude-x","max_tokens":8192,"stream":true,"messages":[
          {"role":"user","content":[{"type":"text","text":"Compare."}]},
          {"role":"assistant","content":[
            {"type":"text","text":"On it."},
            {"type":"tool_use","id":"t1","name":"weather","input":{"city":"Paris","days":2,"exact":1.50}},
            {"type":"tool_use","id":"t2","name":"weather","input":{}},
            {"type":"tool_use","id":"t3","name":"weather","input":{}},
            {"type":"tool_use","id":"t4","name":"chart","input":{}}]},
          {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"t1","content":"18 C"},
            {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":"no such city"},
            {"type":"tool_result","tool_use_id":"t3","is_error":true,"content":"The tool failed."},
            {"type":"tool_result","tool_use_id":"t4","content":[{"type":"text","text":"A chart"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQ=="}}]},
            {"type":"text","text":"Now compare."}]}]}
        """);

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("""{"a":[1.50]}""", """{"a":[1.50]}""")]
    [InlineData("null", "")]
    [InlineData("12", "12")]
    public void Write_ResultThatIsJson_IsSentAsText(string json, string expected)
    {
        var call = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("t", "f")]);
        var message = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("t", JsonElement.Parse(json))]);
        Write([new ChatMessage(ChatRole.User, "q"), call, message])["messages"]![2]!["content"]![0]!["content"]!.GetValue<string>().Should().Be(expected);
    }

    [Fact]
    public void Write_MessagesOfOneSide_AreOneTurn() => Body(
        [
            new ChatMessage(ChatRole.User, "a"),
            new ChatMessage(ChatRole.User, "b"),
            new ChatMessage(ChatRole.Assistant, "c"),
            new ChatMessage(ChatRole.Assistant, [new UsageContent(), new TextReasoningContent("unsigned")]),
            new ChatMessage(ChatRole.Assistant, "d"),
            new ChatMessage(ChatRole.User, "e"),
        ],
        expected: """
        {"model":"claude-x","max_tokens":8192,"stream":true,"messages":[
          {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
          {"role":"assistant","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]},
          {"role":"user","content":[{"type":"text","text":"e"}]}]}
        """);

    /// <summary>What the wire sent goes back unchanged, from the folded message and from its JSON form.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_FoldedAnswer_GoesBackAsItCame(bool throughJson)
    {
        string[] blocks =
        [
            """{"type":"thinking","thinking":"Hm é","signature":"c2ln+/="}""",
            """{"type":"thinking","thinking":"","signature":"b21pdHRlZA=="}""",
            """{"type":"redacted_thinking","data":"ENC=="}""",
            """{"type":"text","text":"Searching.","citations":[{"type":"char_location","cited_text":"x","document_index":0}]}""",
            """{"type":"server_tool_use","id":"srv_1","name":"web_search","input":{"query":"é"},"caller":{"type":"direct"}}""",
            """{"type":"web_search_tool_result","tool_use_id":"srv_1","content":[{"type":"web_search_result","encrypted_content":"E","n":1.0}]}""",
            """{"type":"tool_use","id":"toolu_1","name":"f","input":{"n":1.50,"s":"\"q\""},"caller":{"type":"code_execution_20260120","tool_id":"srv_1"}}""",
            """{"type":"tool_use","id":"toolu_2","name":"f","input":{}}""",
            """{"type":"container_upload","file_id":"f_1"}""",
        ];
        var message = await FoldAsync($$$"""{"type":"message_start","message":{"id":"m","content":[{{{string.Join(',', blocks)}}}],"stop_reason":"tool_use"}}""");

        var written = Write([new ChatMessage(ChatRole.User, "q"), throughJson ? ThroughJson(message) : message])["messages"]![1]!["content"]!.AsArray();

        written.Select(block => block!.ToJsonString()).Should().Equal(blocks.Select(block => Ordered(block).ToJsonString()));

        // The input stands last where a block goes back with its final arguments.
        static JsonNode Ordered(string json)
        {
            var block = JsonNode.Parse(json)!.AsObject();
            if (block.Remove("input", out var input))
            {
                block["input"] = input;
            }

            return block;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_CallWhoseArgumentsAreNoObject_IsEchoedInTheWrapper(bool throughJson)
    {
        var message = await FoldAsync(
            """{"type":"message_start","message":{"id":"m"}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\": oops"}}""",
            """{"type":"content_block_stop","index":0}""");
        Write([new ChatMessage(ChatRole.User, "q"), throughJson ? ThroughJson(message) : message])["messages"]![1]!["content"]![0]!
            .ToJsonString().Should().Be("""{"type":"tool_use","id":"t","name":"f","input":{"INVALID_JSON":"{\u0022a\u0022: oops"}}""");
    }

    [Fact]
    public async Task Write_ResultOfACallFromAToolset_NamesTheToolset()
    {
        var message = await FoldAsync(
            """{"type":"message_start","message":{"id":"m","content":[{"type":"tool_use","id":"t1","name":"click","input":{},"toolset_name":"browser"}]}}""");
        var body = Write([new ChatMessage(ChatRole.User, "q"), message, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("t1", "ok")])]);
        body["messages"]![2]!["content"]![0]!.ToJsonString().Should()
            .Be("""{"type":"tool_result","tool_use_id":"t1","toolset_name":"browser","content":"ok"}""");
    }

    [Fact]
    public void Write_BlocksOfAnotherProvider_StayOut() => Body(
        [
            new ChatMessage(ChatRole.User, "q"),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextReasoningContent("") { ProtectedData = "theirs", AdditionalProperties = new() { [ContentProperties.RawBlock("openai")] = JsonElement.Parse("{}") } },
                new AIContent { AdditionalProperties = new() { [ContentProperties.RawBlock("openai")] = JsonElement.Parse("{}") } },
                new FunctionCallContent("t", "f") { AdditionalProperties = new() { [ContentProperties.RawBlock("openai")] = JsonElement.Parse("{}") } },
            ]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("t", "1")]),
        ],
        expected: """
        {"model":"claude-x","max_tokens":8192,"stream":true,"messages":[
          {"role":"user","content":[{"type":"text","text":"q"}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"1"}]}]}
        """);

    [Fact]
    public void Write_ExtraBody_StandsOverTheRest()
    {
        var request = new StreamRequest
        {
            Messages = [new ChatMessage(ChatRole.User, "Hi")],
            ExtraBody = new JsonObject { ["model"] = "claude-z", ["thinking"] = new JsonObject { ["type"] = "enabled", ["budget_tokens"] = 2000 } },
        };
        var body = Write(request, default);
        body["model"]!.GetValue<string>().Should().Be("claude-z");
        body["thinking"]!["budget_tokens"]!.GetValue<int>().Should().Be(2000);
    }

    public static TheoryData<string, StreamRequest> Refused() => new()
    {
        { "no model", new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "Hi")] } },
        { "no content", Request([], null) },
        { "no content", Request([new ChatMessage(ChatRole.User, "")], null) },
        { "Seed", Request([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions { Seed = 1 }) },
        { "FrequencyPenalty", Request([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions { FrequencyPenalty = 1 }) },
        { "ResponseFormat", Request([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions { ResponseFormat = ChatResponseFormat.Json }) },
        { "HostedCodeInterpreterTool", Request([new ChatMessage(ChatRole.User, "Hi")], new ChatOptions { Tools = [new HostedCodeInterpreterTool()] }) },
        { "audio/wav", Request([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "audio/wav")])], null) },
        { "HostedVectorStoreContent", Request([new ChatMessage(ChatRole.User, [new HostedVectorStoreContent("v")])], null) },
        { "critic", Request([new ChatMessage(new ChatRole("critic"), "Hi")], null) },
        { "DataContent", Request([new ChatMessage(ChatRole.System, [new DataContent(new byte[] { 1 }, "image/png")]), new ChatMessage(ChatRole.User, "Hi")], null) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Write_WhatTheWireCannotCarry_IsNamed(string name, StreamRequest request)
    {
        var write = () => Write(request, default);
        write.Should().Throw<ArgumentException>().WithMessage($"*{name}*");
    }

    private static StreamRequest Request(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        options ??= new ChatOptions();
        options.ModelId ??= "claude-x";
        return new StreamRequest { Messages = messages, Options = options };
    }

    private static void Body(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, string expected = "") =>
        Write(messages, options).ToJsonString().Should().Be(JsonNode.Parse(expected)!.ToJsonString());

    private static JsonObject Write(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null) =>
        Write(new StreamRequest { Messages = messages, Options = options }, new StreamRequestDefaults("claude-x", null));

    private static JsonObject Write(StreamRequest request, StreamRequestDefaults defaults)
    {
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.Anthropic.WriteRequestBody(request, defaults, output);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    private static async Task<ChatMessage> FoldAsync(params string[] payloads)
    {
        var (events, exception) = await WireRun.ReadAsync(
            StreamProtocols.Anthropic, AnthropicPayloads.Frames([.. payloads, """{"type":"message_stop"}"""]));
        exception.Should().BeNull();
        var state = new StreamState();
        events.ForEach(streamEvent => state.Apply(streamEvent));
        return state.ToChatMessage();
    }

    private static ChatMessage ThroughJson(ChatMessage message) =>
        JsonSerializer.Deserialize<ChatMessage>(JsonSerializer.Serialize(message, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;

    private sealed class VerbatimTool : AITool
    {
        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [ContentProperties.RawBlock("anthropic")] = JsonElement.Parse("""{"type":"bash_20250124","name":"bash"}"""),
        };
    }
}
