namespace Streamline;

/// <summary>Denies the approvals that tools ask for, in a stream whose reader shows nobody the questions.</summary>
internal static class UnansweredApprovals
{
    private const string Reason = "Nobody can be asked here.";

    /// <summary>Denies an event that asks for approval; passes over any other.</summary>
    public static void Deny(StreamEvent streamEvent)
    {
        if (streamEvent is ApprovalRequested { CanRespond: true } approval)
        {
            approval.Deny(Reason);
        }
    }

    /// <summary>Denies what is asked in a stream, as its events are read.</summary>
    public static IAsyncEnumerable<StreamEvent> Deny(IAsyncEnumerable<StreamEvent> events) => new Events(events);

    private sealed class Events(IAsyncEnumerable<StreamEvent> events) : IAsyncEnumerable<StreamEvent>
    {
        public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(events.GetAsyncEnumerator(cancellationToken));
    }

    // Denies when the event is taken, so that a move costs no state machine of its own. A second denial has no effect.
    private sealed class Enumerator(IAsyncEnumerator<StreamEvent> events) : IAsyncEnumerator<StreamEvent>
    {
        public StreamEvent Current
        {
            get
            {
                var current = events.Current;
                Deny(current);
                return current;
            }
        }

        public ValueTask<bool> MoveNextAsync() => events.MoveNextAsync();

        public ValueTask DisposeAsync() => events.DisposeAsync();
    }
}
