namespace Streamline.Text;

/// <summary>Opens the blocks that a line begins.</summary>
internal sealed class BlockOpener(OpenBlocks blocks, IMarkdownSink sink)
{
    /// <summary>Opens the block that begins at the place of the cursor, whose blanks are measured and fewer than four columns.</summary>
    public LineStart Open(ref LineCursor line, long number)
    {
        var marker = line.Text[line.Nonspace];
        switch (marker)
        {
            case '>':
                return OpenQuote(ref line, number);
            case '#':
                return OpenHeading(ref line, number);
            case '`' or '~':
                return OpenFence(ref line, number);
            case '<':
                return OpenHtml(ref line, number);
            case '=' or '|' or ':' or '-' or '*' or '_' or '+' or (>= '0' and <= '9'):
                return OpenUnderline(marker, ref line) is var start && start != LineStart.None ? start
                    : OpenBreak(marker, ref line, number) is var whole && whole != LineStart.None ? whole
                    : OpenItem(marker, ref line, number) is var item && item != LineStart.None ? item
                    : OpenTable(marker, ref line, number);
            default:
                return LineStart.None;
        }
    }

    private static LineStart Undecided(LineMatch match) => match == LineMatch.Need ? LineStart.Need : LineStart.None;

    private LineStart OpenQuote(ref LineCursor line, long number)
    {
        var match = BlockStarts.Quote(ref line);
        if (match != LineMatch.Yes)
        {
            return Undecided(match);
        }

        blocks.Add(new MarkdownNode(MarkdownBlockKind.Quote) { FirstLine = number });
        return LineStart.Block;
    }

    private LineStart OpenHeading(ref LineCursor line, long number)
    {
        var match = BlockStarts.Heading(ref line, out var level);
        if (match != LineMatch.Yes)
        {
            return Undecided(match);
        }

        blocks.Add(new MarkdownNode(MarkdownBlockKind.Heading) { FirstLine = number, Level = level });
        return LineStart.Text;
    }

    private LineStart OpenFence(ref LineCursor line, long number)
    {
        var match = BlockStarts.Fence(ref line, out var fence);
        if (match != LineMatch.Yes)
        {
            return Undecided(match);
        }

        if (blocks.HasOpened)
        {
            sink.Outside(line.Text[..line.Nonspace].TrimEnd(LineCursor.Blanks)); // the markers of the lists and quotes that begin on the line
            sink.Outside("\n");
        }

        blocks.Add(new MarkdownNode(MarkdownBlockKind.FencedCode) { FirstLine = number, Fence = fence, IsComplete = false });
        return LineStart.FenceLine;
    }

    private LineStart OpenHtml(ref LineCursor line, long number)
    {
        var next = line.Nonspace + 1;
        if (!line.IsKnown(next))
        {
            _ = line.Need("");
            return LineStart.Need;
        }

        if (next == line.Text.Length || !(char.IsAsciiLetter(line.Text[next]) || line.Text[next] is '/' or '!' or '?'))
        {
            return LineStart.None;
        }

        if (!line.IsWhole)
        {
            _ = line.NeedLine();
            return LineStart.Need;
        }

        var html = line.Text[line.Nonspace..];
        line.Count(html.Length);
        var kind = HtmlStarts.Find(html);
        var interruptsParagraph = blocks.Container.Kind == MarkdownBlockKind.Paragraph || blocks.IsLazy;
        if (kind == 0 || (kind == HtmlStarts.AnyTag && interruptsParagraph))
        {
            return LineStart.None;
        }

        blocks.Add(new MarkdownNode(MarkdownBlockKind.Html) { FirstLine = number, Level = kind });
        return LineStart.Block;
    }

    // A line that makes a heading of the paragraph before it.
    private LineStart OpenUnderline(char marker, ref LineCursor line)
    {
        if (blocks.Container.Kind != MarkdownBlockKind.Paragraph || marker is not ('=' or '-'))
        {
            return LineStart.None;
        }

        var match = BlockStarts.SetextUnderline(ref line);
        if (match != LineMatch.Yes || !blocks.HasTextAfterDefinitions())
        {
            return Undecided(match);
        }

        blocks.ChangeTip(MarkdownBlockKind.Heading, level: marker == '=' ? 1 : 2, columns: null);
        blocks.CloseTip();
        return LineStart.WholeLine;
    }

    private LineStart OpenBreak(char marker, ref LineCursor line, long number)
    {
        if (marker is not ('-' or '*' or '_'))
        {
            return LineStart.None;
        }

        var match = BlockStarts.ThematicBreak(ref line);
        if (match != LineMatch.Yes)
        {
            return Undecided(match);
        }

        blocks.Add(new MarkdownNode(MarkdownBlockKind.ThematicBreak) { FirstLine = number });
        blocks.CloseTip();
        return LineStart.WholeLine;
    }

    private LineStart OpenItem(char marker, ref LineCursor line, long number)
    {
        if (marker is not ('-' or '*' or '+' or (>= '0' and <= '9')))
        {
            return LineStart.None;
        }

        var match = BlockStarts.ListItem(ref line, blocks.Container.Kind == MarkdownBlockKind.Paragraph, out var item);
        if (match != LineMatch.Yes)
        {
            return Undecided(match);
        }

        blocks.AddItem(item, number);
        return LineStart.Block;
    }

    // The delimiter row, which makes a header of the line before it.
    private LineStart OpenTable(char marker, ref LineCursor line, long number)
    {
        if (marker is not ('-' or '|' or ':') || blocks.Container.Kind != MarkdownBlockKind.Paragraph || blocks.TableHeader() is not { } header)
        {
            return LineStart.None;
        }

        var match = MarkdownTableRows.Delimiter(ref line, header, out var columns);
        if (match != LineMatch.Yes)
        {
            return Undecided(match);
        }

        blocks.BeginTable(columns!, number);
        return LineStart.WholeLine;
    }
}
