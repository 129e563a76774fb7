using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.OpenAIChat;

/// <summary>What some servers refuse that others accept: messages without reasoning, names of authors, neighbors of the same role, names of options.</summary>
public sealed class OpenAIServerRuleTests
{
    private static readonly ChatMessage Hi = new(ChatRole.User, "Hi");

    /// <summary>DeepSeek V4 thinks by default, and refuses a message of the assistant without its reasoning, be it with calls or not.</summary>
    [Fact]
    public void DeepSeek_EveryMessageOfTheAssistant_HasItsReasoning()
    {
        var messages = RequestBody.Write(OpenAICompatible.DeepSeek,
        [
            Hi,
            new ChatMessage(ChatRole.Assistant, [Reasoning("hm"), new FunctionCallContent("a", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", "1")]),
            new ChatMessage(ChatRole.Assistant, [Reasoning("so"), new TextContent("t")]),
            Hi,
            new ChatMessage(ChatRole.Assistant, "by another model"),
            Hi,
        ])["messages"]!.AsArray();

        messages.Where(message => message!["role"]!.GetValue<string>() == "assistant").Select(message => message!["reasoning_content"]!.GetValue<string>())
            .Should().Equal("hm", "so", "");
        messages.Where(message => message!["role"]!.GetValue<string>() != "assistant").Should().OnlyContain(message => message!["reasoning_content"] == null);
    }

    [Fact]
    public void Moonshot_CallsWithoutReasoning_HaveABlankOne()
    {
        var messages = RequestBody.Write(OpenAICompatible.Moonshot,
        [
            Hi,
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", "1")]),
            new ChatMessage(ChatRole.Assistant, [Reasoning("so"), new TextContent("t")]),
            Hi,
        ])["messages"]!.AsArray();

        messages[1]!["reasoning_content"]!.GetValue<string>().Should().Be(" ", "an empty one counts as missing");
        messages[3]!.AsObject().Should().NotContainKey("reasoning_content", "it is only required with calls");
    }

    [Fact]
    public void OtherServers_MessageWithoutReasoning_IsSentWithoutIt() =>
        RequestBody.Write(OpenAICompatible.Qwen, [Hi, new ChatMessage(ChatRole.Assistant, "t"), Hi])["messages"]![1]!.ToJsonString()
            .Should().Be("""{"role":"assistant","content":"t"}""");

    [Theory]
    [InlineData("Travel Agent", "Travel_Agent")]
    [InlineData("a\t<b>|c\\d/e", "a__b__c_d_e")]
    [InlineData("Zoë.李明-1", "Zoë.李明-1")]
    public void AuthorName_WithSignsThatAreRefused_IsFitted(string name, string expected)
    {
        var message = new ChatMessage(ChatRole.User, "Hi") { AuthorName = name };
        var conversation = StreamProtocols.OpenAIChat.NormalizeConversation(new StreamRequest { Messages = [message] });

        RequestBody.Write(StreamProtocols.OpenAIChat, [message])["messages"]![0]!["name"]!.GetValue<string>().Should().Be(expected);
        message.AuthorName.Should().Be(name, "the caller's messages stay as they are");
        conversation.Changes.Select(change => (change.Kind, change.MessageIndex, change.NewValue)).Should().Equal(
            name == expected ? [] : [(ConversationChangeKind.AuthorNameChanged, 0, expected)]);
    }

    [Fact]
    public void AuthorNames_TooLong_AreCutAndStayTwo()
    {
        string[] names = [new string('a', 70), new string('a', 71)];
        var sent = RequestBody.Write(StreamProtocols.OpenAIChat, [.. names.Select(name => new ChatMessage(ChatRole.User, "Hi") { AuthorName = name })])["messages"]!.AsArray()
            .Select(message => message!["name"]!.GetValue<string>());

        sent.Should().OnlyHaveUniqueItems().And.OnlyContain(name => name.Length <= 64);
    }

    [Fact]
    public void AuthorName_WhereTheServerRefusesNames_IsNotSent()
    {
        foreach (var protocol in new[] { OpenAICompatible.Mistral, OpenAICompatible.Groq })
        {
            var message = new ChatMessage(ChatRole.User, "Hi") { AuthorName = "Travel Agent" };

            RequestBody.Write(protocol, [message])["messages"].ShouldBe("""[{"role":"user","content":"Hi"}]""");
            protocol.NormalizeConversation(new StreamRequest { Messages = [message] }).Changes.Should().BeEmpty();
        }
    }

    [Fact]
    public void Seed_HasTheNameOfTheServer()
    {
        var options = new ChatOptions { Seed = 7 };

        RequestBody.Write(OpenAICompatible.Mistral, [Hi], options).Should().ContainKey("random_seed").And.NotContainKey("seed");
        RequestBody.Write(OpenAICompatible.DeepSeek, [Hi], options).Should().ContainKey("seed").And.NotContainKey("random_seed");
    }

    [Fact]
    public void Perplexity_NeighborsOfTheSameRole_AreMerged()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.System, "s"),
            new(ChatRole.Assistant, "before"),
            new(ChatRole.User, "a"),
            new(ChatRole.User, [new TextContent("b"), new DataContent(new byte[] { 1 }, "image/png")]),
            new(ChatRole.User, "c"),
            new(ChatRole.Assistant, "x"),
            new(ChatRole.Assistant, [new TextContent("y") { Annotations = [new CitationAnnotation()] }]),
        ];

        RequestBody.Write(OpenAICompatible.Perplexity, messages)["messages"].ShouldBe(
            """
            [{"role":"system","content":"s"},
             {"role":"user","content":"(The beginning of this conversation is not included.)"},
             {"role":"assistant","content":"before"},
             {"role":"user","content":[{"type":"text","text":"a\n\nb"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQ=="}},{"type":"text","text":"c"}]},
             {"role":"assistant","content":"x\n\ny"},
             {"role":"user","content":"Continue."}]
            """);
        OpenAICompatible.Perplexity.NormalizeConversation(new StreamRequest { Messages = messages }).Changes
            .Where(change => change.Kind == ConversationChangeKind.MessagesMerged).Select(change => change.MessageIndex).Should().Equal(3, 4, 6);
    }

    [Fact]
    public void Perplexity_ImageOfAResult_IsNotANeighborOfTheNextQuestion()
    {
        var roles = RequestBody.Write(OpenAICompatible.Perplexity,
        [
            Hi,
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f")]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("a", new List<AIContent> { new DataContent(new byte[] { 1 }, "image/png") })]),
            Hi,
        ])["messages"]!.AsArray().Select(message => message!["role"]!.GetValue<string>());

        roles.Should().Equal("user", "assistant", "tool", "user");
    }

    private static TextReasoningContent Reasoning(string text) =>
        new(text) { AdditionalProperties = new() { [ContentProperties.RawBlock("openai")] = JsonElement.Parse("""{"type":"reasoning_content"}""") } };
}
