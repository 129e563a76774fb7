namespace Streamline.Text;

/// <summary>The delimiter row that makes a line the header of a table (GitHub Flavored Markdown, section 4.10).</summary>
internal static class MarkdownTableRows
{
    private const string RowChars = "|-: \t";

    /// <summary>Whether a line is a delimiter row with as many cells as the header.</summary>
    public static LineMatch Delimiter(ref LineCursor line, ReadOnlySpan<char> header, out MarkdownAlignment[]? columns)
    {
        columns = null;
        var row = line.Text[line.Nonspace..];
        var end = row.IndexOfAnyExcept(RowChars);
        line.Count(end < 0 ? row.Length : end);
        if (end >= 0)
        {
            return LineMatch.No;
        }

        if (!line.IsWhole)
        {
            return line.Need(RowChars);
        }

        var cells = MarkdownTable.SplitCells(row);
        var found = new MarkdownAlignment[cells.Count];
        for (var i = 0; i < found.Length; i++)
        {
            if (!TryAlign(cells[i], out found[i]))
            {
                return LineMatch.No;
            }
        }

        if (found.Length == 0 || MarkdownTable.SplitCells(header).Count != found.Length)
        {
            return LineMatch.No;
        }

        columns = found;
        return LineMatch.Yes;
    }

    private static bool TryAlign(string cell, out MarkdownAlignment alignment)
    {
        var isLeft = cell.StartsWith(':');
        var dashes = cell.AsSpan(isLeft ? 1 : 0);
        var isRight = dashes.EndsWith(':');
        dashes = isRight ? dashes[..^1] : dashes;
        alignment = (isLeft, isRight) switch
        {
            (true, true) => MarkdownAlignment.Center,
            (true, false) => MarkdownAlignment.Left,
            (false, true) => MarkdownAlignment.Right,
            _ => MarkdownAlignment.None,
        };
        return !dashes.IsEmpty && !dashes.ContainsAnyExcept('-');
    }
}
