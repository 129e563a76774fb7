using System.Globalization;

namespace MutantRunner;

internal enum MutantStatus
{
    Killed,
    Timeout,
    Survived,
    NotCovered,
}

/// <summary>What became of a mutant, and through which test.</summary>
internal sealed record Result(int Id, MutantStatus Status, string Test);

/// <summary>The results so far, in a file that a process which ends too early does not spoil.</summary>
internal static class Results
{
    public static IReadOnlyDictionary<int, Result> Read(Plan plan) => !File.Exists(plan.ResultsFile)
        ? new Dictionary<int, Result>()
        : File.ReadLines(plan.ResultsFile)
            .Select(line => line.Split('\t'))
            .Select(parts => new Result(int.Parse(parts[0], CultureInfo.InvariantCulture), Enum.Parse<MutantStatus>(parts[1]), parts[2]))
            .GroupBy(result => result.Id)
            .ToDictionary(ofOne => ofOne.Key, ofOne => ofOne.Last());

    public static void Add(Plan plan, Result result) =>
        File.AppendAllText(plan.ResultsFile, string.Create(CultureInfo.InvariantCulture, $"{result.Id}\t{result.Status}\t{result.Test}\n"));
}
