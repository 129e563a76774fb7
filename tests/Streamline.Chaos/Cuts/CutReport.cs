using System.Globalization;

namespace Streamline.Chaos.Cuts;

/// <summary>Cuts answers of all protocols at places that are spread over their bytes, and counts by protocol what came of them.</summary>
internal static class CutReport
{
    private const int ShownDifferences = 10;

    private static readonly (ChaosOutcome Outcome, string Heading)[] Columns =
    [
        (ChaosOutcome.Exact, "no effect"), (ChaosOutcome.Unseen, "before content"), (ChaosOutcome.Resumed, "resumed"), (ChaosOutcome.Prefilled, "prefilled"), (ChaosOutcome.Stitched, "stitched"),
        (ChaosOutcome.Unsure, "stitched, announced as unsure"), (ChaosOutcome.Restarted, "restarted"), (ChaosOutcome.Failed, "failed, typed"), (ChaosOutcome.Misled, "misled"), (ChaosOutcome.Wrong, "wrong, unannounced"),
    ];

    /// <summary>Runs, and gives the exit code.</summary>
    public static async Task<int> RunAsync(ChaosArguments arguments, TimeProvider clock, TextWriter output)
    {
        var (text, wrong) = await CreateAsync(arguments.Cuts!.Value, arguments.FirstSeed, clock, output);
        output.WriteLine(text);
        if (arguments.ReportPath is { } path)
        {
            await File.WriteAllTextAsync(path, text);
        }

        return wrong == 0 ? 0 : 1;
    }

    /// <summary>Runs, and gives the report and how many results were wrong without notice.</summary>
    public static async Task<(string Text, int Wrong)> CreateAsync(int cuts, int firstSeed, TimeProvider clock, TextWriter output)
    {
        var outcomes = new OutcomeTable();
        var (wrong, whiteSpace) = (0, 0);
        var start = clock.GetTimestamp();
        var cases = await CutAnswerCase.AllAsync();

        // Each row of the table gets as many cuts as any other, however many answers it has.
        var groups = cases.GroupBy(answer => answer.Group, StringComparer.Ordinal).Select(group => group.ToList()).ToList();
        await Parallel.ForEachAsync(groups, async (answers, _) =>
        {
            var count = cuts / groups.Count;
            for (var i = 0; i < count; i++)
            {
                var answer = answers[i % answers.Count];
                var seed = firstSeed + i;
                var place = (int)((i / answers.Count + 0.5) * answers.Count / count * answer.Body.Length);
                var run = new CutRun(answer, new Random(seed), Math.Min(place, answer.Body.Length - 1));
                var outcome = await run.RunAsync();
                outcomes.Add(answer.Group, outcome);
                Interlocked.Add(ref whiteSpace, run.HasOtherWhiteSpace ? 1 : 0);
                if (outcome == ChaosOutcome.Wrong && Interlocked.Increment(ref wrong) <= ShownDifferences)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"WRONG: {answer.Group}, seed {seed}, cut at {place} of {answer.Body.Length}:\n{run.Difference}\n"));
                }
            }
        });

        return (string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {outcomes.Total:N0} cuts of {cases.Count:N0} answers in {clock.GetElapsedTime(start).TotalSeconds:N0} s. Wrong without notice: {wrong}. Other white space at a stitched seam: {whiteSpace}.

            {outcomes.ToMarkdown(Columns)}
            """), wrong);
    }
}
