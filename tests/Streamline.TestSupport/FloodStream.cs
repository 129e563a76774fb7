namespace Streamline.TestSupport;

/// <summary>A body that is always ready and never ends: some bytes at first, then the same ones again and again.</summary>
/// <param name="head">What comes first.</param>
/// <param name="pattern">What is repeated; not empty.</param>
public sealed class FloodStream(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> pattern) : MemoryStream
{
    private int _place;

    /// <summary>How many bytes were read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>How many bytes the largest read asked for.</summary>
    public int LargestRead { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Called once, within the read that passes <see cref="Mark"/>.</summary>
    public Action? AtMark { get; set; }

    /// <summary>How many bytes are read before <see cref="AtMark"/> is called.</summary>
    public long Mark { get; set; } = long.MaxValue;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        LargestRead = Math.Max(LargestRead, buffer.Length);
        var count = Fill(buffer.Span);
        var isAtMark = BytesRead < Mark && BytesRead + count >= Mark;
        BytesRead += count;
        if (isAtMark)
        {
            AtMark?.Invoke();
        }

        return new ValueTask<int>(count);
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private int Fill(Span<byte> buffer)
    {
        if (BytesRead < head.Length)
        {
            var rest = head.Span[(int)BytesRead..];
            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            return count;
        }

        for (var i = 0; i < buffer.Length; i++)
        {
            buffer[i] = pattern.Span[_place];
            _place = _place + 1 == pattern.Length ? 0 : _place + 1;
        }

        return buffer.Length;
    }
}
