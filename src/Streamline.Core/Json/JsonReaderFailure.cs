using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Streamline.Json;

/// <summary>A failure of a reader: what was found, and in which state.</summary>
/// <param name="kind">What went wrong.</param>
/// <param name="state">Where the reader stood.</param>
/// <param name="found">The byte that stood there.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly struct JsonReaderFailure(JsonReaderFailureKind kind, PartialJsonReaderState state, byte found)
{
    private readonly byte _found = found;

    /// <summary>What went wrong.</summary>
    public JsonReaderFailureKind Kind { get; } = kind;

    /// <summary>Where the reader stood.</summary>
    public PartialJsonReaderState State { get; } = state;

    /// <summary>Describes the failure: what was found, what was expected, and where.</summary>
    /// <returns><see langword="null"/> when nothing has failed.</returns>
    public StreamlineException? CreateException(in JsonReaderPosition at, JsonLiteralMachine literal) => Kind switch
    {
        JsonReaderFailureKind.None => null,
        JsonReaderFailureKind.TooDeep => new StreamLimitException(nameof(PartialJsonOptions.MaxDepth), at.MaxDepth, at.Containers.Depth + 1L),
        JsonReaderFailureKind.Truncated => new StreamProtocolException(
            StreamProtocolError.TruncatedJson, $"The JSON text is not whole: found its end, expected {Expected(at, literal)}", at.BytesConsumed),
        _ => new StreamProtocolException(
            StreamProtocolError.InvalidJson, $"The JSON text is malformed: found {Found()}, expected {Expected(at, literal)}", at.BytesConsumed),
    };

    private string Found() => _found is > (byte)' ' and < 0x7F
        ? $"'{(char)_found}'"
        : string.Create(CultureInfo.InvariantCulture, $"0x{_found:X2}");

    private string Expected(in JsonReaderPosition at, JsonLiteralMachine literal) => State switch
    {
        PartialJsonReaderState.Value => "a value",
        PartialJsonReaderState.ElementOrEnd => "a value or ']'",
        PartialJsonReaderState.NameOrEnd => "a property name or '}'",
        PartialJsonReaderState.Name => "a property name",
        PartialJsonReaderState.Colon => "':'",
        PartialJsonReaderState.CommaOrEnd => $"',' or '{(char)at.Closer}'",
        PartialJsonReaderState.EndOfText => "nothing more",
        PartialJsonReaderState.Text when Kind == JsonReaderFailureKind.Truncated => "the closing quote of a string",
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
        _ => $"the literal {Encoding.ASCII.GetString(literal.Name)}",
    };
}

/// <summary>What went wrong in a text.</summary>
internal enum JsonReaderFailureKind : byte
{
    None,
    Malformed,
    Truncated,
    TooDeep,
}
