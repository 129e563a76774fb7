using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>A pipe of the caller's. Everything is taken from it that is there, so that an event larger than the pipe's bound does not stall it.</summary>
internal sealed class SsePipeSource(PipeReader pipe) : SseSource
{
    // What the pipe gave last, which it is told about with the next read; how much of it was copied; and what is left of the segment that is next.
    private ReadOnlySequence<byte> _given;
    private SequencePosition _nextSegment;
    private ReadOnlyMemory<byte> _segment;
    private long _copied;
    private bool _hasGiven;
    private bool _isAtEnd;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        TryRead(buffer.Span, out var count, out var pending, cancellationToken)
            ? new ValueTask<int>(count)
            : AwaitAsync(buffer, pending, cancellationToken);

    public override void CancelPendingRead() => pipe.CancelPendingRead();

    public override void Return(long count)
    {
        if (_hasGiven)
        {
            AdvancePipe(_given.GetPosition(Math.Max(0, _copied - count)));
        }
    }

    public override void Dispose()
    {
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Continues as long as the pipe answers at once.</summary>
    /// <returns><see langword="false"/> when <paramref name="pending"/> must be awaited first.</returns>
    private bool TryRead(Span<byte> buffer, out int count, out ValueTask<ReadResult> pending, CancellationToken cancellationToken)
    {
        pending = default;
        count = 0;
        while (_segment.IsEmpty && !MoveToNextSegment() && !_isAtEnd)
        {
            if (_hasGiven)
            {
                AdvancePipe(_given.End);
            }

            var read = pipe.ReadAsync(cancellationToken);
            if (!read.IsCompletedSuccessfully)
            {
                pending = read;
                return false;
            }

            Take(read.Result);
        }

        count = CopyTo(buffer);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> AwaitAsync(Memory<byte> buffer, ValueTask<ReadResult> pending, CancellationToken cancellationToken)
    {
        int count;
        do
        {
            Take(await pending.ConfigureAwait(false));
        }
        while (!TryRead(buffer.Span, out count, out pending, cancellationToken));
        return count;
    }

    private void Take(in ReadResult result)
    {
        if (result.IsCanceled)
        {
            // A call of CancelPendingRead ends this wait only: the bytes stay in the pipe for the next.
            pipe.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException("The pending read of the pipe was cancelled.");
        }

        _given = result.Buffer;
        _nextSegment = _given.Start;
        _copied = 0;
        _hasGiven = true;
        _isAtEnd = result.IsCompleted;
    }

    private bool MoveToNextSegment()
    {
        while (_nextSegment.GetObject() is not null && _given.TryGet(ref _nextSegment, out _segment))
        {
            if (!_segment.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    private int CopyTo(Span<byte> buffer)
    {
        var count = Math.Min(_segment.Length, buffer.Length);
        _segment.Span[..count].CopyTo(buffer);
        _segment = _segment[count..];
        _copied += count;
        return count;
    }

    private void AdvancePipe(SequencePosition consumed)
    {
        _hasGiven = false;
        pipe.AdvanceTo(consumed);
    }
}
