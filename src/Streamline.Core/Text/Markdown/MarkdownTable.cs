using System.Text;

namespace Streamline.Text;

/// <summary>Reads the rows of a table.</summary>
public static class MarkdownTable
{
    /// <summary>Splits a row into its cells.</summary>
    /// <param name="row">A line of the text of a <see cref="MarkdownBlockKind.Table"/>.</param>
    /// <returns>The inline Markdown of each cell, without the blanks around it. An escaped pipe is a pipe.</returns>
    public static IReadOnlyList<string> SplitCells(ReadOnlySpan<char> row)
    {
        row = row.Trim(" \t");
        row = row.StartsWith('|') ? row[1..] : row;
        List<string> cells = [];
        var cell = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == '\\' && i + 1 < row.Length && row[i + 1] == '|')
            {
                cell.Append('|');
                i++;
            }
            else if (row[i] == '|')
            {
                cells.Add(cell.ToString().Trim(' ', '\t'));
                cell.Clear();
            }
            else
            {
                cell.Append(row[i]);
            }
        }

        // The pipe at the end closes the last cell. A lone pipe has none.
        if (!row.IsEmpty && (!row.EndsWith('|') || row.EndsWith(@"\|")))
        {
            cells.Add(cell.ToString().Trim(' ', '\t'));
        }

        return cells;
    }
}
