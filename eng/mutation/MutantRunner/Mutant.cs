using System.Text.Json;

namespace MutantRunner;

/// <summary>One change of the code.</summary>
internal sealed record Mutant(int Id, string File, int Line, string Change)
{
    /// <summary>Reads the mutants that compile out of a report of Stryker.</summary>
    public static IReadOnlyList<Mutant> Read(string report, IReadOnlyList<string> files)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(report));
        List<Mutant> mutants = [];
        foreach (var file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            if (files.Count > 0 && !files.Any(part => file.Name.Contains(part, StringComparison.Ordinal)))
            {
                continue;
            }

            foreach (var mutant in file.Value.GetProperty("mutants").EnumerateArray().Where(mutant => mutant.GetProperty("status").GetString() is not ("Ignored" or "CompileError")))
            {
                mutants.Add(new Mutant(
                    int.Parse(mutant.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture),
                    file.Name,
                    mutant.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32(),
                    $"{mutant.GetProperty("mutatorName").GetString()}: {mutant.GetProperty("replacement").GetString()?.ReplaceLineEndings(" ")}"));
            }
        }

        return mutants;
    }
}
