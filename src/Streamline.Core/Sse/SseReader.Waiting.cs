using System.Runtime.CompilerServices;

namespace Streamline.Sse;

public sealed partial class SseReader
{
    // The most bytes of one read, and the most that are read without an event before the thread is yielded.
    private const int MaxReadBytes = 64 * 1024;

    // The parser is at an event that TryRead has not handed out.
    private bool _isReady;
    private bool _isAtEnd;

    // The parser has said that it needs more bytes, and none have come since: TryRead may be called while a wait is under way.
    private bool _isDrained;
    private long _bytesReceived;

    // To the end of the last event that TryRead handed out; at the end of the stream, all.
    private long _bytesHandedOut;
    private int _isWaiting;
    private volatile bool _isDisposed;
    private volatile bool _isReleased;

    /// <summary>Gets how many bytes the source has given.</summary>
    internal long BytesReceived => _bytesReceived;

    /// <summary>Reads once from the source. Call it only after <see cref="TryRead"/> has found no event.</summary>
    /// <param name="maxBytes">The most bytes to read; at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns><see langword="true"/> when <see cref="TryRead"/> may find an event; <see langword="false"/> when the stream has ended and holds no further event.</returns>
    internal ValueTask<bool> ReceiveAsync(int maxBytes, CancellationToken cancellationToken) => BeginWait(Math.Min(maxBytes, MaxReadBytes), cancellationToken);

    // A maximum number of bytes means one read. Without one, the wait reads until there is an event.
    private ValueTask<bool> BeginWait(int? maxBytes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (_isReady)
        {
            return new ValueTask<bool>(true);
        }

        if (!TryBeginWait())
        {
            return ValueTask.FromException<bool>(_isDisposed
                ? new ObjectDisposedException(GetType().FullName)
                : new InvalidOperationException("Another wait on this reader is under way."));
        }

        bool hasEvent;
        try
        {
            if (!TryWaitToRead(maxBytes, out hasEvent, out var pending, cancellationToken))
            {
                return WaitToReadCoreAsync(maxBytes, pending, cancellationToken);
            }
        }
        catch (Exception exception)
        {
            // Like an async method: a failure shows when the wait is awaited.
            EndWait();
            return ValueTask.FromException<bool>(exception);
        }

        EndWait();
        return new ValueTask<bool>(hasEvent);
    }

    /// <summary>Continues as long as the source has bytes at once: chunks that are ready cost no state machine.</summary>
    /// <param name="maxBytes">The most bytes to read, in one read; <see langword="null"/> to read until there is an event.</param>
    /// <param name="hasEvent">The result of the wait, when it is over.</param>
    /// <param name="pending">The read to await, when the wait is not over; <see langword="null"/> to yield the thread and try again.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether the wait is over.</returns>
    private bool TryWaitToRead(int? maxBytes, out bool hasEvent, out ValueTask<int>? pending, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        pending = null;
        var received = _bytesReceived;
        while (_isDrained || !_parser.MoveNext())
        {
            if (_isAtEnd)
            {
                hasEvent = _isReady = _parser.Complete();
                _bytesHandedOut = hasEvent ? _bytesHandedOut : _bytesReceived;
                return true;
            }

            if (_bytesReceived - received >= MaxReadBytes)
            {
                return hasEvent = false;
            }

            // Before each read: bytes that make no event must not delay a cancellation.
            cancellationToken.ThrowIfCancellationRequested();
            var memory = _parser.GetMemory();
            var read = _source.ReadAsync(memory[..Math.Min(memory.Length, maxBytes ?? MaxReadBytes)], cancellationToken);
            if (!read.IsCompletedSuccessfully)
            {
                pending = read;
                return hasEvent = false;
            }

            Receive(read.Result);
            if (maxBytes is not null)
            {
                return hasEvent = true;
            }
        }

        return hasEvent = _isReady = true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitToReadCoreAsync(int? maxBytes, ValueTask<int>? pending, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (pending is { } read)
                {
                    // Either the disposal sees this read and cancels it, or this sees the disposal.
                    Interlocked.MemoryBarrier();
                    if (_isDisposed)
                    {
                        _source.CancelPendingRead();
                    }

                    Receive(await read.ConfigureAwait(false));
                    if (maxBytes is not null)
                    {
                        return true;
                    }
                }
                else
                {
                    // A source that always has bytes, but no event, must not keep the thread.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                if (TryWaitToRead(maxBytes, out var hasEvent, out pending, cancellationToken))
                {
                    return hasEvent;
                }
            }
        }
        catch (OperationCanceledException exception) when (_isDisposed && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(GetType().FullName, exception);
        }
        catch (OperationCanceledException exception)
            when (cancellationToken.IsCancellationRequested && exception.CancellationToken != cancellationToken)
        {
            // A stream reports a token that is linked to the caller's.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        finally
        {
            EndWait();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Receive(int count)
    {
        _parser.Advance(count);
        _isDrained = false;
        _bytesReceived += count;
        _isAtEnd = count == 0;
    }

    /// <summary>Disposes, and releases everything unless a wait is using it.</summary>
    /// <returns><see langword="true"/> once: to the caller that released.</returns>
    private bool TryRelease()
    {
        _isDisposed = true;
        if (Interlocked.Exchange(ref _isWaiting, 1) == 0)
        {
            return Release();
        }

        if (!_isReleased)
        {
            _source.CancelPendingRead();
        }

        return false;
    }

    // The flag is up as long as anything of a wait uses the buffers, also where it continues without waiting: a disposal meanwhile must not give them back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryBeginWait() => Interlocked.CompareExchange(ref _isWaiting, 1, 0) == 0;

    private void EndWait()
    {
        // A full fence: either this sees the disposal, or the disposal sees that no wait is under way.
        Interlocked.Exchange(ref _isWaiting, 0);
        if (_isDisposed && TryRelease())
        {
            _source.Dispose();
        }
    }

    private bool Release()
    {
        if (_isReleased)
        {
            return false;
        }

        // The flag of the wait stays taken: nothing touches the released buffers again.
        _isReleased = true;
        _isReady = false;
        _source.Return(_bytesReceived - _bytesHandedOut);
        _parser.Release();
        return true;
    }
}
