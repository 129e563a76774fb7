using System.Net;
using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>What a failure leaves: a session that works on.</summary>
public sealed class SessionFailureTests
{
    private readonly LiveModel _model = new();

    public static TheoryData<Exception, bool> Failures => new()
    {
        { new ArgumentException("The protocol accepts no content of this type."), false },
        { new InvalidOperationException("The content is null."), false },
        { new ProviderException("anthropic", HttpStatusCode.BadRequest, code: null, "The image is too large"), false },
        { new ProviderException("anthropic", HttpStatusCode.RequestEntityTooLarge, code: null, "Too long"), false },
        { new ProviderException("anthropic", (HttpStatusCode)529, code: null, "Overloaded"), true },
        { new StreamInterruptedException("The connection broke", bytesReceived: 0), true },
    };

    [Theory]
    [Trait("Law", "13")]
    [MemberData(nameof(Failures))]
    public async Task Failure_BeforeAnyAnswer_KeepsTheMessageOnlyIfItCanBeSentAgain(Exception failure, bool isKept)
    {
        await using var session = new StreamSession(_model.Client, options: null, [new(ChatRole.System, "Be brief.")]);
        var first = session.SendAsync("one");
        (await _model.NextAsync()).End(failure);
        (await FluentActions.Awaiting(() => first.OrFail()).Should().ThrowAsync<Exception>()).Which.Should().BeSameAs(failure);

        var second = session.SendAsync("two");
        var response = await _model.NextAsync();
        response.Said.Should().Equal(isKept ? ["system: Be brief.", "user: one", "user: two"] : ["system: Be brief.", "user: two"]);
        response.Answer("2");
        await second.OrFail();
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Failure_AfterAnAnswerHasBegun_KeepsTheMessage()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var response = await _model.NextAsync();
        response.Send(Wire.Started, Wire.Text("half"));
        response.End(new ProviderException("anthropic", HttpStatusCode.BadRequest, code: null, "Odd"));

        await FluentActions.Awaiting(() => first.OrFail()).Should().ThrowAsync<ProviderException>();
        session.Snapshot.Messages.Select(message => message.Text).Should().Equal("one", "half");
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Failure_OfARequestWithASteer_LeavesOutTheSteerOnly()
    {
        var tool = new TestTool("search", "found");
        await using var session = new StreamSession(new StreamClientBuilder(_model.Client).UseTools(tool).Build());
        var turn = session.SendAsync("go");
        var response = await _model.NextAsync();
        session.Steer(new ChatMessage(ChatRole.User, "cannot be sent"));
        response.Send(Wire.Response(FinishReason.ToolCalls, Wire.Call(0, "call-1", "search")));
        response.End();
        (await _model.NextAsync()).End(new ArgumentException("The protocol accepts no content of this type."));

        await FluentActions.Awaiting(() => turn.OrFail()).Should().ThrowAsync<ArgumentException>();
        session.Snapshot.Messages.Select(message => message.Role).Should().Equal(ChatRole.User, ChatRole.Assistant, ChatRole.Tool);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Event_OfWhichNoMessageCanBeMade_FailsTheTurn_AndTheSessionWorksOn()
    {
        var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var response = await _model.NextAsync();
        response.Send(Wire.Started, new ToolCallCompleted { Index = 0, CallId = "1", Name = "odd", ArgumentsText = "{}", Arguments = Wire.Json("""{"\ud800":1}""") });
        response.Send(Wire.Ended());
        response.End();

        await FluentActions.Awaiting(() => first.OrFail()).Should().ThrowAsync<Exception>();
        session.Snapshot.IsRunning.Should().BeFalse();
        var second = session.SendAsync("two");
        (await _model.NextAsync()).Answer("2");
        await second.OrFail();
        await session.DisposeAsync().AsTask().OrFail();
    }

    [Fact]
    [Trait("Law", "13")]
    public async Task Interruption_WithoutThePartialAnswer_KeepsARoundThatHadEnded()
    {
        await using var session = new StreamSession(_model.Client);
        var first = session.SendAsync("one");
        var response = await _model.NextAsync();
        response.Send(Wire.Started, Wire.Text("a whole round"), new ResponseCompleted { FinishReason = FinishReason.Pause });
        await Until(session, snapshot => snapshot.Messages.Count == 2);
        session.InterruptAndSend(new ChatMessage(ChatRole.User, "two"), keepPartial: false);
        await first.OrFail();
        (await _model.NextAsync()).Answer("2");
        await session.WhenIdleAsync().OrFail();

        session.Snapshot.Messages.Select(message => message.Text).Should().Equal("one", "a whole round", "two", "2");
    }

    private static async Task Until(StreamSession session, Func<SessionSnapshot, bool> isSo)
    {
        await foreach (var _ in session.ObserveAsync())
        {
            if (isSo(session.Snapshot))
            {
                return;
            }
        }
    }
}
