using System.Text.Json;
using System.Text.Json.Nodes;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>The cases of other libraries. Where we differ, <c>docs/partial-json.md</c> lists the case with the reason, and nothing else.</summary>
public sealed class RepairCorpusTests
{
    private const double RequiredShare = 0.97;
    private const string Nothing = "no value"; // told from null
    private const int LargestSplitFile = 2 * 1024;

    [CorpusFact("jsonrepair")]
    public void Repair_JsonRepairCases_DifferOnlyAsListed()
    {
        var cases = Cases("jsonrepair/cases.jsonl").Where(test => test.Expected is not null).ToList();
        var differences = cases.Where(test => !IsEqual(RepairOrNull(test.Input), JsonNode.Parse(test.Expected!.GetValue<string>()))).Select(test => test.Text).ToList();

        differences.Should().BeEquivalentTo(RepairPage.Differences("jsonrepair"), $"{cases.Count} cases");
        (1 - ((double)RepairPage.CountTies("jsonrepair") / cases.Count)).Should().BeGreaterThanOrEqualTo(RequiredShare);
    }

    [CorpusFact("jsonrepair")]
    public void Repair_JsonRepairCasesThatItRefuses_AreRepaired()
    {
        foreach (var test in Cases("jsonrepair/cases.jsonl").Where(test => test.Expected is null))
        {
            RepairOracle.FindOutputViolation(test.Input).Should().BeNull(test.Text);
        }
    }

    [CorpusTheory("vercel-fixJson")]
    [InlineData(PartialJsonRepairMode.None)]
    [InlineData(PartialJsonRepairMode.Safe)]
    public void Parse_VercelCases_DifferOnlyAsListed(PartialJsonRepairMode mode) => ShouldDifferAsListed(
        "vercel-fixJson", "cases.jsonl", mode, test => test.Expected!.GetValue<string>() is { Length: > 0 } text ? JsonNode.Parse(text) : Nothing);

    [CorpusTheory("partial-json")]
    [InlineData(PartialJsonRepairMode.None)]
    [InlineData(PartialJsonRepairMode.Safe)]
    public void Parse_PartialJsonCases_DifferOnlyAsListed(PartialJsonRepairMode mode) => ShouldDifferAsListed("partial-json", "cases.jsonl", mode, test => test.Expected);

    [CorpusTheory("anthropic-partialParse")]
    [InlineData(PartialJsonRepairMode.None)]
    [InlineData(PartialJsonRepairMode.Guess)]
    public void Parse_AnthropicCases_DifferOnlyAsListed(PartialJsonRepairMode mode) =>
        ShouldDifferAsListed("anthropic-partialParse", "cases.jsonl", mode, test => test.Expected);

    [CorpusTheory("jiter")]
    [InlineData(PartialJsonRepairMode.None)]
    public void Parse_JiterCases_DifferOnlyAsListed(PartialJsonRepairMode mode) => ShouldDifferAsListed("jiter", "partial-cases.jsonl", mode, test => test.Expected);

    [CorpusFact("JSONTestSuite")]
    [Trait("Law", "1")]
    [Trait("Law", "2")]
    public void Append_JsonTestSuite_IsTheSameForEverySplitAndNeverFails()
    {
        var checkedFiles = 0;
        foreach (var file in Corpora.Files("JSONTestSuite", "*.json"))
        {
            var text = Corpora.ReadBytes(file);
            RepairOracle.FindOutputViolation(text).Should().BeNull(file);
            RepairOracle.FindStrictViolation(text).Should().BeNull(file);
            foreach (var mode in new[] { PartialJsonRepairMode.Safe, PartialJsonRepairMode.Guess })
            {
                var options = new PartialJsonOptions { Repair = mode };
                if (text.Length <= LargestSplitFile)
                {
                    RepairOracle.FindSplitViolation(text, options, new Random(text.Length)).Should().BeNull("{0}, {1}", file, mode);
                    ShouldBeTheSameCutInTwo(text, options, file);
                }
                else
                {
                    JsonFeed.InPieces(text, 7, options).TryComplete();
                }
            }

            checkedFiles++;
        }

        checkedFiles.Should().BeGreaterThan(300);
    }

    [CorpusFact("jsonrepair")]
    [Trait("Law", "1")]
    [Trait("Law", "2")]
    public void Append_JsonRepairCases_AreTheSameForEverySplitAndOnlyGrow()
    {
        foreach (var test in Cases("jsonrepair/cases.jsonl"))
        {
            RepairOracle.FindViolation(test.Input, new Random(test.Input.Length)).Should().BeNull(test.Text);
            ShouldBeTheSameCutInTwo(test.Input, new PartialJsonOptions { Repair = PartialJsonRepairMode.Guess }, test.Text);
        }
    }

    internal static IEnumerable<CorpusCase> Cases(string file)
    {
        foreach (var line in File.ReadLines(Corpora.Folder(file.Split('/'))))
        {
            var test = JsonNode.Parse(line)!;
            var input = test["inputBase64"] is { } encoded ? Convert.FromBase64String(encoded.GetValue<string>()) : JsonFeed.Utf8(test["input"]!.GetValue<string>());
            yield return new CorpusCase(input, test["expected"], test.AsObject().ContainsKey("expected"));
        }
    }

    private static void ShouldDifferAsListed(string corpus, string file, PartialJsonRepairMode mode, Func<CorpusCase, JsonNode?> expected)
    {
        var differences = Cases($"{corpus}/{file}")
            .Where(test => test.HasExpected && !IsEqual(ParseOrNull(test.Input, mode), expected(test)))
            .Select(test => test.Text);
        differences.Should().BeEquivalentTo(RepairPage.Differences($"{corpus}, {mode}"));
    }

    private static void ShouldBeTheSameCutInTwo(byte[] text, PartialJsonOptions options, string because)
    {
        var expected = JsonFeed.Describe(End(JsonFeed.Whole(text, options)).RootElement);
        for (var cut = 1; cut < text.Length; cut++)
        {
            JsonFeed.Describe(End(JsonFeed.InTwo(text, cut, options)).RootElement).Should().Be(expected, "{0}, cut at {1}", because, cut);
        }
    }

    private static PartialJsonDocument End(PartialJsonDocument document)
    {
        document.TryComplete();
        return document;
    }

    private static JsonNode? RepairOrNull(byte[] text) => JsonNode.Parse(PartialJson.Repair(System.Text.Encoding.UTF8.GetString(text)));

    private static JsonNode? ParseOrNull(byte[] text, PartialJsonRepairMode mode)
    {
        var document = JsonFeed.Whole(text, new PartialJsonOptions { Repair = mode });
        document.TryComplete();
        var root = document.RootElement;
        return document.Error is not null ? "an error" : root.ValueKind == JsonValueKind.Undefined ? Nothing : JsonNode.Parse(root.ToJsonElement().GetRawText());
    }

    private static bool IsEqual(JsonNode? actual, JsonNode? expected) => JsonNode.DeepEquals(actual, expected);

    internal sealed record CorpusCase(byte[] Input, JsonNode? Expected, bool HasExpected)
    {
        public string Text => System.Text.Encoding.UTF8.GetString(Input);
    }
}
