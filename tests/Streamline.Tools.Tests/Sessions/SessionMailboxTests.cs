using Microsoft.Extensions.AI;

namespace Streamline.Tools.Tests.Sessions;

public sealed class SessionMailboxTests
{
    private readonly List<SessionEvent> _events = [];
    private readonly SessionMailbox _mailbox;

    public SessionMailboxTests() => _mailbox = new SessionMailbox(new Lock(), maxPending: 3, _events.Add);

    [Fact]
    public void Make_GivesEachMessageAnIdOfItsOwn() =>
        new[] { Make(SessionMessageKind.Queue, "a"), Make(SessionMessageKind.Steer, "b") }.Select(message => message.Id).Should().Equal("message-1", "message-2");

    [Fact]
    public void InOrder_IsInterruptionsThenSteersThenTheQueue()
    {
        AddAll();
        TextsOf(_mailbox.InOrder).Should().Equal("i1", "i2", "s1", "s2", "q1");
        _mailbox.IsEmpty.Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task TryAdd_PastTheLimit_GivesTheMessageBack_AndCountsInterruptionsApart()
    {
        AddAll();
        var fourth = Make(SessionMessageKind.Queue, "q2");
        _mailbox.TryAdd(fourth).Should().BeFalse();
        (await fourth.Outcome).Should().Match<SessionOutcome>(outcome => outcome.Undelivered == SessionUndelivered.Overloaded && outcome.Message == fourth.Message);
        _mailbox.TryAdd(Make(SessionMessageKind.Interrupt, "i3")).Should().BeTrue();
        _mailbox.TryAdd(Make(SessionMessageKind.Interrupt, "i4")).Should().BeFalse();
        TextsOf(_mailbox.InOrder).Should().Equal("i1", "i2", "i3", "s1", "s2", "q1");
    }

    [Theory]
    [InlineData("i1", 0, "i1,i2,s1,s2,q1")]
    [InlineData("i1", 1, "i2,i1,s1,s2,q1")]
    [InlineData("i2", 0, "i2,i1,s1,s2,q1")]
    [InlineData("s1", 1, "i1,i2,s2,s1,q1")]
    [InlineData("s2", 0, "i1,i2,s2,s1,q1")]
    [InlineData("s1", 7, "i1,i2,s2,s1,q1")]
    [InlineData("q1", 0, "i1,i2,s1,s2,q1")]
    [InlineData("q1", 7, "i1,i2,s1,s2,q1")]
    public void TryMove_MovesAmongMessagesOfTheKind_AndTellsObservers(string which, int position, string expected)
    {
        AddAll();
        _events.Clear();
        Find(which).TryMove(position).Should().BeTrue();
        TextsOf(_mailbox.InOrder).Should().Equal(expected.Split(','));
        _events.Should().ContainSingle().Which.Should().Match<SessionMessageEvent>(told => told.Message.Message.Text == which && told.Outcome == null);
    }

    [Theory]
    [InlineData(SessionMessageKind.Steer, "i,m")]
    [InlineData(SessionMessageKind.Interrupt, "m,i")]
    public void TryMove_OfTheOnlyOneOfItsKind_LeavesTheOrder(SessionMessageKind kind, string expected)
    {
        var other = kind == SessionMessageKind.Steer ? SessionMessageKind.Interrupt : SessionMessageKind.Steer;
        Add(other, "i");
        Add(kind, "m");
        foreach (var position in new[] { 0, 1 })
        {
            Find("m").TryMove(position).Should().BeTrue();
            TextsOf(_mailbox.InOrder).Should().Equal(expected.Split(','));
        }
    }

    [Fact]
    public void MessageThatWaits_CanBeEditedAndCancelled_AndObserversAreTold()
    {
        AddAll();
        _events.Clear();
        var (edited, cancelled) = (Find("s1"), Find("q1"));
        edited.TryEdit(new ChatMessage(ChatRole.User, "S1")).Should().BeTrue();
        cancelled.TryCancel().Should().BeTrue();
        TextsOf(_mailbox.InOrder).Should().Equal("i1", "i2", "S1", "s2");
        _events.Cast<SessionMessageEvent>().Select(told => (told.Message, told.Outcome?.Undelivered)).Should().Equal((edited, null), (cancelled, SessionUndelivered.Cancelled));
    }

    [Fact]
    public void MessageThatNoLongerWaits_CannotBeChanged_AndNobodyIsTold()
    {
        Add(SessionMessageKind.Queue, "q");
        var message = Find("q");
        _mailbox.TakeNext();
        _events.Clear();
        (message.TryCancel(), message.TryEdit(new ChatMessage(ChatRole.User, "Q")), message.TryMove(0)).Should().Be((false, false, false));
        _events.Should().BeEmpty();
        message.Outcome.IsCompleted.Should().BeFalse();
        _mailbox.IsEmpty.Should().BeTrue();
        message.Invoking(m => m.TryEdit(null!)).Should().Throw<ArgumentNullException>();
        message.Invoking(m => m.TryMove(-1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void TakeSteers_TakesNothingElse()
    {
        AddAll();
        TextsOf(_mailbox.TakeSteers()).Should().Equal("s1", "s2");
        TextsOf(_mailbox.InOrder).Should().Equal("i1", "i2", "q1");
    }

    [Fact]
    public void TakeNext_TakesAllThatIsUrgent_ThenTheQueueOneByOne()
    {
        AddAll();
        _mailbox.Restore(SessionMessageKind.Queue, new ChatMessage(ChatRole.User, "q2"));
        TextsOf(_mailbox.TakeNext()).Should().Equal("i1", "i2", "s1", "s2");
        TextsOf(_mailbox.TakeNext()).Should().Equal("q1");
        TextsOf(_mailbox.TakeNext()).Should().Equal("q2");
        _mailbox.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task Deliver_TellsWhere()
    {
        AddAll();
        var taken = _mailbox.TakeSteers();
        _events.Clear();
        _mailbox.Deliver(taken, turn: 4, round: 2);
        (await taken[0].Outcome).Should().Match<SessionOutcome>(outcome => outcome.Turn == 4 && outcome.Round == 2 && outcome.Undelivered == null && outcome.Message.Text == "s1");
        _events.Cast<SessionMessageEvent>().Select(told => told.Outcome!.Turn).Should().Equal(4, 4);
    }

    [Fact]
    public void Drop_GivesAllBack_InTheirOrder()
    {
        AddAll();
        _events.Clear();
        _mailbox.Drop(SessionUndelivered.TurnFailed);
        _events.Cast<SessionMessageEvent>().Select(told => $"{told.Message.Message.Text} {told.Outcome!.Undelivered}")
            .Should().Equal("i1 TurnFailed", "i2 TurnFailed", "s1 TurnFailed", "s2 TurnFailed", "q1 TurnFailed");
        _mailbox.IsEmpty.Should().BeTrue();
    }

    private static IEnumerable<string> TextsOf(IEnumerable<SessionMessage> messages) => messages.Select(message => message.Message.Text);

    // In another order than that of delivery.
    private void AddAll()
    {
        Add(SessionMessageKind.Queue, "q1");
        Add(SessionMessageKind.Steer, "s1");
        Add(SessionMessageKind.Interrupt, "i1");
        Add(SessionMessageKind.Interrupt, "i2");
        Add(SessionMessageKind.Steer, "s2");
    }

    private void Add(SessionMessageKind kind, string text)
    {
        var message = Make(kind, text);
        _mailbox.TryAdd(message).Should().BeTrue();
        _events[^1].Should().Match<SessionMessageEvent>(told => told.Message == message && told.Outcome == null);
    }

    private SessionMessage Make(SessionMessageKind kind, string text) => _mailbox.Make(kind, new ChatMessage(ChatRole.User, text));

    private SessionMessage Find(string text) => _mailbox.InOrder.Single(message => message.Message.Text == text);
}
