using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Streamline.Json;

/// <summary>Up to 32 bytes of a text of at least 16, with a bit for each byte that stops something.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct JsonVectorBlock : IJsonBlock<JsonVectorBlock>
{
    /// <summary>The length that a text must have.</summary>
    public const int MinLength = 16;

    // By its lower four bits, the only byte that may be whitespace: one lookup and one comparison in place of four.
    private static Vector128<byte> Whitespace => Vector128.Create((byte)' ', 0, 0, 0, 0, 0, 0, 0, 0, (byte)'\t', (byte)'\n', 0, 0, (byte)'\r', 0, 0);

    private readonly uint _textStops;
    private readonly uint _tokens;
    private readonly uint _noDigits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private JsonVectorBlock(Vector256<byte> bytes)
    {
        Count = Vector256<byte>.Count;
        _textStops = (Vector256.LessThan(bytes.AsSByte(), Vector256.Create((sbyte)' ')).AsByte()
            | Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
        _tokens = ~(Vector256.Equals(bytes, Vector256.Create((byte)' '))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\r'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\t'))).ExtractMostSignificantBits();
        _noDigits = Vector256.GreaterThan(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9)).ExtractMostSignificantBits();
    }

    // The first bytes, which were read before, are shifted out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private JsonVectorBlock(Vector128<byte> bytes, int skipped)
    {
        Count = Vector128<byte>.Count - skipped;
        _textStops = (Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
            | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits() >> skipped;
        _tokens = (~Vector128.Equals(bytes, Vector128.ShuffleNative(Whitespace, bytes & Vector128.Create((byte)0x0F)))).ExtractMostSignificantBits() >> skipped;
        _noDigits = Vector128.GreaterThan(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits() >> skipped;
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JsonVectorBlock Create(ReadOnlySpan<byte> bytes, int position)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var available = bytes.Length - position;
        if (available >= Vector256<byte>.Count)
        {
            return new JsonVectorBlock(Vector256.LoadUnsafe(ref first, (nuint)position));
        }

        var skipped = Math.Max(0, Vector128<byte>.Count - available);
        return new JsonVectorBlock(Vector128.LoadUnsafe(ref first, (nuint)(position - skipped)), skipped);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindTextStop(ref int at) => TryFind(_textStops, ref at);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindToken(ref int at) => TryFind(_tokens, ref at);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindNoDigit(ref int at) => TryFind(_noDigits, ref at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFind(ulong marks, ref int at)
    {
        var rest = marks >> at;
        at += BitOperations.TrailingZeroCount(rest);
        return rest != 0;
    }
}
