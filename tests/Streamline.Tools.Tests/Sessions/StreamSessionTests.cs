using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

public sealed class StreamSessionTests
{
    private readonly LiveModel _model = new();

    [Fact]
    public async Task Send_KeepsTheConversation()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        (await _model.NextAsync()).Answer("1");
        (await first.OrFail()).Response.Text.Should().Be("1");
        var second = session.SendAsync("two");
        var request = await _model.NextAsync();
        request.Said.Should().Equal("user: one", "assistant: 1", "user: two");
        request.Answer("2");

        (await second.OrFail()).Should().Match<SessionTurnEnded>(ended => ended.Turn == 2 && ended.End == SessionTurnEnd.Completed);
        TextsOf(session).Should().Equal("one", "1", "two", "2");
    }

    [Fact]
    public async Task Send_WhileATurnRuns_IsRefused()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        await FluentActions.Awaiting(() => session.SendAsync("two")).Should().ThrowAsync<InvalidOperationException>();
        (await _model.NextAsync()).Answer("1");
        await first.OrFail();
        TextsOf(session).Should().Equal("one", "1");
    }

    [Fact]
    public async Task Queue_DeliversEachMessageInATurnOfItsOwn()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var (second, third) = (session.Queue(User("two")), session.Queue(User("three")));
        second.Outcome.IsCompleted.Should().BeFalse();
        (await _model.NextAsync()).Answer("1");
        await first.OrFail();
        (await second.Outcome.OrFail()).Should().Match<SessionOutcome>(outcome => outcome.Turn == 2 && outcome.Round == 1);
        (await _model.NextAsync()).Answer("2");
        (await third.Outcome.OrFail()).Turn.Should().Be(3);
        var request = await _model.NextAsync();

        request.Said.Should().Equal("user: one", "assistant: 1", "user: two", "assistant: 2", "user: three");
        request.Answer("3");
    }

    [Fact]
    public async Task Steer_IsDeliveredAfterTheToolsOfTheRound()
    {
        var tool = new GatedTool("search");
        await using var session = new StreamSession(new StreamClientBuilder(_model.Client).UseTools(tool.Function).Build());
        var turn = session.SendAsync("find coats");
        var response = await _model.NextAsync();
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "search")));
        response.End();
        var run = await tool.NextRunAsync();
        var steer = session.Steer(User("red ones"));
        steer.Outcome.IsCompleted.Should().BeFalse("the tool runs");
        run.Source.SetResult("three coats");

        (await steer.Outcome.OrFail()).Should().Match<SessionOutcome>(outcome => outcome.Turn == 1 && outcome.Round == 2);
        var next = await _model.NextAsync();
        next.Request.Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User);
        next.Request.Messages[^1].Text.Should().Be("red ones");
        next.Answer("One red coat.");
        var ended = await turn.OrFail();
        ended.Response.Messages.Select(message => message.Role).Should().Equal(ChatRole.Assistant, ChatRole.Tool, ChatRole.User, ChatRole.Assistant);
        session.Snapshot.Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User, ChatRole.Assistant);
    }

    [Fact]
    public async Task Steer_ThatComesAfterTheLastTools_IsDeliveredAfterTheAnswer_BeforeTheQueue()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var response = await _model.NextAsync();
        var (queued, steer) = (session.Queue(User("later")), session.Steer(User("steer")));
        response.Answer("1");
        await first.OrFail();

        (await steer.Outcome.OrFail()).Turn.Should().Be(2);
        var second = await _model.NextAsync();
        second.Said.Should().Equal("user: one", "assistant: 1", "user: steer");
        second.Answer("2");
        (await queued.Outcome.OrFail()).Turn.Should().Be(3);
        (await _model.NextAsync()).Answer("3");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Law", "13")]
    public async Task Interrupt_SendsAtOnce_AndKeepsWhatWasAskedFor(bool keepPartial)
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var response = await _model.NextAsync();
        response.Send(Wire.Started, Wire.Text("half an ans"));
        await UntilAsync(session, snapshot => snapshot.Messages.Count == 2);
        var interrupt = session.InterruptAndSend(User("stop, do two"), keepPartial);
        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Interrupted);

        (await interrupt.Outcome.OrFail()).Turn.Should().Be(2);
        var second = await _model.NextAsync();
        string[] partial = keepPartial ? ["assistant: half an ans"] : [];
        second.Said.Should().Equal(["user: one", .. partial, "user: stop, do two"]);
        second.Answer("2");
        _model.Client.Open.Should().BeLessThanOrEqualTo(1, "the response that was cut off is closed");
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Interrupt_WhileAToolRuns_AnswersItsCall()
    {
        var tool = new GatedTool("search");
        await using var session = new StreamSession(new StreamClientBuilder(_model.Client).UseTools(tool.Function).Build());
        var first = session.SendAsync("find coats");
        var response = await _model.NextAsync();
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "search")));
        response.End();
        await tool.NextRunAsync();
        session.InterruptAndSend(User("never mind"));
        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Interrupted);

        var second = await _model.NextAsync();
        second.Request.Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User);
        second.Request.Messages[2].Contents.Should().ContainSingle().Which.Should().BeOfType<FunctionResultContent>().Which.CallId.Should().Be("call-1");
        second.Answer("All right.");
    }

    [Fact]
    public async Task Stop_Now_EndsTheTurn_AndDeliversNothingMore()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var response = await _model.NextAsync();
        var queued = session.Queue(User("two"));
        response.Send(Wire.Started, Wire.Text("half"));
        await UntilAsync(session, snapshot => snapshot.Messages.Count == 2);
        await session.StopAsync().OrFail();

        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Stopped);
        (await queued.Outcome.OrFail()).Should().Match<SessionOutcome>(outcome => outcome.Undelivered == SessionUndelivered.Stopped && outcome.Message.Text == "two");
        TextsOf(session).Should().Equal("one", "half");
        session.Snapshot.IsRunning.Should().BeFalse();
        _model.Client.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Stop_AfterRound_LetsTheToolsEnd()
    {
        var tool = new GatedTool("search");
        await using var session = new StreamSession(new StreamClientBuilder(_model.Client).UseTools(tool.Function).Build());
        var first = session.SendAsync("find coats");
        var response = await _model.NextAsync();
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "search")));
        response.End();
        var run = await tool.NextRunAsync();
        var stopping = session.StopAsync(SessionStop.AfterRound);
        stopping.IsCompleted.Should().BeFalse();
        run.Source.SetResult("three coats");
        await stopping.OrFail();

        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Stopped);
        session.Snapshot.Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool);
        _model.Client.Requests.Should().ContainSingle("there was no further round");
    }

    [Fact]
    public async Task MessageThatWaits_CanBeCancelledEditedAndMoved()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var (a, b, c) = (session.Queue(User("a")), session.Queue(User("b")), session.Queue(User("c")));
        a.TryCancel().Should().BeTrue();
        b.TryEdit(User("B")).Should().BeTrue();
        c.TryMove(0).Should().BeTrue();
        session.Snapshot.Pending.Should().Equal(c, b);
        (await a.Outcome.OrFail()).Undelivered.Should().Be(SessionUndelivered.Cancelled);
        (await _model.NextAsync()).Answer("1");
        await first.OrFail();
        (await _model.NextAsync()).Answer("2");
        var last = await _model.NextAsync();

        last.Said.Should().Equal("user: one", "assistant: 1", "user: c", "assistant: 2", "user: B");
        (b.TryCancel(), b.TryEdit(User("too late")), b.TryMove(0)).Should().Be((false, false, false));
        last.Answer("3");
    }

    [Fact]
    public async Task MailboxThatIsFull_GivesTheMessageBack()
    {
        await using var session = new StreamSession(_model.Client, new StreamSessionOptions { MaxPending = 1 });
        var first = session.SendAsync("one");
        session.Queue(User("two"));
        var refused = session.Queue(User("three"));

        (await refused.Outcome.OrFail()).Should().Match<SessionOutcome>(outcome => outcome.Undelivered == SessionUndelivered.Overloaded && outcome.Message.Text == "three");
        await session.StopAsync().OrFail();
        await first.OrFail();
    }

    [Fact]
    [Trait("Law", "3")]
    public async Task Failure_IsThrown_AndWhatHadArrivedIsKept()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var response = await _model.NextAsync();
        var (queued, steer) = (session.Queue(User("two")), session.Steer(User("three")));
        response.Send(Wire.Started, Wire.Text("half"));
        response.End(new StreamInterruptedException("The connection broke", bytesReceived: 5));

        await FluentActions.Awaiting(() => first.OrFail()).Should().ThrowAsync<StreamInterruptedException>();
        (await queued.Outcome.OrFail()).Undelivered.Should().Be(SessionUndelivered.TurnFailed);
        (await steer.Outcome.OrFail()).Undelivered.Should().Be(SessionUndelivered.TurnFailed);
        TextsOf(session).Should().Equal("one", "half");
        var again = session.SendAsync("go on");
        (await _model.NextAsync()).Answer("the rest");
        await again.OrFail();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task AnswerThatIsTooLong_EndsTheTurn_AndWhatFitsIsKept()
    {
        const int MaxChars = 1_000;
        var client = new FakeStreamClient((_, _) => EndlessAsync()) { Metadata = new StreamClientMetadata { Provider = "test", MaxRetainedChars = MaxChars } };
        await using var session = new StreamSession(client);

        await FluentActions.Awaiting(() => session.SendAsync("one").OrFail()).Should().ThrowAsync<StreamLimitException>();
        session.Snapshot.Messages[^1].Text.Length.Should().BeInRange(MaxChars / 2, MaxChars);
        client.Open.Should().Be(0);

        static async IAsyncEnumerable<StreamEvent> EndlessAsync()
        {
            while (true)
            {
                await Task.Yield();
                yield return Wire.Text("0123456789");
            }
        }
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Cancellation_OfSend_EndsTheTurn()
    {
        using var cancel = new CancellationTokenSource();
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one", cancel.Token);
        await _model.NextAsync();
        await cancel.CancelAsync();

        (await FluentActions.Awaiting(() => first.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancel.Token);
        session.Snapshot.IsRunning.Should().BeFalse();
        _model.Client.Open.Should().Be(0);
    }

    [Fact]
    public async Task DisposedSession_HasNoTurnLeft_AndTakesNoMessage()
    {
        var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        await _model.NextAsync();
        await session.DisposeAsync().AsTask().OrFail();

        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Stopped);
        _model.Client.Open.Should().Be(0);
        FluentActions.Invoking(() => session.Queue(User("two"))).Should().Throw<ObjectDisposedException>();
        await session.DisposeAsync();
    }

    [Fact]
    public async Task Usage_IsThatOfAllTurns()
    {
        await using var session = new StreamSession(_model.Client);
        for (var i = 1; i <= 2; i++)
        {
            var turn = session.SendAsync("hi");
            var response = await _model.NextAsync();
            response.Send(Wire.Started, new UsageUpdated { Usage = new TokenUsage { InputTokens = 10, OutputTokens = 1 } }, Wire.Ended(FinishReason.Stop));
            response.End();
            await turn.OrFail();
        }

        session.Snapshot.Usage.InputTokenCount.Should().Be(20);
        session.Snapshot.Usage.OutputTokenCount.Should().Be(2);
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static IEnumerable<string> TextsOf(StreamSession session) => session.Snapshot.Messages.Select(message => message.Text);

    private static async Task UntilAsync(StreamSession session, Func<SessionSnapshot, bool> condition)
    {
        await foreach (var sessionEvent in session.ObserveAsync())
        {
            if (condition(session.Snapshot))
            {
                return;
            }
        }
    }
}
