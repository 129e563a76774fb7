namespace Streamline.Resilience;

/// <summary>
/// The requests of one key that wait for their turn: by priority, and within one by the order in which they came. Only the first one asks the store; one whose client
/// has stopped reading is passed over. Everything that may make room wakes the first one, and so does the time that the store names.
/// </summary>
internal sealed class AdmissionQueue(string key, RateLimitOptions options, IRateLimitStore store, TimeProvider time)
{
    /// <summary>How long the client of a request may take to read that it waits, before the requests after it go first.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<AdmissionTicket> _waiting = new();
    private readonly ConcurrencyLimit _concurrency = new(options);
    private int _open;

    public TokenEstimator Estimator { get; } = new(options);

    public ConcurrencyLimit Concurrency => _concurrency;

    public string Key => key;

    /// <summary>Gets how many requests wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public int Open => Volatile.Read(ref _open);

    /// <summary>Takes a place in the queue.</summary>
    /// <exception cref="StreamLimitException">The queue is full.</exception>
    public AdmissionTicket Enter(int priority, RateLimitDemand demand)
    {
        var ticket = new AdmissionTicket(priority, demand, time.GetTimestamp());
        lock (_lock)
        {
            if (_waiting.Count >= options.MaxQueuedRequests)
            {
                throw new StreamLimitException(nameof(RateLimitOptions.MaxQueuedRequests), options.MaxQueuedRequests, _waiting.Count + 1);
            }

            var before = _waiting.Last;
            while (before is not null && before.Value.Priority < priority)
            {
                before = before.Previous;
            }

            _ = before is null ? _waiting.AddFirst(ticket) : _waiting.AddAfter(before, ticket);
        }

        return ticket;
    }

    /// <summary>Tries to let a request through that is in the queue.</summary>
    /// <returns>Whether it is through; otherwise what it waits for is in the ticket.</returns>
    public async ValueTask<bool> TryAdmitAsync(AdmissionTicket ticket, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ticket.IsAway = false;
            ticket.Reset();
            ticket.Position = PositionOf(ticket);
            if (ticket.Position > 0)
            {
                ticket.WaitFor("queue", TimeSpan.Zero, time.GetTimestamp());
                return false;
            }

            if (_open >= _concurrency.Current)
            {
                ticket.WaitFor("concurrency", TimeSpan.Zero, time.GetTimestamp());
                return false;
            }

            _open++;
        }

        var isThrough = false;
        try
        {
            var decision = await store.ReserveAsync(key, ticket.Demand, cancellationToken).ConfigureAwait(false);
            ticket.ReservationId = decision.ReservationId;
            isThrough = decision.ReservationId is not null;
            if (!isThrough)
            {
                ticket.WaitFor(decision.Resource ?? "queue", decision.Wait, time.GetTimestamp());
            }
        }
        finally
        {
            Decide(ticket, isThrough);
        }

        return isThrough;
    }

    /// <summary>Waits until it is worth trying again.</summary>
    /// <exception cref="StreamLimitException">The request has waited as long as it may.</exception>
    public async ValueTask WaitAsync(AdmissionTicket ticket, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ticket.IsAway = false;
        }

        var due = Timeout.InfiniteTimeSpan;
        if (ticket.Delay > TimeSpan.Zero)
        {
            due = ticket.Delay - time.GetElapsedTime(ticket.DelaySince);
            due = due > TimeSpan.Zero ? due : TimeSpan.Zero;
        }

        if (options.MaxWait is { } most)
        {
            var waited = time.GetElapsedTime(ticket.Since);
            var needed = waited + (due < TimeSpan.Zero ? TimeSpan.Zero : due);
            if (needed > most || waited >= most)
            {
                throw new StreamLimitException(nameof(RateLimitOptions.MaxWait), (long)most.TotalMilliseconds, (long)needed.TotalMilliseconds, " ms");
            }

            due = due < TimeSpan.Zero ? most - waited : due;
        }

        if (due == TimeSpan.Zero)
        {
            // What it waits for was due while its client did not read.
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }

        await ticket.WaitAsync(due, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Notes that the client is told that its request waits. If the client does not come back in time, the requests after it go first until it does.</summary>
    /// <returns>To be disposed when the client comes back.</returns>
    public ITimer Tell(AdmissionTicket ticket) => time.CreateTimer(
        static state =>
        {
            var (queue, ticket) = ((AdmissionQueue, AdmissionTicket))state!;
            queue.PassOver(ticket);
        },
        (this, ticket),
        Patience,
        Timeout.InfiniteTimeSpan);

    /// <summary>Takes a request out of the queue that does not wait any longer.</summary>
    public void Leave(AdmissionTicket ticket)
    {
        lock (_lock)
        {
            _waiting.Remove(ticket);
        }

        Wake();
    }

    /// <summary>Notes that a request that was let through has ended.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _open--;
            WakeFirst(except: null);
        }
    }

    /// <summary>Has the first one try again.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            WakeFirst(except: null);
        }
    }

    private void PassOver(AdmissionTicket ticket)
    {
        lock (_lock)
        {
            ticket.IsAway = true;
            WakeFirst(except: ticket);
        }
    }

    // Those whose client does not read are woken too: they try as soon as it comes back.
    private void WakeFirst(AdmissionTicket? except)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value != except)
            {
                node.Value.Wake();
            }

            if (!node.Value.IsAway)
            {
                return;
            }
        }
    }

    private void Decide(AdmissionTicket ticket, bool isThrough)
    {
        lock (_lock)
        {
            if (isThrough)
            {
                _waiting.Remove(ticket);
                WakeFirst(except: null);
            }
            else
            {
                // One of higher priority may have come in the meantime, and have found this place taken.
                _open--;
                WakeFirst(except: ticket);
            }
        }
    }

    private int PositionOf(AdmissionTicket ticket)
    {
        var position = 0;
        for (var node = _waiting.First; node is not null && node.Value != ticket; node = node.Next)
        {
            position += node.Value.IsAway ? 0 : 1;
        }

        return position;
    }
}
