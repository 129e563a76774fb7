using System.Buffers;

namespace Streamline.Tools;

/// <summary>A growing buffer that refuses to hold more than a number of bytes, so that a result without end is not collected without end.</summary>
internal sealed class BoundedBufferWriter(int maxBytes) : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> WrittenSpan => _buffer.WrittenSpan;

    public void Advance(int count)
    {
        _buffer.Advance(count);
        if (_buffer.WrittenCount > maxBytes)
        {
            throw new StreamLimitException(nameof(ToolLoopOptions.MaxResultBytes), maxBytes, _buffer.WrittenCount);
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);
}
