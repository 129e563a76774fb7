using System.Globalization;
using System.Text;

namespace Streamline.Json;

/// <content>Failures: what was found, what was expected, and where.</content>
public partial struct PartialJsonReader
{
    private enum FailureKind : byte
    {
        None,
        Malformed,
        Truncated,
        TooDeep,
    }

    /// <summary>Describes the failure that ended the reading.</summary>
    /// <returns>
    /// <see langword="null"/> when nothing has failed; a <see cref="StreamProtocolException"/> with <see cref="StreamProtocolError.InvalidJson"/> or
    /// <see cref="StreamProtocolError.TruncatedJson"/>; a <see cref="StreamLimitException"/> when the depth went past its limit.
    /// </returns>
    public readonly StreamlineException? CreateException() => _failure switch
    {
        FailureKind.None => null,
        FailureKind.TooDeep => new StreamLimitException(nameof(PartialJsonOptions.MaxDepth), MaxDepth, _containers.Depth + 1L),
        FailureKind.Truncated => new StreamProtocolException(
            StreamProtocolError.TruncatedJson, $"The JSON text is not whole: found its end, expected {Expected()}", _bytesConsumed),
        _ => new StreamProtocolException(
            StreamProtocolError.InvalidJson, $"The JSON text is malformed: found {Found()}, expected {Expected()}", _bytesConsumed),
    };

    private bool Fail(byte found, FailureKind kind = FailureKind.Malformed)
    {
        _failure = kind;
        _found = found;
        _failedState = _state;
        _state = PartialJsonReaderState.Failed;
        return false;
    }

    private readonly string Found() => _found is > (byte)' ' and < 0x7F
        ? $"'{(char)_found}'"
        : string.Create(CultureInfo.InvariantCulture, $"0x{_found:X2}");

    private readonly string Expected() => _failedState switch
    {
        PartialJsonReaderState.Value => "a value",
        PartialJsonReaderState.ElementOrEnd => "a value or ']'",
        PartialJsonReaderState.NameOrEnd => "a property name or '}'",
        PartialJsonReaderState.Name => "a property name",
        PartialJsonReaderState.Colon => "':'",
        PartialJsonReaderState.CommaOrEnd => _containers.IsObject ? "',' or '}'" : "',' or ']'",
        PartialJsonReaderState.EndOfText => "nothing more",
        PartialJsonReaderState.Text when _failure == FailureKind.Truncated => "the closing quote of a string",
        PartialJsonReaderState.Text when _found < ' ' => "an escape of this control character",
        PartialJsonReaderState.Text => "the first byte of a UTF-8 character",
        PartialJsonReaderState.Escape => "one of \" \\ / b f n r t u",
        PartialJsonReaderState.HexDigits => "a hexadecimal digit",
        PartialJsonReaderState.MultiByte => "a continuation byte of a UTF-8 character",
        PartialJsonReaderState.Minus or PartialJsonReaderState.Point or PartialJsonReaderState.ExponentSign => "a digit",
        PartialJsonReaderState.Exponent => "a digit, '+' or '-'",
        PartialJsonReaderState.Zero => "'.', 'e' or the end of the number",
        PartialJsonReaderState.Integer => "a digit, '.', 'e' or the end of the number",
        PartialJsonReaderState.Fraction => "a digit, 'e' or the end of the number",
        PartialJsonReaderState.ExponentDigits => "a digit or the end of the number",
        _ => $"the literal {Encoding.ASCII.GetString(LiteralName(_literal))}",
    };
}
