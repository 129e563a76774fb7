namespace Streamline.Interop.Tests.Markdown;

/// <summary>The blocks of <see cref="MarkdownStream"/> are those of Markdig, on every example of the CommonMark specification.</summary>
public sealed class MarkdigTests
{
    private static readonly MarkdownOptions CommonMark = new() { Tables = false };

    [SpecFact]
    public void Examples_Whole_GiveTheBlocksOfMarkdig()
    {
        SpecExamples.All.Should().HaveCount(652);
        var different = SpecExamples.All
            .Select((text, index) => (Number: index + 1, Text: text, Expected: BlockTree.OfMarkdig(text), Actual: BlockTree.OfEvents(Read([text]))))
            .Where(example => example.Expected != example.Actual)
            .Select(example => $"{example.Number}: {example.Text}\nexpected\n{example.Expected}\nactual\n{example.Actual}");

        different.Should().BeEmpty();
    }

    [SpecFact]
    [Trait("Law", "1")]
    public void Examples_CutAtEveryCharacter_GiveTheSameBlocks()
    {
        foreach (var text in SpecExamples.All.SelectMany(text => new[] { text, text.TrimEnd('\n') }))
        {
            var whole = BlockTree.OfEvents(Read([text]));
            BlockTree.OfEvents(Read(text.Select(character => character.ToString()))).Should().Be(whole, text);
            for (var cut = 1; cut < text.Length; cut++)
            {
                BlockTree.OfEvents(Read([text[..cut], text[cut..]])).Should().Be(whole, $"{text[..cut]}|{text[cut..]}");
            }
        }
    }

    private static IEnumerable<MarkdownEvent> Read(IEnumerable<string> pieces) => MarkdownRead.All(pieces, CommonMark);
}
