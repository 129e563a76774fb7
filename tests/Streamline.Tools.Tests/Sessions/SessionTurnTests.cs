using Microsoft.Extensions.AI;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>The answer of one turn, as its events and the messages between its rounds make it.</summary>
public sealed class SessionTurnTests
{
    private readonly SessionTurn _turn = new(1, [], [new ChatMessage(ChatRole.User, "hi")], maxRetainedChars: 1_000_000);

    [Fact]
    public void AnswerText_IsTheTextOfTheModelAlone()
    {
        ChatMessage[] messages = [new(ChatRole.Assistant, "one"), User("steered"), new(ChatRole.Tool, [new FunctionResultContent("1", "result")]), new(ChatRole.Assistant, ""), new(ChatRole.Assistant, "two")];

        new SessionTurnEnded(1, SessionTurnEnd.Completed, new ChatResponse(messages), failure: null).AnswerText.Should().Be("one\ntwo");
    }

    [Fact]
    public void ToResponse_HasTheRounds_AndWhatSteeredBetweenThem()
    {
        _turn.AddSteers(1, [User("first")]);
        Apply(Round("r1", 10));
        _turn.AddSteers(2, [User("second"), User("too")]);
        Apply(Round("r2", 20));
        _turn.AddSteers(3, [User("third")]);

        var response = _turn.ToResponse(isOpen: true);
        response.Messages.Select(message => message.Text).Should().Equal("first", "r1", "second", "too", "r2", "third");
        response.Usage!.InputTokenCount.Should().Be(30);
        (response.ResponseId, response.ModelId, response.FinishReason).Should().Be(("id r2", "model r2", ChatFinishReason.Stop));
    }

    [Fact]
    [Trait("Law", "6")]
    public void ToResponse_OfAnAttemptThatBeganAnew_HasTheNewOneOnly()
    {
        Apply(Wire.Started, Wire.Text("old"), Wire.Restarted(), Wire.Started, Wire.Text("new"));
        _turn.ToResponse(isOpen: false).Messages.Select(message => message.Text).Should().Equal("new");
    }

    [Theory]
    [InlineData(false, false, "r1,half")]
    [InlineData(true, false, "r1")]
    [InlineData(true, true, "r1,half,")]
    [Trait("Law", "7")]
    public void ToResponse_DropsThePartialRound_UnlessATool_HasStarted(bool drops, bool hasTool, string expected)
    {
        Apply(Round("r1", 1));
        Apply(Wire.Started, Wire.Text("half"));
        if (hasTool)
        {
            Apply([.. Wire.Call(1, "c", "tool"), Executed("c"), Executed("d")]);
        }

        _turn.DropsPartial = drops;
        _turn.ToResponse(isOpen: false).Messages.Select(message => message.Text).Should().Equal(expected.Split(','));
    }

    [Fact]
    public void ToResponse_ToolOfAnEarlierRound_DoesNotKeepThePartialOne()
    {
        Apply([Wire.Started, .. Wire.Call(0, "c", "tool"), Executed("c"), Wire.Ended()]);
        Apply(Wire.Started, Wire.Text("half"));
        _turn.DropsPartial = true;
        _turn.ToResponse(isOpen: false).Messages.Should().NotContain(message => message.Text == "half").And.HaveCountGreaterThan(0);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [Trait("Law", "13")]
    public void ToResponse_CallWithoutAResult_StaysOpenOrIsAnswered(bool isOpen, int results)
    {
        Apply([Wire.Started, .. Wire.Call(0, "c", "tool"), Wire.Ended()]);
        _turn.ToResponse(isOpen).Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Should().HaveCount(results);
    }

    [Theory]
    [InlineData("stopping")]
    [InlineData("cancelled")]
    [InlineData("ended")]
    [InlineData("running")]
    public void Boundary_OfATurnThatTakesNothingMore_LeavesWhatSteers(string state)
    {
        var mailbox = new SessionMailbox(new Lock(), maxPending: 9, _ => { });
        var steer = mailbox.Make(SessionMessageKind.Steer, User("left"));
        mailbox.TryAdd(steer);
        var boundary = new SessionBoundary(new Lock(), _turn, mailbox);
        _turn.IsStopping = state == "stopping";
        if (state == "cancelled")
        {
            _turn.Cancel();
        }
        else if (state == "ended")
        {
            _turn.End(new SessionTurnEnded(1, SessionTurnEnd.Completed, new ChatResponse(), failure: null));
        }

        boundary.IsStopping.Should().Be(state == "stopping");
        var isRunning = state == "running";
        boundary.Enter(2).Select(message => message.Text).Should().Equal(isRunning ? ["left"] : []);
        mailbox.IsEmpty.Should().Be(isRunning);
        steer.Outcome.IsCompleted.Should().Be(isRunning);
        _turn.ToResponse(isOpen: false).Messages.Should().HaveCount(isRunning ? 1 : 0);
    }

    private static ToolResult Executed(string callId) => new ToolResult { CallId = callId, Name = "tool", Result = Wire.Json("\"done\"") };

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static StreamEvent[] Round(string text, long tokens) =>
    [
        new ResponseStarted { Provider = "test", Model = $"model {text}", ResponseId = $"id {text}" }, Wire.Text(text),
        new UsageUpdated { Usage = new TokenUsage { InputTokens = tokens } }, Wire.Ended(FinishReason.Stop),
    ];

    private void Apply(params StreamEvent[] events) => Array.ForEach(events, _turn.Apply);
}
