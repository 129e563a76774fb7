using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Benchmarks.Real;
using Streamline.Json;

namespace Streamline.Benchmarks.Json;

/// <summary>Valid JSON in deltas, in every mode, side by side: ratios of the least times of the processor, which other work on the machine disturbs least.</summary>
internal static class JsonModesMode
{
    public const int DefaultRounds = 15;

    private const int Bytes = 100_000;
    private const int TextsPerSample = 20; // so that the garbage collector has its part in each

    private static readonly int[] Deltas = [1, 4, 16, 64];

    public static void Run(int rounds, TextWriter output)
    {
        var table = new ResultTable(1, "text, delta", "none / Parse", "kept / Parse", "safe / none", "guess / none");
        foreach (var (name, text) in new[] { ("records", JsonPayload.Create(Bytes)), ("code", CreateCode()) })
        {
            foreach (var delta in Deltas)
            {
                var (parse, none, kept, safe, guess) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
                for (var round = 0; round < rounds; round++)
                {
                    parse = Math.Min(parse, Measure(() => Parse(text)));
                    none = Math.Min(none, Measure(() => PartialJsonDeltas.Append(text, delta, PartialJsonRepairMode.None)));
                    kept = Math.Min(kept, Measure(() => PartialJsonDeltas.Append(text, delta, PartialJsonRepairMode.None, returnsBuffers: false)));
                    safe = Math.Min(safe, Measure(() => PartialJsonDeltas.Append(text, delta, PartialJsonRepairMode.Safe)));
                    guess = Math.Min(guess, Measure(() => PartialJsonDeltas.Append(text, delta, PartialJsonRepairMode.Guess)));
                }

                table.Add(string.Create(CultureInfo.InvariantCulture, $"{name}, {text.Length} by {delta}"), Ratio(none, parse), Ratio(kept, parse), Ratio(safe, none), Ratio(guess, none));
            }
        }

        output.WriteLine(table);
    }

    // One long string, as of a tool that writes a file.
    private static byte[] CreateCode()
    {
        var code = new StringBuilder();
        for (var line = 0; code.Length < Bytes; line++)
        {
            code.Append(CultureInfo.InvariantCulture, $"    if (values[{line}] == \"item {line}\" && !seen.Contains('\\t')) {{ return Format(\"{{0}}\", x, y); }} // {line}, see [1]\n");
        }

        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["path"] = "src/a.cs", ["content"] = code.ToString() });
    }

    private static int Parse(byte[] text)
    {
        using var document = JsonDocument.Parse(text);
        return (int)document.RootElement.ValueKind;
    }

    private static double Measure(Func<int> read)
    {
        var start = Environment.CpuUsage.TotalTime;
        for (var index = 0; index < TextsPerSample; index++)
        {
            read();
        }

        return (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
    }

    private static string Ratio(double value, double unit) => (value / unit).ToString("F2", CultureInfo.InvariantCulture);
}
