using System.Buffers;
using System.Text.Json;

namespace Streamline.Json;

/// <content>Numbers: <c>[ minus ] int [ frac ] [ exp ]</c> (RFC 8259, section 6), and the three literal names (section 3).</content>
public partial struct PartialJsonReader
{
    // ReadValue has set the state for the first byte.
    private OperationStatus ReadNumber(scoped ref ReadOnlySpan<byte> input, bool isFirst, out PartialJsonToken token)
    {
        var bytes = input;
        var position = 0;
        if (isFirst)
        {
            position = 1;
            _undecided = _state == PartialJsonReaderState.Minus ? 1 : 0;
        }

        for (; position < bytes.Length; position++)
        {
            var found = bytes[position];
            if (TryConsumeNumberByte(found))
            {
                continue;
            }

            var isEnd = _undecided == 0 && IsDelimiter(found);
            token = NumberFragment(input, position, isFirst, isEnd);
            Skip(ref input, position);
            if (isEnd)
            {
                EndValue();
                return OperationStatus.Done;
            }

            // What came before the fault is handed out first, as it would have been had the input been cut there.
            var failure = Fail(found);
            return position == 0 ? failure : OperationStatus.Done;
        }

        token = NumberFragment(input, position, isFirst, isFinal: false);
        Skip(ref input, position);
        return OperationStatus.Done;
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

    private OperationStatus ReadLiteral(scoped ref ReadOnlySpan<byte> input, out PartialJsonToken token)
    {
        var name = LiteralName(_literal);
        token = default;
        var position = 0;
        for (; position < input.Length && _undecided < name.Length; position++, _undecided++)
        {
            if (input[position] != name[_undecided])
            {
                var found = input[position];
                Skip(ref input, position);
                return Fail(found);
            }
        }

        Skip(ref input, position);
        if (_undecided < name.Length)
        {
            return OperationStatus.NeedMoreData;
        }

        _undecided = 0;
        token = new PartialJsonToken(LiteralType(_literal), default, _bytesConsumed - name.Length);
        EndValue();
        return OperationStatus.Done;
    }

    private readonly PartialJsonToken NumberFragment(ReadOnlySpan<byte> input, int length, bool isFirst, bool isFinal) =>
        new(JsonTokenType.Number, input[..length], _bytesConsumed, isFirst, isFinal);

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
