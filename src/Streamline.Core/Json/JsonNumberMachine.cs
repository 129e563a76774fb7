using System.Text.Json;

namespace Streamline.Json;

/// <summary>Numbers: <c>[ minus ] int [ frac ] [ exp ]</c> (RFC 8259, section 6). All that it remembers is the state.</summary>
internal static class JsonNumberMachine
{
    /// <summary>Reads bytes of a number. The state has been set for the first one.</summary>
    /// <returns>Whether to read on.</returns>
    public static bool Read<TSink>(ref JsonReaderPosition at, ReadOnlySpan<byte> bytes, ref int position, ref TSink sink, bool isFirst)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var start = position;
        if (isFirst)
        {
            position++;
            at.UndecidedBytes = at.State == PartialJsonReaderState.Minus ? 1 : 0;
        }

        var isFinal = false;
        for (; position < bytes.Length; position++)
        {
            var found = bytes[position];
            if (TryConsume(ref at, found))
            {
                position = SkipDigits(bytes, position, at.State);
            }
            else
            {
                isFinal = at.UndecidedBytes == 0 && IsDelimiter(found);
                if (!isFinal && position == start)
                {
                    return at.Fail(found);
                }

                break; // At a fault, what came before it is handed out first, as it would have been had the input been cut there.
            }
        }

        if (isFinal)
        {
            at.EndValue();
        }

        return sink.Fragment(JsonTokenType.Number, bytes[start..position], at.BytesConsumed + start, at.BytesConsumed + position, isFirst, isFinal);
    }

    /// <summary>Whether a byte may come after a number.</summary>
    public static bool IsDelimiter(byte value) => JsonReaderPosition.IsWhitespace(value) || value is (byte)',' or (byte)']' or (byte)'}';

    // The last of the digits that change nothing.
    private static int SkipDigits(ReadOnlySpan<byte> bytes, int position, PartialJsonReaderState state)
    {
        if (state is PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction or PartialJsonReaderState.ExponentDigits)
        {
            while (position + 1 < bytes.Length && char.IsAsciiDigit((char)bytes[position + 1]))
            {
                position++;
            }
        }

        return position;
    }

    /// <summary>Tells whether a number may end in a state: what was read of it is one.</summary>
    public static bool MayEndIn(PartialJsonReaderState state) =>
        state is PartialJsonReaderState.Zero or PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction or PartialJsonReaderState.ExponentDigits;

    private static bool TryConsume(ref JsonReaderPosition at, byte found)
    {
        var next = Next(at.State, found);
        if (next == PartialJsonReaderState.Failed)
        {
            return false;
        }

        at.UndecidedBytes = next is PartialJsonReaderState.Point or PartialJsonReaderState.Exponent or PartialJsonReaderState.ExponentSign ? at.UndecidedBytes + 1 : 0;
        at.State = next;
        return true;
    }

    private static PartialJsonReaderState Next(PartialJsonReaderState state, byte found) => found switch
    {
        (byte)'0' when state == PartialJsonReaderState.Minus => PartialJsonReaderState.Zero,
        >= (byte)'0' and <= (byte)'9' => state switch
        {
            PartialJsonReaderState.Minus => PartialJsonReaderState.Integer,
            PartialJsonReaderState.Point => PartialJsonReaderState.Fraction,
            PartialJsonReaderState.Exponent or PartialJsonReaderState.ExponentSign => PartialJsonReaderState.ExponentDigits,
            PartialJsonReaderState.Zero => PartialJsonReaderState.Failed, // no digit follows a leading zero
            _ => state,
        },
        (byte)'.' when state is PartialJsonReaderState.Zero or PartialJsonReaderState.Integer => PartialJsonReaderState.Point,
        (byte)'e' or (byte)'E' when state is PartialJsonReaderState.Zero or PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction =>
            PartialJsonReaderState.Exponent,
        (byte)'+' or (byte)'-' when state == PartialJsonReaderState.Exponent => PartialJsonReaderState.ExponentSign,
        _ => PartialJsonReaderState.Failed,
    };
}
