using Microsoft.Extensions.AI;
using Streamline.TestSupport;

namespace Streamline.Tools.Tests.Sessions;

/// <summary>What waits for one observer, event by event.</summary>
public sealed class SessionObserverQueueTests
{
    private const int Capacity = 2;
    private const int Most = 16 * Capacity;

    private static readonly SessionSnapshot State = new() { Messages = [], Pending = [], OpenApprovals = [], Usage = new UsageDetails(), Turn = 1, IsRunning = true };

    private int _snapshots;

    [Theory]
    [Trait("Law", "8")]
    [InlineData(SessionObserverPolicy.Wait, Most)]
    [InlineData(SessionObserverPolicy.Coalesce, Most)]
    [InlineData(SessionObserverPolicy.Latest, Capacity)]
    public async Task Add_UpToTheLimit_KeepsAll_AndThenASnapshotTakesTheirPlace(SessionObserverPolicy policy, int limit)
    {
        var observer = Make(policy);
        Add(observer, limit);
        (await TakeAsync(observer, limit)).Should().Equal(Enumerable.Range(0, limit).Select(i => $"{i}"));

        Add(observer, limit + 1);
        (await NextAsync(observer)).Should().BeSameAs(State);

        Add(observer, limit + 1);
        Add(observer, 1); // of which the snapshot tells
        (await NextAsync(observer)).Should().BeSameAs(State);
        Add(observer, 1);
        (await TakeAsync(observer, 1)).Should().Equal("0");
        _snapshots.Should().Be(2);
    }

    [Fact]
    public async Task Coalesce_MergesIntoTheLastEventOnly()
    {
        var observer = Make(SessionObserverPolicy.Coalesce);
        foreach (var delta in new[] { Wire.Text("a"), Wire.Text("b"), Wire.Text("c"), Wire.Text("d", index: 1), Wire.Text("e") })
        {
            observer.Add(new SessionStreamEvent(1, delta));
        }

        observer.Add(new SessionStreamEvent(2, Wire.Text("f")));
        observer.Complete();
        List<string> seen = [];
        while (await NextAsync(observer) is SessionStreamEvent { Event: TextDelta delta } taken)
        {
            seen.Add($"{taken.Turn}/{delta.Index}: {delta.Text}");
        }

        seen.Should().Equal("1/0: a", "1/0: bc", "1/1: d", "2/0: ef");
    }

    [Fact]
    public async Task Coalesce_DeltasOfDifferentBlocks_StayApart()
    {
        StreamEvent[] deltas =
        [
            new ReasoningDelta { Index = 0, Text = "a" }, new ReasoningDelta { Index = 1, Text = "b" }, new RefusalDelta { Index = 1, Text = "c" }, new RefusalDelta { Index = 2, Text = "d" },
            new ToolInputDelta { Index = 2, CallId = "1", Fragment = "e" }, new ToolInputDelta { Index = 2, CallId = "2", Fragment = "f" }, new ToolInputDelta { Index = 3, CallId = "2", Fragment = "g" },
            Wire.Started, Wire.Started,
        ];
        var observer = Make(SessionObserverPolicy.Coalesce);
        Add(observer, Capacity);
        Array.ForEach(deltas, delta => observer.Add(new SessionStreamEvent(1, delta)));
        observer.Add(new SessionTurnStarted(2));
        await TakeAsync(observer, Capacity);
        foreach (var delta in deltas)
        {
            (await NextAsync(observer)).Should().Match<SessionStreamEvent>(taken => taken.Event == delta);
        }

        (await NextAsync(observer)).Should().BeOfType<SessionTurnStarted>();
    }

    [Fact]
    [Trait("Law", "8")]
    public async Task Room_IsThereAgain_WhenTheObserverHasTaken()
    {
        var observer = Make(SessionObserverPolicy.Wait);
        Add(observer, Capacity);
        observer.RoomAsync().IsCompleted.Should().BeTrue();
        Add(observer, 2);
        var (room, again) = (observer.RoomAsync(), observer.RoomAsync());
        again.Should().BeSameAs(room);
        await NextAsync(observer);
        room.IsCompleted.Should().BeFalse("one more than the capacity still waits");
        await NextAsync(observer);
        await room.OrFail();
        observer.RoomAsync().IsCompleted.Should().BeTrue();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Room_IsThereAtTheEnd_AndForAnObserverThatFellBehind()
    {
        var left = Make(SessionObserverPolicy.Wait);
        Add(left, Capacity + 1);
        var room = left.RoomAsync();
        left.Complete();
        await room.OrFail();
        left.RoomAsync().IsCompleted.Should().BeTrue();

        var behind = Make(SessionObserverPolicy.Wait);
        Add(behind, Capacity + 1);
        room = behind.RoomAsync();
        Add(behind, Most);
        await room.OrFail();
    }

    [Fact]
    public async Task Take_WaitsForTheNextEvent_OrTheEnd()
    {
        var observer = Make(SessionObserverPolicy.Wait);
        var (first, second) = (NextAsync(observer), NextAsync(observer));
        first.IsCompleted.Should().BeFalse();
        Add(observer, 2);
        await Task.WhenAll(first, second).OrFail();
        var last = NextAsync(observer);
        observer.Complete();
        Add(observer, 1);
        (await last.OrFail()).Should().BeNull();
        (await NextAsync(observer)).Should().BeNull();
    }

    [Fact]
    public async Task Take_AfterTheEndOfAnObserverThatFellBehind_GivesTheSnapshotFirst()
    {
        var observer = Make(SessionObserverPolicy.Latest);
        Add(observer, Capacity + 1);
        observer.Complete();
        (await NextAsync(observer)).Should().BeSameAs(State);
        (await NextAsync(observer)).Should().BeNull();
    }

    [Fact]
    [Trait("Law", "9")]
    public async Task Observer_ThatLeft_IsForgotten()
    {
        var observers = new SessionObservers(new Lock(), () => State);
        var observer = observers.WatchAsync(SessionObserverPolicy.Wait, Capacity, CancellationToken.None, CancellationToken.None);
        await observer.MoveNextAsync().AsTask().OrFail();
        observers.ToArray().Should().ContainSingle();
        await observer.DisposeAsync();
        observers.ToArray().Should().BeEmpty();
    }

    private static void Add(SessionObserver observer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            // Of different blocks, so that nothing is merged.
            observer.Add(new SessionStreamEvent(1, Wire.Text($"{i}", index: i)));
        }
    }

    private static async Task<List<string>> TakeAsync(SessionObserver observer, int count)
    {
        List<string> taken = [];
        for (var i = 0; i < count; i++)
        {
            taken.Add(await NextAsync(observer) is SessionStreamEvent { Event: TextDelta delta } ? delta.Text : "");
        }

        return taken;
    }

    private static Task<SessionEvent?> NextAsync(SessionObserver observer) => observer.TakeAsync(CancellationToken.None).AsTask().OrFail();

    private SessionObserver Make(SessionObserverPolicy policy)
    {
        SessionObserver observer = null!;
        return observer = new SessionObserver(policy, Capacity, () =>
        {
            _snapshots++;
            observer.CatchUp();
            return State;
        });
    }
}
