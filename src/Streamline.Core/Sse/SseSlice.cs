using System.Runtime.InteropServices;

namespace Streamline.Sse;

/// <summary>Where a value lies in the buffer of the parser.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SseSlice(int Start, int Length)
{
    public int End => Start + Length;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> buffer) => buffer.Slice(Start, Length);
}
