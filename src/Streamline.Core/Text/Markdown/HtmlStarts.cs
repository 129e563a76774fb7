using System.Buffers;
using System.Collections.Frozen;

namespace Streamline.Text;

/// <summary>The seven kinds of HTML blocks (CommonMark 0.31, section 4.6).</summary>
internal static class HtmlStarts
{
    /// <summary>The kind that ends at a blank line and begins with any tag, alone on its line. It cannot interrupt a paragraph.</summary>
    public const int AnyTag = 7;

    /// <summary>The last kind that ends with a text of its own, and not at a blank line.</summary>
    public const int LastWithEnd = 5;

    private static readonly SearchValues<char> AttributeEnds = SearchValues.Create(" \t\"'=<>`");

    private static readonly string[] LiteralTags = ["script", "pre", "textarea", "style"];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> BlockTags = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col", "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "legend", "li", "link", "main", "menu", "menuitem", "nav", "noframes",
        "ol", "optgroup", "option", "p", "param", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "track", "ul").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Finds the kind of block that a line begins.</summary>
    /// <param name="line">The line from its first less-than sign.</param>
    /// <returns>1 to 7; 0 when it begins none.</returns>
    public static int Find(ReadOnlySpan<char> line)
    {
        if (line.StartsWith("<!--", StringComparison.Ordinal))
        {
            return 2;
        }

        if (line.StartsWith("<?", StringComparison.Ordinal))
        {
            return 3;
        }

        if (line.StartsWith("<!", StringComparison.Ordinal))
        {
            return line.StartsWith("<![CDATA[", StringComparison.Ordinal) ? 5 : line.Length > 2 && char.IsAsciiLetter(line[2]) ? 4 : 0;
        }

        var isClosing = line.StartsWith("</", StringComparison.Ordinal);
        var name = line[(isClosing ? 2 : 1)..];
        name = name[..NameLength(name)];
        var after = line[((isClosing ? 2 : 1) + name.Length)..];
        if (!isClosing && (after.IsEmpty || after[0] is ' ' or '\t' or '>') && IsLiteralTag(name))
        {
            return 1;
        }

        var isEnd = after.IsEmpty || after[0] is ' ' or '\t' or '>' || after.StartsWith("/>", StringComparison.Ordinal);
        return isEnd && BlockTags.Contains(name) ? 6 : IsTag(name, after, isClosing) ? AnyTag : 0;
    }

    /// <summary>Whether a line is the last one of a block.</summary>
    public static bool IsEnd(int kind, ReadOnlySpan<char> line) => kind switch
    {
        1 => HasLiteralEnd(line),
        2 => line.Contains("-->", StringComparison.Ordinal),
        3 => line.Contains("?>", StringComparison.Ordinal),
        4 => line.Contains('>'),
        5 => line.Contains("]]>", StringComparison.Ordinal),
        _ => false,
    };

    private static bool IsLiteralTag(ReadOnlySpan<char> name)
    {
        foreach (var tag in LiteralTags)
        {
            if (name.Equals(tag, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasLiteralEnd(ReadOnlySpan<char> line)
    {
        for (var start = line.IndexOf("</", StringComparison.Ordinal); start >= 0; start = line.IndexOf("</", StringComparison.Ordinal))
        {
            line = line[(start + 2)..];
            var length = NameLength(line);
            if (length < line.Length && line[length] == '>' && IsLiteralTag(line[..length]))
            {
                return true;
            }
        }

        return false;
    }

    // A tag that is whole, with nothing but blanks after it.
    private static bool IsTag(ReadOnlySpan<char> name, ReadOnlySpan<char> after, bool isClosing)
    {
        if (name.IsEmpty)
        {
            return false;
        }

        while (!isClosing && TryAttribute(ref after))
        {
        }

        after = after.TrimStart(LineCursor.Blanks);
        after = !isClosing && after.StartsWith('/') ? after[1..] : after;
        return after.StartsWith('>') && !after[1..].ContainsAnyExcept(LineCursor.Blanks);
    }

    private static bool TryAttribute(ref ReadOnlySpan<char> text)
    {
        var name = text.TrimStart(LineCursor.Blanks);
        if (name.Length == text.Length || name.IsEmpty || !(char.IsAsciiLetter(name[0]) || name[0] is '_' or ':'))
        {
            return false;
        }

        var length = 1;
        while (length < name.Length && (char.IsAsciiLetterOrDigit(name[length]) || name[length] is '_' or ':' or '.' or '-'))
        {
            length++;
        }

        text = name[length..];
        var value = text.TrimStart(LineCursor.Blanks);
        if (!value.StartsWith('='))
        {
            return true;
        }

        value = value[1..].TrimStart(LineCursor.Blanks);
        if (value.IsEmpty)
        {
            return false;
        }

        var valueLength = ValueLength(value);
        text = value[valueLength..];
        return valueLength > 0;
    }

    // The length of an attribute's value with its quotes; 0 when there is none, or its quote does not end.
    private static int ValueLength(ReadOnlySpan<char> value)
    {
        if (value[0] is '"' or '\'')
        {
            var end = value[1..].IndexOf(value[0]);
            return end < 0 ? 0 : end + 2;
        }

        var length = value.IndexOfAny(AttributeEnds);
        return length < 0 ? value.Length : length;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
        {
            return 0;
        }

        var length = 1;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '-'))
        {
            length++;
        }

        return length;
    }
}
