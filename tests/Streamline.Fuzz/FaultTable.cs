using System.Buffers;
using System.Globalization;
using System.Text;
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

        var outputs = texts.Select(text => (string?)PartialJson.Repair(text.Text)).ToArray();
        Print("Streamline", texts, outputs, output);
        PrintStreaming(texts, output);
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

        foreach (var (text, repaired) in texts.Zip(outputs).Where(pair => Group(pair.First) == arguments.Shown && !new JsonRepairScore().Add(pair.First.Document.Text, pair.Second)))
        {
            output.WriteLine($"{text.Document.Name}, {text.Document.Layout}\n  meant    {text.Document.Text}\n  text     {text.Text}\n  repaired {repaired}");
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

    // A document that is read while it grows takes nothing back, so it can read less of the text again.
    private static void PrintStreaming(FaultyJsonText[] texts, TextWriter output)
    {
        var score = new JsonRepairScore();
        foreach (var text in texts)
        {
            var document = new PartialJsonDocument(new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess });
            document.Append(text.Text);
            document.Complete();
            var buffer = new ArrayBufferWriter<byte>();
            document.WriteWhole(buffer);
            score.Add(text.Document.Text, Encoding.UTF8.GetString(buffer.WrittenSpan));
        }

        output.WriteLine("\nWhile streaming\n");
        PrintRow("all", score, output);
    }

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
