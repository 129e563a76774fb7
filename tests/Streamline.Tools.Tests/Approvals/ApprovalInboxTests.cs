using Microsoft.Extensions.AI;

namespace Streamline.Tools.Tests.Approvals;

/// <summary>Requests for approval in a conversation, and where the results of the approved calls belong.</summary>
public sealed class ApprovalInboxTests
{
    [Fact]
    public void Read_ConversationWithoutApprovals_IsGivenBackAsItIs()
    {
        ChatMessage[] messages = [new(ChatRole.User, "hi"), new(ChatRole.Assistant, [Call("1")]), new(ChatRole.Tool, [new FunctionResultContent("1", "ok")])];
        ApprovalInbox.Read(messages).Messages.Should().BeSameAs(messages);
    }

    [Fact]
    public void Read_IdThatRepeatsLater_IsStillUnanswered()
    {
        ChatMessage[] messages = [Asking("1"), new(ChatRole.Assistant, [Call("1")]), new(ChatRole.Tool, [new FunctionResultContent("1", "of the later call")])];
        ApprovalInbox.Read(messages).Pending.Should().ContainSingle().Which.Call.CallId.Should().Be("1");
    }

    [Fact]
    public void Read_AnsweredAmongOtherCalls_IsNotPending()
    {
        ChatMessage[] messages = [Asking("1"), new(ChatRole.Assistant, [Call("2")]), new(ChatRole.Tool, [new FunctionResultContent("1", "ok")])];
        ApprovalInbox.Read(messages).Pending.Should().BeEmpty();
    }

    [Fact]
    public void WithResults_NoOtherResults_FollowTheMessageThatCalls()
    {
        var inbox = ApprovalInbox.Read([new(ChatRole.User, "hi"), Asking("1"), new(ChatRole.User, "never mind")]);

        var all = inbox.WithResults([new FunctionResultContent("1", "ok")]);

        all.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User);
        all[2].Contents.Should().ContainSingle().Which.Should().BeOfType<FunctionResultContent>().Which.CallId.Should().Be("1");
    }

    [Fact]
    [Trait("Law", "13")]
    public void WithResults_CallsOfSeveralMessages_EachFollowsItsOwn()
    {
        var inbox = ApprovalInbox.Read([Asking("1"), new(ChatRole.User, "rather that"), Asking("2"), new(ChatRole.Tool, [new FunctionResultContent("3", "ok")]), new(ChatRole.User, "well?")]);

        var all = inbox.WithResults([new FunctionResultContent("1", "first"), new FunctionResultContent("2", "second")]);

        all.Select(message => message.Role).Should().Equal(ChatRole.Assistant, ChatRole.Tool, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User);
        all.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.CallId).Should().Equal("1", "3", "2");
    }

    [Fact]
    public void WithResults_IdsThatRepeat_EachResultIsPutInOnePlace()
    {
        var inbox = ApprovalInbox.Read([Asking("1", "a"), new(ChatRole.User, "again"), Asking("1", "b")]);

        var all = inbox.WithResults([new FunctionResultContent("1", "first"), new FunctionResultContent("1", "second")]);

        all.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => result.Result).Should().Equal("first", "second");
    }

    [Fact]
    public void WithResults_None_ChangesNothing()
    {
        var inbox = ApprovalInbox.Read([Asking("1"), new(ChatRole.User, "never mind")]);

        inbox.WithResults([]).Select(message => message.Role).Should().Equal(ChatRole.Assistant, ChatRole.User);
    }

    [Fact]
    public void Seen_EndsWithTheLastMessageThatMakesAPendingCall()
    {
        ApprovalInbox.Read([Asking("1"), new(ChatRole.User, "x"), Asking("2"), new(ChatRole.User, "y")]).Seen.Should().HaveCount(3);
        ApprovalInbox.Read([Asking("1"), new(ChatRole.Tool, [new FunctionResultContent("1", "ok")]), new(ChatRole.User, "y")]).Seen.Should().BeEmpty();
    }

    private static FunctionCallContent Call(string id) => new(id, "write");

    private static ChatMessage Asking(string id, string request = "") => new(ChatRole.Assistant, [Call(id), new ToolApprovalRequestContent("request" + id + request, Call(id))]);
}
