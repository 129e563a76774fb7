using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Streamline.Json;

/// <summary>The rest of a text too short for vectors, looked at byte by byte.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct JsonByteBlock : IJsonBlock<JsonByteBlock>
{
    private readonly ReadOnlySpan<byte> _bytes;

    private JsonByteBlock(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <inheritdoc/>
    public int Count => _bytes.Length;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JsonByteBlock Create(ReadOnlySpan<byte> bytes, int position) => new(bytes[position..]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindTextStop(ref int at)
    {
        while ((uint)at < (uint)_bytes.Length && _bytes[at] is >= (byte)' ' and < 0x80 and not (byte)'"' and not (byte)'\\')
        {
            at++;
        }

        return (uint)at < (uint)_bytes.Length;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindToken(ref int at)
    {
        while ((uint)at < (uint)_bytes.Length && _bytes[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return (uint)at < (uint)_bytes.Length;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindNoDigit(ref int at)
    {
        while ((uint)at < (uint)_bytes.Length && _bytes[at] is >= (byte)'0' and <= (byte)'9')
        {
            at++;
        }

        return (uint)at < (uint)_bytes.Length;
    }
}
