using System.Globalization;
using System.Text.RegularExpressions;
using Streamline.Json;
using Streamline.TestSupport;
using Streamline.TestSupport.Json;

namespace Streamline.Tests.Json;

/// <summary>
/// Malformed outputs of the kinds that models really produce, which <c>RealOutputs.txt</c> lists with the value that was meant.
/// </summary>
public sealed partial class RealOutputTests
{
    private const int LeastCases = 150;

    // What is not repaired as meant today. The list may only become shorter.
    private static readonly string[] KnownGaps =
    [
        "closing quote escaped",
        "an opening repeated",
        "quote tokens that leaked",
        "HTML entities for quotes",
        "closing quote is curly",
    ];

    private static readonly OutputCase[] Cases = [.. ReadCases()];

    [Fact]
    public void Repair_RealOutputs_GiveWhatWasMeantButForTheKnownGaps()
    {
        Cases.Should().HaveCountGreaterThanOrEqualTo(LeastCases);
        Cases.Select(test => test.Kind).Should().OnlyHaveUniqueItems().And.Contain(KnownGaps);
        var gaps = Cases.Where(test => !IsAsMeant(test)).Select(test => test.Kind).ToList();
        gaps.Should().BeSubsetOf(KnownGaps);
    }

    [Fact]
    [Trait("Law", "1")]
    [Trait("Law", "2")]
    public void Append_RealOutputs_AreTheSameForEverySplitAndOnlyGrow()
    {
        foreach (var test in Cases)
        {
            var text = JsonFeed.Utf8(test.Text);
            RepairOracle.FindViolation(text, new Random(text.Length)).Should().BeNull(test.Kind);
        }
    }

    private static bool IsAsMeant(OutputCase test) => new JsonRepairScore().Add(test.Meant, PartialJson.Repair(test.Text));

    private static IEnumerable<OutputCase> ReadCases()
    {
        var lines = File.ReadLines(Repository.Combine("tests", "Streamline.Core.Tests", "Json", "Repair", "RealOutputs.txt"));
        var (kind, text) = ("", new List<string>());
        foreach (var line in lines.SkipWhile(line => !line.StartsWith("@ ", StringComparison.Ordinal)))
        {
            if (line.StartsWith("@ ", StringComparison.Ordinal))
            {
                (kind, text) = (line[2..], []);
            }
            else if (line.StartsWith("--> ", StringComparison.Ordinal))
            {
                yield return new OutputCase(kind, CharacterPattern().Replace(string.Join('\n', text), Character), line[4..]);
            }
            else
            {
                text.Add(line);
            }
        }
    }

    private static string Character(Match match) => ((char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString();

    [GeneratedRegex("⟨U\\+([0-9A-F]{4})⟩")]
    private static partial Regex CharacterPattern();

    private sealed record OutputCase(string Kind, string Text, string Meant);
}
