using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streamline.Protocols.Shared;

/// <summary>Finds where the plain text of a JSON string ends.</summary>
internal static class JsonStringText
{
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    /// <summary>Finds the next quote, backslash or control character. Most strings are short, for which the call of a search does not pay.</summary>
    /// <param name="json">The text.</param>
    /// <param name="start">Where to begin; not past the end of the text.</param>
    /// <returns>Its place; the length of the text when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FindSpecial(ReadOnlySpan<byte> json, int start)
    {
        if (Vector128.IsHardwareAccelerated && start <= json.Length - Vector128<byte>.Count)
        {
            var text = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)start);
            var special = Vector128.Equals(text, Vector128.Create((byte)'"'))
                | Vector128.Equals(text, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(text, Vector128.Create((byte)0x20));
            if (special != Vector128<byte>.Zero)
            {
                return start + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
            }

            start += Vector128<byte>.Count;
        }

        return FindFarSpecial(json, start);
    }

    private static int FindFarSpecial(ReadOnlySpan<byte> json, int start)
    {
        // Three comparisons take half the time of a search for any of so many values, which long texts such as signatures make worth while.
        for (; Vector256.IsHardwareAccelerated && start <= json.Length - Vector256<byte>.Count; start += Vector256<byte>.Count)
        {
            var text = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)start);
            var special = Vector256.Equals(text, Vector256.Create((byte)'"'))
                | Vector256.Equals(text, Vector256.Create((byte)'\\'))
                | Vector256.LessThan(text, Vector256.Create((byte)0x20));
            if (special != Vector256<byte>.Zero)
            {
                return start + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
            }
        }

        var next = json[start..].IndexOfAny(EndsPlainText);
        return next < 0 ? json.Length : start + next;
    }
}
