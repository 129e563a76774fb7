using Microsoft.Extensions.AI;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>What is left out of a history, and what never is.</summary>
public sealed class SessionWindowTests
{
    private static readonly ChatMessage System = new(ChatRole.System, "Be brief.");

    [Fact]
    public async Task Shorten_HistoryThatFits_IsUnchanged()
    {
        ChatMessage[] history = [User("q"), System, Assistant("a")];
        (await SessionHistory.ShortenAsync(history, [], new StreamSessionOptions { MaxHistoryMessages = 3 }, default)).Should().BeSameAs(history);
    }

    [Theory]
    [InlineData(12, "Be brief.|q2|a2")]
    [InlineData(11, "Be brief.")]
    public async Task Shorten_TokensOfTheSystem_CountToo(long maxTokens, string expected)
    {
        var options = new StreamSessionOptions { MaxHistoryTokens = maxTokens, CountTokens = message => message.Role == ChatRole.System ? 10 : 1 };
        var kept = await SessionHistory.ShortenAsync([System, User("q1"), Assistant("a1"), User("q2"), Assistant("a2")], [], options, default);
        kept.Select(message => message.Text).Should().Equal(expected.Split('|'));
    }

    public static TheoryData<string, long> Estimates => new()
    {
        { "text", 4 + 2 },
        { "texts", 4 + 3 },
        { "reasoning", 4 + 3 },
        { "call", 4 + 4 },
        { "bare call", 4 + 2 },
        { "empty argument", 4 + 2 },
        { "result", 4 + 5 },
        { "no result", 4 },
        { "image", 4 },
    };

    [Theory]
    [MemberData(nameof(Estimates))]
    public async Task Shorten_WithoutACounter_EstimatesTheTokens(string kind, long tokens)
    {
        List<AIContent> contents = kind switch
        {
            "text" => [new TextContent("12345678")],
            "texts" => [new TextContent("12345678"), new TextContent("1234")],
            "reasoning" => [new TextReasoningContent("123456789012")],
            "call" => [new FunctionCallContent("id", "searches", new Dictionary<string, object?> { ["ab"] = "123456" })],
            "bare call" => [new FunctionCallContent("id", "searches")],
            "empty argument" => [new FunctionCallContent("id", "search", new Dictionary<string, object?> { ["ab"] = null })],
            "result" => [new FunctionResultContent("id", "12345678901234567890")],
            "no result" => [new FunctionResultContent("id", null)],
            _ => [new DataContent(new byte[100], "image/png")],
        };
        ChatMessage[] history = [User("1234"), new(ChatRole.Assistant, contents)];
        foreach (var spare in new[] { 0, -1 })
        {
            var kept = await SessionHistory.ShortenAsync(history, [], new StreamSessionOptions { MaxHistoryTokens = 5 + tokens + spare }, default);
            kept.Should().HaveCount(spare == 0 ? 2 : 0);
        }
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Shorten_TurnsBetweenACallAndItsResult_StayTogether()
    {
        ChatMessage[] history =
        [
            User("q1"), Assistant("a1"),
            User("q2"), Call("x"),
            User("q3"), Assistant("a3"),
            User("q4"), new(ChatRole.Tool, [new FunctionResultContent("x", "done")]), Call("y"),
            User("q5"), new(ChatRole.Tool, [new FunctionResultContent("y", "done")]),
            User("q6"), Assistant("a6"),
        ];
        List<int> counts = [];
        for (var size = 1; size <= history.Length; size++)
        {
            var kept = await SessionHistory.ShortenAsync(history, [], new StreamSessionOptions { MaxHistoryMessages = size }, default);
            kept.Should().Equal(history[^kept.Count..]);
            counts.Add(kept.Count);
        }

        // The last turn, those from the first call to the last result, and the first turn.
        counts.Should().Equal(0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 11, 11, 13);
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Shorten_WhatTheOpeningAnswers_IsKept_WhateverOtherIdsThereAre()
    {
        ChatMessage[] history =
        [
            User("q1"), new(ChatRole.Assistant, [new ToolApprovalRequestContent("1", new FunctionCallContent("c", "delete"))]),
            User("q2"), Call("1"), new(ChatRole.Tool, [new FunctionResultContent("1", "done")]),
            User("q3"), Assistant("a3"),
        ];
        ChatMessage[] opening = [new(ChatRole.User, [new ToolApprovalResponseContent("1", approved: true, new FunctionCallContent("c", "delete"))])];
        (await SessionHistory.ShortenAsync(history, opening, new StreamSessionOptions { MaxHistoryMessages = 1 }, default)).Should().Equal(history);
        (await SessionHistory.ShortenAsync(history, [User("q4")], new StreamSessionOptions { MaxHistoryMessages = 1 }, default)).Should().BeEmpty();
    }

    [Fact]
    [Trait("Law", "13")]
    public void WithoutOrphans_LeavesOutAnswersToNoRequest_AndNothingElse()
    {
        var call = new FunctionCallContent("c", "delete");
        ChatMessage hello = User("hello"), asked = new(ChatRole.Assistant, [new ToolApprovalRequestContent("1", call)]);
        var (answer, stray) = (new ToolApprovalResponseContent("1", approved: true, call), new ToolApprovalResponseContent("2", approved: true, call));
        ChatMessage[] right = [hello, asked, new(ChatRole.User, [answer])];
        SessionHistory.WithoutOrphans(right).Should().BeSameAs(right);

        var mixed = new ChatMessage(ChatRole.User, [new TextContent("yes"), stray, answer]) { MessageId = "m" };
        var kept = SessionHistory.WithoutOrphans([hello, asked, mixed, new(ChatRole.User, [stray])]);
        kept.Should().HaveCount(3);
        kept.Take(2).Should().Equal(hello, asked);
        kept[2].MessageId.Should().Be("m");
        kept[2].Contents.Should().Equal(mixed.Contents[0], answer);
        mixed.Contents.Should().HaveCount(3, "the message of the caller is not changed");
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Assistant(string text) => new(ChatRole.Assistant, text);

    private static ChatMessage Call(string id) => new(ChatRole.Assistant, [new FunctionCallContent(id, "search")]);
}
