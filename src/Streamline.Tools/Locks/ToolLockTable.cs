namespace Streamline.Tools;

/// <summary>The resources that tool calls hold and wait for. Shared by all streams of a client.</summary>
/// <remarks>
/// A ticket gets all of its resources at once or waits for all of them, so no two calls can wait for each other. A ticket also waits for those before it that want the
/// same resource, so calls take it in their order and writers are not starved. Thread-safe; callbacks run outside of the lock.
/// </remarks>
internal sealed class ToolLockTable
{
    private readonly Lock _lock = new();
    private readonly List<ToolLockTicket> _tickets = []; // in order of arrival, granted and waiting ones

    /// <summary>Adds a ticket and grants or refuses it at once if that can be decided.</summary>
    public void Enter(ToolLockTicket ticket)
    {
        lock (_lock)
        {
            _tickets.Add(ticket);
            Decide(ticket);
        }
    }

    /// <summary>Gives the resources back, or the place in the queue.</summary>
    public void Leave(ToolLockTicket ticket)
    {
        lock (_lock)
        {
            ticket.State = ToolLockState.Left;
            _tickets.Remove(ticket);
        }

        DecideWaiting();
    }

    /// <summary>Notes that the holder may never give its resources back: calls that wait for them, now or later, are refused.</summary>
    public void Abandon(ToolLockTicket ticket)
    {
        lock (_lock)
        {
            ticket.IsAbandoned = true;
        }

        DecideWaiting();
    }

    private void DecideWaiting()
    {
        List<ToolLockTicket> changed = [];
        lock (_lock)
        {
            foreach (var ticket in _tickets.Where(ticket => ticket.State == ToolLockState.Waiting).ToList())
            {
                if (Decide(ticket))
                {
                    changed.Add(ticket);
                }
            }
        }

        changed.ForEach(ticket => ticket.NotifyChanged());
    }

    private bool Decide(ToolLockTicket ticket)
    {
        ticket.ConflictingKey = null;
        foreach (var earlier in _tickets.TakeWhile(other => other != ticket))
        {
            if (ticket.ConflictWith(earlier) is not { } key)
            {
                continue;
            }

            ticket.ConflictingKey = key;
            if (earlier.IsAbandoned)
            {
                ticket.State = ToolLockState.Refused;
                _tickets.Remove(ticket);
                return true;
            }
        }

        if (ticket.ConflictingKey is not null)
        {
            return false;
        }

        ticket.State = ToolLockState.Granted;
        return true;
    }
}
