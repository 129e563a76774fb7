using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Streamline.Sse;

/// <summary>A stream as a pipe, for the one consumer that takes all it is given with every read.</summary>
/// <remarks>
/// As nothing is ever left over, one buffer does, and a read costs no bookkeeping of segments: with chunks of a few dozen bytes, that is most of the
/// cost of the pipe that the framework makes of a stream.
/// </remarks>
internal sealed class StreamChunkReader(Stream stream, bool leaveOpen) : PipeReader, IDisposable
{
    private const int BufferSize = 4096;

    private byte[]? _buffer;

    // Every read listens to this one, so that a read can be cancelled without its caller's token.
    private CancellationTokenSource _cancellation = new();
    private bool _isCompleted;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isCompleted, this);
        if (_cancellation.IsCancellationRequested)
        {
            _cancellation = new CancellationTokenSource();
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
        var read = stream.ReadAsync(_buffer, _cancellation.Token);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(ToResult(read.Result)) : AwaitAsync(read, cancellationToken);
    }

    // Between two reads nothing is buffered.
    public override bool TryRead(out ReadResult result)
    {
        result = default;
        return false;
    }

    public override void AdvanceTo(SequencePosition consumed)
    {
    }

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
    }

    public override void CancelPendingRead() => _cancellation.Cancel();

    public override void Complete(Exception? exception = null)
    {
        if (TryComplete() && !leaveOpen)
        {
            stream.Dispose();
        }
    }

    public override ValueTask CompleteAsync(Exception? exception = null) =>
        TryComplete() && !leaveOpen ? stream.DisposeAsync() : ValueTask.CompletedTask;

    public void Dispose() => Complete();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> AwaitAsync(ValueTask<int> read, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _cancellation);
        try
        {
            return ToResult(await read.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new ReadResult(default, isCanceled: true, isCompleted: false);
        }
    }

    private ReadResult ToResult(int count) => new(new ReadOnlySequence<byte>(_buffer!, 0, count), isCanceled: false, isCompleted: count == 0);

    private bool TryComplete()
    {
        if (_isCompleted)
        {
            return false;
        }

        // The source is not disposed: without a timer it holds nothing, and a late CancelPendingRead stays harmless.
        _isCompleted = true;
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        return true;
    }
}
