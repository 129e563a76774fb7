using System.Text.Json;

namespace Streamline.Json;

/// <content>Numbers: <c>[ minus ] int [ frac ] [ exp ]</c> (RFC 8259, section 6), and the three literal names (section 3).</content>
public partial struct PartialJsonReader
{
    // ReadValue has set the state for the first byte.
    private bool ReadNumber<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink, bool isFirst)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var start = position;
        if (isFirst)
        {
            position++;
            _undecided = _state == PartialJsonReaderState.Minus ? 1 : 0;
        }

        var isFinal = false;
        for (; position < bytes.Length; position++)
        {
            var found = bytes[position];
            if (TryConsumeNumberByte(found))
            {
                position = SkipDigits(bytes, position, _state);
            }
            else
            {
                isFinal = _undecided == 0 && IsDelimiter(found);
                if (!isFinal && position == start)
                {
                    return Fail(found);
                }

                break; // At a fault, what came before it is handed out first, as it would have been had the input been cut there.
            }
        }

        if (isFinal)
        {
            EndValue();
        }

        return sink.Fragment(JsonTokenType.Number, bytes[start..position], _bytesConsumed + start, _bytesConsumed + position, isFirst, isFinal);
    }

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

    private bool TryConsumeNumberByte(byte found)
    {
        var next = found switch
        {
            (byte)'0' when _state == PartialJsonReaderState.Minus => PartialJsonReaderState.Zero,
            >= (byte)'0' and <= (byte)'9' => _state switch
            {
                PartialJsonReaderState.Minus => PartialJsonReaderState.Integer,
                PartialJsonReaderState.Point => PartialJsonReaderState.Fraction,
                PartialJsonReaderState.Exponent or PartialJsonReaderState.ExponentSign => PartialJsonReaderState.ExponentDigits,
                PartialJsonReaderState.Zero => PartialJsonReaderState.Failed, // no digit follows a leading zero
                _ => _state,
            },
            (byte)'.' when _state is PartialJsonReaderState.Zero or PartialJsonReaderState.Integer => PartialJsonReaderState.Point,
            (byte)'e' or (byte)'E' when _state is PartialJsonReaderState.Zero or PartialJsonReaderState.Integer or PartialJsonReaderState.Fraction =>
                PartialJsonReaderState.Exponent,
            (byte)'+' or (byte)'-' when _state == PartialJsonReaderState.Exponent => PartialJsonReaderState.ExponentSign,
            _ => PartialJsonReaderState.Failed,
        };
        if (next == PartialJsonReaderState.Failed)
        {
            return false;
        }

        _undecided = next is PartialJsonReaderState.Point or PartialJsonReaderState.Exponent or PartialJsonReaderState.ExponentSign ? _undecided + 1 : 0;
        _state = next;
        return true;
    }

    private bool ReadLiteral<TSink>(ReadOnlySpan<byte> bytes, ref int position, ref TSink sink)
        where TSink : struct, IJsonSink, allows ref struct
    {
        var name = LiteralName(_literal);
        for (; _undecided < name.Length; position++, _undecided++)
        {
            if (position == bytes.Length)
            {
                return true;
            }

            if (bytes[position] != name[_undecided])
            {
                return Fail(bytes[position]);
            }
        }

        _undecided = 0;
        EndValue();
        var end = _bytesConsumed + position;
        return sink.Literal(LiteralType(_literal), end - name.Length, end);
    }

    private static ReadOnlySpan<byte> LiteralName(byte first) => first switch
    {
        (byte)'t' => "true"u8,
        (byte)'f' => "false"u8,
        _ => "null"u8,
    };

    private static JsonTokenType LiteralType(byte first) => first switch
    {
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        _ => JsonTokenType.Null,
    };

    private static bool IsDelimiter(byte value) => IsWhitespace(value) || value is (byte)',' or (byte)']' or (byte)'}';
}
