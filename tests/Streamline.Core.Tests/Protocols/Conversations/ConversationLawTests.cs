using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.TestSupport.Conversations;

namespace Streamline.Tests.Protocols.Conversations;

/// <summary>Whatever happened to a conversation, the next request that contains it is one that the provider accepts.</summary>
[Trait("Law", "13")]
public sealed class ConversationLawTests
{
    private const int Conversations = 1000;

    private static readonly ChatOptions WithTools = new() { Tools = [RequestBody.Weather] };

    public static TheoryData<string> Names => [.. ProviderRules.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_DamagedConversation_IsAccepted(string name)
    {
        var (protocol, model, check) = ProviderRules.All[name];
        for (var seed = 0; seed < Conversations; seed++)
        {
            var messages = new HistoryGenerator(seed).Create();
            var given = JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions);
            if (Write(protocol, messages, model) is not { } body)
            {
                continue;
            }

            try
            {
                check(body);
                MissingTexts(messages, body.ToJsonString()).Should().BeEmpty("no text is lost");
                JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions).Should().Be(given, "the caller's messages stay as they are");
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Case {seed}: {exception.Message}\nThe conversation was\n{given}\nand the body\n{body.ToJsonString()}", exception);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NormalizeConversation_WhatItGave_IsLeftAsItIs(string name)
    {
        var (protocol, model, _) = ProviderRules.All[name];
        for (var seed = 0; seed < Conversations; seed++)
        {
            var messages = new HistoryGenerator(seed).Create();
            if (Write(protocol, messages, model) is null)
            {
                continue;
            }

            var first = protocol.NormalizeConversation(Request(messages, model));
            var second = protocol.NormalizeConversation(Request(first.Messages, model));

            second.Changes.Should().BeEmpty("case {0} was changed by {1}", seed, string.Join(", ", first.Changes));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NormalizeConversation_ValidConversation_IsTheSame(string name)
    {
        var (protocol, model, _) = ProviderRules.All[name];
        var request = Request(
            [
                new ChatMessage(ChatRole.System, "Be brief."),
                new ChatMessage(ChatRole.User, "What is the weather?"),
                new ChatMessage(ChatRole.Assistant, [new TextContent("Let me see."), new FunctionCallContent("abcdefgh1", "weather"), new FunctionCallContent("abcdefgh2", "weather")]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("abcdefgh1", "18 °C"), new FunctionResultContent("abcdefgh2", "20 °C")]),
                new ChatMessage(ChatRole.Assistant, "18 °C."),
                new ChatMessage(ChatRole.User, "Thanks."),
            ],
            model);

        var conversation = protocol.NormalizeConversation(request);

        conversation.Messages.Should().BeSameAs(request.Messages);
        conversation.Changes.Should().BeEmpty();
    }

    private static JsonObject? Write(StreamProtocol protocol, IReadOnlyList<ChatMessage> messages, string model)
    {
        try
        {
            return RequestBody.Write(protocol, messages, WithTools, model: model);
        }
        catch (ArgumentException exception) when (exception.Message.StartsWith("The request has no content", StringComparison.Ordinal))
        {
            messages.Where(message => message.Role != ChatRole.System).SelectMany(message => message.Contents.OfType<TextContent>())
                .Should().NotContain(text => !string.IsNullOrWhiteSpace(text.Text), "only a conversation without words is refused");
            return null;
        }
        catch (ArgumentException exception) when (exception.Message.StartsWith("Message ", StringComparison.Ordinal))
        {
            var last = messages.Last(message => message.Role == ChatRole.User || message.Role == ChatRole.Tool);
            last.Contents.OfType<TextContent>().Should().NotContain(text => !string.IsNullOrWhiteSpace(text.Text), "only a last message without words is refused");
            messages.SkipWhile(message => message != last).Skip(1).SelectMany(message => message.Contents.OfType<TextContent>())
                .Should().NotContain(text => !string.IsNullOrWhiteSpace(text.Text), "words of the assistant after it are to be continued");
            return null;
        }
    }

    private static StreamRequest Request(IReadOnlyList<ChatMessage> messages, string model) =>
        new() { Messages = messages, Options = new ChatOptions { ModelId = model, Tools = WithTools.Tools } };

    private static IEnumerable<string> MissingTexts(IEnumerable<ChatMessage> messages, string body) =>
        messages.SelectMany(message => message.Contents.OfType<TextContent>()).Select(text => text.Text.Trim())
            .Where(text => text.StartsWith("token", StringComparison.Ordinal) && !body.Contains(text, StringComparison.Ordinal));
}
