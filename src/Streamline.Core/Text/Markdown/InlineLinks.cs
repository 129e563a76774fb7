namespace Streamline.Text;

/// <summary>What follows the text of an inline link (CommonMark 0.31, section 6.3), which may not have arrived completely.</summary>
internal static class InlineLinks
{
    private const int MaxParentheses = 8; // of each other, in a destination
    private const string Blanks = " \t\n";

    /// <summary>Whether an opening parenthesis begins the destination and title of a link.</summary>
    /// <param name="text">The text from the parenthesis. When it is too short to decide, more is needed.</param>
    /// <param name="length">The length up to the closing parenthesis; how much was looked at when there is none.</param>
    public static LineMatch Target(ReadOnlySpan<char> text, out int length)
    {
        length = 1 + Blank(text[1..]);
        var start = length;
        var match = Destination(text, ref length);
        if (match != LineMatch.Yes)
        {
            return match;
        }

        var blank = Blank(text[length..]);
        length += blank;
        if (length < text.Length && text[length] != ')' && blank > 0 && length > start)
        {
            match = Title(text, ref length);
            if (match != LineMatch.Yes)
            {
                return match;
            }

            length += Blank(text[length..]);
        }

        if (length == text.Length)
        {
            return LineMatch.Need;
        }

        return text[length++] == ')' ? LineMatch.Yes : LineMatch.No;
    }

    private static int Blank(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(Blanks);
        return length < 0 ? text.Length : length;
    }

    private static LineMatch Destination(ReadOnlySpan<char> text, ref int i)
    {
        var isInAngles = i < text.Length && text[i] == '<';
        i += isInAngles ? 1 : 0;
        for (var depth = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\':
                    i++;
                    break;
                case '>' when isInAngles:
                    i++;
                    return LineMatch.Yes;
                case '<' or '\n' when isInAngles:
                    return LineMatch.No;
                case <= ' ' or '\u007f' when !isInAngles:
                    return depth == 0 ? LineMatch.Yes : LineMatch.No;
                case '(' when !isInAngles && depth++ == MaxParentheses:
                    return LineMatch.No;
                case ')' when !isInAngles && depth-- == 0:
                    return LineMatch.Yes;
                default:
                    break;
            }
        }

        i = text.Length;
        return LineMatch.Need;
    }

    private static LineMatch Title(ReadOnlySpan<char> text, ref int i)
    {
        if (text[i] is not ('"' or '\'' or '('))
        {
            return LineMatch.No;
        }

        var closer = text[i] == '(' ? ')' : text[i];
        for (i++; i < text.Length; i++)
        {
            if (text[i] == closer)
            {
                i++;
                return LineMatch.Yes;
            }

            if (text[i] == '(' && closer == ')')
            {
                return LineMatch.No;
            }

            i += text[i] == '\\' ? 1 : 0;
        }

        i = text.Length;
        return LineMatch.Need;
    }
}
