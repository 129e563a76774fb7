using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Benchmarks.Real;
using Streamline.Json;

namespace Streamline.Benchmarks.Json;

/// <summary>Reads every malformed text that we know, repeated to a length and to half of it, in every mode, and prints what a byte costs and how the time grows.</summary>
internal static class HostileMode
{
    public const int DefaultShown = 5;
    public const int DefaultKilobytes = 1024;

    private const int WarmUp = 16 * 1024;
    private const int Rounds = 2;
    private const int MoreRounds = 6; // where something misses its target: the least of many is hardly disturbed
    private const double MaxGrowth = 2.2;
    private const double MaxNanoseconds = 100;
    private const double LeastTime = 1_000_000; // nanoseconds, of the larger text: what takes less has no growth worth looking at

    private static readonly PartialJsonSchema Schema = PartialJsonSchema.Create(JsonElement.Parse("""
        {"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array","items":{"type":"number"}}},"additionalProperties":false}
        """));

    private static readonly (string Name, PartialJsonOptions Options, int Delta)[] Modes =
    [
        ("strict", new() { AllowTruncation = false }, int.MaxValue),
        ("truncated", new(), int.MaxValue),
        ("safe", new() { Repair = PartialJsonRepairMode.Safe }, int.MaxValue),
        ("guess", new() { Repair = PartialJsonRepairMode.Guess }, int.MaxValue),
        ("guess, all documents", new() { Repair = PartialJsonRepairMode.Guess, Documents = PartialJsonDocuments.All }, int.MaxValue),
        ("guess, schema", new() { Repair = PartialJsonRepairMode.Guess, Schema = Schema }, int.MaxValue),
        ("guess, 16-byte deltas", new() { Repair = PartialJsonRepairMode.Guess }, 16),
    ];

    /// <summary>Measures all texts in all modes, or in the one of that name.</summary>
    public static void Run(int shown, string filter, int kilobytes, TextWriter output)
    {
        var texts = HostileText.ReadAll().ToList();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{texts.Count} texts, repeated to {kilobytes} KiB and to half of it; times of the processor\n"));
        var table = new ResultTable(1, "mode", "texts", "median ns/B", "99 %", "worst", $"over {MaxNanoseconds}", "worst growth", $"over {MaxGrowth}");
        var details = new StringBuilder();
        foreach (var (name, options, delta) in Modes.Where(mode => filter.Length == 0 || mode.Name == filter))
        {
            foreach (var kind in texts.GroupBy(text => text.Kind))
            {
                Add($"{name}: {kind.Key}", kind.Select(text => Measure(text, options, delta, kilobytes * 1024)).ToList());
            }
        }

        output.WriteLine(table);
        output.WriteLine(details);

        void Add(string name, List<Result> results)
        {
            results.Sort((left, right) => left.PerByte.CompareTo(right.PerByte));
            var grown = results.Where(result => result.Whole >= LeastTime).OrderBy(result => result.Growth).ToList();
            table.Add(
                name,
                Format(results.Count),
                Format(results[results.Count / 2].PerByte),
                Format(results[results.Count * 99 / 100].PerByte),
                Format(results[^1].PerByte),
                Format(results.Count(result => result.PerByte > MaxNanoseconds)),
                grown.Count == 0 ? "-" : Format(grown[^1].Growth),
                Format(grown.Count(result => result.Growth > MaxGrowth)));
            foreach (var result in results.TakeLast(shown).Reverse().Concat(grown.Where(result => result.Growth > MaxGrowth)))
            {
                details.Append(CultureInfo.InvariantCulture, $"{name}: {result.PerByte:F1} ns/B, x{result.Growth:F2}, {result.Text.Name}: {Show(result.Text.Start)} | {Show(result.Text.Repeated)}\n");
            }
        }
    }

    private static Result Measure(HostileText text, PartialJsonOptions options, int delta, int length)
    {
        Read(text.Create(WarmUp), options, delta);
        var (small, large) = (text.Create(length / 2), text.Create(length));
        var result = new Result(text, length, double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds || (round < MoreRounds && Misses(result)); round++)
        {
            result = result with { Half = Math.Min(result.Half, Read(small, options, delta)), Whole = Math.Min(result.Whole, Read(large, options, delta)) };
        }

        return result;
    }

    private static bool Misses(Result result) => result.PerByte > MaxNanoseconds || (result.Growth > MaxGrowth && result.Whole >= LeastTime);

    private static double Read(byte[] text, PartialJsonOptions options, int delta)
    {
        options.MaxDepth = int.MaxValue;
        var start = Environment.CpuUsage.TotalTime; // of this process, which the rest of the machine disturbs least
        var document = new PartialJsonDocument(options);
        for (var offset = 0; offset < text.Length && document.Error is null; offset += Math.Min(delta, text.Length - offset))
        {
            document.TryAppend(text.AsSpan(offset, Math.Min(delta, text.Length - offset)));
            _ = document.RootElement.IsComplete;
        }

        document.TryComplete();
        return (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
    }

    private static string Show(byte[] text) => JsonSerializer.Serialize(Encoding.UTF8.GetString(text.AsSpan(0, Math.Min(text.Length, 100))));

    private static string Format(double value) => value.ToString(value is > 0 and < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

    private sealed record Result(HostileText Text, int Length, double Half, double Whole)
    {
        public double PerByte => Whole / Length;

        public double Growth => Whole / Half;
    }
}
