using System.Buffers;

namespace Streamline.Json;

/// <summary>A scratch buffer from the shared pool, for the length of one call.</summary>
internal readonly ref struct PooledBytes : IDisposable
{
    private readonly byte[] _array;

    public PooledBytes(int length)
    {
        _array = ArrayPool<byte>.Shared.Rent(length);
        Span = _array.AsSpan(0, length);
    }

    public Span<byte> Span { get; }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_array);
}
