namespace Streamline.Benchmarks.Compare;

/// <summary>Measures two contenders in turn, round after round, and keeps the least time of each: what disturbs the machine meets both, and the least of many rounds is hardly disturbed.</summary>
internal static class Duel
{
    private const int WarmUpRounds = 60;
    private const double SampleNanoseconds = 4_000_000;

    public static async Task<Comparison> RunAsync(string task, string peer, Func<Task> ours, Func<Task> theirs, int rounds)
    {
        var (ourRepeats, theirRepeats) = (await RepeatsAsync(ours), await RepeatsAsync(theirs));
        var (ourTime, theirTime) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var round = 0; round < rounds; round++)
        {
            ourTime = Math.Min(ourTime, await TimeAsync(ours, ourRepeats));
            theirTime = Math.Min(theirTime, await TimeAsync(theirs, theirRepeats));
        }

        return new Comparison(task, peer, ourTime, theirTime);
    }

    // The contender runs until it is compiled for good, and then as often per sample as a sample is long.
    private static async Task<int> RepeatsAsync(Func<Task> contender)
    {
        var repeats = 1;
        for (var round = 0; round < WarmUpRounds; round++)
        {
            repeats = (int)Math.Clamp(SampleNanoseconds / await TimeAsync(contender, Math.Max(repeats, 2)), 1, 100_000);
        }

        return repeats;
    }

    private static async Task<double> TimeAsync(Func<Task> contender, int repeats)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            await contender();
        }

        return TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / repeats;
    }
}
