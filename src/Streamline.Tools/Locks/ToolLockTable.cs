namespace Streamline.Tools;

/// <summary>The resources that tool calls hold and wait for. Shared by all streams of a client.</summary>
/// <remarks>
/// A ticket gets all of its resources at once or waits for all of them, so no two calls can wait for each other. A ticket also waits for those before it that want the
/// same resource, so calls take it in their order and writers are not starved. Thread-safe; callbacks run outside of the lock.
/// </remarks>
internal sealed class ToolLockTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ToolLockQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Gets how many keys are held or waited for.</summary>
    public int KeyCount
    {
        get
        {
            lock (_lock)
            {
                return _queues.Count;
            }
        }
    }

    /// <summary>Adds a ticket and grants or refuses it at once if that can be decided.</summary>
    public void Enter(ToolLockTicket ticket)
    {
        lock (_lock)
        {
            foreach (var (key, isWrite) in ticket.Keys)
            {
                if (_queues.TryGetValue(key, out var known) && known.IsLost(isWrite))
                {
                    (ticket.State, ticket.ConflictingKey) = (ToolLockState.Refused, key);
                    return;
                }
            }

            foreach (var (key, isWrite) in ticket.Keys)
            {
                if (!_queues.TryGetValue(key, out var queue))
                {
                    queue = _queues[key] = new ToolLockQueue();
                }

                var place = new ToolLockPlace(ticket, key, isWrite);
                queue.Add(place);
                ticket.Places.Add(place);
                if (!place.IsFree)
                {
                    ticket.ConflictingKey ??= key;
                    ticket.Blocked++;
                }
            }

            ticket.State = ticket.Blocked == 0 ? ToolLockState.Granted : ToolLockState.Waiting;
        }
    }

    /// <summary>Gives the resources back, or the places in the queues.</summary>
    public void Leave(ToolLockTicket ticket)
    {
        List<ToolLockTicket> changed = [];
        lock (_lock)
        {
            ticket.State = ToolLockState.Left;
            Remove(ticket, changed);
        }

        changed.ForEach(static ticket => ticket.NotifyChanged());
    }

    /// <summary>Notes that the holder may never give its resources back: calls that wait for them, now or later, are refused.</summary>
    public void Abandon(ToolLockTicket ticket)
    {
        List<ToolLockTicket> changed = [];
        lock (_lock)
        {
            ticket.IsAbandoned = true;
            foreach (var excluded in ticket.Places.SelectMany(place => _queues[place.Key].Abandon(place)).ToList())
            {
                if (excluded.Ticket.State == ToolLockState.Waiting)
                {
                    (excluded.Ticket.State, excluded.Ticket.ConflictingKey) = (ToolLockState.Refused, excluded.Key);
                    changed.Add(excluded.Ticket);
                    Remove(excluded.Ticket, changed);
                }
            }
        }

        changed.ForEach(static ticket => ticket.NotifyChanged());
    }

    private void Remove(ToolLockTicket ticket, List<ToolLockTicket> granted)
    {
        foreach (var place in ticket.Places)
        {
            var queue = _queues[place.Key];
            queue.Remove(place, freed =>
            {
                if (--freed.Ticket.Blocked == 0)
                {
                    freed.Ticket.State = ToolLockState.Granted;
                    granted.Add(freed.Ticket);
                }
            });
            if (queue.IsEmpty)
            {
                _queues.Remove(place.Key);
            }
        }

        ticket.Places.Clear();
    }
}
