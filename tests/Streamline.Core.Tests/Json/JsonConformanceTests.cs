using System.Text.Json;
using Streamline.Json;
using Streamline.TestSupport;

namespace Streamline.Tests.Json;

/// <summary>JSONTestSuite, and the strict cases of jiter: what RFC 8259 accepts and refuses, however it is cut.</summary>
public sealed class JsonConformanceTests
{
    private const int LargestSplitFile = 4 * 1024;

    [CorpusFact("JSONTestSuite")]
    [Trait("Law", "1")]
    public void TryComplete_JsonTestSuite_AcceptsAndRefusesAsNamed()
    {
        var checkedFiles = 0;
        foreach (var file in Corpora.Files("JSONTestSuite/test_parsing", "*.json"))
        {
            var bytes = Corpora.ReadBytes(file);
            var outcomes = Ways(bytes).Select(way => (way.How, IsValid: way.Document.TryComplete(), way.Document)).ToList();
            var first = outcomes[0];
            var name = Path.GetFileName(file);
            foreach (var outcome in outcomes)
            {
                outcome.IsValid.Should().Be(Expected(name, first.IsValid), "{0}, {1}", file, outcome.How);
                outcome.Document.Error?.Message.Should().Be(first.Document.Error!.Message, "{0}, {1}", file, outcome.How);
                if (bytes.Length <= LargestSplitFile)
                {
                    JsonFeed.Describe(outcome.Document.RootElement).Should().Be(JsonFeed.Describe(first.Document.RootElement), "{0}, {1}", file, outcome.How);
                }
            }

            checkedFiles++;
        }

        checkedFiles.Should().BeGreaterThan(300);
    }

    [CorpusFact("JSONTestSuite")]
    public void RootElement_EveryValidFile_EqualsJsonDocument()
    {
        foreach (var file in Corpora.Files("JSONTestSuite", "*.json").Where(file => !file.Contains("/n_", StringComparison.Ordinal)))
        {
            var bytes = Corpora.ReadBytes(file);
            using var expected = ParseOrNull(bytes);
            if (expected is null || HasLoneSurrogate(expected.RootElement))
            {
                continue;
            }

            foreach (var (how, document) in Ways(bytes))
            {
                if (document.TryComplete())
                {
                    JsonFeed.ShouldEqual(document.RootElement, expected.RootElement, $"{file}, {how}");
                }
            }
        }
    }

    [CorpusFact("jiter")]
    public void TryComplete_JiterCases_DifferOnlyWhereJiterLeavesTheRfc()
    {
        var differences = new List<string>();
        foreach (var line in File.ReadLines(Corpora.Folder("jiter", "parse-cases.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var test = json.RootElement;
            var input = test.GetProperty("input").GetString()!;
            var isAccepted = test.GetProperty("ok").GetBoolean();
            var jiterExtends = isAccepted && (input.Contains("NaN", StringComparison.Ordinal) || input.Contains("Infinity", StringComparison.Ordinal));
            var jiterRestricts = !isAccepted && test.GetProperty("expected").GetString()!.StartsWith("LoneLeadingSurrogate", StringComparison.Ordinal);
            foreach (var (how, document) in JsonFeed.EveryWay(JsonFeed.Utf8(input)))
            {
                if (document.TryComplete() != ((isAccepted && !jiterExtends) || jiterRestricts))
                {
                    differences.Add($"{test.GetProperty("suite")}/{test.GetProperty("name")} ({how}): {input} {document.Error?.Message}");
                }
            }
        }

        differences.Should().BeEmpty();
    }

    private static bool Expected(string name, bool seen) => name[0] switch
    {
        'y' => true,
        'n' => false,
        _ => seen, // either will do, but the same for every cut
    };

    private static IEnumerable<(string How, PartialJsonDocument Document)> Ways(byte[] bytes) => bytes.Length <= LargestSplitFile
        ? JsonFeed.EveryWay(bytes)
        : [("whole", JsonFeed.Whole(bytes)), ("byte by byte", JsonFeed.InPieces(bytes, 1)), ("in pieces of 7", JsonFeed.InPieces(bytes, 7))];

    private static JsonDocument? ParseOrNull(byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = PartialJsonReader.DefaultMaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasLoneSurrogate(JsonElement element)
    {
        try
        {
            element.WriteTo(new Utf8JsonWriter(Stream.Null));
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
