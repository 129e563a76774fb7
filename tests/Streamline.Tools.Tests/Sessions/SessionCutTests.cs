using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>Turns that are cut off in awkward ways: by clients that fail in a way of their own, by callbacks that throw, with a full mailbox, between two rounds.</summary>
public sealed class SessionCutTests
{
    private readonly LiveModel _model = new();

    [Fact]
    [Trait("Law", "3")]
    public async Task Interrupt_BetweenTwoRounds_KeepsTheToolsThatHaveRun()
    {
        var tool = new TestTool("pay", "paid");
        await using var session = new StreamSession(new StreamClientBuilder(_model.Client).UseTools(tool).Build());
        var turn = session.SendAsync("pay it");
        var response = await _model.NextAsync();
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "pay")));
        response.End();
        await _model.NextAsync(); // the second round, of which nothing has come
        session.InterruptAndSend(User("stop"), keepPartial: false);
        (await turn.OrFail()).End.Should().Be(SessionTurnEnd.Interrupted);

        var next = await _model.NextAsync();
        next.Request.Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User);
        tool.Calls.Should().Be(1);
        next.Answer("All right.");
    }

    [Theory]
    [Trait("Law", "6")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cut_OfAClientThatFailsInAWayOfItsOwn_IsACutAllTheSame(bool isInterrupt)
    {
        var failure = new IOException("The socket is gone.");
        var client = new FakeStreamClient((_, token) => FailWhenCancelledAsync(failure, token), (_, _) => FakeStreamClient.Stream(Wire.Answer("two")));
        await using var session = new StreamSession(client);
        var first = session.SendAsync("one");
        await UntilAsync(session, snapshot => snapshot.Messages.Count == 2);
        var message = isInterrupt ? session.InterruptAndSend(User("do two")) : null;
        await (isInterrupt ? Task.CompletedTask : session.StopAsync()).OrFail();

        (await first.OrFail()).Should().Match<SessionTurnEnded>(ended => ended.End == (isInterrupt ? SessionTurnEnd.Interrupted : SessionTurnEnd.Stopped) && ended.Failure == failure);
        await session.WhenIdleAsync().OrFail();
        if (message is not null)
        {
            (await message.Outcome.OrFail()).Turn.Should().Be(2);
            session.Snapshot.Messages.Select(m => m.Text).Should().Equal("one", "half", "do two", "two");
        }
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Cut_CallbackOfAToolThrows_TheTurnAndTheObserversEndAllTheSame()
    {
        var client = new FakeStreamClient((_, token) => ThrowInCallbackAsync(token));
        var session = new StreamSession(client);
        var first = session.SendAsync("one");
        await UntilAsync(session, snapshot => snapshot.Messages.Count == 2);
        var observer = session.ObserveAsync().GetAsyncEnumerator();
        await observer.MoveNextAsync().AsTask().OrFail();
        await session.DisposeAsync().AsTask().OrFail();

        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Stopped);
        while (await observer.MoveNextAsync().AsTask().OrFail())
        {
        }

        await observer.DisposeAsync();
    }

    [Fact]
    public async Task Send_CancelledByItsCaller_LeavesTheMessagesOfOthersInTheQueue()
    {
        using var cancel = new CancellationTokenSource();
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one", cancel.Token);
        await _model.NextAsync();
        var queued = session.Queue(User("two"));
        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => first.OrFail()).Should().ThrowAsync<OperationCanceledException>();
        (await queued.Outcome.OrFail()).Turn.Should().Be(2);
        (await _model.NextAsync()).Answer("2");
        await session.WhenIdleAsync().OrFail();
    }

    [Fact]
    public async Task Interrupt_WithAFullMailbox_CutsTheTurnOff()
    {
        await using var session = new StreamSession(_model.Client, new StreamSessionOptions { MaxPending = 1 });
        var first = session.SendAsync("one");
        await _model.NextAsync();
        session.Queue(User("later"));
        var interrupt = session.InterruptAndSend(User("now"));

        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Interrupted);
        (await interrupt.Outcome.OrFail()).Turn.Should().Be(2);
        (await _model.NextAsync()).Answer("2");
        (await _model.NextAsync()).Answer("3");
        await session.WhenIdleAsync().OrFail();
    }

    [Fact]
    public async Task Interrupt_Again_DoesNotBringBackWhatWasToBeLeftOut()
    {
        var client = new FakeStreamClient((_, token) => LingerAsync(token), (_, _) => FakeStreamClient.Stream(Wire.Answer("two")));
        await using var session = new StreamSession(client);
        var first = session.SendAsync("one");
        await UntilAsync(session, snapshot => snapshot.Messages.Count == 2);
        session.InterruptAndSend(User("a"), keepPartial: false);
        session.InterruptAndSend(User("b"));
        _lingering.SetResult();

        (await first.OrFail()).End.Should().Be(SessionTurnEnd.Interrupted);
        await session.WhenIdleAsync().OrFail();
        session.Snapshot.Messages.Select(message => message.Text).Should().Equal("one", "a", "b", "two");
    }

    [Theory]
    [InlineData(9, "one|a|b|two")]
    [InlineData(1, "one|half|a|two")] // the second one is refused, and changes nothing
    public async Task Interrupt_Twice_LeavesOutWhatAnAcceptedOneWants(int maxPending, string expected)
    {
        var client = new FakeStreamClient((_, token) => LingerAsync(token), (_, _) => FakeStreamClient.Stream(Wire.Answer("two")));
        await using var session = new StreamSession(client, new StreamSessionOptions { MaxPending = maxPending });
        var first = session.SendAsync("one");
        await UntilAsync(session, snapshot => snapshot.Messages.Count == 2);
        session.InterruptAndSend(User("a"), keepPartial: maxPending == 1);
        session.InterruptAndSend(User("b"), keepPartial: false);
        _lingering.SetResult();

        (await first.OrFail()).Failure.Should().BeNull("a cancellation that was asked for is none");
        await session.WhenIdleAsync().OrFail();
        session.Snapshot.Messages.Select(message => message.Text).Should().Equal(expected.Split('|'));
    }

    [Fact]
    public async Task Queue_WhileIdle_BeginsATurn()
    {
        await using var session = new StreamSession(_model.Client);
        var message = session.Queue(User("one"));
        (await message.Outcome.OrFail()).Turn.Should().Be(1);
        (await _model.NextAsync()).Answer("1");
        await session.WhenIdleAsync().OrFail();
        session.Snapshot.Messages.Select(said => said.Text).Should().Equal("one", "1");
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [Trait("Law", "13")]
    public async Task End_CallThatNobodyRan_IsTheCallers_UnlessTheTurnFailed(bool completes, int results)
    {
        await using var session = new StreamSession(_model.Client);
        var turn = session.SendAsync("go");
        var response = await _model.NextAsync();
        response.Send([Wire.Started, .. Wire.Call(0, "call-1", "search")]);
        if (completes)
        {
            response.Send(Wire.Ended());
        }

        response.End(completes ? null : new StreamInterruptedException("The connection broke", bytesReceived: 5));
        if (completes)
        {
            await turn.OrFail();
        }
        else
        {
            await FluentActions.Awaiting(() => turn.OrFail()).Should().ThrowAsync<StreamInterruptedException>();
        }

        await session.WhenIdleAsync().OrFail();
        session.Snapshot.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().HaveCount(results);
    }

    [Fact]
    public async Task TryMove_OfAnInterruptionPastTheEnd_StaysBeforeWhatSteers()
    {
        var client = new FakeStreamClient((_, token) => LingerAsync(token), (_, _) => FakeStreamClient.Stream(Wire.Answer("two")));
        await using var session = new StreamSession(client);
        var first = session.SendAsync("one");
        await UntilAsync(session, snapshot => snapshot.Messages.Count == 2);
        var (one, two, steer) = (session.InterruptAndSend(User("1")), session.InterruptAndSend(User("2")), session.Steer(User("s")));
        one.TryMove(9).Should().BeTrue();
        session.Snapshot.Pending.Should().Equal(two, one, steer);
        two.TryCancel().Should().BeTrue();
        one.TryMove(9).Should().BeTrue();
        session.Snapshot.Pending.Should().Equal(one, steer);
        _lingering.SetResult();
        await first.OrFail();
        await session.WhenIdleAsync().OrFail();
    }

    [Fact]
    public async Task Steer_WithOneToolLoopInsideAnother_IsInTheConversationOfTheOuterOne()
    {
        var (outer, inner) = (new TestTool("outer", "o"), new TestTool("inner", "i"));
        var further = new StreamClientBuilder(_model.Client).UseTools(inner).Build();
        await using var session = new StreamSession(new StreamClientBuilder(further).UseTools(outer).Build());
        var turn = session.SendAsync("go");
        var response = await _model.NextAsync();
        var steer = session.Steer(User("left"));
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "inner")));
        response.End();
        var second = await _model.NextAsync();
        second.Said.Should().NotContain("user: left", "the round of the outer loop runs on");
        second.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-2", "outer")));
        second.End();
        var third = await _model.NextAsync();

        third.Said.Should().Contain("user: left");
        (await steer.Outcome.OrFail()).Turn.Should().Be(1);
        third.Answer("done");
        await turn.OrFail();
    }

    private readonly TaskCompletionSource _lingering = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static async IAsyncEnumerable<StreamEvent> FailWhenCancelledAsync(Exception failure, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Wire.Started;
        yield return Wire.Text("half");
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.Register(() => cancelled.SetException(failure));
        await cancelled.Task;
    }

    private static async IAsyncEnumerable<StreamEvent> ThrowInCallbackAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Wire.Started;
        yield return Wire.Text("half");
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.Register(() => cancelled.SetCanceled(cancellationToken));
        using var faulty = cancellationToken.Register(() => throw new InvalidOperationException("a callback"));
        await cancelled.Task;
    }

    // Its end is the test's to give, however early it is cancelled.
    private async IAsyncEnumerable<StreamEvent> LingerAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Wire.Started;
        yield return Wire.Text("half");
        await _lingering.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task UntilAsync(StreamSession session, Predicate<SessionSnapshot> condition)
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
