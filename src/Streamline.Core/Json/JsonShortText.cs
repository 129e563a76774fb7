using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streamline.Json;

/// <summary>Copies the usual delta, which is short, and looks at it at the same time.</summary>
internal static class JsonShortText
{
    /// <summary>The most bytes that are copied.</summary>
    public const int MaxLength = 32;

    /// <summary>Copies a text of 1 to <see cref="MaxLength"/> bytes to a place that has room for it.</summary>
    /// <returns>Whether all of it is plain text in a string: no quote, backslash or control character, and no part of a longer character.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Copy(ReadOnlySpan<byte> text, ref byte destination)
    {
        // From the front and from the back, so that the two halves overlap.
        ref var first = ref MemoryMarshal.GetReference(text);
        var length = (nuint)text.Length;
        if (length >= 16)
        {
            var front = Vector128.LoadUnsafe(ref first);
            var back = Vector128.LoadUnsafe(ref first, length - 16);
            front.StoreUnsafe(ref destination);
            back.StoreUnsafe(ref destination, length - 16);
            return (Stops(front) | Stops(back)) == Vector128<byte>.Zero;
        }

        if (length >= 8)
        {
            var front = Copy<ulong>(ref first, ref destination, 0);
            var back = Copy<ulong>(ref first, ref destination, length - 8);
            return Stops(Vector128.Create(front, back).AsByte()) == Vector128<byte>.Zero;
        }

        if (length >= 4)
        {
            var front = Copy<uint>(ref first, ref destination, 0);
            var back = Copy<uint>(ref first, ref destination, length - 4);
            return Stops(Vector128.Create(front | ((ulong)back << 32)).AsByte()) == Vector128<byte>.Zero;
        }

        var isPlain = true;
        for (nuint i = 0; i < length; i++)
        {
            isPlain &= Copy<byte>(ref first, ref destination, i) is >= (byte)' ' and < 0x80 and not (byte)'"' and not (byte)'\\';
        }

        return isPlain;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Copy<T>(ref byte source, ref byte destination, nuint offset)
        where T : unmanaged
    {
        var value = Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref source, offset));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref destination, offset), value);
        return value;
    }

    // As signed numbers, control characters and the bytes of longer characters are both below the space.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Stops(Vector128<byte> bytes) =>
        Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
        | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
        | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
}
