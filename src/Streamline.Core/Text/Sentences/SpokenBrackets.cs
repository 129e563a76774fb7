namespace Streamline.Text;

/// <summary>
/// Tells what a bracket begins in text that is read aloud. A number in brackets is a citation when it is short and at the end of a clause: before or after its punctuation, or at the end of the
/// block. A number within a clause is text.
/// </summary>
internal static class SpokenBrackets
{
    private const int MaxCitationDigits = 3;
    private const int MaxLabel = 32;
    private const int MaxNumbers = 256; // one after the other

    internal enum Kind
    {
        /// <summary>More of the text is needed.</summary>
        Undecided,

        /// <summary>The bracket alone is a mark, perhaps of a link.</summary>
        Mark,

        /// <summary>It is left out with what it holds.</summary>
        LeftOut,

        /// <summary>It is read with what it holds.</summary>
        Text,
    }

    /// <param name="text">The text from the opening bracket.</param>
    /// <param name="isLast">Whether nothing of the block follows.</param>
    /// <param name="before">The character before it; a blank at the start of the block.</param>
    /// <param name="mayBeTask">Whether it begins a list item.</param>
    /// <param name="length">The length of what is left out, or is text.</param>
    public static Kind Read(ReadOnlySpan<char> text, bool isLast, char before, bool mayBeTask, out int length)
    {
        length = 0;
        var next = text.Length > 1 ? text[1] : '\0';
        if (next == '\0')
        {
            return isLast ? Kind.Mark : Kind.Undecided;
        }

        return next == '^' ? Footnote(text, isLast, out length)
            : char.IsAsciiDigit(next) ? Number(text, isLast, before, out length)
            : mayBeTask && next is ' ' or 'x' or 'X' ? Task(text, isLast, out length)
            : Kind.Mark;
    }

    public static bool EndsClause(char next) => next is '.' or ',' or ';' or ':' or '!' or '?' or ')' or '。' or '，' or '、' or '！' or '？' or '；' or '：';

    private static Kind Footnote(ReadOnlySpan<char> text, bool isLast, out int length)
    {
        var label = text[2..Math.Min(text.Length, MaxLabel)].IndexOfAny("] \t\n[");
        length = label + 3;
        return label < 0 ? (isLast || text.Length >= MaxLabel ? Kind.Mark : Kind.Undecided)
            : label == 0 || text[label + 2] != ']' ? Kind.Mark
            : length < text.Length || isLast ? Kind.LeftOut
            : Kind.Undecided; // what follows decides about the blank before it
    }

    private static Kind Task(ReadOnlySpan<char> text, bool isLast, out int length)
    {
        const int Box = 3;
        length = Box;
        return text.Length > 2 && text[2] != ']' ? Kind.Mark
            : text.Length > Box ? (char.IsWhiteSpace(text[Box]) ? Kind.LeftOut : Kind.Mark)
            : isLast ? (text.Length == Box ? Kind.LeftOut : Kind.Mark)
            : Kind.Undecided;
    }

    // One number after the other: [1][2]. Decided from so much of the text, however much has arrived.
    private static Kind Number(ReadOnlySpan<char> text, bool isLast, char before, out int length)
    {
        var isAll = isLast || text.Length >= MaxNumbers;
        text = text[..Math.Min(text.Length, MaxNumbers)];
        var mayBeCitation = true;
        length = 0;
        while (length < text.Length && text[length] == '[')
        {
            var digits = text[(length + 1)..].IndexOfAnyExceptInRange('0', '9');
            if (digits < 0 && !isAll)
            {
                return Kind.Undecided;
            }

            if (digits <= 0 || text[length + 1 + digits] != ']')
            {
                return Kind.Mark; // the text or the label of a link
            }

            mayBeCitation = mayBeCitation && digits <= MaxCitationDigits && text[length + 1] != '0';
            length += digits + 2;
        }

        if (length == text.Length && !isAll)
        {
            return Kind.Undecided;
        }

        var next = length < text.Length ? text[length] : '\n';
        return next == '(' ? Kind.Mark
            : mayBeCitation && (EndsClause(before) || EndsClause(next) || next is '\n' or '|') ? Kind.LeftOut
            : Kind.Text;
    }
}
