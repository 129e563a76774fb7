using Microsoft.Extensions.AI;
using Streamline.Protocols;

namespace Streamline.Tests.Protocols.Shared;

[Trait("Law", "13")]
public sealed class OpenApprovalTests
{
    private static readonly FunctionCallContent Call = new("call_1", "delete", new Dictionary<string, object?>(StringComparer.Ordinal) { ["path"] = "/a" });

    [Fact]
    public void Normalize_UnansweredRequest_IsTheCallWithAnErrorResult()
    {
        var conversation = Normalize(
            new ChatMessage(ChatRole.Assistant, [Call, new ToolApprovalRequestContent("ask_1", Call)]), new ChatMessage(ChatRole.User, "Never mind."));

        conversation.Messages[1].Contents.Should().Equal(Call);
        ResultOf(conversation).Result.Should().Be("The call was interrupted, and no result of it was recorded.");
        conversation.Changes.Select(change => change.Kind).Should().Contain([ConversationChangeKind.ApprovalReplaced, ConversationChangeKind.ResultAdded]);
    }

    [Theory]
    [InlineData(null, "The call was denied, so the tool was not run.")]
    [InlineData("It is in use.", "The call was denied, so the tool was not run. Reason: It is in use.")]
    public void Normalize_DeniedRequest_IsTheCallWithAResultThatSaysSo(string? reason, string expected)
    {
        var conversation = Normalize(
            new ChatMessage(ChatRole.Assistant, [new ToolApprovalRequestContent("ask_1", Call)]),
            new ChatMessage(ChatRole.User, [new ToolApprovalResponseContent("ask_1", approved: false, Call) { Reason = reason }, new TextContent("Leave it.")]));

        ResultOf(conversation).Result.Should().Be(expected);
        conversation.Messages[^1].Text.Should().Be("Leave it.");
    }

    [Fact]
    public void Normalize_ApprovedRequestWithItsResult_KeepsTheResult()
    {
        var result = new FunctionResultContent("call_1", "deleted");
        var conversation = Normalize(
            new ChatMessage(ChatRole.Assistant, [Call, new ToolApprovalRequestContent("ask_1", Call)]),
            new ChatMessage(ChatRole.User, [new ToolApprovalResponseContent("ask_1", approved: true, Call)]),
            new ChatMessage(ChatRole.Tool, [result]));

        ResultOf(conversation).Should().BeSameAs(result);
    }

    private static FunctionResultContent ResultOf(NormalizedConversation conversation) =>
        conversation.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().ContainSingle().Subject;

    private static NormalizedConversation Normalize(params ChatMessage[] messages) =>
        StreamProtocols.OpenAIChat.NormalizeConversation(new StreamRequest { Messages = [new ChatMessage(ChatRole.User, "Delete it."), .. messages] });
}
