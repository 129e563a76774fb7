namespace Streamline.Json;

/// <summary>Where in the grammar of RFC 8259 a <see cref="PartialJsonReader"/> stands: what may come next.</summary>
internal enum PartialJsonReaderState : byte
{
    // Between tokens. Whitespace is allowed in all of these, and in none of the others.
    Value,
    ElementOrEnd,
    NameOrEnd,
    Name,
    Colon,
    CommaOrEnd,
    EndOfText,

    // Inside a string.
    Text,
    Escape,
    HexDigits,
    MultiByte,

    // Inside a number. The named part has just been read.
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,

    // Inside true, false or null.
    Literal,

    // Absorbing states.
    Completed,
    Failed,
}
