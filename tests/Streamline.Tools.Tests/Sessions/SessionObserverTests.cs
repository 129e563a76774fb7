using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

public sealed class SessionObserverTests
{
    private readonly LiveModel _model = new();

    [Fact]
    public async Task Observer_ThatJoinsLate_GetsTheStateAndThenTheRest()
    {
        await using var session = new StreamSession(_model.Client);
        await using var early = session.ObserveAsync().GetAsyncEnumerator();
        (await NextAsync(early)).Should().BeOfType<SessionSnapshot>().Which.Messages.Should().BeEmpty();
        var turn = session.SendAsync("hi");
        var response = await _model.NextAsync();
        response.Send(Wire.Started, Wire.Text("one "));
        await ToAsync<TextDelta>(early);

        await using var late = session.ObserveAsync().GetAsyncEnumerator();
        (await NextAsync(late)).Should().BeOfType<SessionSnapshot>().Which.Messages.Select(message => message.Text).Should().Equal("hi", "one ");
        response.Send(Wire.Text("two"), Wire.Ended(FinishReason.Stop));
        response.End();
        (await ToAsync<TextDelta>(late)).Text.Should().Be("two");
        (await ToAsync<TextDelta>(early)).Text.Should().Be("two");
        await turn.OrFail();
    }

    [Fact]
    public async Task Events_TellWhatBecomesOfEachMessage()
    {
        var session = new StreamSession(_model.Client);
        var watching = session.ObserveAsync().Select(Describe).ToListAsync().AsTask();
        var turn = session.SendAsync("one");
        var response = await _model.NextAsync();
        session.Queue(new ChatMessage(ChatRole.User, "two"));
        session.Queue(new ChatMessage(ChatRole.User, "three")).TryCancel();
        response.Answer("1");
        await turn.OrFail();
        (await _model.NextAsync()).Answer("2");
        await session.WhenIdleAsync().OrFail();
        await session.DisposeAsync();
        var seen = await watching.OrFail();
        seen.Where(line => line.Length > 0 && line != "snapshot").Should().ContainInOrder(
            "turn 1", "one: turn 1", "two: waits", "three: waits", "three: Cancelled", "1", "turn 1 Completed", "turn 2", "two: turn 2", "2", "turn 2 Completed");
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Wait_HoldsTheStreamBack()
    {
        var given = 0;
        await using var session = new StreamSession(new FakeStreamClient((_, _) => EndlessAsync()));
        await using var observer = session.ObserveAsync(SessionObserverPolicy.Wait, capacity: 4).GetAsyncEnumerator();
        await NextAsync(observer);
        var turn = session.SendAsync("hi");
        for (var i = 0; i < 100; i++)
        {
            await ToAsync<TextDelta>(observer);
        }

        Volatile.Read(ref given).Should().BeLessThanOrEqualTo(100 + 4 + 3);
        await session.StopAsync().OrFail();
        await turn.OrFail();

        async IAsyncEnumerable<StreamEvent> EndlessAsync()
        {
            while (true)
            {
                await Task.Yield();
                Interlocked.Increment(ref given);
                yield return Wire.Text("x");
            }
        }
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Coalesce_LosesNoText_AndHoldsLittle()
    {
        const int Deltas = 10_000;
        await using var session = new StreamSession(FakeStreamClient.Of(Wire.Response(FinishReason.Stop, [.. Enumerable.Range(0, Deltas).Select(i => Wire.Text($"{i} "))])));
        await using var observer = session.ObserveAsync(SessionObserverPolicy.Coalesce, capacity: 4).GetAsyncEnumerator();
        await NextAsync(observer);
        var turn = session.SendAsync("hi");
        var expected = string.Concat(Enumerable.Range(0, Deltas).Select(i => $"{i} "));
        var (text, events) = ("", 0);
        while (await NextAsync(observer) is not SessionTurnEnded)
        {
            events++;
            if (events == 4)
            {
                await UntilArrivedAsync(session, expected.Length); // while this observer does nothing
            }

            text += observer.Current is SessionStreamEvent { Event: TextDelta delta } ? delta.Text : "";
        }

        text.Should().Be(expected);
        events.Should().BeLessThan(30);
        await turn.OrFail();
    }

    [Theory]
    [Trait("Law", "8")]
    [InlineData(SessionObserverPolicy.Wait)]
    [InlineData(SessionObserverPolicy.Coalesce)]
    [InlineData(SessionObserverPolicy.Latest)]
    public async Task EventsOfMessages_ThatNobodyReads_AreReplacedByASnapshot(SessionObserverPolicy policy)
    {
        const int Edits = 10_000;
        var model = new LiveModel();
        await using var session = new StreamSession(model.Client);
        var turn = session.SendAsync("hi");
        var response = await model.NextAsync();
        var message = session.Queue(new ChatMessage(ChatRole.User, "0"));
        await using var observer = session.ObserveAsync(policy, capacity: 4).GetAsyncEnumerator();
        await NextAsync(observer);
        for (var i = 1; i <= Edits; i++)
        {
            message.TryEdit(new ChatMessage(ChatRole.User, $"{i}"));
        }

        message.TryCancel();
        var events = 0;
        for (; await NextAsync(observer) is not SessionSnapshot; events++)
        {
        }

        events.Should().BeLessThan(100);
        ((SessionSnapshot)observer.Current).Pending.Should().BeEmpty();
        response.Answer("hello");
        await turn.OrFail();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Coalesce_MergesDeltasOfEveryKind_AndNotThoseOfDifferentBlocks()
    {
        StreamEvent[] deltas =
        [
            new ReasoningDelta { Index = 0, Text = "a" }, new ReasoningDelta { Index = 0, Text = "b" },
            new RefusalDelta { Index = 1, Text = "c" }, new RefusalDelta { Index = 1, Text = "d" },
            new ToolInputDelta { Index = 2, CallId = "1", Fragment = "e" }, new ToolInputDelta { Index = 2, CallId = "1", Fragment = "f" },
            new ToolInputDelta { Index = 3, CallId = "2", Fragment = "g" },
        ];
        var observer = new SessionObserver(SessionObserverPolicy.Coalesce, capacity: 1, () => throw new InvalidOperationException("Nothing is missed."));
        observer.Add(new SessionStreamEvent(1, Wire.Started));
        Array.ForEach(deltas, delta => observer.Add(new SessionStreamEvent(1, delta)));
        observer.Complete();

        List<string> seen = [];
        while (await observer.TakeAsync(CancellationToken.None) is SessionStreamEvent taken)
        {
            seen.Add(taken.Event switch
            {
                ReasoningDelta reasoning => reasoning.Text,
                RefusalDelta refusal => refusal.Text,
                ToolInputDelta input => $"{input.CallId}: {input.Fragment}",
                _ => "started",
            });
        }

        seen.Should().Equal("started", "ab", "cd", "1: ef", "2: g");
    }

    [Fact]
    public async Task Latest_GetsASnapshotInPlaceOfWhatItMissed()
    {
        await using var session = new StreamSession(FakeStreamClient.Of(Wire.Answer(string.Concat(Enumerable.Repeat("x", 100)))));
        await using var observer = session.ObserveAsync(SessionObserverPolicy.Latest, capacity: 2).GetAsyncEnumerator();
        await NextAsync(observer);
        (await session.SendAsync("hi").OrFail()).End.Should().Be(SessionTurnEnd.Completed, "a slow observer of this kind holds nobody back");

        (await NextAsync(observer)).Should().BeOfType<SessionSnapshot>().Which.Messages.Should().HaveCount(2);
        await session.DisposeAsync();
        (await observer.MoveNextAsync().AsTask().OrFail()).Should().BeFalse();
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task Observer_ThatLeaves_NoLongerHoldsTheStreamBack()
    {
        await using var session = new StreamSession(FakeStreamClient.Of(Wire.Response(FinishReason.Stop, [.. Enumerable.Repeat(Wire.Text("x"), 100)])));
        var observer = session.ObserveAsync(SessionObserverPolicy.Wait, capacity: 1).GetAsyncEnumerator();
        await NextAsync(observer);
        var turn = session.SendAsync("hi");
        await ToAsync<TextDelta>(observer);
        turn.IsCompleted.Should().BeFalse();
        await observer.DisposeAsync();

        (await turn.OrFail()).Response.Text.Should().HaveLength(100);
    }

    private static async Task<SessionEvent> NextAsync(IAsyncEnumerator<SessionEvent> observer)
    {
        (await observer.MoveNextAsync().AsTask().OrFail()).Should().BeTrue();
        return observer.Current;
    }

    private static async Task<T> ToAsync<T>(IAsyncEnumerator<SessionEvent> observer)
        where T : StreamEvent
    {
        while (true)
        {
            if (await NextAsync(observer) is SessionStreamEvent { Event: T found })
            {
                return found;
            }
        }
    }

    private static async Task UntilArrivedAsync(StreamSession session, int length)
    {
        while (session.Snapshot.Messages[^1].Text.Length < length)
        {
            await Task.Yield();
        }
    }

    private static string Describe(SessionEvent sessionEvent) => sessionEvent switch
    {
        SessionSnapshot => "snapshot",
        SessionTurnStarted started => $"turn {started.Turn}",
        SessionTurnEnded ended => $"turn {ended.Turn} {ended.End}",
        SessionMessageEvent { Outcome: null } message => $"{message.Message.Message.Text}: waits",
        SessionMessageEvent { Outcome: { } outcome } message => $"{message.Message.Message.Text}: {outcome.Undelivered?.ToString() ?? $"turn {outcome.Turn}"}",
        SessionStreamEvent { Event: TextDelta delta } => delta.Text,
        _ => "",
    };
}
