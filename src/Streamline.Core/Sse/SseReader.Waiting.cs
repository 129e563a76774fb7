using System.Runtime.CompilerServices;

namespace Streamline.Sse;

public sealed partial class SseReader
{
    // The parser stands on an event that TryRead has not handed out.
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

    /// <summary>Goes on as long as the source has bytes at once: chunks that lie ready cost no state machine.</summary>
    /// <returns><see langword="false"/> when <paramref name="pending"/> must be awaited first.</returns>
    private bool TryWaitToRead(out bool hasEvent, out ValueTask<int> pending, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        pending = default;
        while (_isDrained || !_parser.MoveNext())
        {
            if (_isAtEnd)
            {
                hasEvent = _isReady = _parser.Complete();
                _bytesHandedOut = hasEvent ? _bytesHandedOut : _bytesReceived;
                return true;
            }

            var read = _source.ReadAsync(_parser.GetMemory(), cancellationToken);
            if (!read.IsCompletedSuccessfully)
            {
                pending = read;
                return hasEvent = false;
            }

            Receive(read.Result);
        }

        return hasEvent = _isReady = true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitToReadCoreAsync(ValueTask<int> pending, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // Either the disposal sees this read and cancels it, or this sees the disposal.
                Interlocked.MemoryBarrier();
                if (_isDisposed)
                {
                    _source.CancelPendingRead();
                }

                Receive(await pending.ConfigureAwait(false));
                if (TryWaitToRead(out var hasEvent, out pending, cancellationToken))
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

    // The flag is up as long as anything of a wait uses the buffers, also where it goes on without waiting: a disposal meanwhile must not give them back.
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
