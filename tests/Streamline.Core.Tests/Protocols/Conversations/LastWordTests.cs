using Microsoft.Extensions.AI;
using Streamline.Protocols;
using Streamline.Testing;
using Streamline.TestSupport.Conversations;

namespace Streamline.Tests.Protocols.Conversations;

/// <summary>A request asks what it was made to ask: it does not end with the assistant's message because nothing is left of the user's.</summary>
public sealed class LastWordTests
{
    private static readonly ChatMessage Question = new(ChatRole.User, "Hi.");
    private static readonly ChatMessage Answer = new(ChatRole.Assistant, "Hello!");
    private static readonly FunctionCallContent Call = new("abcdefgh1", "weather");

    public static TheoryData<string> Names => [.. ProviderRules.All.Keys];

    private static ChatMessage[] Lost =>
    [
        new(ChatRole.User, ""),
        new(ChatRole.User, " \n\u00a0"),
        new(ChatRole.User, [new TextContent(" "), new TextContent("\t")]),
        new(ChatRole.User, (IList<AIContent>)[]),
        new(ChatRole.Tool, [new FunctionResultContent("nothing", "result of no call")]),
        new(ChatRole.User, [new ToolApprovalResponseContent("a", approved: true, Call)]),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Normalize_NothingLeftOfTheLastMessage_IsAClearError(string name)
    {
        foreach (var lost in Lost)
        {
            var act = () => Normalize(name, Question, Answer, lost);
            act.Should().Throw<ArgumentException>().WithMessage($"Message 2 of the request, the last one of the role '{lost.Role}', has nothing to send*");
            act = () => Normalize(name, Question, Answer, lost, new(ChatRole.System, "Be brief."), new(ChatRole.Assistant, " "));
            act.Should().Throw<ArgumentException>().WithMessage("Message 2 *");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Normalize_LastMessageWithContent_IsTheLast(string name)
    {
        foreach (var lost in Lost)
        {
            Normalize(name, Question, Answer, lost, new(ChatRole.User, "And now?")).Messages[^1].Text.Should().Be("And now?");
            Normalize(name, Question, lost).Messages[^1].Text.Should().Be("Hi.", "a question is there");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Normalize_MessageOfTheAssistantAtTheEnd_IsAllowed(string name) =>
        Normalize(name, Question, Answer, new(ChatRole.User, " "), new(ChatRole.Assistant, "Once")).Messages.Should().Contain(message => message.Text.EndsWith("Once", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Normalize_AnswersOfOpenCalls_AreTheLast(string name)
    {
        ChatMessage request = new(ChatRole.Assistant, [new ToolApprovalRequestContent("a", Call)]);
        foreach (var approved in new[] { false, true })
        {
            ChatMessage approval = new(ChatRole.User, [new ToolApprovalResponseContent("a", approved, Call)]);
            Normalize(name, Question, request, approval).Messages.SelectMany(message => message.Contents).Should().ContainSingle(content => content is FunctionResultContent);
        }
    }

    [Fact]
    public async Task StreamAsync_BlankQuestion_IsRefusedBeforeAnythingIsSent()
    {
        var provider = new ScriptedProvider(ScriptedReply.Text("ok"));
        using var http = new HttpClient(provider.CreateHandler());
        var client = StreamProtocols.Anthropic.CreateClient(http, "key", "model");

        var act = async () => await client.GetResponseAsync([Question, Answer, new(ChatRole.User, "  ")]);

        await act.Should().ThrowAsync<ArgumentException>();
        provider.Exchanges.Should().BeEmpty();
    }

    private static NormalizedConversation Normalize(string name, params ChatMessage[] messages) => ProviderRules.All[name].Protocol.NormalizeConversation(
        new StreamRequest { Messages = messages, Options = new ChatOptions { ModelId = ProviderRules.All[name].Model } });
}
