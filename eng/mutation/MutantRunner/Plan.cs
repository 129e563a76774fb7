namespace MutantRunner;

/// <summary>What is to be tested.</summary>
/// <param name="Folder">Where the tests and the assembly with the mutants are.</param>
/// <param name="Project">The name of the assembly; its tests are in <c>PROJECT.Tests</c>.</param>
/// <param name="Files">Parts of the paths of the files whose mutants count; empty for all.</param>
/// <param name="Excluded">Parts of the names of tests that are left out.</param>
internal sealed record Plan(string Folder, string Project, IReadOnlyList<string> Files, IReadOnlyList<string> Excluded)
{
    public string TestAssembly => Path.Combine(Folder, $"{Project}.Tests.dll");

    public string MutatedAssembly => Path.Combine(Folder, $"{Project}.dll");

    /// <summary>Which tests cover which mutants.</summary>
    public string CoverageFile => Path.Combine(Folder, "mutants-coverage.jsonl");

    /// <summary>What became of each mutant.</summary>
    public string ResultsFile => Path.Combine(Folder, "mutants-results.tsv");

    /// <summary>The mutant that is being tested.</summary>
    public string CurrentFile => Path.Combine(Folder, "mutants-current.txt");
}
