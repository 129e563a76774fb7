using System.Globalization;
using Streamline.Chaos.Leaks;

namespace Streamline.Chaos.Conversations;

/// <summary>Holds conversations until the time is over, looks for what they left, and writes the report.</summary>
internal static class ConversationReport
{
    private const int BatchSize = 200;
    private const double DefaultSeconds = 60;
    private const long MaxGrowth = 8 * 1024 * 1024;

    private static readonly (ChaosOutcome Outcome, string Heading)[] Columns =
    [
        (ChaosOutcome.Exact, "exact"), (ChaosOutcome.Unseen, "retried unseen"), (ChaosOutcome.Resumed, "resumed"), (ChaosOutcome.Prefilled, "prefilled"), (ChaosOutcome.Stitched, "stitched"),
        (ChaosOutcome.Unsure, "stitched, announced as unsure"), (ChaosOutcome.Restarted, "restarted"), (ChaosOutcome.Failed, "failed, typed"), (ChaosOutcome.Left, "left by the consumer"),
    ];

    /// <summary>Runs, and gives the exit code.</summary>
    public static async Task<int> RunAsync(ChaosArguments arguments, TimeProvider clock, TextWriter output)
    {
        var (text, violations) = await CreateAsync(arguments, clock, output);
        output.WriteLine(text);
        if (arguments.ReportPath is { } path)
        {
            await File.WriteAllTextAsync(path, text);
        }

        return violations == 0 ? 0 : 1;
    }

    /// <summary>Runs, and gives the report and the number of violations.</summary>
    public static async Task<(string Text, int Violations)> CreateAsync(ChaosArguments arguments, TimeProvider clock, TextWriter output)
    {
        using var unobserved = new UnobservedFailures();
        using var spans = new LiveSpans();
        var runner = new ConversationRunner(spans, output) { IsVerbose = arguments.Count == 1 };
        var start = clock.GetTimestamp();
        var (seed, memory) = (arguments.FirstSeed, 0L);
        do
        {
            var count = arguments.Count is { } only ? Math.Min(only, BatchSize) : BatchSize;
            await runner.RunAsync(Seeds(arguments, seed, count));
            seed += count;
            memory = memory == 0 ? GC.GetTotalMemory(forceFullCollection: true) : memory; // the first batch fills pools and caches
        }
        while (arguments.Count is null ? clock.GetElapsedTime(start).TotalSeconds < (arguments.Seconds ?? DefaultSeconds) : seed - arguments.FirstSeed < arguments.Count);

        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        if (!await ConversationRunner.HasEndedAsync(() => spans.Open == 0 && spans.RunningTools == 0))
        {
            runner.Report(string.Create(CultureInfo.InvariantCulture, $"{spans.Open} spans are open, and {spans.RunningTools} tools run."));
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - memory;
        if (growth > MaxGrowth)
        {
            runner.Report(string.Create(CultureInfo.InvariantCulture, $"{growth:N0} bytes of memory stayed."));
        }

        foreach (var failure in unobserved.Take())
        {
            runner.Report($"Nobody observed this failure of a task: {failure}");
        }

        return (string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {runner.Outcomes.Total:N0} conversations in {seconds:N0} s (seeds from {arguments.FirstSeed} on), {runner.Requests:N0} requests over {runner.Connections.Total:N0} connections, {spans.Total:N0} spans.
            Left at the end: {runner.Connections.Open} connections, {spans.Open} spans, {spans.RunningTools} tools, {growth / 1024:N0} KiB of memory. Violations: {runner.Violations}.

            {runner.Outcomes.ToMarkdown(Columns)}
            """), runner.Violations);
    }

    private static IEnumerable<int> Seeds(ChaosArguments arguments, int first, int count) =>
        arguments.Seed is { } seed ? Enumerable.Repeat(seed, count) : Enumerable.Range(first, count);
}
