using System.Buffers;
using System.IO.Pipelines;

namespace Streamline.TestSupport;

/// <summary>A pipe reader over bytes in memory that gives one more chunk per read, at once and without allocating, and can be rewound.</summary>
/// <param name="bytes">What the pipe carries.</param>
/// <param name="chunkSize">How many more bytes each read gives.</param>
public sealed class ReplayPipeReader(ReadOnlyMemory<byte> bytes, int chunkSize = int.MaxValue) : PipeReader
{
    private readonly int _start = new ReadOnlySequence<byte>(bytes).Start.GetInteger();
    private int _consumed;
    private int _delivered;
    private bool _cancelPending;

    /// <summary>The sum of the lengths of all buffers given out: what a reader that examines everything it is given examines.</summary>
    public long BytesPresented { get; private set; }

    public int Reads { get; private set; }

    public int Completions { get; private set; }

    /// <summary>Whether the bytes start again where they end.</summary>
    public bool IsEndless { get; init; }

    /// <summary>What a reader has left in the pipe.</summary>
    public int BytesLeft => bytes.Length - _consumed;

    public void Rewind() => (_consumed, _delivered) = (0, 0);

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TryRead(out var result);
        return new ValueTask<ReadResult>(result);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (IsEndless && _consumed == bytes.Length)
        {
            Rewind();
        }

        var cancelled = _cancelPending;
        _cancelPending = false;
        if (!cancelled)
        {
            _delivered = (int)Math.Min((long)_delivered + chunkSize, bytes.Length);
        }

        Reads++;
        BytesPresented += _delivered - _consumed;
        result = new ReadResult(new ReadOnlySequence<byte>(bytes[_consumed.._delivered]), cancelled, !IsEndless && _delivered == bytes.Length);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Positions in a sequence over one array are indexes of that array.
        _consumed = consumed.GetInteger() - _start;
    }

    public override void CancelPendingRead() => _cancelPending = true;

    public override void Complete(Exception? exception = null) => Completions++;
}
