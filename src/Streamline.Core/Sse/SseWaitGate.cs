namespace Streamline.Sse;

/// <summary>Lets one wait at a time use the buffers of a reader, and a disposal, from any thread, release them once and only when no wait uses them.</summary>
internal struct SseWaitGate
{
    private int _isTaken;
    private volatile bool _isDisposed;
    private volatile bool _isReleased;

    public readonly bool IsDisposed => _isDisposed;

    /// <summary>Begins a wait. The gate stays taken as long as anything of it uses the buffers, also where it continues without waiting.</summary>
    /// <returns><see langword="false"/> when another wait is under way, or the buffers are released.</returns>
    public bool TryEnter() => Interlocked.CompareExchange(ref _isTaken, 1, 0) == 0;

    /// <summary>Ends a wait.</summary>
    /// <returns>Whether the reader was disposed meanwhile, so that the caller is to release it.</returns>
    public bool Leave()
    {
        // A full fence: either this sees the disposal, or the disposal sees that no wait is under way.
        Interlocked.Exchange(ref _isTaken, 0);
        return _isDisposed && Dispose(out _);
    }

    /// <summary>Disposes.</summary>
    /// <param name="isWaiting">Whether a wait is under way, which is to be ended.</param>
    /// <returns><see langword="true"/> once: to the caller that is to release the buffers.</returns>
    public bool Dispose(out bool isWaiting)
    {
        _isDisposed = true;

        // The gate then stays taken: nothing touches the released buffers again.
        var isFree = TryEnter();
        isWaiting = !isFree && !_isReleased;
        return isFree && !_isReleased && (_isReleased = true);
    }
}
