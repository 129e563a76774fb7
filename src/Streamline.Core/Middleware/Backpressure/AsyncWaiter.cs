using System.Threading.Tasks.Sources;

namespace Streamline;

/// <summary>Lets one party wait for another, again and again, without an allocation. The caller's lock guards all of it.</summary>
internal sealed class AsyncWaiter : IValueTaskSource
{
    // Asynchronous, so that the one who waits does not run inside of the other's lock.
    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };

    public bool IsWaiting { get; private set; }

    /// <summary>Begins to wait. The result must be awaited once, before the next call.</summary>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        IsWaiting = true;
        return new ValueTask(this, _source.Version);
    }

    /// <summary>Ends a wait; does nothing when nobody waits.</summary>
    public void Wake()
    {
        if (IsWaiting)
        {
            IsWaiting = false;
            _source.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
