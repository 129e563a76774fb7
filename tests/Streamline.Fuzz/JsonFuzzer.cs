using System.Globalization;
using System.Text;
using System.Text.Json;
using Streamline.Json;
using Streamline.Tests.Json;
using Streamline.TestSupport.Json;

namespace Streamline.Fuzz;

/// <summary>Feeds texts of every kind to documents until the time is over, and reports the first violation with the seed that makes it again.</summary>
internal static class JsonFuzzer
{
    private const int TextsBetweenReports = 100_000;
    private const int StretchedTextEvery = 16; // the longer ones, which take longer

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1); // for one text, which takes milliseconds

    public static int Run(FuzzArguments arguments, TimeProvider clock, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seeds from {arguments.Seed} on, mode {arguments.Mode}, for {arguments.Minutes} minutes."));
        var start = clock.GetTimestamp();
        var seed = arguments.Seed;
        var bytes = 0L;
        for (; clock.GetElapsedTime(start).TotalMinutes < arguments.Minutes; seed++)
        {
            var random = new Random(seed);
            var text = CreateText(seed, random);
            bytes += text.Length;
            using var watchdog = clock.CreateTimer(_ => GiveUp(seed, text, output), null, Longest, Timeout.InfiniteTimeSpan);
            if (FindViolation(text, arguments.Mode, random) is { } found)
            {
                ReportViolation(seed, text, found, output);
                return 1;
            }

            if ((seed - arguments.Seed + 1) % TextsBetweenReports == 0)
            {
                Report(output, clock.GetElapsedTime(start), seed - arguments.Seed + 1, bytes);
            }
        }

        Report(output, clock.GetElapsedTime(start), seed - arguments.Seed, bytes);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"No violation up to seed {seed - 1}."));
        return 0;
    }

    // A loop does not return, so that the process ends here.
    private static void GiveUp(int seed, byte[] text, TextWriter output)
    {
        ReportViolation(seed, text, $"not done after {Longest}", output);
        output.Flush();
        Environment.Exit(1);
    }

    private static void ReportViolation(int seed, byte[] text, string violation, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}: {violation}"));
        output.WriteLine(Convert.ToBase64String(text));
    }

    private static byte[] CreateText(int seed, Random random) => (seed % 4) switch
    {
        _ when seed % StretchedTextEvery == 0 => MalformedText.Stretch(random),
        0 => MalformedText.Assemble(random),
        1 => MalformedText.Noise(random),
        2 => Encoding.UTF8.GetBytes(RandomJson.Create(seed)),
        _ => MalformedText.Mutate(Encoding.UTF8.GetBytes(RandomJson.Create(seed)), random),
    };

    private static string? FindViolation(byte[] text, FuzzMode mode, Random random)
    {
        try
        {
            return mode switch
            {
                FuzzMode.Strict => RepairOracle.FindSplitViolation(text, new PartialJsonOptions { AllowTruncation = false }, random) ?? RepairOracle.FindStrictViolation(text),
                FuzzMode.Truncated => RepairOracle.FindSplitViolation(text, new PartialJsonOptions(), random)
                    ?? RepairOracle.FindSplitViolation(text, new PartialJsonOptions { ShowGrowingNumbers = true }, random),
                FuzzMode.Safe => RepairOracle.FindViolation(text, PartialJsonRepairMode.Safe, random),
                FuzzMode.Guess => RepairOracle.FindViolation(text, PartialJsonRepairMode.Guess, random) ?? RepairOracle.FindOutputViolation(text),
                FuzzMode.Schema => RepairOracle.FindViolation(text, RandomSchema.Create(random), random) ?? FindViolationInDocument(random),
                _ => RepairOracle.FindViolation(text, random) ?? RepairOracle.FindViolation(text, RandomSchema.Create(random), random) ?? FindViolationInDocument(random),
            };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return error.ToString();
        }
    }

    // A document with its own schema, and a few bytes changed.
    private static string? FindViolationInDocument(Random random)
    {
        var document = FaultyJsonDocuments.All[random.Next(FaultyJsonDocuments.All.Count)];
        var text = MalformedText.Mutate(Encoding.UTF8.GetBytes(document.Text), random);
        return RepairOracle.FindViolation(text, PartialJsonSchema.Create(JsonElement.Parse(document.Schema)), random) is { } found ? $"{document.Name}, {Convert.ToBase64String(text)}: {found}" : null;
    }

    private static void Report(TextWriter output, TimeSpan elapsed, int texts, long bytes) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:F0} s: {texts} texts, {bytes} bytes, each whole, in single bytes and in pieces."));
}
