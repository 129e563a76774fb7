using System.Globalization;

namespace MutantRunner;

/// <summary>The work of one process: the coverage, or mutants until one spoils the process. It is spoilt when a test does not end.</summary>
internal static class Work
{
    /// <summary>The exit code of a process that has done what it can, and has left mutants to another one.</summary>
    public const int NotOver = 3;

    private const int MutantsPerProcess = 150;

    public static int Run(Plan plan, IReadOnlyList<Mutant> mutants)
    {
        var assembly = new MutatedAssembly(plan.MutatedAssembly);
        var suite = new TestSuite(plan.TestAssembly, plan.Excluded);
        if (!File.Exists(plan.CoverageFile))
        {
            Coverage.Write(plan, suite, assembly);
            return NotOver;
        }

        var known = Results.Read(plan);
        var choice = new TestChoice(Coverage.Read(plan), mutants);
        var left = MutantsPerProcess;
        foreach (var mutant in mutants.Where(mutant => !known.ContainsKey(mutant.Id)))
        {
            var tests = choice.TestsOf(mutant);
            if (tests.Count == 0)
            {
                Results.Add(plan, new Result(mutant.Id, MutantStatus.NotCovered, ""));
                continue;
            }

            // Code that runs once per process must not have run yet.
            var isFirst = left == MutantsPerProcess;
            if (left == 0 || (choice.RunsOnce(mutant) && !isFirst))
            {
                return NotOver;
            }

            left = choice.RunsOnce(mutant) ? 0 : left - 1;
            var result = Test(plan, suite, assembly, mutant, tests, choice, out var isSpoilt);
            if (result.Status == MutantStatus.Survived && choice.MayRunOnce(mutant) && !isFirst)
            {
                return NotOver; // it is tested once more, as the first of the next process
            }

            Results.Add(plan, result);
            if (isSpoilt)
            {
                return NotOver;
            }
        }

        return 0;
    }

    /// <summary>Tests one mutant.</summary>
    private static Result Test(Plan plan, TestSuite suite, MutatedAssembly assembly, Mutant mutant, IReadOnlyList<Coverage> tests, TestChoice choice, out bool isSpoilt)
    {
        isSpoilt = false;
        File.WriteAllText(plan.CurrentFile, mutant.Id.ToString(CultureInfo.InvariantCulture));
        assembly.Activate(mutant.Id);
        foreach (var batch in choice.Batches(mutant, tests))
        {
            var run = suite.Run(batch.Select(test => test.Test), TimeSpan.FromMilliseconds(6000 + (4 * batch.Sum(test => test.Milliseconds))));
            isSpoilt = !run.HasEnded;
            if (run.Failed is { } failed)
            {
                choice.NoteKiller(mutant, failed);
                assembly.Deactivate();
                return new Result(mutant.Id, MutantStatus.Killed, suite.NameOf(failed));
            }

            if (isSpoilt)
            {
                return new Result(mutant.Id, MutantStatus.Timeout, suite.NameOf(batch[0].Test));
            }
        }

        assembly.Deactivate();
        return new Result(mutant.Id, MutantStatus.Survived, "");
    }
}
