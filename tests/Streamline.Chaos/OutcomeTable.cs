using System.Globalization;
using System.Text;

namespace Streamline.Chaos;

/// <summary>Counts outcomes by protocol.</summary>
internal sealed class OutcomeTable
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long[]> _rows = new(StringComparer.Ordinal);

    /// <summary>Gets how many outcomes were counted.</summary>
    public long Total { get; private set; }

    public void Add(string target, ChaosOutcome outcome)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(target, out var row))
            {
                _rows.Add(target, row = new long[Enum.GetValues<ChaosOutcome>().Length]);
            }

            row[(int)outcome]++;
            Total++;
        }
    }

    /// <summary>Writes the table as Markdown.</summary>
    /// <param name="columns">The outcomes, each with its heading.</param>
    public string ToMarkdown(params (ChaosOutcome Outcome, string Heading)[] columns)
    {
        var text = new StringBuilder("| protocol | ").AppendJoin(" | ", columns.Select(column => column.Heading)).Append(" | all |\n|---|");
        text.Insert(text.Length, "---|", columns.Length + 1).Append('\n');
        lock (_lock)
        {
            foreach (var (name, row) in _rows)
            {
                AppendRow(text, name, row, columns);
            }

            AppendRow(text, "**all**", [.. Enum.GetValues<ChaosOutcome>().Select(outcome => _rows.Values.Sum(row => row[(int)outcome]))], columns);
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string name, long[] row, (ChaosOutcome Outcome, string Heading)[] columns)
    {
        text.Append("| ").Append(name);
        foreach (var figure in columns.Select(column => row[(int)column.Outcome]).Append(row.Sum()))
        {
            text.Append(" | ").Append(figure.ToString("N0", CultureInfo.InvariantCulture));
        }

        text.Append(" |\n");
    }
}
