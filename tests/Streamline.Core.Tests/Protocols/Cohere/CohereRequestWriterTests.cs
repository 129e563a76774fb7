using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using static Streamline.Tests.Protocols.Cohere.CohereWire;

namespace Streamline.Tests.Protocols.Cohere;

public sealed class CohereRequestWriterTests
{
    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi é");

    [Fact]
    public void Write_Question_IsTheSmallestBody() => Write([Hi]).ShouldBe("""{"model":"m","messages":[{"role":"user","content":"Hi é"}],"stream":true}""");

    [Fact]
    public void Write_Conversation_HasItsRolesImagesCallsAndResults() => Write(
        [
            new ChatMessage(ChatRole.System, "Be brief."),
            new ChatMessage(ChatRole.User, [new TextContent("Look: "), new DataContent(new byte[] { 1, 2, 3 }, "image/png") { AdditionalProperties = new() { ["detail"] = "low" } }, new UriContent("https://e.org/a.png", "image/png")]),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextReasoningContent("of another provider"),
                new TextContent("Let me see."),
                new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Ulm", ["days"] = 2 }),
                new FunctionCallContent("c2", "now"),
                new UsageContent(new UsageDetails()),
            ]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c2", new List<AIContent> { new TextContent("a"), new TextContent("b") }), new FunctionResultContent("c1", JsonElement.Parse("""{"t":18}"""))]),
        ],
        new ChatOptions { Instructions = "You help." }).ShouldBe(
        """
        {"model":"m","messages":[
          {"role":"system","content":"You help."},
          {"role":"system","content":"Be brief."},
          {"role":"user","content":[{"type":"text","text":"Look: "},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","detail":"low"}},{"type":"image_url","image_url":{"url":"https://e.org/a.png"}}]},
          {"role":"assistant","content":"Let me see.","tool_calls":[
            {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Ulm\",\"days\":2}"}},
            {"id":"c2","type":"function","function":{"name":"now","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"c1","content":"{\"t\":18}"},
          {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}],"stream":true}
        """);

    [Fact]
    public void Write_Options_AreCarried() => Write(
        [Hi],
        new ChatOptions
        {
            ModelId = "q",
            MaxOutputTokens = 100,
            Temperature = 0.7f,
            TopP = 0.5f,
            TopK = 40,
            Seed = 7,
            FrequencyPenalty = 0.1f,
            PresencePenalty = 0.5f,
            StopSequences = ["END"],
            AllowMultipleToolCalls = true,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High, Output = ReasoningOutput.Full },
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
        }).ShouldBe(
        """
        {"model":"q","messages":[{"role":"user","content":"Hi é"}],
         "max_tokens":100,"temperature":0.7,"p":0.5,"k":40,"seed":7,"frequency_penalty":0.1,"presence_penalty":0.5,"stop_sequences":["END"],
         "response_format":{"type":"json_object","json_schema":{"type":"object"}},"thinking":{"type":"enabled"},"stream":true}
        """);

    [Fact]
    public void Write_ExtraBody_PassesThrough()
    {
        var extra = JsonNode.Parse("""{"documents":["a",{"id":"d","data":{"text":"b"}}],"citation_options":{"mode":"FAST"},"safety_mode":"STRICT","thinking":{"type":"enabled","token_budget":500},"priority":3}""")!.AsObject();

        var body = Write([Hi], new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None } }, extra);

        foreach (var (name, value) in extra)
        {
            body[name].ShouldBe(value!.ToJsonString());
        }
    }

    [Theory]
    [InlineData(null, false, null, false)]
    [InlineData("auto", false, null, false)]
    [InlineData("none", false, "NONE", false)]
    [InlineData("any", false, "REQUIRED", false)]
    [InlineData("now", true, "REQUIRED", false)]
    public void Write_ToolMode_IsAWordAndTheToolsThatAreOffered(string? mode, bool isOnlyOne, string? expected, bool hasStrict)
    {
        var options = new ChatOptions
        {
            Tools = [RequestBody.Weather, AIFunctionFactory.CreateDeclaration("now", null, JsonElement.Parse("{}"))],
            ToolMode = mode switch { null => null, "auto" => ChatToolMode.Auto, "none" => ChatToolMode.None, "any" => ChatToolMode.RequireAny, _ => ChatToolMode.RequireSpecific(mode) },
        };

        var body = Write([Hi], options);

        body["tools"]!.AsArray().Select(tool => tool!["function"]!["name"]!.ToString()).Should().Equal(isOnlyOne ? ["now"] : ["weather", "now"]);
        ((string?)body["tool_choice"], body.ContainsKey("strict_tools")).Should().Be((expected, hasStrict));
        body["tools"]!.AsArray()[^1].ShouldBe("""{"type":"function","function":{"name":"now","parameters":{"type":"object","properties":{}}}}""");
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, null, false)]
    public void Write_StrictTools_IsOnWhenEveryToolThatSaysAnythingAgrees(bool first, bool? second, bool expected)
    {
        var body = Write([Hi], new ChatOptions { Tools = [Strict("a", first), Strict("b", second)] });

        body["strict_tools"]!.GetValue<bool>().Should().Be(expected);
    }

    [Fact]
    public void Write_WhatTheProtocolDoesNotHave_IsAClearError()
    {
        var requireAnother = new ChatOptions { Tools = [RequestBody.Weather], ToolMode = ChatToolMode.RequireSpecific("other") };
        FluentActions.Invoking(() => Write([Hi], requireAnother)).Should().Throw<ArgumentException>().WithMessage("*'other'*not among its tools*");
        FluentActions.Invoking(() => Write([Hi], new ChatOptions { Tools = [new HostedWebSearchTool()] })).Should().Throw<ArgumentException>().WithMessage("*'cohere'*web_search*");
        FluentActions.Invoking(() => Write([Hi], new ChatOptions { ConversationId = "c" })).Should().Throw<ArgumentException>().WithMessage("*'cohere'*ConversationId*");
        FluentActions.Invoking(() => Write([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "application/pdf")])])).Should().Throw<ArgumentException>().WithMessage("*'cohere'*application/pdf*'user'*documents*");
        FluentActions.Invoking(() => RequestBody.Write(StreamProtocols.Cohere, [Hi], model: null)).Should().Throw<ArgumentException>().WithMessage("*ModelId*");
    }

    [Fact]
    public async Task Write_AnswerOfTheProtocol_GoesBackAsItCame()
    {
        const string Cited = """{"start":0,"end":2,"text":"18","sources":[{"type":"tool","id":"a:0"}],"type":"TEXT_CONTENT"}""";
        var call = CallStart(0, "a", "weather").Replace("\"type\":\"function\"", "\"type\":\"function\",\"trace\":7", StringComparison.Ordinal);
        var asked = WireRun.Fold(await ReadAsync(Start, Plan("I will look."), call, Input("""{\"city\": \"Ulm\"}"""), CallEnd, End("\"finish_reason\":\"TOOL_CALL\""))).ToChatMessage();
        var answered = WireRun.Fold(await ReadAsync(Start, ThinkingStart, Thinking("Hm"), ContentEnd, TextStart.Replace(":0", ":1", StringComparison.Ordinal), Words("18", 1), Citation(Cited), """{"type":"content-end","index":1}""", Stop)).ToChatMessage();

        foreach (var store in new Func<ChatMessage, ChatMessage>[] { message => message, RequestBody.Store })
        {
            var body = Write([Hi, store(asked), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", "18 °C")]), store(answered), Hi], new ChatOptions { Tools = [RequestBody.Weather] });

            body["messages"]![1].ShouldBe("""{"role":"assistant","tool_plan":"I will look.","tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Ulm\"}"},"trace":7}]}""");
            body["messages"]![3].ShouldBe($$"""{"role":"assistant","content":[{"type":"thinking","thinking":"Hm"},{"type":"text","text":"18"}],"citations":[{{Cited}}]}""");
        }
    }

    [Fact]
    public void Write_ResultWithDocuments_SendsThemAsTheyAre()
    {
        const string Document = """{"type":"document","document":{"id":"1","data":{"t":"18 °C"}}}""";
        var document = new AIContent { AdditionalProperties = new() { [ContentProperties.RawBlock("cohere")] = JsonElement.Parse(Document) } };

        var body = Write([Hi, new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f")]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", new List<AIContent> { document, new TextContent(" ") })])]);

        body["messages"]![2].ShouldBe($$"""{"role":"tool","tool_call_id":"a","content":[{{Document}}]}""");
    }

    [Theory]
    [Trait("Law", "13")]
    [InlineData("")]
    [InlineData(" \n")]
    public void Write_ResultThatSaysNothing_SaysSo(string result)
    {
        var body = Write([Hi, new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f")]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", result)])]);

        body["messages"]![2]!["content"]!.ToString().Should().Be("(nothing)");
    }

    [Fact]
    [Trait("Law", "13")]
    public void Write_ArgumentsThatAreNotAnObject_AreShownToTheModelInOne()
    {
        var call = new FunctionCallContent("a", "f") { Exception = new JsonException("cut"), AdditionalProperties = new() { [ContentProperties.ArgumentsText] = "{\"x\"" } };

        var body = Write([Hi, new ChatMessage(ChatRole.Assistant, [call]), new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", "no")])]);

        body["messages"]![1]!["tool_calls"]![0]!["function"]!["arguments"]!.ToString().Should().Be("""{"INVALID_JSON":"{\"x\""}""");
    }

    [Fact]
    [Trait("Law", "13")]
    public void Write_NamesThatTheProviderRefuses_AreMadeFit()
    {
        var body = Write(
        [
            Hi, new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "functions.get-weather"), new FunctionCallContent("a", "2nd")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", "1"), new FunctionResultContent("a", "2")]),
        ]);

        var calls = body["messages"]![1]!["tool_calls"]!.AsArray();
        calls.Select(call => call!["function"]!["name"]!.ToString()).Should().Equal("functions_get_weather", "_2nd");
        calls.Select(call => call!["id"]!.ToString()).Should().Equal("a", "a_2").And.Equal(body["messages"]!.AsArray().Skip(2).Select(result => result!["tool_call_id"]!.ToString()));
    }

    private static StrictFunction Strict(string name, bool? isStrict) => new(name, isStrict);

    private static JsonObject Write(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, JsonObject? extra = null) =>
        RequestBody.Write(StreamProtocols.Cohere, messages, options, extra);

    private sealed class StrictFunction(string name, bool? isStrict) : AIFunctionDeclaration
    {
        public override string Name => name;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => isStrict is { } value ? new Dictionary<string, object?> { ["strict"] = value } : [];
    }
}
