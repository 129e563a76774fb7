using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Json;

namespace Streamline.Json;

/// <summary>Strings: <c>quotation-mark *char quotation-mark</c> (RFC 8259, section 7).</summary>
internal struct JsonStringMachine
{
    /// <summary>The character that is being read, if it takes more than a byte.</summary>
    public JsonCharacterMachine Character;

    /// <summary>Reads bytes of a string or property name.</summary>
    /// <returns>Whether to read on.</returns>
    public bool Read<TSink>(ref JsonReaderPosition at, ReadOnlySpan<byte> bytes, ref int position, ref TSink sink, bool isFirst)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var start = position;
        if (isFirst)
        {
            position++; // the opening quote
            at.State = PartialJsonReaderState.Text;
        }

        var isFinal = false;
        for (; position < bytes.Length; position++)
        {
            if (at.State == PartialJsonReaderState.Text)
            {
                var stop = SkipWholeText(bytes, position);
                if (stop != position)
                {
                    at.UndecidedBytes = 0;
                    position = stop;
                    if (position == bytes.Length)
                    {
                        break;
                    }
                }

                if (bytes[position] == (byte)'"')
                {
                    isFinal = true;
                    break;
                }
            }

            if (!Character.TryConsume(ref at, bytes[position]))
            {
                if (position == start)
                {
                    return at.Fail(bytes[position]);
                }

                break; // What came before the fault is handed out first, as it would have been had the input been cut there.
            }
        }

        return EndFragment(ref at, bytes, start, ref position, ref sink, isFirst, isFinal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EndFragment<TSink>(ref JsonReaderPosition at, ReadOnlySpan<byte> bytes, int start, ref int position, ref TSink sink, bool isFirst, bool isFinal)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var value = bytes[(isFirst ? start + 1 : start)..position];
        if (isFinal)
        {
            position++; // the closing quote
            at.UndecidedBytes = 0;
            if (at.IsName)
            {
                at.State = PartialJsonReaderState.Colon;
            }
            else
            {
                at.EndValue();
            }
        }

        var type = at.IsName ? JsonTokenType.PropertyName : JsonTokenType.String;
        return sink.Fragment(type, value, at.BytesConsumed + start, at.BytesConsumed + position, isFirst, isFinal);
    }

    // Skips what needs no state: plain ASCII, and longer characters that are here whole. Half ones, and what is not UTF-8, go byte by byte.
    private static int SkipWholeText(ReadOnlySpan<byte> bytes, int position)
    {
        position = SkipPlain(bytes, position);
        while (position < bytes.Length && bytes[position] >= 0x80
            && Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == OperationStatus.Done)
        {
            position += length;
            if (position < bytes.Length && bytes[position] < 0x80)
            {
                position = SkipPlain(bytes, position);
            }
        }

        return position;
    }

    // Stops at a quote, a backslash, a control character, a longer character, or the end.
    private static int SkipPlain(ReadOnlySpan<byte> bytes, int position)
    {
        while (bytes.Length - position >= Vector128<byte>.Count)
        {
            var stops = TextStops(Vector128.Create(bytes[position..]));
            if (stops != 0)
            {
                return position + BitOperations.TrailingZeroCount(stops);
            }

            position += Vector128<byte>.Count;
        }

        // The last block overlaps what was looked at before; those bits are shifted out. Deltas of 16 bytes and more never take the loop below.
        if (bytes.Length >= Vector128<byte>.Count)
        {
            var start = bytes.Length - Vector128<byte>.Count;
            var stops = TextStops(Vector128.Create(bytes[start..])) >> (position - start);
            return stops == 0 ? bytes.Length : position + BitOperations.TrailingZeroCount(stops);
        }

        while (position < bytes.Length && bytes[position] is >= (byte)' ' and < 0x80 and not (byte)'"' and not (byte)'\\')
        {
            position++;
        }

        return position;
    }

    // One bit for each byte that is not plain. As signed numbers, control characters and the bytes of longer characters are both below the space.
    private static uint TextStops(Vector128<byte> bytes) =>
        (Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
            | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();
}
