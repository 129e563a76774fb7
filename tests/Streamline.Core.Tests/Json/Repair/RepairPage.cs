using System.Text.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>What <c>docs/partial-json.md</c> says, so that tests can hold it to the truth.</summary>
internal static class RepairPage
{
    private static readonly string[] Lines = File.ReadAllLines(Repository.Combine("docs", "partial-json.md"));

    /// <summary>The rows of the table of states: the example, what it becomes, the kind of repair, and whether it is a guess. Rows without an example are left out.</summary>
    public static IEnumerable<(string Example, string Becomes, string Kind, bool IsGuess)> States() =>
        from cells in Rows("## Every malformed state")
        where cells[1].StartsWith('`')
        select (Code(cells[1]), Code(cells[2]), cells[3], cells[4] == "G");

    /// <summary>The kinds of repair that the table names.</summary>
    public static IEnumerable<string> Kinds() => Rows("## Every malformed state").Select(cells => cells[3]).Concat(SchemaStates().Select(cells => cells.Kind));

    /// <summary>The rows of the table of what a schema adds: the schema of the property <c>a</c>, the example, what it becomes, and the kind of repair.</summary>
    public static IEnumerable<(string Schema, string Example, string Becomes, string Kind)> SchemaStates() =>
        from cells in Rows("### With a schema")
        select (Code(cells[0]), Code(cells[1]), Code(cells[2]), cells[3]);

    /// <summary>The inputs listed as differences from a corpus in a mode, in the order of the page.</summary>
    public static string[] Differences(string heading) => [.. Rows("### " + heading).Select(cells => JsonSerializer.Deserialize<string>(Code(cells[0]))!)];

    /// <summary>How many of these differences follow from no rule: another reading of the text is simply as cheap.</summary>
    public static int CountTies(string heading) => Rows("### " + heading).Count(cells => cells[^1].StartsWith("another reading", StringComparison.Ordinal));

    private static IEnumerable<string[]> Rows(string heading) => Lines
        .SkipWhile(line => line != heading)
        .Skip(1)
        .TakeWhile(line => !line.StartsWith('#'))
        .Where(line => line.StartsWith('|'))
        .Skip(2)
        .Select(line => line[1..^1].Split(" | ").Select(cell => cell.Trim()).ToArray());

    private static string Code(string cell) =>
        (cell.StartsWith("`` ", StringComparison.Ordinal) ? cell[3..^3] : cell[1..^1]).Replace("↵", "\n", StringComparison.Ordinal);
}
