namespace Streamline.Tests.Sse;

/// <summary>A stream that is disposed of, as by another thread, at the moment when one of its reads begins.</summary>
internal sealed class DisposingStream(int disposingRead, Action dispose) : Stream
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reads;
    private bool _isReading;

    public bool IsClosed { get; private set; }

    public bool WasClosedDuringARead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void AnswerFirst() => _first.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isReading = true;
        var read = ++_reads;
        if (read == disposingRead)
        {
            dispose();
        }

        try
        {
            if (read == 1 && disposingRead != 1)
            {
                await _first.Task;
                "data: "u8.CopyTo(buffer.Span);
                return 6;
            }

            return await new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously).Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _isReading = false;
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsClosed = true;
        WasClosedDuringARead |= _isReading;
        base.Dispose(disposing);
    }
}
