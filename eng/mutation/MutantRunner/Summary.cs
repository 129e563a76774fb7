using System.Globalization;
using System.Text;

namespace MutantRunner;

/// <summary>The score of each folder, and the mutants that no test noticed.</summary>
internal static class Summary
{
    public static string Of(IReadOnlyList<Mutant> mutants, IReadOnlyDictionary<int, Result> results)
    {
        var text = new StringBuilder("| folder | mutants | killed | timeout | survived | not covered | score |\n| --- | --: | --: | --: | --: | --: | --: |\n");
        foreach (var folder in mutants.GroupBy(FolderOf, StringComparer.Ordinal).OrderBy(folder => folder.Key, StringComparer.Ordinal))
        {
            text.Append(RowOf(folder.Key, [.. folder], results));
        }

        text.Append(RowOf("all", mutants, results)).Append('\n');
        foreach (var mutant in mutants.Where(mutant => results.TryGetValue(mutant.Id, out var result) && result.Status is MutantStatus.Survived or MutantStatus.NotCovered))
        {
            var source = File.ReadLines(mutant.File).ElementAt(mutant.Line - 1).Trim();
            text.Append(CultureInfo.InvariantCulture, $"{FolderOf(mutant)}/{Path.GetFileName(mutant.File)}:{mutant.Line} #{mutant.Id} {results[mutant.Id].Status}\n    {source}\n    {mutant.Change}\n");
        }

        return text.ToString();
    }

    private static string FolderOf(Mutant mutant) => Path.GetFileName(Path.GetDirectoryName(mutant.File)!);

    private static string RowOf(string name, IReadOnlyList<Mutant> mutants, IReadOnlyDictionary<int, Result> results)
    {
        int Count(MutantStatus status) => mutants.Count(mutant => results.TryGetValue(mutant.Id, out var result) && result.Status == status);
        var (killed, timeout, survived, notCovered) = (Count(MutantStatus.Killed), Count(MutantStatus.Timeout), Count(MutantStatus.Survived), Count(MutantStatus.NotCovered));
        var all = killed + timeout + survived + notCovered;
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {all} | {killed} | {timeout} | {survived} | {notCovered} | {(all == 0 ? 0 : 100.0 * (killed + timeout) / all):0.0} % |\n");
    }
}
