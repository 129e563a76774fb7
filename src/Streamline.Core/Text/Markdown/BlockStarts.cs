using System.Buffers;
using System.Runtime.InteropServices;

namespace Streamline.Text;

/// <summary>
/// What a line may begin with (CommonMark 0.31, sections 4 and 5). Each method is called at a place whose blanks are measured, are fewer than four columns, and are
/// followed by another character. A method that does not match changes nothing.
/// </summary>
internal static class BlockStarts
{
    private const int MaxHeadingLevel = 6;
    private const int MinFenceLength = 3;
    private const int MinBreakLength = 3;
    private const int MaxListDigits = 9;
    private const int MaxMarkerPadding = 4;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>What a list marker says.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct ListMarker(char Marker, int Start, bool IsOrdered, int ContentOffset);

    public static LineMatch Quote(ref LineCursor line)
    {
        if (line.Text[line.Nonspace] != '>')
        {
            return LineMatch.No;
        }

        if (!line.IsKnown(line.Nonspace + 1))
        {
            return line.Need("");
        }

        line.AdvanceToNonspace();
        line.Advance(1);
        line.AdvanceOptionalBlank();
        return LineMatch.Yes;
    }

    public static LineMatch Heading(ref LineCursor line, out int level)
    {
        level = line.RunLength(line.Nonspace, '#');
        if (level > MaxHeadingLevel)
        {
            return LineMatch.No;
        }

        if (!line.IsKnown(line.Nonspace + level))
        {
            return line.Need("");
        }

        if (!line.IsBlankOrEnd(line.Nonspace + level))
        {
            return LineMatch.No;
        }

        line.AdvanceToNonspace();
        line.Advance(level);
        return LineMatch.Yes;
    }

    public static LineMatch Fence(ref LineCursor line, out MarkdownFence fence)
    {
        fence = default;
        var marker = line.Text[line.Nonspace];
        var length = line.RunLength(line.Nonspace, marker);
        if (!line.IsKnown(line.Nonspace + length))
        {
            return line.Need(marker == '`' ? "`" : "~");
        }

        if (length < MinFenceLength)
        {
            return LineMatch.No;
        }

        // Backticks within the info string would make it a code span.
        var info = line.Text[(line.Nonspace + length)..];
        if (marker == '`' && info.Contains('`'))
        {
            return LineMatch.No;
        }

        if (!line.IsWhole)
        {
            return line.NeedLine();
        }

        line.Count(info.Length);
        fence = new MarkdownFence(marker, length, line.Indent, MarkdownEscapes.Decode(info.Trim(LineCursor.Blanks)));
        return LineMatch.Yes;
    }

    /// <summary>Whether a line ends fenced code. Its blanks may be more than three columns, or not yet measured to their end.</summary>
    public static LineMatch FenceEnd(ref LineCursor line, MarkdownFence fence)
    {
        const int TooFar = 4;
        if (!line.TryScan(TooFar))
        {
            return LineMatch.Need;
        }

        if (line.Indent >= TooFar || line.IsBlank || line.Text[line.Nonspace] != fence.Marker)
        {
            return LineMatch.No;
        }

        var length = line.RunLength(line.Nonspace, fence.Marker);
        var rest = line.Text[(line.Nonspace + length)..];
        var blanks = rest.IndexOfAnyExcept(' ', '\t');
        line.Count(blanks < 0 ? rest.Length : blanks);
        if (blanks >= 0 || (line.IsWhole && length < fence.Length))
        {
            return LineMatch.No;
        }

        return line.IsWhole ? LineMatch.Yes
            : rest.Length > 0 && length < fence.Length ? LineMatch.No
            : line.Need(rest.Length > 0 ? LineCursor.Blanks : fence.Marker == '`' ? "` \t" : "~ \t");
    }

    public static LineMatch SetextUnderline(ref LineCursor line)
    {
        var marker = line.Text[line.Nonspace];
        var length = line.RunLength(line.Nonspace, marker);
        var rest = line.Text[(line.Nonspace + length)..];
        if (rest.ContainsAnyExcept(' ', '\t'))
        {
            return LineMatch.No;
        }

        return line.IsWhole ? LineMatch.Yes : line.Need(rest.Length > 0 ? LineCursor.Blanks : marker == '=' ? "= \t" : "- \t");
    }

    public static LineMatch ThematicBreak(ref LineCursor line)
    {
        if (line.Nonspace < line.Position.NoBreakBefore)
        {
            return LineMatch.No;
        }

        var marker = line.Text[line.Nonspace];
        var set = marker switch { '-' => "- \t", '*' => "* \t", _ => "_ \t" };
        var rest = line.Text[line.Nonspace..];
        var end = rest.IndexOfAnyExcept(set);
        line.Count(end < 0 ? rest.Length : end);
        if (end >= 0)
        {
            line.ExcludeBreaksBefore(line.Nonspace + end);
            return LineMatch.No;
        }

        return !line.IsWhole ? line.Need(set) : rest.Count(marker) >= MinBreakLength ? LineMatch.Yes : LineMatch.No;
    }

    /// <summary>Reads a list marker, and advances to the content of the item.</summary>
    /// <param name="line">The line.</param>
    /// <param name="interruptsParagraph">Whether the line could also be text of a paragraph: then the item must not be blank, and a list must start with 1.</param>
    /// <param name="marker">The marker.</param>
    public static LineMatch ListItem(ref LineCursor line, bool interruptsParagraph, out ListMarker marker)
    {
        marker = default;
        var (start, length) = (line.Nonspace, 1);
        var isOrdered = char.IsAsciiDigit(line.Text[start]);
        if (isOrdered)
        {
            var digits = line.Text[start..].IndexOfAnyExcept(Digits);
            digits = digits < 0 ? line.Text.Length - start : digits;
            if (digits > MaxListDigits)
            {
                return LineMatch.No;
            }

            if (!line.IsKnown(start + digits))
            {
                return line.Need("");
            }

            if (start + digits == line.Text.Length || line.Text[start + digits] is not ('.' or ')'))
            {
                return LineMatch.No;
            }

            length = digits + 1;
        }

        var end = start + length;
        line.Count(length);
        if (!line.IsKnown(end))
        {
            return line.Need("");
        }

        if (!line.IsBlankOrEnd(end))
        {
            return LineMatch.No;
        }

        var number = isOrdered ? int.Parse(line.Text[start..(end - 1)], System.Globalization.CultureInfo.InvariantCulture) : 0;
        return interruptsParagraph && isOrdered && number != 1 ? LineMatch.No
            : Content(ref line, length, interruptsParagraph, new ListMarker(line.Text[end - 1], number, isOrdered, 0), out marker);
    }

    private static LineMatch Content(ref LineCursor line, int length, bool interruptsParagraph, ListMarker found, out ListMarker marker)
    {
        marker = found;
        var before = line; // what is tried here is taken back unless it matches
        var indent = line.Indent;
        line.AdvanceToNonspace();
        line.Advance(length);

        // With five columns and more, the content is indented code. Whether the item is blank still decides whether it may interrupt a paragraph.
        if (!line.TryScan(interruptsParagraph ? int.MaxValue : MaxMarkerPadding + 1))
        {
            var (undecided, examined) = (line.Undecided, line.Examined);
            line = before;
            line.Count(examined - line.Examined);
            return line.Need(undecided!);
        }

        if (line.IsBlank && interruptsParagraph)
        {
            line = before;
            return LineMatch.No;
        }

        var padding = line.IsBlank || line.Indent > MaxMarkerPadding ? 1 : line.Indent;
        line.AdvanceColumns(padding);
        marker = found with { ContentOffset = indent + length + padding };
        return LineMatch.Yes;
    }
}
