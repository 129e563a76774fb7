using System.Text.Json;

namespace MutantRunner;

/// <summary>Which mutants one test covers.</summary>
/// <param name="Test">The id of the test.</param>
/// <param name="Milliseconds">How long it takes.</param>
/// <param name="Mutants">The mutants that it has come by.</param>
/// <param name="Once">Those of them in code that runs once per process.</param>
internal sealed record Coverage(string Test, double Milliseconds, IReadOnlyList<int> Mutants, IReadOnlyList<int> Once)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs every test alone. One that fails without any mutant is left out.</summary>
    public static void Write(Plan plan, TestSuite suite, MutatedAssembly assembly)
    {
        using (var writer = new StreamWriter(plan.CoverageFile + ".new"))
        {
            WriteTo(writer, suite, assembly);
        }

        File.Move(plan.CoverageFile + ".new", plan.CoverageFile);
    }

    public static IReadOnlyList<Coverage> Read(Plan plan) => [.. File.ReadLines(plan.CoverageFile).Select(line => JsonSerializer.Deserialize<Coverage>(line)!)];

    private static void WriteTo(StreamWriter writer, TestSuite suite, MutatedAssembly assembly)
    {
        foreach (var test in suite.Tests)
        {
            var start = TimeProvider.System.GetTimestamp();
            var run = new TestRun(null, HasEnded: false);
            var (any, once) = assembly.Cover(() => run = suite.Run([test], Limit));
            if (run is { Failed: null, HasEnded: true })
            {
                writer.WriteLine(JsonSerializer.Serialize(new Coverage(test, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, any, once)));
            }
            else
            {
                Console.Error.WriteLine($"Fails without a mutant: {suite.NameOf(test)}.");
            }
        }
    }
}
