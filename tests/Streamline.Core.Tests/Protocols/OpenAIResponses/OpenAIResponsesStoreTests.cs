using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.OpenAIResponses;

/// <summary>What the provider does not keep it does not find again: with <c>store: false</c>, and of an answer that was cut off.</summary>
[Trait("Law", "13")]
public sealed class OpenAIResponsesStoreTests
{
    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi");

    [Fact]
    public void Write_NotStored_HasNoReasoningWithoutItsContentAndNoIds()
    {
        ChatMessage[] messages =
        [
            Hi,
            new(ChatRole.Assistant,
            [
                Own(new TextReasoningContent("one"), """{"type":"reasoning","id":"rs_1"}"""),
                Own(new TextReasoningContent("two"), """{"type":"reasoning","id":"rs_1"}"""),
                Own(new TextContent("t"), """{"type":"message","id":"msg_1","role":"assistant","status":"completed"}"""),
                Own(new TextReasoningContent("one"), """{"type":"reasoning","id":"rs_2"}"""),
                Own(new TextReasoningContent("two") { ProtectedData = "ENC" }, """{"type":"reasoning","id":"rs_2"}"""),
                Own(new FunctionCallContent("c", "f"), """{"type":"function_call","id":"fc_1","call_id":"c","name":"f"}"""),
                Own(new AIContent(), """{"type":"web_search_call","id":"ws_1","status":"completed"}"""),
                Own(new AIContent(), """{"type":"file_search_call","id":"fs_1","status":"completed","queries":[]}"""),
            ]),
            new(ChatRole.Tool, [new FunctionResultContent("c", "1")]),
        ];

        var input = RequestBody.Write(StreamProtocols.OpenAIResponses, messages, extra: new JsonObject { ["store"] = false })["input"]!.AsArray();
        var changes = StreamProtocols.OpenAIResponses.NormalizeConversation(new StreamRequest { Messages = messages, ExtraBody = new JsonObject { ["store"] = false } }).Changes;

        new JsonArray([.. input.Skip(1).Select(item => item!.DeepClone())]).ShouldBe(
            """
            [{"type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"t","annotations":[]}]},
             {"type":"reasoning","id":"rs_2","summary":[{"type":"summary_text","text":"one"},{"type":"summary_text","text":"two"}],"encrypted_content":"ENC"},
             {"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"},
             {"type":"web_search_call","status":"completed"},
             {"type":"file_search_call","id":"fs_1","status":"completed","queries":[]},
             {"type":"function_call_output","call_id":"c","output":"1"}]
            """);
        changes.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Kind = ConversationChangeKind.ReasoningRemoved, MessageIndex = 1 });
    }

    [Fact]
    public void Write_Stored_IsUnchanged()
    {
        var request = new StreamRequest
        {
            Messages =
            [
                Hi,
                new(ChatRole.Assistant,
                [
                    Own(new TextReasoningContent("one"), """{"type":"reasoning","id":"rs_1"}"""),
                    Own(new TextContent("t"), """{"type":"message","id":"msg_1","role":"assistant","status":"completed"}"""),
                ]),
                Hi,
            ],
        };

        StreamProtocols.OpenAIResponses.NormalizeConversation(request).Messages.Should().BeSameAs(request.Messages);
        RequestBody.Write(StreamProtocols.OpenAIResponses, request.Messages)["input"]!.ToJsonString().Should().ContainAll("rs_1", "msg_1");
    }

    /// <summary>A response whose stream breaks is not kept, so that neither its reasoning nor its message is found.</summary>
    [Fact]
    public async Task Write_AnswerThatWasCutWithinItsMessage_GoesBackAsText()
    {
        const string Reasoning = """{"id":"rs_1","type":"reasoning","summary":[]}""";
        const string Message = """{"id":"msg_1","type":"message","role":"assistant","status":"in_progress","content":[]}""";
        var (events, _) = await WireRun.ReadAsync(StreamProtocols.OpenAIResponses, OpenAIResponsesWire.Stream(
            OpenAIResponsesWire.Created,
            OpenAIResponsesWire.Added(0, Reasoning),
            OpenAIResponsesWire.Done(0, Reasoning),
            OpenAIResponsesWire.Added(1, Message),
            OpenAIResponsesWire.Delta("output_text", 1, "Half")));
        ChatMessage[] messages = [Hi, OpenAIResponsesWire.Fold(events).ToChatMessage(), Hi];

        RequestBody.Write(StreamProtocols.OpenAIResponses, messages)["input"]![1].ShouldBe(
            """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Half","annotations":[]}]}""");
        StreamProtocols.OpenAIResponses.NormalizeConversation(new StreamRequest { Messages = messages }).Changes
            .Should().ContainSingle().Which.Kind.Should().Be(ConversationChangeKind.ReasoningRemoved);
    }

    [Theory]
    [InlineData("gpt-5.2", true)]
    [InlineData("openai/gpt-6-mini", true)]
    [InlineData("o4-mini", true)]
    [InlineData("gpt-5-chat-latest", false)]
    [InlineData("gpt-4o", false)]
    [InlineData("my-deployment", false)]
    [InlineData("gpt-", false)]
    public void Write_NotStored_AsksForEncryptedReasoningOfAModelThatReasons(string model, bool asks)
    {
        RequestBody.Write(StreamProtocols.OpenAIResponses, [Hi], extra: new JsonObject { ["store"] = false }, model: model).ContainsKey("include").Should().Be(asks);
        RequestBody.Write(StreamProtocols.OpenAIResponses, [Hi], model: model).Should().NotContainKey("include");
    }

    [Fact]
    public void Write_SchemaOfTheAnswer_IsStrictWhereTheApplicationSaysSo()
    {
        var options = new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}"""), "n"),
            AdditionalProperties = new() { ["strict"] = true },
        };
        var body = RequestBody.Write(StreamProtocols.OpenAIResponses, [Hi], options);
        var read = StreamProtocols.OpenAIResponses.ReadRequest(JsonElement.Parse(body.ToJsonString()));

        body["text"].ShouldBe("""{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}}""");
        read.ExtraBody.Should().BeNull("the options hold all of it");
        read.Options!.AdditionalProperties!["strict"].Should().Be(true);
    }

    private static AIContent Own(AIContent content, string item)
    {
        content.AdditionalProperties = new() { [ContentProperties.RawBlock("openai-responses")] = JsonElement.Parse(item) };
        return content;
    }
}
