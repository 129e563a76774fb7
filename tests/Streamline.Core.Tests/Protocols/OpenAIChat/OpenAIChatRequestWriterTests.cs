using System.Buffers;
using System.ComponentModel;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.OpenAIChat;

public sealed class OpenAIChatRequestWriterTests
{
    private const string Tail = ""","stream":true,"stream_options":{"include_usage":true}}""";

    private static readonly JsonSerializerOptions Stored = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    [Fact]
    public void Write_ResultsWithoutText_SaySo()
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "Hi"),
            new(ChatRole.Assistant, [Call("a", "f", "{}"), Call("b", "f", "{}")]),
            new(ChatRole.Tool, [new FunctionResultContent("a", ""), new FunctionResultContent("b", new DataContent("data:image/png;base64,AA=="))]),
        ];

        var results = JsonElement.Parse(Write(messages)).GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() == "tool");
        results.Select(result => result.GetProperty("content").GetString()).Should().Equal("(nothing)", "(see the message after the results)");
    }

    [Fact]
    public void Write_PlainQuestion_IsTheExactBody() =>
        Write([new(ChatRole.User, "Hi")], new ChatOptions { Instructions = "Be brief." }).Should().Be(
            """{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""" + Tail);

    [Fact]
    public void Write_AllOptions_AreTheWiresMembers() =>
        Write([new(ChatRole.User, "Hi")], new ChatOptions
        {
            ModelId = "gpt",
            MaxOutputTokens = 100,
            Temperature = 0.7f,
            TopP = 0.9f,
            FrequencyPenalty = 0.1f,
            PresencePenalty = -0.5f,
            Seed = 42,
            StopSequences = ["END", "\n"],
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.ExtraHigh, Output = ReasoningOutput.Full },
            ResponseFormat = ChatResponseFormat.Json,
        }).Should().Be(
            """{"model":"gpt","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":100,"temperature":0.7,"top_p":0.9,"seed":42,"frequency_penalty":0.1,"presence_penalty":-0.5,"stop":["END","\n"],"response_format":{"type":"json_object"},"reasoning_effort":"xhigh" """.TrimEnd() + Tail);

    [Theory]
    [InlineData(ReasoningEffort.None, "none")]
    [InlineData(ReasoningEffort.Low, "low")]
    [InlineData(ReasoningEffort.Medium, "medium")]
    [InlineData(ReasoningEffort.High, "high")]
    public void Write_ReasoningEffort_IsAWord(ReasoningEffort effort, string word) =>
        Member(new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort } }, "reasoning_effort").Should().Be($"\"{word}\"");

    [Fact]
    public void Write_ResponseFormats_AreTheWiresForms()
    {
        Member(new ChatOptions { ResponseFormat = ChatResponseFormat.Text }, "response_format").Should().Be("""{"type":"text"}""");
        Member(new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "Answer", "An answer") }, "response_format")
            .Should().Be("""{"type":"json_schema","json_schema":{"name":"Answer","description":"An answer","schema":{"type":"object"}}}""");
        Member(new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("{}")) }, "response_format")
            .Should().Be("""{"type":"json_schema","json_schema":{"name":"response","schema":{}}}""");
    }

    [Fact]
    public void Write_Tools_AreFunctions()
    {
        var options = new ChatOptions
        {
            Tools =
            [
                AIFunctionFactory.CreateDeclaration("weather", "Tells the weather.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")),
                AIFunctionFactory.CreateDeclaration("now", null, JsonElement.Parse("{}")),
            ],
            AllowMultipleToolCalls = false,
        };

        Member(options, "tools").Should().Be(
            """[{"type":"function","function":{"name":"weather","description":"Tells the weather.","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}},{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}]""");
        Member(options, "parallel_tool_calls").Should().Be("false");
    }

    [Fact]
    public void Write_FunctionOfAMethod_CarriesItsSchema()
    {
        var schema = JsonElement.Parse(Member(new ChatOptions { Tools = [AIFunctionFactory.Create(Add, "Add")] }, "tools")!)[0].GetProperty("function");

        schema.GetProperty("name").GetString().Should().Be("Add");
        schema.GetProperty("description").GetString().Should().Be("Adds.");
        schema.GetProperty("parameters").GetProperty("properties").EnumerateObject().Select(member => member.Name).Should().Equal("a", "b");

        [Description("Adds.")]
        static int Add(int a, int b) => a + b;
    }

    [Fact]
    public void Write_ToolModes_AreToolChoices()
    {
        string? Choice(ChatToolMode? mode, bool hasTools = true) =>
            Member(new ChatOptions { ToolMode = mode, Tools = hasTools ? [AIFunctionFactory.CreateDeclaration("f", null, JsonElement.Parse("{}"))] : null }, "tool_choice");

        Choice(null).Should().BeNull();
        Choice(ChatToolMode.Auto).Should().Be("\"auto\"");
        Choice(ChatToolMode.None).Should().Be("\"none\"");
        Choice(ChatToolMode.RequireAny).Should().Be("\"required\"");
        Choice(ChatToolMode.RequireSpecific("f")).Should().Be("""{"type":"function","function":{"name":"f"}}""");
        Choice(ChatToolMode.RequireAny, hasTools: false).Should().BeNull("the server refuses a choice among no tools");
    }

    /// <summary>What a message is, and the wire's messages.</summary>
    public static TheoryData<string, ChatMessage[], string> Conversations => new()
    {
        { "roles", [new(ChatRole.System, "s"), new(new ChatRole("developer"), "d"), new(ChatRole.User, "u") { AuthorName = "Ann" }, new(ChatRole.Assistant, "a")],
            """[{"role":"system","content":"s"},{"role":"developer","content":"d"},{"role":"user","name":"Ann","content":"u"},{"role":"assistant","content":"a"}]""" },
        { "parts of a user", [new(ChatRole.User,
            [
                new TextContent("Look:"),
                new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                new UriContent("https://x/y.jpg", "image/jpeg") { AdditionalProperties = new() { ["detail"] = "low" } },
                new DataContent(new byte[] { 1 }, "audio/mpeg"),
                new DataContent(new byte[] { 2 }, "audio/wav"),
                new DataContent(new byte[] { 4 }, "application/pdf") { Name = "a.pdf" },
                new HostedFileContent("file-1"),
            ])],
            """[{"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},{"type":"image_url","image_url":{"url":"https://x/y.jpg","detail":"low"}},{"type":"input_audio","input_audio":{"data":"AQ==","format":"mp3"}},{"type":"input_audio","input_audio":{"data":"Ag==","format":"wav"}},{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BA=="}},{"type":"file","file":{"file_id":"file-1"}}]}]""" },
        { "calls and results, in one message and out of order", [
            new(ChatRole.Assistant, [new TextContent("Let me see."), Call("a", "f", "{ \"x\" : 1 }"), Call("b", "g", ""), Call("c", "h", "{broken")]),
            new(ChatRole.User, "quick!"),
            new(ChatRole.Tool, [new FunctionResultContent("b", JsonElement.Parse("""{"y":2}""")), new FunctionResultContent("a", "sunny"), new FunctionResultContent("c", null) { Exception = new InvalidOperationException("secret") }])],
            """[{"role":"assistant","content":"Let me see.","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{ \"x\" : 1 }"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},{"id":"c","type":"function","function":{"name":"h","arguments":"{\"INVALID_JSON\":\"{broken\"}"}}]},{"role":"tool","tool_call_id":"a","content":"sunny"},{"role":"tool","tool_call_id":"b","content":"{\"y\":2}"},{"role":"tool","tool_call_id":"c","content":"The tool failed."},{"role":"user","content":"quick!"}]""" },
        { "arguments without their text", [new(ChatRole.Assistant, [new FunctionCallContent("a", "f", new Dictionary<string, object?> { ["x"] = 1, ["s"] = "ü" }), new FunctionCallContent("b", "g")]), new(ChatRole.Tool, [new FunctionResultContent("a", "1"), new FunctionResultContent("b", "2")])],
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1,\"s\":\"ü\"}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"tool","tool_call_id":"b","content":"2"}]""" },
        { "the same id in two rounds", [
            new(ChatRole.Assistant, [Call("a", "f", "{}")]), new(ChatRole.Tool, [new FunctionResultContent("a", "1")]),
            new(ChatRole.Assistant, [Call("a", "f", "{}")]), new(ChatRole.Tool, [new FunctionResultContent("a", "2")])],
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"1"},{"role":"assistant","content":null,"tool_calls":[{"id":"a_2","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a_2","content":"2"}]""" },
        { "a refusal", [new(ChatRole.Assistant, [new ErrorContent("I cannot.") { ErrorCode = "Refusal" }])], """[{"role":"assistant","content":null,"refusal":"I cannot."}]""" },
        { "a call that was cut off", [new(ChatRole.Assistant, [new TextContent("t"), new FunctionCallContent("a", "f") { InformationalOnly = true }])], """[{"role":"assistant","content":"t"}]""" },
        { "reasoning of another provider", [new(ChatRole.Assistant, [new TextReasoningContent("hm") { ProtectedData = "sig" }, new TextContent("t")])], """[{"role":"assistant","content":"t"}]""" },
        { "a result as contents", [new(ChatRole.Assistant, [Call("a", "f", "{}")]), new(ChatRole.Tool, [new FunctionResultContent("a", new AIContent[] { new TextContent("x"), new TextContent("y") })])],
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"xy"}]""" },
        { "nothing of an assistant", [new(ChatRole.Assistant, []), new(ChatRole.User, []), new(ChatRole.User, "u")], """[{"role":"user","content":"u"}]""" },
    };

    [Theory]
    [MemberData(nameof(Conversations))]
    public void Write_Conversation_IsTheWiresMessages(string what, ChatMessage[] messages, string expected) =>
        JsonElement.Parse(Write(messages)).GetProperty("messages").GetRawText().Should().Be(expected, what);

    [Theory]
    [InlineData(""" "reasoning_content":"hm" """, null, """ "reasoning_content":"hm", """)]
    [InlineData(""" "reasoning":"hm" """, null, """ "reasoning":"hm", """)]
    [InlineData(""" "reasoning_details":[{"type":"reasoning.text","text":"h","index":0,"format":"f"},{"type":"reasoning.text","text":"m","signature":"s","index":0},{"type":"reasoning.encrypted","data":"D","id":null}] """, null,
        """ "reasoning_details":[{"type":"reasoning.text","index":0,"format":"f","text":"hm","signature":"s"},{"type":"reasoning.encrypted","data":"D","id":null}], """)]
    [InlineData(""" "reasoning_content":"hm","thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s","cache_control":{"type":"ephemeral"}},{"type":"redacted_thinking","data":"D"}] """, null,
        """ "thinking_blocks":[{"type":"thinking","cache_control":{"type":"ephemeral"},"thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"D"}], """)]
    [InlineData(""" "reasoning_content":"hm","thinking_blocks":[{"type":"thinking","thinking":"hm"}] """, null, """ "reasoning_content":"hm", """)]
    [InlineData(""" "content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}] """, """[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]""", "")]
    public async Task Write_WhatADecoderGave_GoesBackAsItCame(string delta, string? content, string reasoning)
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(delta),
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k","function":{"name":"f","arguments":"{ }"},"extra_content":{"google":{"thought_signature":"t"}}}] """, "tool_calls"),
            "[DONE]"));
        var message = OpenAIChatWire.Fold(events).ToChatMessage();
        var stored = JsonSerializer.Deserialize<ChatMessage>(JsonSerializer.Serialize(message, Stored), Stored)!;
        var expected = $$"""[{"role":"assistant","content":{{content ?? "null"}},{{reasoning.Trim()}}"tool_calls":""" + """[{"id":"k","type":"function","function":{"name":"f","arguments":"{ }"},"extra_content":{"google":{"thought_signature":"t"}}}]},{"role":"tool","tool_call_id":"k","content":"1"}]""";
        var result = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("k", "1")]);

        JsonElement.Parse(Write([message, result])).GetProperty("messages").GetRawText().Should().Be(expected);
        JsonElement.Parse(Write([stored, result])).GetProperty("messages").GetRawText().Should().Be(expected);
    }

    [Fact]
    public async Task Write_PlainReasoningWithoutCalls_StaysHere()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "reasoning_content":"hm" """), OpenAIChatWire.Delta(""" "content":"t" """, "stop"), "[DONE]"));

        Write([OpenAIChatWire.Fold(events).ToChatMessage()]).Should().NotContain("hm");
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Write_AnswerThatWasCutWithinItsReasoning_IsLeftOut()
    {
        var (events, _) = await WireRun.ReadAsync(StreamProtocols.OpenAIChat, OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s","index":0}] """)));

        JsonElement.Parse(Write([OpenAIChatWire.Fold(events).ToChatMessage(), new(ChatRole.User, "u")])).GetProperty("messages").GetRawText()
            .Should().Be("""[{"role":"user","content":"u"}]""", "a message with neither content nor calls is refused");
    }

    [Fact]
    public async Task Write_FreeFormCall_GoesBackAsOne()
    {
        var events = await OpenAIChatWire.DecodeAllWaysAsync(OpenAIChatWire.Stream(
            OpenAIChatWire.Delta(""" "tool_calls":[{"index":0,"id":"k","type":"custom","custom":{"name":"f","input":"SELECT 1"}}] """, "tool_calls"), "[DONE]"));

        Write([OpenAIChatWire.Fold(events).ToChatMessage()]).Should().Contain("""{"id":"k","type":"custom","custom":{"name":"f","input":"SELECT 1"}}""");
    }

    [Fact]
    public void Write_FreeFormTool_IsDeclaredVerbatim()
    {
        var declaration = JsonElement.Parse("""{"type":"custom","custom":{"name":"sql","format":{"type":"text"}}}""");
        var tool = AIFunctionFactory.Create((string input) => input, new AIFunctionFactoryOptions
        {
            Name = "sql",
            AdditionalProperties = new Dictionary<string, object?> { [ContentProperties.RawBlock("openai")] = declaration },
        });

        Member(new ChatOptions { Tools = [tool] }, "tools").Should().Be($"[{declaration.GetRawText()}]");
    }

    [Fact]
    public void Write_ExtraBody_IsLastAndWins()
    {
        var extra = new JsonObject { ["max_tokens"] = 7, ["stream_options"] = null, ["temperature"] = 1 };

        Write([new(ChatRole.User, "u")], new ChatOptions { MaxOutputTokens = 100, Temperature = 0.5f }, extra).Should().Be(
            """{"model":"m","messages":[{"role":"user","content":"u"}],"stream":true,"max_tokens":7,"stream_options":null,"temperature":1}""");
    }

    [Fact]
    public void Write_Defaults_FillInWhatTheRequestDoesNotSay()
    {
        Write([new(ChatRole.User, "u")], maxOutputTokens: 9).Should().Contain("\"max_completion_tokens\":9");
        Write([new(ChatRole.User, "u")], new ChatOptions { MaxOutputTokens = 5 }, maxOutputTokens: 9).Should().Contain("\"max_completion_tokens\":5");
        Write([new(ChatRole.User, "u")], extra: new JsonObject { ["model"] = "x" }, model: null).Should().Contain("\"model\":\"x\"");
    }

    public static TheoryData<string, StreamRequest> NotCarried
    {
        get
        {
            var rows = new TheoryData<string, StreamRequest>();
            void Options(string name, ChatOptions options) => rows.Add(name, new StreamRequest { Messages = [new(ChatRole.User, "u")], Options = options });
            void Content(string name, ChatRole role, AIContent content) => rows.Add(name, new StreamRequest { Messages = [new(role, [content])] });
            Options("TopK", new ChatOptions { TopK = 3 });
            Options("ConversationId", new ChatOptions { ConversationId = "c" });
            Options("AllowBackgroundResponses", new ChatOptions { AllowBackgroundResponses = true });
            Options("HostedWebSearchTool", new ChatOptions { Tools = [new HostedWebSearchTool()] });
            Content("video/mp4", ChatRole.User, new DataContent(new byte[] { 1 }, "video/mp4"));
            Content("audio/flac", ChatRole.User, new DataContent(new byte[] { 1 }, "audio/flac"));
            Content("application/pdf", ChatRole.User, new UriContent("https://x/y.pdf", "application/pdf"));
            Content("DataContent", ChatRole.System, new DataContent(new byte[] { 1 }, "image/png"));
            Content("DataContent", ChatRole.Assistant, new DataContent(new byte[] { 1 }, "image/png"));
            Content("narrator", new ChatRole("narrator"), new TextContent("t"));
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(NotCarried))]
    public void Write_WhatTheWireCannotCarry_IsNamed(string name, StreamRequest request)
    {
        var write = () => StreamProtocols.OpenAIChat.WriteRequestBody(request, new StreamRequestDefaults("m", null), new ArrayBufferWriter<byte>());

        var expected = name == "DataContent" ? "image/png" : name;
        write.Should().Throw<ArgumentException>().WithMessage($"*{expected}*");
    }

    [Fact]
    public void Write_WithoutAModel_Throws()
    {
        var write = () => Write([new(ChatRole.User, "u")], model: null);

        write.Should().Throw<ArgumentException>().WithMessage("*model*");
    }

    [Fact]
    [Trait("Law", "10")]
    public void WriteRequestHeaders_Key_IsABearerTokenAndOnlyWhenThereIsOne()
    {
        using var request = new HttpRequestMessage();
        StreamProtocols.OpenAIChat.WriteRequestHeaders(request.Headers, apiKey: null);
        StreamProtocols.OpenAIChat.WriteRequestHeaders(request.Headers, apiKey: "");
        request.Headers.Should().BeEmpty();

        StreamProtocols.OpenAIChat.WriteRequestHeaders(request.Headers, "sk-1");
        request.Headers.Authorization.Should().Be(new AuthenticationHeaderValue("Bearer", "sk-1"));
    }

    [Fact]
    public void Protocol_Names_AreThoseOfTheWire()
    {
        var protocol = StreamProtocols.OpenAIChat;
        (protocol.Name, protocol.ContentType, protocol.RequestPath).Should().Be(("openai", "text/event-stream", "chat/completions"));
        new Uri(protocol.DefaultBaseAddress, protocol.RequestPath).AbsoluteUri.Should().Be("https://api.openai.com/v1/chat/completions");
    }

    private static FunctionCallContent Call(string id, string name, string arguments) => new(id, name)
    {
        AdditionalProperties = new() { [ContentProperties.ArgumentsText] = arguments },
    };

    private static string? Member(ChatOptions options, string name) =>
        JsonElement.Parse(Write([new(ChatRole.User, "u")], options)).TryGetProperty(name, out var member) ? member.GetRawText() : null;

    private static string Write(
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options = null,
        JsonObject? extra = null,
        string? model = "m",
        int? maxOutputTokens = null)
    {
        var output = new ArrayBufferWriter<byte>();
        StreamProtocols.OpenAIChat.WriteRequestBody(
            new StreamRequest { Messages = messages, Options = options, ExtraBody = extra }, new StreamRequestDefaults(model, maxOutputTokens), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
