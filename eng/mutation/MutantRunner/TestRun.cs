namespace MutantRunner;

/// <summary>What came of a run of tests.</summary>
/// <param name="Failed">The id of the first test that failed; <see langword="null"/> for none.</param>
/// <param name="HasEnded">Whether it ended within its limit.</param>
internal sealed record TestRun(string? Failed, bool HasEnded);
