namespace Streamline.Text;

/// <summary>Whether a line continues an open block, as far as its beginning says. A line that continues a container loses the container's markers.</summary>
internal static class BlockContinuation
{
    public static LineMatch Match(MarkdownNode block, ref LineCursor line)
    {
        switch (block.Kind)
        {
            case MarkdownBlockKind.BulletList or MarkdownBlockKind.OrderedList:
                return LineMatch.Yes;
            case MarkdownBlockKind.Quote:
                return !line.TryScan(enough: 4) ? LineMatch.Need : line.Indent >= 4 || line.IsBlank ? LineMatch.No : BlockStarts.Quote(ref line);
            case MarkdownBlockKind.ListItem:
                return ContinuesItem(block, ref line);
            case MarkdownBlockKind.FencedCode:
                // Whether it ends the code is looked at when all of the blocks around it are matched, which they are.
                return LineMatch.Yes;
            case MarkdownBlockKind.IndentedCode:
                if (!line.TryScan(enough: 4))
                {
                    return LineMatch.Need;
                }

                if (line.Indent < 4 && !line.IsBlank)
                {
                    return LineMatch.No;
                }

                line.AdvanceColumns(4);
                return LineMatch.Yes;
            case MarkdownBlockKind.Html when block.Level <= HtmlStarts.LastWithEnd:
                return LineMatch.Yes;
            case MarkdownBlockKind.Table:
                return ContinuesTable(ref line);
            default: // HTML that ends at a blank line, a paragraph
                return !line.TryScan(int.MaxValue) ? LineMatch.Need : line.IsBlank ? LineMatch.No : LineMatch.Yes;
        }
    }

    // A lone pipe ends the table.
    private static LineMatch ContinuesTable(ref LineCursor line)
    {
        if (!line.TryScan(int.MaxValue))
        {
            return LineMatch.Need;
        }

        if (line.IsBlank)
        {
            return LineMatch.No;
        }

        var isPipe = line.Text[line.Nonspace] == '|' && !line.Text[(line.Nonspace + 1)..].ContainsAnyExcept(LineCursor.Blanks);
        return !isPipe ? LineMatch.Yes : line.IsWhole ? LineMatch.No : line.Need(LineCursor.Blanks);
    }

    private static LineMatch ContinuesItem(MarkdownNode item, ref LineCursor line)
    {
        var isEmpty = item.LastChild is null; // such an item may not begin with two blank lines
        if (!line.TryScan(isEmpty ? int.MaxValue : item.ContentOffset))
        {
            return LineMatch.Need;
        }

        if (line.IsBlank && isEmpty)
        {
            return LineMatch.No;
        }

        if (line.Indent >= item.ContentOffset)
        {
            line.AdvanceColumns(item.ContentOffset);
            return LineMatch.Yes;
        }

        if (!line.IsBlank)
        {
            return LineMatch.No;
        }

        line.AdvanceToNonspace();
        return LineMatch.Yes;
    }
}
