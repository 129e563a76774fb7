namespace Streamline.Json;

/// <summary>What was malformed, and how it was read.</summary>
public enum PartialJsonRepairKind
{
    /// <summary>A control character in a string, such as a newline, was not escaped. It is kept.</summary>
    ControlCharacter,

    /// <summary>A backslash in a string began no escape of JSON. It is kept as a backslash, unless what follows needs none.</summary>
    InvalidEscape,

    /// <summary>Bytes were not UTF-8. They read as U+FFFD.</summary>
    InvalidUtf8,

    /// <summary>A UTF-16 surrogate came without its other half. It reads as U+FFFD.</summary>
    LoneSurrogate,

    /// <summary>A quote inside a string was not escaped. It is kept.</summary>
    UnescapedQuote,

    /// <summary>The quote that ends or begins a string was missing.</summary>
    MissingQuote,

    /// <summary>A string stood in single quotes, typographic quotes or backticks.</summary>
    ForeignQuotes,

    /// <summary>A property name stood without quotes.</summary>
    UnquotedName,

    /// <summary>A string value stood without quotes.</summary>
    UnquotedValue,

    /// <summary>A literal was written as in another language: <c>True</c>, <c>None</c>, <c>undefined</c>, <c>NaN</c>.</summary>
    ForeignLiteral,

    /// <summary>A number was not written as JSON writes it: <c>.5</c>, <c>5.</c>, <c>+1</c>.</summary>
    ForeignNumber,

    /// <summary>The text ended inside a literal or a number, which was made whole.</summary>
    CutToken,

    /// <summary>A comma was missing.</summary>
    MissingComma,

    /// <summary>A comma had no value before or after it. It is skipped.</summary>
    ExtraComma,

    /// <summary>The colon between a name and its value was missing, or another sign stood there.</summary>
    MissingColon,

    /// <summary>A value had no name. Its name is the empty string.</summary>
    MissingName,

    /// <summary>A name had no value. Its value is null.</summary>
    MissingValue,

    /// <summary>A bracket or brace was not closed, although what it is in was.</summary>
    MissingCloser,

    /// <summary>A closing bracket or brace had nothing to close. It is skipped.</summary>
    ExtraCloser,

    /// <summary>A comment is skipped.</summary>
    Comment,

    /// <summary>The three backticks of a Markdown fence are skipped.</summary>
    MarkdownFence,

    /// <summary>Text before the document is skipped.</summary>
    TextBefore,

    /// <summary>A block such as <c>&lt;think&gt;…&lt;/think&gt;</c> before the document is skipped, with all that is in it.</summary>
    ReasoningBlock,

    /// <summary>Text after the document is skipped.</summary>
    TextAfter,

    /// <summary>Another document follows: see <see cref="PartialJsonOptions.Documents"/>.</summary>
    FurtherDocument,

    /// <summary>The bracket or brace that opens an array or object was missing.</summary>
    MissingBrackets,

    /// <summary>Dots that stand for elements left out are skipped.</summary>
    Ellipsis,

    /// <summary>The document was escaped as if it stood in a string. One level of escapes is taken off.</summary>
    EscapedDocument,

    /// <summary>Whitespace that is not among the four characters of JSON, or a byte order mark, stood between values.</summary>
    ForeignWhitespace,

    /// <summary>A value had another type than the schema says, or an enum string another spelling. It is read as what the schema says.</summary>
    ConvertedValue,

    /// <summary>A property name had another spelling than in the schema. It is read as the name in the schema.</summary>
    RenamedProperty,

    /// <summary>A single value stood where the schema says that there is a list. It is read as a list of one.</summary>
    WrappedValue,

    /// <summary>A character or word that fits no reading is skipped.</summary>
    UnexpectedCharacter,
}
