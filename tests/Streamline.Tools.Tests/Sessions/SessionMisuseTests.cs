using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>Calls that come at the wrong time, or with values that cannot be.</summary>
public sealed class SessionMisuseTests
{
    private readonly LiveModel _model = new();
    private readonly TaskCompletionSource _lingering = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        var options = new StreamSessionOptions { MaxPending = 1, MaxHistoryMessages = 1, MaxHistoryTokens = 1 };
        options.Invoking(o => o.MaxPending = 0).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("MaxPending");
        options.Invoking(o => o.MaxHistoryMessages = 0).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("MaxHistoryMessages");
        options.Invoking(o => o.MaxHistoryTokens = 0).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("MaxHistoryTokens");
        FluentActions.Invoking(() => new StreamSession(null!)).Should().Throw<ArgumentNullException>().WithParameterName("client");
        FluentActions.Invoking(() => new StreamSession(_model.Client, new StreamSessionOptions { ChatOptions = new ChatOptions { ConversationId = "conv_1" } }))
            .Should().Throw<ArgumentException>().WithMessage("*found a ConversationId in its ChatOptions*");
    }

    [Fact]
    public async Task Options_AreCopied()
    {
        var options = new StreamSessionOptions { ChatOptions = new ChatOptions { ModelId = "before" }, MaxPending = 1 };
        await using var session = new StreamSession(_model.Client, options);
        (options.ChatOptions.ModelId, options.MaxPending) = ("after", 9);
        var turn = session.SendAsync("hi");
        var request = await _model.NextAsync();
        request.Request.Options!.ModelId.Should().Be("before");
        session.Queue(User("1"));
        (await session.Queue(User("2")).Outcome.OrFail()).Undelivered.Should().Be(SessionUndelivered.Overloaded);
        request.Answer("1");
        await turn.OrFail();
        (await _model.NextAsync()).Answer("2");
        await session.WhenIdleAsync().OrFail();
    }

    [Fact]
    public async Task Messages_ThatAreNull_AreRefused_AndNothingBegins()
    {
        await using var session = new StreamSession(_model.Client);
        await session.Awaiting(s => s.SendAsync((ChatMessage)null!)).Should().ThrowAsync<ArgumentNullException>();
        await session.Awaiting(s => s.SendAsync((string)null!)).Should().ThrowAsync<ArgumentNullException>();
        session.Invoking(s => s.Queue(null!)).Should().Throw<ArgumentNullException>();
        session.Invoking(s => s.ObserveAsync(capacity: 0)).Should().Throw<ArgumentOutOfRangeException>();
        await session.Awaiting(s => s.SendAsync("hi", new CancellationToken(canceled: true))).Should().ThrowAsync<OperationCanceledException>();
        session.Snapshot.Should().Match<SessionSnapshot>(snapshot => snapshot.Turn == 0 && snapshot.Pending.Count == 0);
    }

    [Fact]
    public async Task Send_WhileATurnRuns_SaysWhatToDoInstead_AndContinueDoesNothing()
    {
        await using var session = new StreamSession(_model.Client);
        var turn = session.SendAsync("one");
        (await session.Awaiting(s => s.SendAsync("two")).Should().ThrowAsync<InvalidOperationException>()).WithMessage("A turn is running. Queue the message*");
        session.Queue(User("three"));
        session.Continue().Should().BeFalse();
        (await _model.NextAsync()).Answer("1");
        await turn.OrFail();
        (await _model.NextAsync()).Answer("3");
        await session.WhenIdleAsync().OrFail();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task DisposedSession_RefusesEverything()
    {
        var session = new StreamSession(_model.Client);
        await session.DisposeAsync();
        await session.Awaiting(s => s.SendAsync("hi")).Should().ThrowAsync<ObjectDisposedException>();
        session.Invoking(s => s.Continue()).Should().Throw<ObjectDisposedException>();
        session.Invoking(s => s.Steer(User("hi"))).Should().Throw<ObjectDisposedException>();
        (await session.ObserveAsync().ToListAsync().AsTask().OrFail()).Should().ContainSingle("one may look at what is left").Which.Should().BeOfType<SessionSnapshot>();
    }

    [Fact]
    public async Task Stop_WhileIdle_GivesTheMessagesBackThatWait()
    {
        await using var session = StreamSession.Restore(_model.Client, """{"version":1,"turns":0,"usage":{},"messages":[],"pending":[{"kind":"Queue","message":{"role":"user","contents":[]}}]}""");
        var waiting = session.Snapshot.Pending.Should().ContainSingle().Subject;
        await session.StopAsync().OrFail();
        (await waiting.Outcome.OrFail()).Undelivered.Should().Be(SessionUndelivered.Stopped);
        session.Snapshot.Pending.Should().BeEmpty();
    }

    [Fact]
    public async Task Stop_AfterAnInterruption_StopsTheTurn_AndKeepsWhatHadArrived()
    {
        await using var session = new StreamSession(new FakeStreamClient((_, token) => LingerAsync(token)));
        var turn = session.SendAsync("one");
        await ShownAsync(session);
        var interrupt = session.InterruptAndSend(User("two"), keepPartial: false);
        var stopping = session.StopAsync();
        _lingering.SetResult();
        await stopping.OrFail();
        (await turn.OrFail()).End.Should().Be(SessionTurnEnd.Stopped);
        (await interrupt.Outcome.OrFail()).Undelivered.Should().Be(SessionUndelivered.Stopped);
        session.Snapshot.Messages.Select(message => message.Text).Should().Equal("one", "half");
    }

    [Fact]
    public async Task Interrupt_WhileTheTurnIsStopping_CutsNothingOff()
    {
        await using var session = new StreamSession(new FakeStreamClient((_, token) => LingerAsync(token)));
        var turn = session.SendAsync("one");
        await ShownAsync(session);
        var stopping = session.StopAsync(SessionStop.AfterRound);
        var interrupt = session.InterruptAndSend(User("two"));
        _lingering.SetResult();
        await stopping.OrFail();
        (await turn.OrFail()).Should().Match<SessionTurnEnded>(ended => ended.End == SessionTurnEnd.Stopped && ended.Failure == null);
        (await interrupt.Outcome.OrFail()).Undelivered.Should().Be(SessionUndelivered.Stopped);
    }

    [Fact]
    public async Task Cancellation_ThatNobodyAskedFor_IsAFailure()
    {
        var failure = new OperationCanceledException("a timeout of the client's own");
        await using var session = new StreamSession(new FakeStreamClient((_, _) => FakeStreamClient.StreamThenThrow(failure, Wire.Started)));
        (await session.Awaiting(s => s.SendAsync("one")).Should().ThrowAsync<OperationCanceledException>()).Which.Should().BeSameAs(failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Law", "9")]
    public async Task Observer_ThatIsCancelled_EndsWithTheTokenThatWasCancelled(bool ofCall)
    {
        await using var session = new StreamSession(_model.Client);
        using var cancellation = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        var (call, enumeration) = ofCall ? (cancellation, other) : (other, cancellation);
        var observer = session.ObserveAsync(cancellationToken: call.Token).GetAsyncEnumerator(enumeration.Token);
        await observer.MoveNextAsync().AsTask().OrFail();
        var next = observer.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        (await FluentActions.Awaiting(() => next.OrFail()).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
        await observer.DisposeAsync();
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static async Task ShownAsync(StreamSession session)
    {
        await foreach (var sessionEvent in session.ObserveAsync())
        {
            if (session.Snapshot.Messages.Count == 2)
            {
                return;
            }
        }
    }

    // Its end is the test's to give, however early it is cancelled.
    private async IAsyncEnumerable<StreamEvent> LingerAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Wire.Started;
        yield return Wire.Text("half");
        await _lingering.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }
}
