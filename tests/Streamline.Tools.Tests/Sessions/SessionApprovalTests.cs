using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>Approvals that are left for later, together with windows, other messages and other processes.</summary>
[Trait("Law", "13")]
public sealed class SessionApprovalTests
{
    private readonly LiveModel _model = new();
    private readonly TestTool _tool = new("delete", "deleted");
    private readonly IStreamClient _client;

    public SessionApprovalTests() => _client = new StreamClientBuilder(_model.Client)
        .UseTools(new ToolSet().Add(_tool, options => options.Approval = ToolApproval.Always), options => options.Approvals.Key = new byte[32]).Build();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Window_WhateverItsSize_KeepsTheCallThatTheNextMessageAnswers(int maxMessages)
    {
        await using var session = new StreamSession(_client, new StreamSessionOptions { MaxHistoryMessages = maxMessages }, [new(ChatRole.User, "q"), new(ChatRole.Assistant, "a")]);
        await AskAsync(session);
        var turn = session.SendAsync(new ChatMessage(ChatRole.User, [RequestIn(session).CreateResponse(approved: true)]));
        var response = await _model.NextAsync();

        response.Request.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Should().ContainSingle();
        response.Request.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().ContainSingle();
        response.Answer("It is gone.");
        await turn.OrFail();
        _tool.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Results_OfCallsOfAnEarlierTurn_AreKeptWhereTheyAreSent()
    {
        await using var session = new StreamSession(_client);
        await AskAsync(session);
        var turn = session.SendAsync(new ChatMessage(ChatRole.User, [RequestIn(session).CreateResponse(approved: true), new TextContent("and then?")]));
        var response = await _model.NextAsync();
        var sent = response.Request.Messages.Select(message => message.Role).ToList();
        sent.Should().EndWith([ChatRole.Assistant, ChatRole.Tool, ChatRole.User]);
        session.Snapshot.Messages.Where(message => message.Role != ChatRole.System).Select(message => message.Role).Should().EndWith([ChatRole.Tool, ChatRole.User]);
        response.Answer("That is all.");
        await turn.OrFail();

        session.Snapshot.Messages.Select(message => message.Role).Should().EndWith([ChatRole.Assistant, ChatRole.Tool, ChatRole.User, ChatRole.Assistant]);
    }

    [Fact]
    public async Task Window_AfterAnApprovalThatWasNeverGiven_NeverCutsTheCallFromItsResult()
    {
        for (var size = 1; size < 12; size++)
        {
            var model = new LiveModel();
            var client = new StreamClientBuilder(model.Client)
                .UseTools(new ToolSet().Add(_tool, options => options.Approval = ToolApproval.Always), options => options.Approvals.Key = new byte[32]).Build();
            await using var session = new StreamSession(client, new StreamSessionOptions { MaxHistoryMessages = size });
            await AskAsync(session, model);
            foreach (var text in new[] { "never mind", "and now?", "anything else" })
            {
                var turn = session.SendAsync(text);
                var response = await model.NextAsync();
                var contents = response.Request.Messages.SelectMany(message => message.Contents).ToList();
                var calls = contents.OfType<FunctionCallContent>().Select(call => call.CallId);
                contents.OfType<FunctionResultContent>().Select(result => result.CallId).Should().Equal(calls, $"the window has {size} messages");
                response.Answer("ok");
                await turn.OrFail();
            }
        }

        _tool.Calls.Should().Be(0);
    }

    [Fact]
    public async Task AnswerToNoRequest_FailsItsTurnOnly()
    {
        await using var session = new StreamSession(_client);
        var stray = new ToolApprovalResponseContent("stray", approved: true, new FunctionCallContent("call-9", "delete"));
        await FluentActions.Awaiting(() => session.SendAsync(new ChatMessage(ChatRole.User, [new TextContent("yes"), stray])).OrFail()).Should().ThrowAsync<ArgumentException>();

        foreach (var next in new[] { session, StreamSession.Restore(_client, session.Save()) })
        {
            var turn = next.SendAsync("hello");
            var response = await _model.NextAsync();
            response.Said.Should().Equal("user: hello");
            response.Answer("hi");
            await turn.OrFail();
            await next.DisposeAsync();
        }
    }

    [Fact]
    public async Task OpenApprovals_OfARestoredSession_AreThoseThatWereSaved()
    {
        await using var session = new StreamSession(_client);
        await AskAsync(session);
        var asked = session.Snapshot.OpenApprovals.Should().ContainSingle().Subject;
        await using var restored = StreamSession.Restore(_client, session.Save());

        var open = restored.Snapshot.OpenApprovals.Should().ContainSingle().Subject;
        (open.ApprovalId, open.CallId, open.Name, open.Token, open.ExpiresAt?.ToUnixTimeSeconds(), open.CanRespond)
            .Should().Be((asked.ApprovalId, asked.CallId, asked.Name, asked.Token, asked.ExpiresAt?.ToUnixTimeSeconds(), false));
        var turn = restored.SendAsync("never mind");
        (await _model.NextAsync()).Answer("ok");
        await turn.OrFail();
        restored.Snapshot.OpenApprovals.Should().BeEmpty("what is not answered is denied");
    }

    [Fact]
    public async Task OpenApprovals_AfterTheTurn_AreThoseThatItAskedFor()
    {
        await using var session = new StreamSession(_client);
        var turn = session.SendAsync("delete both");
        var response = await _model.NextAsync();
        response.Send(Wire.Response(FinishReason.ToolCalls, [.. Wire.Call(0, "call-1", "delete"), .. Wire.Call(1, "call-2", "delete")]));
        response.End();
        IReadOnlyList<ApprovalRequested> asked = [];
        await foreach (var sessionEvent in session.ObserveAsync())
        {
            if ((asked = session.Snapshot.OpenApprovals).Count == 2)
            {
                break;
            }
        }

        asked.Should().OnlyContain(approval => approval.Defer());
        await turn.OrFail();
        session.Snapshot.OpenApprovals.Should().Equal(asked);
    }

    [Fact]
    public async Task MessagesThatWait_AreAllRestored_WhateverTheLimitIs()
    {
        var session = new StreamSession(_client);
        var turn = session.SendAsync("one");
        var response = await _model.NextAsync();
        for (var i = 0; i < 5; i++)
        {
            session.Queue(new ChatMessage(ChatRole.User, $"{i}"));
        }

        await using var restored = StreamSession.Restore(_client, session.Save(), new StreamSessionOptions { MaxPending = 2 });
        restored.Snapshot.Pending.Select(pending => pending.Message.Text).Should().Equal("0", "1", "2", "3", "4");
        await session.DisposeAsync();
        await turn.OrFail();
    }

    [Theory]
    [InlineData("""{"version":1,"turns":-5,"usage":{},"messages":[],"pending":[]}""")]
    [InlineData("""{"version":1,"turns":0,"usage":{},"messages":[],"pending":[{"kind":"77","message":{"role":"user","contents":[]}}]}""")]
    [InlineData("""{"version":1,"turns":0,"usage":{},"messages":[],"pending":[{"kind":"1","message":{"role":"user","contents":[]}}]}""")]
    public void SavedSession_WithValuesThatCannotBe_IsRefused(string json) =>
        FluentActions.Invoking(() => StreamSession.Restore(_client, json)).Should().Throw<JsonException>();

    private static ToolApprovalRequestContent RequestIn(StreamSession session) =>
        session.Snapshot.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();

    /// <summary>Has the model call the tool, and leaves the question open.</summary>
    private async Task AskAsync(StreamSession session, LiveModel? model = null)
    {
        var turn = session.SendAsync("delete it");
        var response = await (model ?? _model).NextAsync();
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "delete")));
        response.End();
        await foreach (var sessionEvent in session.ObserveAsync())
        {
            if (session.Snapshot.OpenApprovals is [var asked])
            {
                asked.Defer();
                break;
            }
        }

        await turn.OrFail();
    }
}
