using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>Feeds a parser from a source: reads when the parser needs more bytes, and never keeps a thread or a token waiting, whatever the bytes are.</summary>
/// <param name="source">Where the bytes come from.</param>
/// <param name="parser">The parser.</param>
/// <param name="owner">The reader, for exceptions that it is disposed.</param>
internal sealed class SseFeed(SseSource source, SseEventParser parser, object owner)
{
    // The most bytes of one read, and the most that are read without an event before the thread is yielded.
    public const int MaxReadBytes = 64 * 1024;

    private SseWaitGate _gate;

    // The parser is at an event that TryRead has not handed out.
    private bool _isReady;
    private bool _isAtEnd;

    // The parser has said that it needs more bytes, and none have come since: TryRead may be called while a wait is under way.
    private bool _isDrained;

    // To the end of the last event that TryRead handed out; at the end of the stream, all.
    private long _bytesHandedOut;

    /// <summary>Gets how many bytes the source has given.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Moves the parser to the next event of those received.</summary>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryMoveNext()
    {
        ThrowIfDisposed();
        if (!_isReady && !parser.MoveNext())
        {
            _isDrained = true;
            return false;
        }

        _isReady = false;
        _bytesHandedOut = parser.BytesConsumed;
        return true;
    }

    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_gate.IsDisposed, owner);

    /// <summary>Waits for bytes.</summary>
    /// <param name="maxBytes">The most bytes to read, in one read; <see langword="null"/> to read until there is an event.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns><see langword="true"/> when there may be an event; <see langword="false"/> when the stream has ended and holds no further event.</returns>
    public ValueTask<bool> WaitAsync(int? maxBytes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        if (_isReady)
        {
            return new ValueTask<bool>(true);
        }

        if (!_gate.TryEnter())
        {
            return ValueTask.FromException<bool>(_gate.IsDisposed
                ? new ObjectDisposedException(owner.GetType().FullName)
                : new InvalidOperationException("Another wait on this reader is under way."));
        }

        bool hasEvent;
        try
        {
            if (!TryWait(maxBytes, out hasEvent, out var pending, cancellationToken))
            {
                return WaitCoreAsync(maxBytes, pending, cancellationToken);
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

    /// <summary>Closes the source, unless a wait is under way, which is ended and closes it then.</summary>
    public void Dispose()
    {
        if (TryRelease())
        {
            source.Dispose();
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => TryRelease() ? source.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>Continues as long as the source has bytes at once: chunks that are ready cost no state machine.</summary>
    /// <param name="maxBytes">The most bytes to read, in one read; <see langword="null"/> to read until there is an event.</param>
    /// <param name="hasEvent">The result of the wait, when it is over.</param>
    /// <param name="pending">The read to await, when the wait is not over; <see langword="null"/> to yield the thread and try again.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether the wait is over.</returns>
    private bool TryWait(int? maxBytes, out bool hasEvent, out ValueTask<int>? pending, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        pending = null;
        var received = BytesReceived;
        while (_isDrained || !parser.MoveNext())
        {
            if (_isAtEnd)
            {
                hasEvent = _isReady = parser.Complete();
                _bytesHandedOut = hasEvent ? _bytesHandedOut : BytesReceived;
                return true;
            }

            if (BytesReceived - received >= MaxReadBytes)
            {
                return hasEvent = false;
            }

            // Before each read: bytes that make no event must not delay a cancellation.
            cancellationToken.ThrowIfCancellationRequested();
            var memory = parser.GetMemory();
            var read = source.ReadAsync(memory[..Math.Min(memory.Length, maxBytes ?? MaxReadBytes)], cancellationToken);
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
    private async ValueTask<bool> WaitCoreAsync(int? maxBytes, ValueTask<int>? pending, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (pending is { } read)
                {
                    // Either the disposal sees this read and cancels it, or this sees the disposal.
                    Interlocked.MemoryBarrier();
                    if (_gate.IsDisposed)
                    {
                        source.CancelPendingRead();
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

                if (TryWait(maxBytes, out var hasEvent, out pending, cancellationToken))
                {
                    return hasEvent;
                }
            }
        }
        catch (OperationCanceledException exception) when (_gate.IsDisposed && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(owner.GetType().FullName, exception);
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
        parser.Advance(count);
        _isDrained = false;
        BytesReceived += count;
        _isAtEnd = count == 0;
    }

    private void EndWait()
    {
        if (_gate.Leave())
        {
            Release();
            source.Dispose();
        }
    }

    private bool TryRelease()
    {
        var isToRelease = _gate.Dispose(out var isWaiting);
        if (isToRelease)
        {
            Release();
        }
        else if (isWaiting)
        {
            source.CancelPendingRead();
        }

        return isToRelease;
    }

    private void Release()
    {
        _isReady = false;
        source.Return(BytesReceived - _bytesHandedOut);
        parser.Release();
    }
}
