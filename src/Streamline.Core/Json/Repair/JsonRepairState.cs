namespace Streamline.Json;

/// <summary>What a <see cref="JsonRepairer"/> is doing with the next byte.</summary>
internal enum JsonRepairState : byte
{
    /// <summary>Looking for the beginning of a document.</summary>
    Before,

    /// <summary>Before the document, behind a bracket or brace that may begin it.</summary>
    Opener,

    /// <summary>Before the document, behind one or two backticks.</summary>
    FenceBefore,

    /// <summary>Before the document, in the line of a fence.</summary>
    FenceLine,

    /// <summary>Before the document, inside <c>&lt;think&gt;</c>.</summary>
    Reasoning,

    /// <summary>The strict reader reads.</summary>
    Grammar,

    /// <summary>Behind a quote that may end its string.</summary>
    Quote,

    /// <summary>In a string, behind a newline: commas and closers here may stand outside of it.</summary>
    Tail,

    /// <summary>In a string, inside a character that may be a typographic quote.</summary>
    QuoteCharacter,

    /// <summary>Behind two apostrophes: an empty string, or the beginning of three.</summary>
    SecondQuote,

    /// <summary>Behind three quotes: a string in them begins, unless what ends a string follows.</summary>
    ThirdQuote,

    /// <summary>In a string in three quotes, at quotes that may be its end.</summary>
    TripleQuote,

    /// <summary>Behind a plus that joins two strings.</summary>
    Concatenation,

    /// <summary>In a word without quotes.</summary>
    Word,

    /// <summary>Behind a quote in a word without quotes.</summary>
    WordQuote,

    /// <summary>Behind a parenthesis where a value stands.</summary>
    Parenthesis,

    /// <summary>In a word without quotes, behind a parenthesis that may be that of a call.</summary>
    Arguments,

    /// <summary>Between values, in a character longer than a byte.</summary>
    Character,

    /// <summary>Between values, behind a backslash.</summary>
    Backslash,

    /// <summary>Between values, behind backticks.</summary>
    Backticks,

    /// <summary>Between values, behind three backticks, in the name of a language.</summary>
    FenceLanguage,

    /// <summary>Behind a slash that may begin a comment.</summary>
    Slash,

    /// <summary>In a comment that the end of the line ends.</summary>
    LineComment,

    /// <summary>In a comment that <c>*/</c> ends.</summary>
    BlockComment,

    /// <summary>Behind the brace that ends the root, unless a property follows.</summary>
    RootEnd,

    /// <summary>Behind the document.</summary>
    After,
}
