using System.Runtime.ExceptionServices;

namespace Streamline;

/// <summary>Reads a source with the choice to do something else in the meantime: a read that is not over when its time is up continues, and the next one waits for it.</summary>
/// <typeparam name="T">What the source gives.</typeparam>
/// <remarks>For one reader. Leaving it cancels the source, waits for a pending read, and closes the source.</remarks>
internal sealed class TimedReader<T> : IAsyncDisposable
{
    // The longest time that a timer takes, 49 days.
    private static readonly TimeSpan MaxPatience = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _ofCaller;
    private readonly TimeProvider _time;
    private readonly IAsyncEnumerator<T> _source;
    private Task<bool>? _pending;

    /// <param name="open">Opens the source with the token that ends it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public TimedReader(Func<CancellationToken, IAsyncEnumerator<T>> open, TimeProvider time, CancellationToken cancellationToken)
    {
        _ofCaller = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _time = time;
        _source = open(_stop.Token);
    }

    /// <summary>Gets what was read last.</summary>
    public T Current => _source.Current;

    /// <summary>Gets what ended the source; <see langword="null"/> while it continues, and when it ended by itself.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether the source has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Gets a value indicating whether a read is pending, which may still give something.</summary>
    public bool IsReading => _pending is not null;

    /// <summary>Reads on. It does not throw; see <see cref="Failure"/>.</summary>
    /// <param name="patience">How long to wait, at most 49 days; <see langword="null"/> for as long as it takes.</param>
    /// <returns>Whether <see cref="Current"/> is new; <see langword="false"/> when the source has ended or the time is up.</returns>
    public ValueTask<bool> TryReadAsync(TimeSpan? patience) => TryReadAsync(patience, meanwhile: null);

    /// <summary>Reads on, unless something else is over before. It does not throw; see <see cref="Failure"/>.</summary>
    /// <param name="meanwhile">What else is waited for.</param>
    /// <returns>Whether <see cref="Current"/> is new; <see langword="false"/> when the source has ended or <paramref name="meanwhile"/> is over.</returns>
    public ValueTask<bool> TryReadAsync(Task meanwhile) => TryReadAsync(patience: null, meanwhile);

    private async ValueTask<bool> TryReadAsync(TimeSpan? patience, Task? meanwhile)
    {
        if (HasEnded)
        {
            return false;
        }

        try
        {
            _pending ??= _source.MoveNextAsync().AsTask();
            if (patience is { } due && !_pending.IsCompleted && (due <= TimeSpan.Zero || !await IsOverBeforeAsync(_pending, due).ConfigureAwait(false)))
            {
                return false;
            }

            if (meanwhile is not null && await Task.WhenAny(_pending, meanwhile).ConfigureAwait(false) != _pending)
            {
                return false;
            }

            var moved = await _pending.ConfigureAwait(false);
            _pending = null;
            HasEnded = !moved;
        }
        catch (Exception exception)
        {
            (HasEnded, Failure, _pending) = (true, exception, null);
        }

        return !HasEnded;
    }

    /// <summary>Throws what ended the source, if it did not end by itself.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure is OperationCanceledException && _ofCaller.IsCancellationRequested
                ? CallerCancellation.ToException(failure, _ofCaller)
                : failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelSafelyAsync().ConfigureAwait(false);
        await (_pending ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async ValueTask<bool> IsOverBeforeAsync(Task read, TimeSpan due)
    {
        var isDue = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = _time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), isDue, due < MaxPatience ? due : MaxPatience, Timeout.InfiniteTimeSpan);
        await using (timer.ConfigureAwait(false))
        {
            await Task.WhenAny(read, isDue.Task).ConfigureAwait(false);
        }

        return read.IsCompleted;
    }
}
