namespace Streamline.Tools;

/// <summary>Those who watch a session. Used under the lock of the session, except where it says otherwise.</summary>
/// <param name="sync">The lock of the session.</param>
/// <param name="snapshot">Makes the state so far, under that lock.</param>
internal sealed class SessionObservers(Lock sync, Func<SessionSnapshot> snapshot)
{
    private readonly List<SessionObserver> _observers = [];
    private bool _isOver;

    public void Publish(SessionEvent sessionEvent) => _observers.ForEach(observer => observer.Add(sessionEvent));

    /// <summary>Gets those who watch now.</summary>
    public SessionObserver[] ToArray() => [.. _observers];

    /// <summary>Ends the events of all observers, after those that wait.</summary>
    public void Complete()
    {
        _isOver = true;
        _observers.ForEach(observer => observer.Complete()); // each leaves by itself
    }

    /// <summary>Watches: the state so far, and then the events. Takes the lock.</summary>
    public async IAsyncEnumerator<SessionEvent> WatchAsync(SessionObserverPolicy policy, int capacity, CancellationToken ofCall, CancellationToken ofEnumeration)
    {
        SessionObserver observer = null!;
        observer = new SessionObserver(policy, capacity, () => CatchUp(observer));
        SessionSnapshot first;
        lock (sync)
        {
            first = snapshot();
            if (_isOver)
            {
                observer.Complete();
            }
            else
            {
                _observers.Add(observer);
            }
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(ofCall, ofEnumeration);
        try
        {
            yield return first;
            while (await TakeAsync(observer, either.Token, ofCall, ofEnumeration).ConfigureAwait(false) is { } sessionEvent)
            {
                yield return sessionEvent;
            }
        }
        finally
        {
            lock (sync)
            {
                _observers.Remove(observer);
            }

            observer.Complete();
        }
    }

    private static async ValueTask<SessionEvent?> TakeAsync(SessionObserver observer, CancellationToken either, CancellationToken ofCall, CancellationToken ofEnumeration)
    {
        try
        {
            return await observer.TakeAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ofCall.ThrowIfCancellationRequested();
            ofEnumeration.ThrowIfCancellationRequested();
            throw;
        }
    }

    private SessionSnapshot CatchUp(SessionObserver observer)
    {
        lock (sync)
        {
            observer.CatchUp();
            return snapshot();
        }
    }
}
