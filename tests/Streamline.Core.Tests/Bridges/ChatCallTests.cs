using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tests.Bridges;

/// <summary>Calls of a chat client: ids that are not unique, and what a store in between makes of their contents.</summary>
public sealed class ChatCallTests
{
    [Theory]
    [InlineData("read")]
    [InlineData("")]
    [Trait("Law", "7")]
    public async Task CallsOfOneId_AreToldApart(string id)
    {
        var events = await StreamAsync(Call(id, "a"), Call(id, "b"), Call("c1", "c"));

        var calls = events.OfType<ToolCallCompleted>().ToList();
        calls.Select(call => call.Arguments!.Value.GetProperty("path").GetString()).Should().Equal("a", "b", "c");
        calls.Select(call => call.CallId).Should().OnlyHaveUniqueItems().And.NotContain("").And.Contain("c1");
        events.OfType<ToolCallStarted>().Select(call => call.CallId).Should().Equal(calls.Select(call => call.CallId));
    }

    [Fact]
    [Trait("Law", "7")]
    public async Task CallThatIsSentAgain_CountsOnce()
    {
        var events = await StreamAsync(Call("c1", "a"), Call("c2", "a"), Call("c1", "a"));

        events.OfType<ToolCallCompleted>().Select(call => call.CallId).Should().Equal("c1", "c2");
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task ResultsOfOneId_AnswerTheCallsInTheirOrder()
    {
        var chat = new FakeChatClient(
        [
            new ChatResponseUpdate(ChatRole.Assistant, [Ran("read", "a"), Ran("read", "b")]),
            new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls },
            new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent("read", "of a"), new FunctionResultContent("read", "of b")]),
            new ChatResponseUpdate(ChatRole.Assistant, [Ran("read", "c")]),
            new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent("read", "of c")]),
            new ChatResponseUpdate(ChatRole.Assistant, "done") { FinishReason = ChatFinishReason.Stop },
        ]);

        var events = await chat.AsStreamClient().StreamAsync("Hi").CollectAsync();

        var calls = events.OfType<ToolCallCompleted>().ToList();
        events.OfType<ToolResult>().Select(result => (result.CallId, result.Name, result.Result.GetString()))
            .Should().Equal((calls[0].CallId, "read", "of a"), (calls[1].CallId, "read", "of b"), (calls[2].CallId, "read", "of c"));
        calls[0].CallId.Should().NotBe(calls[1].CallId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Law", "13")]
    public async Task QuestionAndErrorFlag_SurviveAStore(bool isStored)
    {
        var expiresAt = new DateTimeOffset(2026, 12, 24, 18, 0, 0, TimeSpan.Zero);
        var asked = new ApprovalRequested { ApprovalId = "a1", CallId = "c1", Name = "read", Arguments = JsonElement.Parse("{}"), Token = "t", ExpiresAt = expiresAt };
        ChatResponseUpdate[] updates =
        [
            new(ChatRole.Assistant, [Ran("c0", "x"), Call("c1", "a")]),
            new(ChatRole.Assistant, [StreamMessages.ToContent(asked, Call("c1", "a"))]),
            new(ChatRole.Tool, [StreamMessages.ToContent(new ToolResult { CallId = "c0", Name = "read", Result = JsonElement.Parse("\"bad\""), IsError = true })]),
            new() { FinishReason = ChatFinishReason.ToolCalls },
        ];
        var chat = new FakeChatClient(isStored ? [.. updates.Select(Store)] : updates);

        var events = await chat.AsStreamClient().StreamAsync("Hi").CollectAsync();

        events.OfType<ToolResult>().Single().IsError.Should().BeTrue();
        var question = events.OfType<ApprovalRequested>().Single();
        (question.CallId, question.Token, question.ExpiresAt).Should().Be(("c1", "t", expiresAt));
        events.OfType<ToolCallCompleted>().Should().HaveCount(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ChatClient_CallThatAwaitsApproval_IsNotTheCallersToRun(bool isStreaming)
    {
        StreamEvent[] events =
        [
            new ResponseStarted { Provider = "test" },
            new ToolCallStarted { Index = 0, CallId = "c1", Name = "read" },
            new ToolCallCompleted { Index = 0, CallId = "c1", Name = "read", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}") },
            new ToolCallStarted { Index = 1, CallId = "c2", Name = "callers" },
            new ToolCallCompleted { Index = 1, CallId = "c2", Name = "callers", ArgumentsText = "{}", Arguments = JsonElement.Parse("{}") },
            new ApprovalRequested { ApprovalId = "a1", CallId = "c1", Name = "read", Arguments = JsonElement.Parse("{}"), Token = "t" },
            new ResponseCompleted { FinishReason = FinishReason.ToolCalls },
        ];
        using var chat = FakeStreamClient.Of(events).AsChatClient();

        var response = isStreaming ? await chat.GetStreamingResponseAsync("Hi").ToChatResponseAsync() : await chat.GetResponseAsync("Hi");

        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        contents.OfType<FunctionCallContent>().Select(call => (call.CallId, call.InformationalOnly)).Should().BeEquivalentTo([("c1", true), ("c2", false)]);
        ((FunctionCallContent)contents.OfType<ToolApprovalRequestContent>().Single().ToolCall).InformationalOnly.Should().BeTrue();
    }

    private static FunctionCallContent Call(string id, string path) => new(id, "read", new Dictionary<string, object?> { ["path"] = path });

    private static FunctionCallContent Ran(string id, string path)
    {
        var call = Call(id, path);
        call.InformationalOnly = true;
        return call;
    }

    private static ChatResponseUpdate Store(ChatResponseUpdate update) =>
        JsonSerializer.Deserialize<ChatResponseUpdate>(JsonSerializer.Serialize(update, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;

    private static Task<List<StreamEvent>> StreamAsync(params AIContent[] contents) =>
        new FakeChatClient([.. contents.Select(content => new ChatResponseUpdate(ChatRole.Assistant, [content])), new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls }])
            .AsStreamClient().StreamAsync("Hi").CollectAsync();
}
