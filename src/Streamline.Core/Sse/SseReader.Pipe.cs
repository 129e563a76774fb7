using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Streamline.Sse;

public sealed partial class SseReader
{
    // The segment of what the pipe gave last that the parser is in, and where everything given ends.
    private ReadOnlyMemory<byte> _segment;
    private SequencePosition _segmentStart;
    private SequencePosition _end;
    private bool _hasBuffer;

    // Set only while segments follow the current one, which is rare.
    private ReadOnlySequence<byte> _buffer;
    private SequencePosition _nextSegment;

    // The parser stands on an event that TryRead has not handed out.
    private bool _isReady;
    private bool _isAtEnd;
    private int _isWaiting;
    private volatile bool _isDisposed;
    private volatile bool _isReleased;

    /// <summary>Goes on as long as the pipe has bytes at once: chunks that lie ready cost no state machine.</summary>
    /// <returns><see langword="false"/> when <paramref name="pending"/> must be awaited first.</returns>
    private bool TryWaitToRead(out bool hasEvent, out ValueTask<ReadResult> pending, CancellationToken cancellationToken)
    {
        pending = default;
        while (!MoveNext())
        {
            AdvancePipe();
            if (_isAtEnd)
            {
                hasEvent = _isReady = _parser.Complete();
                return true;
            }

            var read = _pipe.ReadAsync(cancellationToken);
            if (!read.IsCompletedSuccessfully)
            {
                pending = read;
                return hasEvent = false;
            }

            Load(read.Result);
        }

        return hasEvent = true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitToReadCoreAsync(ValueTask<ReadResult> pending, CancellationToken cancellationToken)
    {
        while (true)
        {
            Volatile.Write(ref _isWaiting, 1);
            try
            {
                Load(await pending.ConfigureAwait(false));
            }
            catch (OperationCanceledException exception)
                when (cancellationToken.IsCancellationRequested && exception.CancellationToken != cancellationToken)
            {
                // A pipe over a stream reports its own linked token.
                throw new OperationCanceledException(exception.Message, exception, cancellationToken);
            }
            finally
            {
                EndWait();
            }

            if (TryWaitToRead(out var hasEvent, out pending, cancellationToken))
            {
                return hasEvent;
            }
        }
    }

    private bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        do
        {
            if (!_segment.IsEmpty && _parser.MoveNext(_segment.Span))
            {
                return _isReady = true;
            }
        }
        while (MoveToNextSegment());
        return false;
    }

    private bool TryReadNextSegment(out SseEvent sseEvent)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (MoveToNextSegment() && MoveNext())
        {
            _isReady = false;
            sseEvent = _parser.GetCurrent(_segment.Span);
            return true;
        }

        sseEvent = default;
        return false;
    }

    private void Load(in ReadResult result)
    {
        var buffer = result.Buffer;
        if (result.IsCanceled)
        {
            // Whoever called CancelPendingRead ends this wait only: the bytes stay in the pipe for the next.
            _pipe.AdvanceTo(buffer.Start);
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            throw new OperationCanceledException("The pending read of the pipe was cancelled.");
        }

        _hasBuffer = true;
        _isAtEnd = result.IsCompleted;
        _segment = buffer.First;
        _segmentStart = buffer.Start;
        _end = buffer.End;
        if (!buffer.IsSingleSegment)
        {
            _buffer = buffer;
            _nextSegment = _segmentStart;
            MoveToNextSegment();
        }
    }

    private bool MoveToNextSegment()
    {
        _segmentStart = _nextSegment;
        if (_nextSegment.GetObject() is not null && _buffer.TryGet(ref _nextSegment, out _segment))
        {
            return true;
        }

        _segment = default;
        return false;
    }

    private void AdvancePipe()
    {
        if (_hasBuffer)
        {
            _hasBuffer = false;
            _pipe.AdvanceTo(_end);
        }
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
            _pipe.CancelPendingRead();
        }

        return false;
    }

    private void ThrowIfWaiting()
    {
        if (Volatile.Read(ref _isWaiting) != 0 && !_isDisposed)
        {
            throw new InvalidOperationException("Another wait on this reader is under way.");
        }
    }

    private void EndWait()
    {
        // A full fence: either this sees the disposal, or the disposal sees that no wait is under way.
        Interlocked.Exchange(ref _isWaiting, 0);
        if (_isDisposed && TryRelease())
        {
            CompletePipe();
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
        if (_hasBuffer)
        {
            _hasBuffer = false;
            _pipe.AdvanceTo(_segment.IsEmpty ? _end : new SequencePosition(_segmentStart.GetObject(), _segmentStart.GetInteger() + _parser.Position));
        }

        _isReady = false;
        _segment = default;
        _nextSegment = default;
        _parser.Release();
        return true;
    }

    private void CompletePipe()
    {
        if (_ownsPipe)
        {
            _pipe.Complete();
        }
    }
}
