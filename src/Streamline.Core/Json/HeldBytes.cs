namespace Streamline.Json;

/// <summary>A small buffer of bytes that wait for a decision. Its owner bounds it.</summary>
internal struct HeldBytes
{
    private byte[]? _bytes;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Count);

    public readonly byte Last => Count == 0 ? default : _bytes![Count - 1];

    public void Add(byte value) => Add([value]);

    public void Add(scoped ReadOnlySpan<byte> values)
    {
        const int Initial = 32;
        if (Count + values.Length > (_bytes?.Length ?? 0))
        {
            Array.Resize(ref _bytes, Math.Max(Count + values.Length, Math.Max(Initial, Count * 2)));
        }

        values.CopyTo(_bytes.AsSpan(Count));
        Count += values.Length;
    }

    public void RemoveFirst(int count)
    {
        _bytes.AsSpan(count, Count - count).CopyTo(_bytes);
        Count -= count;
    }

    public void Truncate(int count) => Count = count;

    public void Clear() => Count = 0;
}
