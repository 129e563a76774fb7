namespace Streamline.Tools;

/// <summary>The events of a session; each enumeration is an observer of its own.</summary>
internal sealed class SessionEvents(SessionObservers observers, SessionObserverPolicy policy, int capacity, CancellationToken ofCall) : IAsyncEnumerable<SessionEvent>
{
    public IAsyncEnumerator<SessionEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) => observers.WatchAsync(policy, capacity, ofCall, cancellationToken);
}
