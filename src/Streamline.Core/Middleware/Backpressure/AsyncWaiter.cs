using System.Threading.Tasks.Sources;

namespace Streamline;

/// <summary>Lets one party wait for another, again and again, without an allocation. The caller's lock guards <see cref="Wait"/> and <see cref="Wake"/>.</summary>
internal sealed class AsyncWaiter : IValueTaskSource<bool>
{
    // Asynchronous, so that the one who waits does not run inside of the other's lock.
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private bool _isWaiting;

    /// <summary>Begins to wait. The result must be awaited once, before the next call.</summary>
    public ValueTask<bool> Wait()
    {
        _source.Reset();
        _isWaiting = true;
        return new ValueTask<bool>(this, _source.Version);
    }

    /// <summary>Ends a wait with a result; does nothing when nobody waits.</summary>
    public void Wake(bool result)
    {
        if (_isWaiting)
        {
            _isWaiting = false;
            _source.SetResult(result);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
