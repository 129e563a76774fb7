using System.Text;
using Streamline.Cli.Output;
using Streamline.Text;

namespace Streamline.Cli.Markdown;

/// <summary>Prints a table when it is whole, because the width of a column is that of its widest cell.</summary>
internal sealed class TablePrinter(BlockWriter writer, Ansi? ansi, IReadOnlyList<MarkdownAlignment> columns, string begun) : LeafPrinter
{
    private readonly StringBuilder _text = new(begun);

    public override void Append(string text) => _text.Append(text);

    public override void Close()
    {
        var rows = _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => MarkdownTable.SplitCells(row).Select(Style).ToArray()).ToList();
        var widths = Enumerable.Range(0, columns.Count).Select(column => rows.Select(row => column < row.Length ? row[column].Width : 0).DefaultIfEmpty().Max()).ToArray();
        for (var number = 0; number < rows.Count; number++)
        {
            writer.Write(Row(rows[number], widths, number == 0) + "\n");
            if (number == 0)
            {
                writer.Write(Delimiter(widths) + "\n");
            }
        }
    }

    private Cell Style(string text)
    {
        if (ansi is null)
        {
            return new Cell(text, TerminalText.Width(text));
        }

        var styler = new InlineStyler();
        var styled = styler.Append(text) + styler.Complete();
        return new Cell(styled, TerminalText.Width(WithoutStyles(styled)));
    }

    private static string WithoutStyles(string text)
    {
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\e')
            {
                at = text.IndexOf('m', at);
            }
            else
            {
                plain.Append(text[at]);
            }
        }

        return plain.ToString();
    }

    private string Row(Cell[] cells, int[] widths, bool isHeader)
    {
        var parts = widths.Select((width, column) => Pad(column < cells.Length ? cells[column] : new Cell("", 0), width, columns[column], isHeader && ansi is not null));
        return ansi is null ? $"| {string.Join(" | ", parts)} |" : string.Join(Ansi.Dim + " │ " + Ansi.Reset, parts);
    }

    private static string Pad(Cell cell, int width, MarkdownAlignment alignment, bool isBold)
    {
        var space = width - cell.Width;
        var left = alignment switch { MarkdownAlignment.Right => space, MarkdownAlignment.Center => space / 2, _ => 0 };
        var text = isBold ? Ansi.Bold + cell.Text + Ansi.Reset : cell.Text;
        return new string(' ', left) + text + new string(' ', space - left);
    }

    private string Delimiter(int[] widths)
    {
        if (ansi is not null)
        {
            return Ansi.Dim + string.Join("─┼─", widths.Select(width => new string('─', width))) + Ansi.Reset;
        }

        return $"| {string.Join(" | ", widths.Select((width, column) => columns[column] switch
        {
            MarkdownAlignment.Left => ":" + new string('-', Math.Max(1, width - 1)),
            MarkdownAlignment.Right => new string('-', Math.Max(1, width - 1)) + ":",
            MarkdownAlignment.Center => ":" + new string('-', Math.Max(1, width - 2)) + ":",
            _ => new string('-', Math.Max(1, width)),
        }))} |";
    }

    private readonly record struct Cell(string Text, int Width);
}
