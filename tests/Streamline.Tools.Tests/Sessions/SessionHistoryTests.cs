using System.Text.Json;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using Streamline.TestSupport.Conversations;

namespace Streamline.Tools.Tests.Sessions;

public sealed class SessionHistoryTests
{
    private static readonly ChatMessage System = new(ChatRole.System, "Be brief.");

    [Fact]
    public async Task SavedSession_GoesOnInAnotherProcess()
    {
        var model = new LiveModel();
        string saved;
        await using (var session = new StreamSession(model.Client))
        {
            _ = session.SendAsync("one");
            var response = await model.NextAsync();
            response.Send(Wire.Started, Wire.Text("half"));
            session.Queue(new ChatMessage(ChatRole.User, "two"));
            await foreach (var sessionEvent in session.ObserveAsync())
            {
                if (session.Snapshot.Messages.Count == 2)
                {
                    break;
                }
            }

            saved = session.Save();
        }

        await using var restored = StreamSession.Restore(model.Client, saved);
        restored.Snapshot.Messages.Select(message => message.Text).Should().Equal("one", "half");
        restored.Snapshot.Pending.Select(message => message.Message.Text).Should().Equal("two");
        restored.Save().Should().Be(saved);
        restored.Continue().Should().BeTrue();
        var request = await model.NextAsync();
        request.Said.Should().Equal("user: one", "assistant: half", "user: two");
        request.Answer("done");
    }

    [Fact]
    public async Task ApprovalThatIsOpen_CanBeGivenInAnotherProcess_AndTheToolRunsOnce()
    {
        var model = new LiveModel();
        var tool = new TestTool("delete", "deleted");
        var key = new byte[32];
        var client = new StreamClientBuilder(model.Client)
            .UseTools(new ToolSet().Add(tool, options => options.Approval = ToolApproval.Always), options => options.Approvals.Key = key).Build();
        string saved;
        await using (var session = new StreamSession(client))
        {
            _ = session.SendAsync("delete it");
            var response = await model.NextAsync();
            response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "delete")));
            response.End();
            await foreach (var sessionEvent in session.ObserveAsync())
            {
                if (session.Snapshot.OpenApprovals.Count > 0)
                {
                    break;
                }
            }

            saved = session.Save();
        }

        tool.Calls.Should().Be(0);
        await using var restored = StreamSession.Restore(client, saved);
        var request = restored.Snapshot.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        var turn = restored.SendAsync(new ChatMessage(ChatRole.User, [request.CreateResponse(approved: true)]));
        var second = await model.NextAsync();
        second.Request.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().ContainSingle();
        second.Answer("It is gone.");
        await turn.OrFail();
        tool.Calls.Should().Be(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"version":2}""")]
    [InlineData("""{"version":1,"turns":0,"usage":{},"messages":[null],"pending":[]}""")]
    [InlineData("""{"version":1,"turns":0,"usage":{},"messages":[],"pending":[{"kind":"Nonsense","message":{}}]}""")]
    public void TextThatIsNoSavedSession_IsRefused(string json) =>
        FluentActions.Invoking(() => StreamSession.Restore(new LiveModel().Client, json)).Should().Throw<JsonException>();

    [Theory]
    [InlineData(1, int.MaxValue, "new")]
    [InlineData(2, int.MaxValue, "new")]
    [InlineData(3, int.MaxValue, "q3,a3,new")]
    [InlineData(6, int.MaxValue, "q3,a3,new")]
    [InlineData(7, int.MaxValue, "q2,call,result,a2,q3,a3,new")]
    [InlineData(100, int.MaxValue, "q1,a1,q2,call,result,a2,q3,a3,new")]
    [InlineData(int.MaxValue, 2, "q3,a3,new")]
    [InlineData(int.MaxValue, 5, "q3,a3,new")]
    [InlineData(int.MaxValue, 6, "q2,call,result,a2,q3,a3,new")]
    public async Task Window_LeavesOutWholeTurns(int maxMessages, long maxTokens, string expected)
    {
        ChatMessage[] history =
        [
            System,
            new(ChatRole.User, "q1"), new(ChatRole.Assistant, "a1"),
            new(ChatRole.User, "q2"), new(ChatRole.Assistant, [new FunctionCallContent("call", "search")]), new(ChatRole.Tool, [new FunctionResultContent("call", "result")]), new(ChatRole.Assistant, "a2"),
            new(ChatRole.User, "q3"), new(ChatRole.Assistant, "a3"),
        ];
        var model = new LiveModel();
        var options = new StreamSessionOptions { MaxHistoryMessages = maxMessages, MaxHistoryTokens = maxTokens, CountTokens = message => message.Role == ChatRole.System ? 0 : 1 };
        await using var session = new StreamSession(model.Client, options, history);
        var turn = session.SendAsync("new");
        var request = await model.NextAsync();
        request.Answer("ok");
        await turn.OrFail();

        request.Request.Messages[0].Should().BeSameAs(System);
        request.Request.Messages.Skip(1).Select(NameOf).Should().Equal(expected.Split(','));
    }

    [Fact]
    public async Task Reducer_ShortensWhatIsKept()
    {
        var model = new LiveModel();
        var options = new StreamSessionOptions { Reduce = (messages, _) => Task.FromResult<IEnumerable<ChatMessage>>([new(ChatRole.System, $"{messages.Count} messages about coats")]) };
        await using var session = new StreamSession(model.Client, options, [new(ChatRole.User, "q1"), new(ChatRole.Assistant, "a1")]);
        var turn = session.SendAsync("new");
        var request = await model.NextAsync();
        request.Said.Should().Equal("system: 2 messages about coats", "user: new");
        request.Answer("ok");
        await turn.OrFail();

        session.Snapshot.Messages.Should().HaveCount(3);
    }

    /// <summary>A conversation with tools is interrupted after each of its events; what the session holds then is sent to every provider.</summary>
    [Fact]
    [Trait("Law", "13")]
    public async Task Interrupt_AfterAnyEvent_LeavesAConversationThatEveryProviderTakes()
    {
        StreamEvent[] first = Wire.Response(FinishReason.ToolCalls, [Wire.Text("Let me look."), .. Wire.Call(1, "call-1", "search"), .. Wire.Call(2, "call-2", "search")]);
        for (var cut = 0; cut <= first.Length; cut++)
        {
            var model = new LiveModel();
            var tool = new TestTool("search", "found");
            await using var session = new StreamSession(new StreamClientBuilder(model.Client).UseTools(tool).Build());
            var turn = session.SendAsync("find coats");
            var response = await model.NextAsync();
            response.Send(first[..cut]);
            await using (var observer = session.ObserveAsync().GetAsyncEnumerator())
            {
                // Until what was sent has been read.
                for (var last = cut > 0 ? first[cut - 1] : null; last is not null;)
                {
                    (await observer.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
                    if (observer.Current is SessionStreamEvent { Event: var read } && read == last)
                    {
                        break;
                    }

                    if (observer.Current is SessionSnapshot)
                    {
                        break; // it may have been read before this observer joined; any moment will do
                    }
                }
            }

            foreach (var rules in ProviderRules.All.Values)
            {
                await rules.CheckSentAsync([.. session.Snapshot.Messages, new ChatMessage(ChatRole.User, "and now?")]);
            }

            session.InterruptAndSend(new ChatMessage(ChatRole.User, "stop"));
            (await turn.OrFail()).End.Should().Be(SessionTurnEnd.Interrupted);
            var next = await model.NextAsync();
            foreach (var rules in ProviderRules.All.Values)
            {
                await rules.CheckSentAsync(next.Request.Messages);
            }

            next.Answer("stopped");
        }
    }

    private static string NameOf(ChatMessage message) => message.Contents[0] switch
    {
        FunctionCallContent => "call",
        FunctionResultContent => "result",
        _ => message.Text,
    };
}
