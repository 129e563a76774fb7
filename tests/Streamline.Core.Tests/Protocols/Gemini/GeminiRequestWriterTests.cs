using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;

namespace Streamline.Tests.Protocols.Gemini;

public class GeminiRequestWriterTests
{
    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi é");

    [Fact]
    public void Write_Question_IsTheSmallestBody() => Write([Hi]).ShouldBe("""{"contents":[{"role":"user","parts":[{"text":"Hi é"}]}]}""");

    [Fact]
    public void Write_Conversation_HasItsTurnsFilesCallsAndAnswers() => Write(
        [
            new ChatMessage(ChatRole.System, "Be brief."),
            new ChatMessage(ChatRole.User,
            [
                new TextContent("Look:"),
                new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                new UriContent("gs://bucket/a.mp4", "video/mp4"),
                new HostedFileContent("https://generativelanguage.googleapis.com/v1beta/files/1") { MediaType = "application/pdf" },
            ]),
            new ChatMessage(ChatRole.User, "What?"),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextReasoningContent("of another provider") { ProtectedData = "sig" },
                new TextContent("Let me see."),
                new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Ulm", ["days"] = 2 }),
                new FunctionCallContent("c2", "now"),
                new UsageContent(new UsageDetails()),
            ]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c2", "noon")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", JsonElement.Parse("""{"warm":true}"""))]),
            new ChatMessage(ChatRole.User, "And?"),
            new ChatMessage(new ChatRole("developer"), "Be kind."),
        ],
        new ChatOptions { Instructions = "You help.", ModelId = "gemini-2.5-pro" }).ShouldBe(
        """
        {"systemInstruction":{"parts":[{"text":"You help."},{"text":"Be brief."},{"text":"Be kind."}]},
         "contents":[
          {"role":"user","parts":[{"text":"Look:"},{"inlineData":{"mimeType":"image/png","data":"AQID"}},{"fileData":{"mimeType":"video/mp4","fileUri":"gs://bucket/a.mp4"}},
            {"fileData":{"mimeType":"application/pdf","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/1"}},{"text":"What?"}]},
          {"role":"model","parts":[{"text":"Let me see."},{"functionCall":{"name":"weather","args":{"city":"Ulm","days":2}}},{"functionCall":{"name":"now","args":{}}}]},
          {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"output":{"warm":true}}}},{"functionResponse":{"name":"now","response":{"output":"noon"}}}]},
          {"role":"user","parts":[{"text":"And?"}]}]}
        """);

    [Fact]
    public void Write_CallsOfAnotherProvider_AreSignedForModelsThatDemandIt() => Write(
        [
            Hi,
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "f"), new FunctionCallContent("c2", "g")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", "1"), new FunctionResultContent("c2", "2")]),
        ],
        new ChatOptions { ModelId = "gemini-3-pro" })["contents"]![1].ShouldBe(
        """
        {"role":"model","parts":[{"thoughtSignature":"skip_thought_signature_validator","functionCall":{"name":"f","args":{}}},{"functionCall":{"name":"g","args":{}}}]}
        """);

    [Fact]
    public void Write_ResultsOfEveryKind_HaveAnObject()
    {
        var call = new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f")]);
        JsonNode? Response(object? result, bool isError = false) => Write(
            [Hi, call, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", result) { AdditionalProperties = new() { [ContentProperties.IsError] = isError } }])])["contents"]![2]!["parts"]![0]!["functionResponse"];

        Response("bad", isError: true).ShouldBe("""{"name":"f","response":{"error":"bad"}}""");
        Response(null).ShouldBe("""{"name":"f","response":{"output":""}}""");
        Response(1.5).ShouldBe("""{"name":"f","response":{"output":1.5}}""");
        Response(new TextContent("t")).ShouldBe("""{"name":"f","response":{"output":"t"}}""");
        Response(new List<AIContent> { new TextContent("a"), new DataContent(new byte[] { 1 }, "image/png"), new TextContent("b") }).ShouldBe(
            """{"name":"f","response":{"output":"ab"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AQ=="}}]}""");
    }

    [Fact]
    public void Write_Options_AreCarried() => Write(
        [Hi],
        new ChatOptions
        {
            ModelId = "gemini-3-pro",
            MaxOutputTokens = 100,
            Temperature = 0.7f,
            TopP = 0.5f,
            TopK = 40,
            Seed = 7,
            FrequencyPenalty = 0.1f,
            PresencePenalty = -1.5f,
            StopSequences = ["END"],
            Tools = [RequestBody.Weather, AIFunctionFactory.CreateDeclaration("now", "", default), new HostedWebSearchTool(), new HostedCodeInterpreterTool(), new VerbatimTool()],
            ToolMode = ChatToolMode.RequireSpecific("weather"),
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.ExtraHigh, Output = ReasoningOutput.Summary },
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
        }).ShouldBe(
        """
        {"contents":[{"role":"user","parts":[{"text":"Hi é"}]}],
         "tools":[{"functionDeclarations":[{"name":"weather","description":"Tells the weather.",
             "parametersJsonSchema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}},{"name":"now","description":""}]},
           {"googleSearch":{}},{"codeExecution":{}},{"urlContext":{}}],
         "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["weather"]},"includeServerSideToolInvocations":true},
         "generationConfig":{"maxOutputTokens":100,"temperature":0.7,"topP":0.5,"topK":40,"seed":7,"frequencyPenalty":0.1,"presencePenalty":-1.5,"stopSequences":["END"],
           "responseMimeType":"application/json","responseJsonSchema":{"type":"object"},"thinkingConfig":{"includeThoughts":true,"thinkingLevel":"high"}}}
        """);

    [Theory]
    [InlineData("gemini-2.5-flash", ReasoningEffort.None, null, """{"thinkingBudget":0}""")]
    [InlineData("gemini-2.5-flash", ReasoningEffort.Low, ReasoningOutput.None, """{"includeThoughts":false,"thinkingBudget":1024}""")]
    [InlineData("gemini-2.5-flash", ReasoningEffort.Medium, null, """{"thinkingBudget":8192}""")]
    [InlineData("gemini-2.5-flash", ReasoningEffort.High, ReasoningOutput.Full, """{"includeThoughts":true,"thinkingBudget":24576}""")]
    [InlineData("gemini-3-flash", ReasoningEffort.Low, null, """{"thinkingLevel":"low"}""")]
    [InlineData("gemini-3-flash", ReasoningEffort.None, null, """{"thinkingLevel":"minimal"}""")]
    [InlineData("gemini-3-flash", null, ReasoningOutput.Full, """{"includeThoughts":true}""")]
    [InlineData("gemini-3-flash", null, null, null)]
    public void Write_Reasoning_BecomesTheThinkingConfig(string model, ReasoningEffort? effort, ReasoningOutput? shown, string? expected) =>
        Write([Hi], new ChatOptions { ModelId = model, Reasoning = new ReasoningOptions { Effort = effort, Output = shown } })["generationConfig"]?["thinkingConfig"]
            ?.ToJsonString().Should().Be(expected);

    [Theory]
    [InlineData("auto", """{"mode":"AUTO"}""")]
    [InlineData("none", """{"mode":"NONE"}""")]
    [InlineData("any", """{"mode":"ANY"}""")]
    public void Write_ToolMode_BecomesTheFunctionCallingConfig(string mode, string expected) => Write([Hi], new ChatOptions
    {
        Tools = [RequestBody.Weather],
        ToolMode = mode switch { "auto" => ChatToolMode.Auto, "none" => ChatToolMode.None, _ => ChatToolMode.RequireAny },
    })["toolConfig"]!["functionCallingConfig"].ShouldBe(expected);

    [Fact]
    public void Write_ExtraBody_IsAddedAndWins() =>
        Write([Hi], new ChatOptions { Temperature = 1 }, new JsonObject { ["cachedContent"] = "c", ["generationConfig"] = new JsonObject { ["candidateCount"] = 2 } }).ShouldBe(
            """{"contents":[{"role":"user","parts":[{"text":"Hi é"}]}],"cachedContent":"c","generationConfig":{"candidateCount":2}}""");

    [Fact]
    public void Write_NoModel_Throws() =>
        FluentActions.Invoking(() => RequestBody.Write(StreamProtocols.Gemini, [Hi], model: null)).Should().Throw<ArgumentException>().WithMessage("*ModelId*");

    public static TheoryData<string, ChatOptions> Uncarried => new()
    {
        { "ConversationId", new ChatOptions { ConversationId = "x" } },
        { "AllowBackgroundResponses", new ChatOptions { AllowBackgroundResponses = true } },
        { "file_search", new ChatOptions { Tools = [new HostedFileSearchTool()] } },
    };

    [Theory]
    [MemberData(nameof(Uncarried))]
    public void Write_OptionThatCannotBeCarried_IsNamed(string name, ChatOptions options) =>
        FluentActions.Invoking(() => Write([Hi], options)).Should().Throw<ArgumentException>().WithMessage($"*{name}*");

    public static TheoryData<string, ChatMessage> UncarriedMessages => new()
    {
        { "role 'critic'", new ChatMessage(new ChatRole("critic"), "x") },
        { "HostedVectorStoreContent", new ChatMessage(ChatRole.User, [new HostedVectorStoreContent("v")]) },
        { "only text in system messages", new ChatMessage(ChatRole.System, [new DataContent(new byte[] { 1 }, "image/png")]) },
    };

    [Theory]
    [MemberData(nameof(UncarriedMessages))]
    public void Write_MessageThatCannotBeCarried_SaysWhy(string words, ChatMessage message) =>
        FluentActions.Invoking(() => Write([Hi, message])).Should().Throw<ArgumentException>().WithMessage($"*{words}*");

    [Fact]
    public void Write_CallsThatCameToNothing_AreLeftOutOrShownAsTheyAre()
    {
        var cut = new FunctionCallContent("c1", "f") { InformationalOnly = true, Exception = new JsonException() };
        var bad = new FunctionCallContent("c2", "f") { Exception = new JsonException(), AdditionalProperties = new() { [ContentProperties.ArgumentsText] = "{\"a\":" } };

        Write([Hi, new ChatMessage(ChatRole.Assistant, [cut, bad])], new ChatOptions { ModelId = "gemini-2.0-flash" })["contents"]![1].ShouldBe(
            """{"role":"model","parts":[{"functionCall":{"name":"f","args":{"INVALID_JSON":"{\"a\":"}}}]}""");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_AnswerOfThisWire_GoesBackAsItCame(bool isStored)
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"text":"think","thought":true},{"text":"ing","thought":true,"thoughtSignature":"s0"}"""),
            GeminiWire.Parts("""{"text":"So"},{"text":": "},{"text":"","thoughtSignature":"s1"},{"text":"signed","thoughtSignature":"s2"},{"thoughtSignature":"s3"}"""),
            GeminiWire.Parts("""{"executableCode":{"code":"1"},"thoughtSignature":"s4"},{"codeExecutionResult":{"output":"1.50"}},{"inlineData":{"mimeType":"image/png","data":"QUJD"}}"""),
            GeminiWire.Parts("""{"functionCall":{"name":"f","args":{"x":1.50,"s":"é"}},"thoughtSignature":"s5"},{"functionCall":{"id":"own","name":"g"}},{"text":"","thoughtSignature":"s6"}"""),
            GeminiWire.Stop);
        var answer = WireRun.Fold(events).ToChatResponse().Messages.Single();
        var calls = answer.Contents.OfType<FunctionCallContent>().ToList();

        var body = Write(
            [
                Hi,
                isStored ? RequestBody.Store(answer) : answer,
                new ChatMessage(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.CallId, "done"))]),
            ],
            new ChatOptions { ModelId = "gemini-3-pro" });

        body["contents"].ShouldBe(
            """
            [{"role":"user","parts":[{"text":"Hi é"}]},
             {"role":"model","parts":[
               {"text":"think","thought":true},{"text":"ing","thought":true,"thoughtSignature":"s0"},
               {"text":"So: "},{"text":"","thoughtSignature":"s1"},{"text":"signed","thoughtSignature":"s2"},{"thoughtSignature":"s3"},
               {"executableCode":{"code":"1"},"thoughtSignature":"s4"},{"codeExecutionResult":{"output":"1.50"}},{"inlineData":{"mimeType":"image/png","data":"QUJD"}},
               {"thoughtSignature":"s5","functionCall":{"name":"f","args":{"x":1.50,"s":"é"}}},{"functionCall":{"id":"own","name":"g"}},{"text":"","thoughtSignature":"s6"}]},
             {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"done"}}},{"functionResponse":{"id":"own","name":"g","response":{"output":"done"}}}]}]
            """);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Write_CallsThatCameWithOneId_HaveIdsOfTheirOwnInBothPlaces()
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"functionCall":{"id":"k","name":"f","args":{"a":1}}},{"functionCall":{"id":"k","name":"f","args":{"a":2}}}"""), GeminiWire.Stop);
        var answer = WireRun.Fold(events).ToChatResponse().Messages.Single();
        var results = answer.Contents.OfType<FunctionCallContent>().Select(AIContent (call) => new FunctionResultContent(call.CallId, "done"));

        var body = Write([Hi, answer, new ChatMessage(ChatRole.Tool, [.. results])], new ChatOptions { ModelId = "gemini-3-pro" });

        body["contents"]![1]!["parts"]!.AsArray().Select(part => part!["functionCall"]!["id"]!.GetValue<string>()).Should().Equal("k", "k_1");
        body["contents"]![2]!["parts"]!.AsArray().Select(part => part!["functionResponse"]!["id"]!.GetValue<string>()).Should().Equal("k", "k_1");
    }

    [Fact]
    public async Task Write_AnswerOfThisWire_IsUnderstoodByTheOthers()
    {
        var events = await GeminiWire.ReadAsync(
            GeminiWire.Parts("""{"text":"t","thought":true,"thoughtSignature":"s0"},{"text":"signed","thoughtSignature":"s1"},{"functionCall":{"name":"f","args":{"x":1}}}"""), GeminiWire.Stop);
        var answer = WireRun.Fold(events).ToChatResponse().Messages.Single();

        foreach (var protocol in new[] { StreamProtocols.Anthropic, StreamProtocols.OpenAIChat, StreamProtocols.Ollama })
        {
            var body = RequestBody.Write(protocol, [Hi, answer]).ToJsonString();

            body.Should().Contain("signed").And.Contain("\"f\"").And.NotContain("s0").And.NotContain("s1", "the wire is {0}", protocol.Name);
        }
    }

    private static JsonObject Write(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, JsonObject? extra = null) =>
        RequestBody.Write(StreamProtocols.Gemini, messages, options, extra);

    private sealed class VerbatimTool : AITool
    {
        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
            new Dictionary<string, object?> { [ContentProperties.RawBlock("gemini")] = JsonElement.Parse("""{"urlContext":{}}""") };
    }
}
