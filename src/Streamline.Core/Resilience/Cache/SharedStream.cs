using System.Runtime.ExceptionServices;

namespace Streamline.Resilience;

/// <summary>
/// One stream with several readers: a reader that comes late gets the beginning at once and then what arrives. It ends when the last reader leaves. It keeps its events up to a bound; past it nobody
/// can join any more, and it waits for its slowest reader.
/// </summary>
#pragma warning disable CA1001 // The last reader that leaves disposes it.
internal sealed class SharedStream
#pragma warning restore CA1001
{
    private const int MaxLag = 256;

    private readonly Lock _lock = new();
    private readonly List<StreamEvent> _events = [];
    private readonly List<Reader> _readers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly int _maxChars;
    private TaskCompletionSource _changed = NewSignal();
    private Task _pump = Task.CompletedTask;
    private Exception? _failure;
    private int _dropped;
    private long _size;
    private bool _hasEnded;
    private bool _isClosed;

    public SharedStream(int maxChars) => _maxChars = maxChars;

    /// <summary>Joins the stream.</summary>
    /// <returns>The place of the reader; <see langword="null"/> when it is too late.</returns>
    public Reader? TryJoin()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }

            var reader = new Reader();
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Begins to read the source.</summary>
    /// <param name="open">Opens the source.</param>
    /// <param name="ended">Is called when the source has ended properly, with a token that is cancelled when the last reader leaves. The readers wait for it.</param>
    /// <param name="note">Is called with each event.</param>
    public void Start(Func<CancellationToken, IAsyncEnumerator<StreamEvent>> open, Func<CancellationToken, Task> ended, Action<StreamEvent> note) => _pump = PumpAsync(open, ended, note);

    /// <summary>Waits for the next event of a reader.</summary>
    /// <returns>The event; <see langword="null"/> at the end.</returns>
    public async ValueTask<StreamEvent?> ReadAsync(Reader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (reader.Position - _dropped < _events.Count)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var next = _events[reader.Position - _dropped];
                    reader.Position++;
                    if (_isClosed)
                    {
                        Signal(); // the source may wait for this reader
                    }

                    return next;
                }

                if (_hasEnded)
                {
                    break;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return null;
    }

    /// <summary>Leaves the stream. The last reader ends it, and waits until it has ended.</summary>
    /// <returns>Whether it was the last one.</returns>
    public async ValueTask<bool> LeaveAsync(Reader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
            Signal();
            if (_readers.Count > 0)
            {
                return false;
            }

            _isClosed = true;
        }

        await _stop.CancelSafelyAsync().ConfigureAwait(false);
        await _pump.ConfigureAwait(false);
        _stop.Dispose();
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task PumpAsync(Func<CancellationToken, IAsyncEnumerator<StreamEvent>> open, Func<CancellationToken, Task> ended, Action<StreamEvent> note)
    {
        try
        {
            var events = open(_stop.Token);
            await using (events.ConfigureAwait(false))
            {
                while (await events.MoveNextAsync().ConfigureAwait(false))
                {
                    note(events.Current);
                    await AddAsync(events.Current).ConfigureAwait(false);
                }
            }

            await ended(_stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
        finally
        {
            lock (_lock)
            {
                (_hasEnded, _isClosed) = (true, true);
                Signal();
            }
        }
    }

    private async ValueTask AddAsync(StreamEvent streamEvent)
    {
        lock (_lock)
        {
            _events.Add(streamEvent);
            _size += EventSize.Of(streamEvent) + StreamState.BlockCost;
            _isClosed |= _size > _maxChars;
            Signal();
            if (!_isClosed)
            {
                return;
            }
        }

        while (!_stop.IsCancellationRequested)
        {
            Task changed;
            lock (_lock)
            {
                var slowest = _readers.Count == 0 ? _dropped + _events.Count : _readers.Min(reader => reader.Position);
                _events.RemoveRange(0, Math.Max(0, slowest - _dropped));
                _dropped = Math.Max(_dropped, slowest);
                if (_events.Count <= MaxLag)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.ConfigureAwait(false);
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    /// <summary>How far a reader is.</summary>
    internal sealed class Reader
    {
        public int Position { get; set; }
    }
}
