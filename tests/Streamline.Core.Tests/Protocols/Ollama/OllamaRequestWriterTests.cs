using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Streamline.Tests.Protocols.Ollama;

public class OllamaRequestWriterTests
{
    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi é");

    [Fact]
    public void Write_Question_IsTheSmallestBody() =>
        Write([Hi]).ShouldBe("""{"model":"m","messages":[{"role":"user","content":"Hi é"}],"stream":true}""");

    [Fact]
    public void Write_Conversation_HasItsRolesImagesCallsAndResults() => Write(
        [
            new ChatMessage(ChatRole.System, "Be brief."),
            new ChatMessage(ChatRole.User, [new TextContent("Look: "), new DataContent(new byte[] { 1, 2, 3 }, "image/png"), new TextContent("what?")]),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextReasoningContent("of another provider"),
                new TextContent("Let me see."),
                new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Ulm", ["days"] = 2 }),
                new FunctionCallContent("c2", "now"),
                new FunctionCallContent("c3", "both"),
                new UsageContent(new UsageDetails()),
            ]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", new { Warm = true }.Warm), new FunctionResultContent("c2", "noon")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c3", new List<AIContent> { new TextContent("a"), new TextContent("b") })]),
        ],
        new ChatOptions { Instructions = "You help." }).ShouldBe(
        """
        {"model":"m","messages":[
          {"role":"system","content":"You help."},
          {"role":"system","content":"Be brief."},
          {"role":"user","content":"Look: what?","images":["AQID"]},
          {"role":"assistant","content":"Let me see.","tool_calls":[
            {"id":"c1","function":{"index":0,"name":"weather","arguments":{"city":"Ulm","days":2}}},
            {"id":"c2","function":{"index":1,"name":"now","arguments":{}}},
            {"id":"c3","function":{"index":2,"name":"both","arguments":{}}}]},
          {"role":"tool","content":"true","tool_name":"weather","tool_call_id":"c1"},
          {"role":"tool","content":"noon","tool_name":"now","tool_call_id":"c2"},
          {"role":"tool","content":"ab","tool_name":"both","tool_call_id":"c3"}],"stream":true}
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
            PresencePenalty = -1.5f,
            StopSequences = ["END"],
            Tools = [RequestBody.Weather],
            ToolMode = ChatToolMode.Auto,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High },
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
        }).ShouldBe(
        """
        {"model":"q","messages":[{"role":"user","content":"Hi é"}],
         "tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather.",
           "parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}],
         "format":{"type":"object"},"think":true,
         "options":{"num_predict":100,"temperature":0.7,"top_p":0.5,"top_k":40,"seed":7,"frequency_penalty":0.1,"presence_penalty":-1.5,"stop":["END"]},
         "stream":true}
        """);

    [Theory]
    [InlineData(ReasoningEffort.None, null, "false")]
    [InlineData(ReasoningEffort.Low, ReasoningOutput.Full, "true")]
    [InlineData(null, ReasoningOutput.Full, "true")]
    [InlineData(null, ReasoningOutput.None, "false")]
    [InlineData(null, null, null)]
    public void Write_Reasoning_BecomesThink(ReasoningEffort? effort, ReasoningOutput? shown, string? expected) =>
        Write([Hi], new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort, Output = shown } })["think"]?.ToJsonString().Should().Be(expected);

    [Fact]
    public void Write_ToolsAndFormats_TakeTheirOtherForms()
    {
        Write([Hi], new ChatOptions { ResponseFormat = ChatResponseFormat.Json })["format"].ShouldBe("\"json\"");
        Write([Hi], new ChatOptions { ResponseFormat = ChatResponseFormat.Text }).ContainsKey("format").Should().BeFalse();
        Write([Hi], new ChatOptions { Tools = [RequestBody.Weather], ToolMode = ChatToolMode.None }).ContainsKey("tools").Should().BeFalse();
        Write([Hi], new ChatOptions { Tools = [AIFunctionFactory.CreateDeclaration("now", "", default)] })["tools"]![0]!["function"]!["parameters"]
            .ShouldBe("""{"type":"object","properties":{}}""");
    }

    [Fact]
    public void Write_ExtraBody_IsAddedAndWins() =>
        Write([Hi], new ChatOptions { Temperature = 1 }, new JsonObject { ["keep_alive"] = "5m", ["options"] = new JsonObject { ["num_ctx"] = 8192 } }).ShouldBe(
            """{"model":"m","messages":[{"role":"user","content":"Hi é"}],"stream":true,"keep_alive":"5m","options":{"num_ctx":8192}}""");

    [Fact]
    public void Write_NoModel_Throws()
    {
        FluentActions.Invoking(() => RequestBody.Write(StreamProtocols.Ollama, [Hi], model: null)).Should().Throw<ArgumentException>().WithMessage("*ModelId*");
        RequestBody.Write(StreamProtocols.Ollama, [Hi], extra: new JsonObject { ["model"] = "x" }, model: null)["model"].ShouldBe("\"x\"");
    }

    public static TheoryData<string, ChatOptions> Uncarried => new()
    {
        { "ConversationId", new ChatOptions { ConversationId = "x" } },
        { "AllowBackgroundResponses", new ChatOptions { AllowBackgroundResponses = true } },
        { "web_search", new ChatOptions { Tools = [new HostedWebSearchTool()] } },
    };

    [Theory]
    [MemberData(nameof(Uncarried))]
    public void Write_OptionThatCannotBeCarried_IsNamed(string name, ChatOptions options) =>
        FluentActions.Invoking(() => Write([Hi], options)).Should().Throw<ArgumentException>().WithMessage($"*{name}*");

    public static TheoryData<string, ChatMessage> UncarriedMessages => new()
    {
        { "application/pdf", new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "application/pdf")]) },
        { "address", new ChatMessage(ChatRole.User, [new UriContent("https://example.com/a.png", "image/png")]) },
        { "role 'critic'", new ChatMessage(new ChatRole("critic"), "x") },
    };

    [Theory]
    [MemberData(nameof(UncarriedMessages))]
    public void Write_MessageThatCannotBeCarried_SaysWhy(string words, ChatMessage message) =>
        FluentActions.Invoking(() => Write([new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f")]), message])).Should().Throw<ArgumentException>().WithMessage($"*{words}*");

    [Fact]
    public void Write_CallsThatCameToNothing_AreLeftOutOrShownAsTheyAre()
    {
        var cut = new FunctionCallContent("c1", "f") { InformationalOnly = true, Exception = new JsonException() };
        var bad = new FunctionCallContent("c2", "f") { Exception = new JsonException(), AdditionalProperties = new() { [ContentProperties.ArgumentsText] = "{\"a\":" } };

        Write([Hi, new ChatMessage(ChatRole.Assistant, [cut, bad])])["messages"]![1].ShouldBe(
            """{"role":"assistant","content":"","tool_calls":[{"id":"c2","function":{"index":0,"name":"f","arguments":{"INVALID_JSON":"{\"a\":"}}}]}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_AnswerOfThisWire_GoesBackAsItCame(bool isStored)
    {
        var events = await OllamaWire.ReadAsync(
            OllamaWire.Message("\"content\":\"\",\"thinking\":\"Need \""),
            OllamaWire.Message("\"content\":\"\",\"thinking\":\"weather\""),
            OllamaWire.Content("\"So: \""),
            OllamaWire.Message("""
                "content":"","images":["QUJD"],"tool_calls":[{"id":"c1","function":{"name":"f","arguments":{"x":1.50,"s":"é"},"signature":"c2ln"}}]
                """.Trim()),
            OllamaWire.Stop);
        var answer = WireRun.Fold(events).ToChatResponse().Messages.Single();

        var body = Write([Hi, isStored ? RequestBody.Store(answer) : answer, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "done")])]);

        body["messages"].ShouldBe(
            """
            [{"role":"user","content":"Hi é"},
             {"role":"assistant","content":"So: ","thinking":"Need weather","images":["QUJD"],
              "tool_calls":[{"id":"c1","function":{"index":0,"name":"f","signature":"c2ln","arguments":{"x":1.50,"s":"é"}}}]},
             {"role":"tool","content":"done","tool_name":"f","tool_call_id":"c1"}]
            """);
    }

    private static JsonObject Write(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, JsonObject? extra = null) =>
        RequestBody.Write(StreamProtocols.Ollama, messages, options, extra);
}
