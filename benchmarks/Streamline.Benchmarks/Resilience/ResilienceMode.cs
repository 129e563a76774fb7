namespace Streamline.Benchmarks.Resilience;

/// <summary>Measures what the stages for resilience cost and how quick they are. Least times of many rounds, all contenders side by side.</summary>
internal static class ResilienceMode
{
    public const int DefaultRounds = 200;

    public static async Task RunAsync(int rounds, TextWriter output)
    {
        await TelemetryCost.RunAsync(rounds, output);
        output.WriteLine();
        await PipelineCost.RunAsync(rounds, output);
        output.WriteLine();
        await HedgeAndCacheTimes.RunAsync(rounds * 2, output);
    }
}
