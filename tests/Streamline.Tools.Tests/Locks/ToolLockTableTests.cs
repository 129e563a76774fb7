namespace Streamline.Tools.Tests.Locks;

/// <summary>The lock table against a model that looks at every earlier ticket, and with more tickets than such a model could bear.</summary>
public sealed class ToolLockTableTests
{
    [Fact]
    public void AnySequence_GrantsAndRefusesAsTheModelDoes()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var table = new ToolLockTable();
            List<ToolLockTicket> present = [];
            for (var step = 0; step < 40; step++)
            {
                var kind = random.Next(10);
                if (kind < 6 || present.Count == 0)
                {
                    var ticket = new ToolLockTicket(Locks(random), () => { });
                    table.Enter(ticket);
                    if (ticket.State == ToolLockState.Refused)
                    {
                        Assert.True(present.Exists(earlier => earlier.IsAbandoned && earlier.ConflictsWith(ticket)), $"seed {seed}, step {step}");
                    }

                    present.Add(ticket);
                }
                else if (kind < 9)
                {
                    var ticket = present[random.Next(present.Count)];
                    table.Leave(ticket);
                    present.Remove(ticket);
                }
                else if (present.FindAll(ticket => ticket is { State: ToolLockState.Granted, IsAbandoned: false }) is { Count: > 0 } holders)
                {
                    table.Abandon(holders[random.Next(holders.Count)]);
                }

                present.RemoveAll(ticket => ticket.State == ToolLockState.Refused);
                for (var i = 0; i < present.Count; i++)
                {
                    var isBlocked = present.Take(i).Any(earlier => earlier.ConflictsWith(present[i]));
                    var mayWait = !present.Take(i).Any(earlier => earlier.IsAbandoned && earlier.ConflictsWith(present[i]));
                    Assert.True(mayWait && present[i].State == (isBlocked ? ToolLockState.Waiting : ToolLockState.Granted), $"seed {seed}, step {step}, ticket {i}: {present[i].State}");
                }
            }
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public void Leave_LastTicketOfAKey_ForgetsTheKey()
    {
        var table = new ToolLockTable();
        var tickets = Enumerable.Range(0, 20).Select(i => new ToolLockTicket([ToolLock.Write($"{i / 2}")], () => { })).ToList();
        tickets.ForEach(table.Enter);
        table.KeyCount.Should().Be(10);
        tickets.ForEach(table.Leave);
        table.KeyCount.Should().Be(0);
        tickets.ForEach(table.Leave); // once more does nothing
        table.KeyCount.Should().Be(0);
    }

    [Fact]
    public void Waiting_ForTwoKeys_NamesTheFirst()
    {
        var table = new ToolLockTable();
        table.Enter(new ToolLockTicket([ToolLock.Write("b"), ToolLock.Write("a")], () => { }));
        var waiting = new ToolLockTicket([ToolLock.Write("a"), ToolLock.Write("b")], () => { });
        table.Enter(waiting);
        (waiting.State, waiting.ConflictingKey).Should().Be((ToolLockState.Waiting, "a"));
    }

    [Fact]
    public void Keys_ReadAndWrittenByOneCall_AreWrittenByIt() =>
        new ToolLockTicket([ToolLock.Read("a"), ToolLock.Write("a"), ToolLock.Read("b")], () => { }).Keys.Should().Equal(("a", true), ("b", false));

    [Fact]
    public void Refused_NamesTheKey()
    {
        var table = new ToolLockTable();
        var holder = new ToolLockTicket([ToolLock.Read("a"), ToolLock.Write("b")], () => { });
        var told = 0;
        var waiting = new ToolLockTicket([ToolLock.Read("a"), ToolLock.Read("b")], () => told++);
        var late = new ToolLockTicket([ToolLock.Write("a")], () => { });
        table.Enter(holder);
        table.Enter(waiting);

        table.Abandon(holder);
        table.Enter(late);

        (waiting.State, waiting.ConflictingKey, told).Should().Be((ToolLockState.Refused, "b", 1));
        (late.State, late.ConflictingKey).Should().Be((ToolLockState.Refused, "a"));
        table.Leave(holder);
        var next = new ToolLockTicket([ToolLock.Write("a"), ToolLock.Write("b")], () => { });
        table.Enter(next);
        next.State.Should().Be(ToolLockState.Granted, "the abandoned tool has ended after all");
    }

    [Fact]
    [Trait("Law", "8")]
    public void ManyTickets_OfOneKey_AreGrantedOneAfterAnother()
    {
        const int Count = 20_000; // for a table that compares all with all, a matter of hours
        var table = new ToolLockTable();
        Queue<ToolLockTicket> granted = [];
        for (var i = 0; i < Count; i++)
        {
            ToolLockTicket? ticket = null;
            ticket = new ToolLockTicket([ToolLock.Write("a")], () => granted.Enqueue(ticket!));
            table.Enter(ticket);
            if (ticket.State == ToolLockState.Granted)
            {
                granted.Enqueue(ticket);
            }
        }

        var ended = 0;
        while (granted.TryDequeue(out var ticket))
        {
            table.Leave(ticket);
            ended += granted.Count <= 1 ? 1 : Count;
        }

        ended.Should().Be(Count);
    }

    private static List<ToolLock> Locks(Random random)
    {
        List<ToolLock> locks = [];
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var key = "abc"[random.Next(3)].ToString();
            locks.Add(random.Next(2) == 0 ? ToolLock.Read(key) : ToolLock.Write(key));
        }

        return locks;
    }
}
