using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols.Shared;
using static Streamline.Tests.Protocols.Bedrock.BedrockWire;

namespace Streamline.Tests.Protocols.Bedrock;

public class BedrockRequestWriterTests
{
    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi é");
    private static readonly ChatOptions WithTools = new() { Tools = [RequestBody.Weather] };

    /// <summary>The members of a request in the wire's reference; <c>effort</c> is that of the models' own SDK.</summary>
    private static readonly string[] RequestMembers =
    [
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields", "additionalModelResponseFieldPaths",
        "promptVariables", "requestMetadata", "performanceConfig", "serviceTier", "outputConfig",
    ];

    private static readonly string[] BlockMembers =
    [
        "text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent", "cachePoint", "reasoningContent", "citationsContent", "searchResult",
    ];

    [Fact]
    public void Write_Question_IsTheSmallestBody() => Write([Hi]).ShouldBe("""{"messages":[{"role":"user","content":[{"text":"Hi é"}]}]}""");

    [Fact]
    public void Write_Options_AreCarried() => Write(
        [Hi],
        new ChatOptions
        {
            MaxOutputTokens = 100,
            Temperature = 0.7f,
            TopP = 0.5f,
            StopSequences = ["END"],
            Tools = [RequestBody.Weather, AIFunctionFactory.CreateDeclaration("now", "", default, returnJsonSchema: null)],
            ToolMode = ChatToolMode.Auto,
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High },
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "answer", "An answer."),
        }).ShouldBe(
        """
        {"messages":[{"role":"user","content":[{"text":"Hi é"}]}],
         "inferenceConfig":{"maxTokens":100,"temperature":0.7,"topP":0.5,"stopSequences":["END"]},
         "toolConfig":{"tools":[
           {"toolSpec":{"name":"weather","description":"Tells the weather.",
             "inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}},
           {"toolSpec":{"name":"now","inputSchema":{"json":{"type":"object","properties":{}}}}}],
           "toolChoice":{"auto":{}}},
         "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":"{\"type\":\"object\"}","name":"answer","description":"An answer."}}},"effort":"high"}}
        """);

    [Fact]
    public void Write_Conversation_HasItsSystemCallsAndResultsInOrder() => Write(
        [
            new ChatMessage(ChatRole.System, "Be brief."),
            new ChatMessage(ChatRole.User, "What is the weather?"),
            new ChatMessage(ChatRole.Assistant,
            [
                new TextReasoningContent("Thinking.")
                {
                    ProtectedData = "c2ln+/=",
                    AdditionalProperties = new() { [ContentProperties.RawBlock("bedrock")] = JsonElement.Parse("""{"reasoningContent":{"reasoningText":{}}}""") },
                },
                new TextReasoningContent("of nobody"),
                new TextReasoningContent("of another provider") { ProtectedData = "x" },
                new TextContent("Let me see."),
                new TextContent(" \n"),
                new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Ulm", ["days"] = 2 }),
                new FunctionCallContent("c2", "now"),
                new UsageContent(new UsageDetails()),
            ]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", JsonElement.Parse("""{"warm":true}"""))]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c2", "broke") { AdditionalProperties = new() { [ContentProperties.IsError] = true } }]),
            new ChatMessage(ChatRole.User, "And?"),
        ],
        new ChatOptions { Instructions = "You help.", Tools = [RequestBody.Weather], ToolMode = ChatToolMode.RequireSpecific("weather") }).ShouldBe(
        """
        {"system":[{"text":"You help."},{"text":"Be brief."}],
         "messages":[
          {"role":"user","content":[{"text":"What is the weather?"}]},
          {"role":"assistant","content":[
            {"reasoningContent":{"reasoningText":{"text":"Thinking.","signature":"c2ln\u002B/="}}},
            {"text":"Let me see. \n"},
            {"toolUse":{"toolUseId":"c1","name":"weather","input":{"city":"Ulm","days":2}}},
            {"toolUse":{"toolUseId":"c2","name":"now","input":{}}}]},
          {"role":"user","content":[
            {"toolResult":{"toolUseId":"c1","content":[{"text":"{\"warm\":true}"}]}},
            {"toolResult":{"toolUseId":"c2","content":[{"text":"broke"}],"status":"error"}},
            {"text":"And?"}]}],
         "toolConfig":{"tools":[{"toolSpec":{"name":"weather","description":"Tells the weather.",
             "inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}}],
           "toolChoice":{"tool":{"name":"weather"}}}}
        """);

    [Fact]
    public void Write_Media_BecomesItsBlocks() => Write(
        [
            new ChatMessage(ChatRole.User,
            [
                new TextContent("Look:"),
                new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                new DataContent(new byte[] { 4 }, "application/pdf") { Name = "my  report_é.pdf " },
                new DataContent("one,two"u8.ToArray(), "text/csv"),
                new UriContent(new Uri("s3://bucket/a b.mp4"), "video/mp4"),
                new DataContent(new byte[] { 5 }, "audio/mpeg"),
            ]),
        ]).ShouldBe(
        """
        {"messages":[{"role":"user","content":[
          {"text":"Look:"},
          {"image":{"format":"png","source":{"bytes":"AQID"}}},
          {"document":{"format":"pdf","name":"my report---pdf","source":{"bytes":"BA=="}}},
          {"document":{"format":"csv","name":"document-2","source":{"bytes":"b25lLHR3bw=="}}},
          {"video":{"format":"mp4","source":{"s3Location":{"uri":"s3://bucket/a b.mp4"}}}},
          {"audio":{"format":"mp3","source":{"bytes":"BQ=="}}}]}]}
        """);

    [Fact]
    public void Write_ResultWithSeveralContents_HasThemAll() => Write(
        [
            Hi,
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", new List<AIContent> { new TextContent("a"), new DataContent(new byte[] { 1 }, "image/gif") })]),
        ],
        WithTools)["messages"].ShouldBe(
        """
        [{"role":"user","content":[{"text":"Hi é"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"c","name":"f","input":{}}}]},
          {"role":"user","content":[{"toolResult":{"toolUseId":"c","content":[{"text":"a"},{"image":{"format":"gif","source":{"bytes":"AQ=="}}}]}}]}]
        """);

    [Fact]
    public void Write_OwnBlocks_AreSentAsTheyAre()
    {
        var cachePoint = JsonElement.Parse("""{"cachePoint":{"type":"default","ttl":"1h"}}""");
        var point = new AIContent { AdditionalProperties = new() { [ContentProperties.RawBlock("bedrock")] = cachePoint } };
        var tool = new RawTool(cachePoint);

        Write([new ChatMessage(ChatRole.System, [new TextContent("Long."), point]), new ChatMessage(ChatRole.User, [new TextContent("Hi"), point])], new ChatOptions { Tools = [RequestBody.Weather, tool], ToolMode = ChatToolMode.RequireAny }).ShouldBe(
            """
            {"system":[{"text":"Long."},{"cachePoint":{"type":"default","ttl":"1h"}}],
             "messages":[{"role":"user","content":[{"text":"Hi"},{"cachePoint":{"type":"default","ttl":"1h"}}]}],
             "toolConfig":{"tools":[{"toolSpec":{"name":"weather","description":"Tells the weather.",
                 "inputSchema":{"json":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}},
                {"cachePoint":{"type":"default","ttl":"1h"}}],"toolChoice":{"any":{}}}}
            """);
    }

    [Fact]
    public void Write_ExtraBody_CarriesWhatTheOptionsHaveNoNameFor()
    {
        var body = Write([Hi], new ChatOptions { Temperature = 1 }, new JsonObject
        {
            ["guardrailConfig"] = JsonNode.Parse("""{"guardrailIdentifier":"g","guardrailVersion":"1","streamProcessingMode":"async"}"""),
            ["additionalModelRequestFields"] = JsonNode.Parse("""{"top_k":40}"""),
            ["inferenceConfig"] = JsonNode.Parse("""{"maxTokens":7}"""),
        });

        body.ShouldBe("""
            {"messages":[{"role":"user","content":[{"text":"Hi é"}]}],"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1","streamProcessingMode":"async"},
             "additionalModelRequestFields":{"top_k":40},"inferenceConfig":{"maxTokens":7}}
            """);
    }

    /// <summary>What a response holds goes back exact and in order, also when the conversation was stored in between.</summary>
    [Fact]
    public async Task Write_ResponseOfThisWire_GoesBackAsItCame()
    {
        const string Citation = """{"title":"T","location":{"web":{"url":"u"}}}""";
        var events = await ReadAsync(
            Start,
            Delta(0, """{"reasoningContent":{"text":"Hm."}}"""), Delta(0, """{"reasoningContent":{"signature":"s+/="}}"""), BlockStop(0),
            Delta(1, """{"reasoningContent":{"redactedContent":"AAEC"}}"""), BlockStop(1),
            Delta(2, """{"text":"So."}"""), Delta(2, $$"""{"citation":{{Citation}}}"""), BlockStop(2),
            BlockStart(3, """{"toolUse":{"toolUseId":"srv","name":"g","type":"server_tool_use"}}"""), Delta(3, """{"toolUse":{"input":"{\"q\":1.50}"}}"""), BlockStop(3),
            BlockStart(4, """{"toolResult":{"toolUseId":"srv","status":"success"}}"""), Delta(4, """{"toolResult":[{"json":{"n":1.50}}]}"""), BlockStop(4),
            BlockStart(5, """{"toolUse":{"toolUseId":"a","name":"f"}}"""), Delta(5, """{"toolUse":{"input":"{\"x\":1}"}}"""), BlockStop(5),
            BlockStart(6, """{"toolUse":{"toolUseId":"b","name":"f"}}"""), BlockStop(6),
            Event("messageStop", """{"stopReason":"tool_use"}"""),
            Metadata);
        var message = WireRun.Fold(events).ToChatMessage();
        var results = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", "1"), new FunctionResultContent("b", "2")]);
        foreach (var answer in new[] { message, RequestBody.Store(message) })
        {
            var body = Write([Hi, answer, results], WithTools);

            body["messages"]![1]!["content"].ShouldBe(
                """
                [{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"s\u002B/="}}},
                 {"reasoningContent":{"redactedContent":"AAEC"}},
                 {"citationsContent":{"content":[{"text":"So."}],"citations":[{"title":"T","location":{"web":{"url":"u"}}}]}},
                 {"toolUse":{"toolUseId":"srv","name":"g","type":"server_tool_use","input":{"q":1.50}}},
                 {"toolResult":{"toolUseId":"srv","status":"success","content":[{"json":{"n":1.50}}]}},
                 {"toolUse":{"toolUseId":"a","name":"f","input":{"x":1}}},
                 {"toolUse":{"toolUseId":"b","name":"f","input":{}}}]
                """);
            body["messages"]![2]!["content"]!.AsArray().Select(block => block!["toolResult"]!["toolUseId"]!.GetValue<string>()).Should().Equal("a", "b");
            Validate(body);
        }
    }

    [Fact]
    public void Write_BlocksOfAnotherProvider_StayOut()
    {
        var foreign = new TextReasoningContent("") { ProtectedData = "x", AdditionalProperties = new() { [ContentProperties.RawBlock("openai-responses")] = JsonElement.Parse("{}") } };
        var serverCall = new ToolCallContent("s") { AdditionalProperties = new() { [ContentProperties.RawBlock("anthropic")] = JsonElement.Parse("{}") } };

        Write([Hi, new ChatMessage(ChatRole.Assistant, [foreign, serverCall, new TextContent("Said.")])])["messages"]![1].ShouldBe(
            """{"role":"assistant","content":[{"text":"Said."}]}""");
    }

    [Fact]
    [Trait("Law", "3")]
    public void Write_CallWithBadArguments_ShowsThemToTheModel()
    {
        var call = new FunctionCallContent("c", "f") { Exception = new JsonException("bad"), AdditionalProperties = new() { [ContentProperties.ArgumentsText] = "{\"a\":" } };

        Write([Hi, new ChatMessage(ChatRole.Assistant, [call])], WithTools)["messages"]![1]!["content"]![0]!["toolUse"]!["input"].ShouldBe("""{"INVALID_JSON":"{\"a\":"}""");
    }

    public static TheoryData<string, ChatOptions> NotCarried => new()
    {
        { "TopK", new ChatOptions { TopK = 1 } },
        { "FrequencyPenalty", new ChatOptions { FrequencyPenalty = 1 } },
        { "PresencePenalty", new ChatOptions { PresencePenalty = 1 } },
        { "Seed", new ChatOptions { Seed = 1 } },
        { "Reasoning", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None } } },
        { "Reasoning", new ChatOptions { Reasoning = new ReasoningOptions { Output = ReasoningOutput.Full } } },
        { "ConversationId", new ChatOptions { ConversationId = "x" } },
        { "AllowBackgroundResponses", new ChatOptions { AllowBackgroundResponses = true } },
        { "ResponseFormat", new ChatOptions { ResponseFormat = ChatResponseFormat.Json } },
        { "tool 'web_search'", new ChatOptions { Tools = [new HostedWebSearchTool()] } },
    };

    [Theory]
    [MemberData(nameof(NotCarried))]
    public void Write_WhatTheWireCannotCarry_ThrowsAndNamesIt(string name, ChatOptions options)
    {
        var write = () => Write([Hi], options);

        write.Should().Throw<ArgumentException>().Which.Message.Should().Contain(name).And.Contain("bedrock");
    }

    public static TheoryData<string, ChatMessage> WrongContent => new()
    {
        { "bedrock", new ChatMessage(ChatRole.User, [new HostedFileContent("f")]) },
        { "S3", new ChatMessage(ChatRole.User, [new UriContent(new Uri("https://example.com/a.png"), "image/png")]) },
        { "application/zip", new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "application/zip")]) },
        { "role 'critic'", new ChatMessage(new ChatRole("critic"), "x") },
        { "system messages", new ChatMessage(ChatRole.System, [new DataContent(new byte[] { 1 }, "image/png")]) },
    };

    [Theory]
    [MemberData(nameof(WrongContent))]
    public void Write_ContentWithoutAForm_ThrowsAndNamesIt(string words, ChatMessage message)
    {
        var write = () => Write([Hi, message]);

        write.Should().Throw<ArgumentException>().Which.Message.Should().Contain(words);
    }

    [Fact]
    public void Write_NothingToSay_Throws() => FluentActions.Invoking(() => Write([new ChatMessage(ChatRole.User, " ")])).Should().Throw<ArgumentException>();

    public static TheoryData<ChatOptions?> NoTools => new() { null, new ChatOptions(), new ChatOptions { Tools = [RequestBody.Weather], ToolMode = ChatToolMode.None } };

    /// <summary>The service refuses blocks of tools where none are offered, and has no way to say that those that are must not be called.</summary>
    [Theory]
    [MemberData(nameof(NoTools))]
    public void Write_CallsInARequestWithoutTools_AreToldAsText(ChatOptions? options) => Write(
        [
            Hi,
            new ChatMessage(ChatRole.Assistant,
            [
                new TextContent("Let me see."),
                new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Ulm" }),
                new FunctionCallContent("c2", "now"),
                new FunctionCallContent("c3", "cut") { InformationalOnly = true },
                Own(new ToolCallContent("s"), """{"toolUse":{"toolUseId":"s","name":"g","type":"server_tool_use"}}"""),
                Own(new AIContent(), """{"toolResult":{"toolUseId":"s","content":[]}}"""),
            ]),
            new ChatMessage(ChatRole.Tool,
            [
                new FunctionResultContent("c1", new List<AIContent> { new TextContent("18 °C"), new DataContent(new byte[] { 1 }, "image/gif") }),
                new FunctionResultContent("c2", "broke") { AdditionalProperties = new() { [ContentProperties.IsError] = true } },
            ]),
            new ChatMessage(ChatRole.User, "And?"),
        ],
        options).ShouldBe(
        """
        {"messages":[
          {"role":"user","content":[{"text":"Hi é"}]},
          {"role":"assistant","content":[
            {"text":"Let me see."},
            {"text":"[The tool weather was called, as c1, with {\u0022city\u0022:\u0022Ulm\u0022}]"},
            {"text":"[The tool now was called, as c2, with {}]"}]},
          {"role":"user","content":[
            {"text":"[The call c1 gave:]"},{"text":"18 °C"},{"image":{"format":"gif","source":{"bytes":"AQ=="}}},
            {"text":"[The call c2 failed:]"},{"text":"broke"},
            {"text":"And?"}]}]}
        """);

    [Fact]
    public void Write_ToolsInTheExtraBody_LeaveTheBlocksOfCalls()
    {
        var extra = new JsonObject { ["toolConfig"] = JsonNode.Parse("""{"tools":[{"systemTool":{"name":"s"}}]}""") };

        Write([Hi, new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f")])], options: null, extra)["messages"]![1]!["content"]![0]!.AsObject().Should().ContainKey("toolUse");
    }

    private static T Own<T>(T content, string raw)
        where T : AIContent
    {
        (content.AdditionalProperties ??= [])[ContentProperties.RawBlock("bedrock")] = JsonElement.Parse(raw);
        return content;
    }

    [Fact]
    public void Write_Defaults_FillInTheLimit()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        StreamProtocols.BedrockConverse.WriteRequestBody(new StreamRequest { Messages = [Hi] }, new StreamRequestDefaults("m", MaxOutputTokens: 9), output);

        JsonNode.Parse(output.WrittenSpan)!["inferenceConfig"].ShouldBe("""{"maxTokens":9}""");
    }

    private static JsonObject Write(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, JsonObject? extra = null)
    {
        var body = RequestBody.Write(StreamProtocols.BedrockConverse, messages, options, extra);
        Validate(body);
        return body;
    }

    /// <summary>Holds a body against the lists of members in the wire's reference: unions have one member, and names are known.</summary>
    private static void Validate(JsonObject body)
    {
        body.Select(member => member.Key).Should().BeSubsetOf(RequestMembers);
        foreach (var message in body["messages"]!.AsArray())
        {
            message!.AsObject().Select(member => member.Key).Should().Equal("role", "content");
            message["content"]!.AsArray().Should().NotBeEmpty().And.OnlyContain(block => block!.AsObject().Count == 1 && BlockMembers.Contains(block.AsObject().First().Key));
        }

        var tools = body["toolConfig"]?["tools"]?.AsArray() ?? [];
        tools.Should().NotContain(tool => tool!.AsObject().Count != 1 || (tool["toolSpec"] ?? tool["systemTool"] ?? tool["cachePoint"]) == null);
    }

    private sealed class RawTool(JsonElement raw) : AITool
    {
        public override IReadOnlyDictionary<string, object?> AdditionalProperties { get; } =
            new Dictionary<string, object?>(StringComparer.Ordinal) { [ContentProperties.RawBlock("bedrock")] = raw };
    }
}
