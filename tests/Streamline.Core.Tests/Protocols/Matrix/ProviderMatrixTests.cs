using Streamline.TestSupport;

namespace Streamline.Tests.Protocols.Matrix;

/// <summary>
/// The table "What each protocol supports" of docs/providers.md. Every cell is what the decoders, encoders and request writers do when they are driven with the
/// smallest conversation about it, word by word: a cell that says anything else fails, and so does a row that nothing proves.
/// </summary>
public sealed class ProviderMatrixTests
{
    private static readonly IReadOnlyDictionary<string, string> Wires = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Anthropic"] = "anthropic",
        ["OpenAI Chat"] = "openai",
        ["OpenAI Responses"] = "openai-responses",
        ["Gemini"] = "gemini",
        ["Gemini Interactions"] = "gemini-interactions",
        ["Ollama"] = "ollama",
        ["Bedrock Converse"] = "bedrock",
        ["Cohere"] = "cohere",
    };

    private static readonly List<string[]> Table = Read();

    private static readonly IReadOnlyList<ProviderFeature> Features = [.. AnswerFeatures.All, .. RequestFeatures.All];

    public static TheoryData<string> Rows => [.. Features.Select(feature => feature.Name)];

    [Fact]
    public void Rows_All_AreProved() => Table.Skip(2).Select(row => row[0]).Should().BeEquivalentTo(Features.Select(feature => feature.Name));

    [Fact]
    public void Columns_All_AreWires() => Table[0].Skip(1).Should().Equal(Wires.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Cells_OfARow_AreWhatTheWiresDo(string name)
    {
        var feature = Features.Single(feature => feature.Name == name);
        var observed = new List<string> { name };
        foreach (var wire in Wires.Values)
        {
            observed.Add(await feature.ObserveAsync(wire));
        }

        var row = Table.Where(row => row[0] == name).Select(row => string.Join(" | ", row));
        row.Should().Equal([string.Join(" | ", observed)], "that is what the wires do");
    }

    private static List<string[]> Read() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "providers.md"))
            .SkipWhile(line => line != "## What each protocol supports")
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
    ];
}
