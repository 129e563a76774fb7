using System.Runtime.Loader;

namespace MutantRunner;

/// <summary>
/// <c>MutantRunner FOLDER PROJECT REPORT FILES [EXCLUDED]</c>: tests the mutants that Stryker has made of an assembly. FOLDER holds the tests and the assembly with all mutants in it, REPORT is Stryker's report, FILES
/// and EXCLUDED are parts of paths of files and of names of tests, separated by <c>|</c>. What is known is kept in FOLDER, so that a run that was stopped can be continued.
/// </summary>
/// <remarks>
/// Stryker starts test processes for every mutant; this runs the tests that cover a mutant within one process, which takes a twentieth of the time. A mutant that ends the process, or keeps it from ending, costs a process.
/// </remarks>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length is < 4 or > 6)
        {
            Console.Error.WriteLine("Expected: FOLDER PROJECT REPORT FILES [EXCLUDED].");
            return 2;
        }

        (args[0], args[2]) = (Path.GetFullPath(args[0]), Path.GetFullPath(args[2]));
        var plan = new Plan(args[0], args[1], Split(args[3]), Split(args.ElementAtOrDefault(4) ?? ""));
        var mutants = Mutant.Read(args[2], plan.Files);
        if (args.Length == 6)
        {
            Directory.SetCurrentDirectory(plan.Folder);
            AssemblyLoadContext.Default.Resolving += (context, name) =>
                Path.Combine(plan.Folder, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
            return Work.Run(plan, mutants);
        }

        Supervisor.Run(args, plan, mutants);
        Console.Write(Summary.Of(mutants, Results.Read(plan)));
        return 0;
    }

    private static string[] Split(string text) => text.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
