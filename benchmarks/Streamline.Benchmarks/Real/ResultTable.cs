using System.Text;

namespace Streamline.Benchmarks.Real;

/// <summary>A table in Markdown whose columns are aligned: the first ones to the left, the others to the right.</summary>
internal sealed class ResultTable(int textColumns, params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < _rows.Count; i++)
        {
            Append(text, _rows[i].Select((cell, column) => column < textColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
            if (i == 0)
            {
                Append(text, widths.Select((width, column) => column < textColumns ? new string('-', width) : new string('-', width - 1) + ':'));
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
