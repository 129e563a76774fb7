using System.Globalization;
using System.Text.Json.Nodes;
using Streamline.Json;
using Streamline.TestSupport.Json;

namespace Streamline.Fuzz;

/// <summary>Repairs every text with a fault, and prints by kind of fault how much of each document came through.</summary>
internal static class FaultTable
{
    public static int Run(FaultArguments arguments, TextWriter output)
    {
        FaultyJsonText[] texts = [.. arguments.Count == 1 ? FaultyJson.WithOneFault() : FaultyJson.WithTwoFaults()];
        if (arguments.TextsPath is { } path)
        {
            File.WriteAllLines(path, texts.Select(text => new JsonObject { ["text"] = text.Text }.ToJsonString()));
        }

        var outputs = FaultReading.All.ToDictionary(reading => reading.Name, reading => texts.Select(text => (string?)reading.Read(text)).ToArray());
        foreach (var (name, repaired) in outputs)
        {
            Print($"Streamline, {name}", texts, repaired, output);
        }

        PrintWorse(texts, outputs, output);
        PrintSafe(texts, output);
        foreach (var (name, file) in arguments.Peers)
        {
            var lines = File.ReadAllLines(file);
            if (lines.Length != texts.Length)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file} has {lines.Length} lines, expected {texts.Length}."));
                return 2;
            }

            Print(name, texts, [.. lines.Select(line => JsonNode.Parse(line)!["repaired"]?.GetValue<string>())], output);
        }

        foreach (var (text, repaired) in texts.Zip(outputs[arguments.ShownReading]).Where(pair => (arguments.Shown == "all" || Group(pair.First) == arguments.Shown) && !new JsonRepairScore().Add(pair.First.Document.Text, pair.Second)))
        {
            output.WriteLine($"{Group(text)}: {text.Document.Name}, {text.Document.Layout}\n  meant    {text.Document.Text}\n  text     {text.Text}\n  repaired {repaired}");
        }

        return 0;
    }

    private static void Print(string name, FaultyJsonText[] texts, string?[] outputs, TextWriter output)
    {
        output.WriteLine($"\n{name}\n\n| fault | texts | exact | leaves lost | leaves invented | no JSON |\n|---|---|---|---|---|---|");
        var all = texts.Zip(outputs).ToList();
        foreach (var kind in all.GroupBy(pair => pair.First.Faults is [var single] ? single.Kind.ToString().ToLowerInvariant() : "two faults", StringComparer.Ordinal))
        {
            foreach (var group in kind.Where(pair => pair.First.Faults.Count == 1).GroupBy(pair => Group(pair.First), StringComparer.Ordinal))
            {
                PrintRow(string.Join(' ', group.Key.Split(' ').Select(word => word.Length == 1 ? $"`{word}`" : word)), Score(group), output);
            }

            PrintRow($"**{kind.Key}**", Score(kind), output);
        }

        PrintRow("**all**", Score(all), output);
    }

    private static JsonRepairScore Score(IEnumerable<(FaultyJsonText Text, string? Repaired)> pairs)
    {
        var score = new JsonRepairScore();
        foreach (var (text, repaired) in pairs)
        {
            score.Add(text.Document.Text, repaired);
        }

        return score;
    }

    private static void PrintRow(string name, JsonRepairScore score, TextWriter output) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {name} | {score.Texts} | {score.ExactShare * 100:F1} % | {score.LostShare * 100:F1} % | {score.InventedShare * 100:F1} % | {score.Failed} |"));

    // What the schema spoils.
    private static void PrintWorse(FaultyJsonText[] texts, Dictionary<string, string?[]> outputs, TextWriter output)
    {
        foreach (var reading in FaultReading.All.Where(reading => reading.HasSchema))
        {
            var without = outputs[FaultReading.All.Single(other => !other.HasSchema && other.IsStreamed == reading.IsStreamed).Name];
            var worse = texts.Zip(without, outputs[reading.Name]).Where(three => IsExact(three.First, three.Second) && !IsExact(three.First, three.Third)).ToList();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{reading.Name}: {worse.Count} texts that are exact without the schema only"));
            foreach (var (text, _, repaired) in worse)
            {
                output.WriteLine($"  {Group(text)}: {text.Text}\n    {repaired}");
            }
        }
    }

    private static bool IsExact(FaultyJsonText text, string? repaired) => new JsonRepairScore().Add(text.Document.Text, repaired);

    private static void PrintSafe(FaultyJsonText[] texts, TextWriter output)
    {
        var (right, refused) = (0, 0);
        foreach (var text in texts)
        {
            try
            {
                right += new JsonRepairScore().Add(text.Document.Text, PartialJson.Repair(text.Text, PartialJsonRepairMode.Safe)) ? 1 : 0;
            }
            catch (StreamProtocolException)
            {
                refused++;
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nSafe repairs only: {right} exact, {refused} refused, {texts.Length - right - refused} another value than was meant."));
    }

    private static string Group(FaultyJsonText text) => text.Faults is [var single] ? single.Name : "two faults";
}
