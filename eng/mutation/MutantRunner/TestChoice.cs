namespace MutantRunner;

/// <summary>Which tests a mutant is given, and in which order: those first that are likely to notice it soon.</summary>
internal sealed class TestChoice
{
    private static readonly int[] BatchSizes = [12, 60, int.MaxValue];

    private readonly Dictionary<int, List<Coverage>> _byMutant = [];
    private readonly Dictionary<string, List<Coverage>> _byFile = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _killers = new(StringComparer.Ordinal);
    private readonly HashSet<int> _once = [];

    public TestChoice(IReadOnlyList<Coverage> coverage, IReadOnlyList<Mutant> mutants)
    {
        var files = mutants.ToDictionary(mutant => mutant.Id, mutant => mutant.File);
        foreach (var test in coverage)
        {
            _once.UnionWith(test.Once);
            foreach (var id in test.Mutants.Union(test.Once).Where(files.ContainsKey))
            {
                Add(_byMutant, id, test);
            }

            foreach (var file in test.Mutants.Where(files.ContainsKey).Select(id => files[id]).Distinct(StringComparer.Ordinal))
            {
                Add(_byFile, file, test);
            }
        }
    }

    /// <summary>Whether the mutant is in code that runs once per process.</summary>
    public bool RunsOnce(Mutant mutant) => _once.Contains(mutant.Id);

    /// <summary>Whether the mutant may be in such code although it was not recognized: only one of the tests that use its file has come by it.</summary>
    public bool MayRunOnce(Mutant mutant) => RunsOnce(mutant) || (_byMutant.GetValueOrDefault(mutant.Id) is { Count: 1 } && _byFile.GetValueOrDefault(mutant.File) is { Count: > 1 });

    /// <summary>The tests that may notice a mutant. Of code that runs once, the first test to come by it stands for all that use its file.</summary>
    public IReadOnlyList<Coverage> TestsOf(Mutant mutant) =>
        (MayRunOnce(mutant) ? _byFile.GetValueOrDefault(mutant.File) : null) ?? _byMutant.GetValueOrDefault(mutant.Id) ?? [];

    /// <summary>Puts the tests in order: those that noticed mutants of the same file, then short ones that cover little.</summary>
    public IEnumerable<IReadOnlyList<Coverage>> Batches(Mutant mutant, IReadOnlyList<Coverage> tests)
    {
        var killers = _killers.GetValueOrDefault(mutant.File) ?? [];
        var ordered = tests.OrderByDescending(test => killers.LastIndexOf(test.Test)).ThenBy(test => test.Mutants.Count * Math.Max(test.Milliseconds, 1)).ToList();
        var start = 0;
        foreach (var size in BatchSizes)
        {
            var count = Math.Min(size, ordered.Count - start);
            if (count > 0)
            {
                yield return ordered.GetRange(start, count);
            }

            start += count;
        }
    }

    public void NoteKiller(Mutant mutant, string test)
    {
        if (!_killers.TryGetValue(mutant.File, out var killers))
        {
            killers = _killers[mutant.File] = [];
        }

        killers.Remove(test);
        killers.Add(test);
    }

    private static void Add<TKey>(Dictionary<TKey, List<Coverage>> tests, TKey key, Coverage test)
        where TKey : notnull
    {
        if (!tests.TryGetValue(key, out var known))
        {
            known = tests[key] = [];
        }

        known.Add(test);
    }
}
