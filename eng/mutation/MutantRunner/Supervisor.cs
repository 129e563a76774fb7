using System.Diagnostics;
using System.Globalization;

namespace MutantRunner;

/// <summary>Starts one process after the other until every mutant has a result.</summary>
internal static class Supervisor
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    public static void Run(string[] args, Plan plan, IReadOnlyList<Mutant> mutants)
    {
        for (var exitCode = Work.NotOver; exitCode != 0;)
        {
            File.Delete(plan.CurrentFile);
            using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. args.Take(4), args.ElementAtOrDefault(4) ?? "", "work"]))!;
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            exitCode = process.ExitCode;
            NoteLoss(plan, exitCode);
            Console.Error.WriteLine($"{Results.Read(plan).Count} of {mutants.Count}");
        }
    }

    /// <summary>A process that did not come to its own end was ended by the mutant that it tested.</summary>
    private static void NoteLoss(Plan plan, int exitCode)
    {
        if (exitCode is 0 or Work.NotOver)
        {
            return;
        }

        if (!File.Exists(plan.CurrentFile))
        {
            throw new InvalidOperationException($"The tests could not be run: exit code {exitCode}.");
        }

        var id = int.Parse(File.ReadAllText(plan.CurrentFile), CultureInfo.InvariantCulture);
        if (!Results.Read(plan).ContainsKey(id))
        {
            Results.Add(plan, new Result(id, MutantStatus.Killed, "the process ended"));
        }
    }
}
