namespace Streamline.Interop.Tests.Markdown;

/// <summary>The tables of <see cref="MarkdownStream"/> are those of Markdig, with every kind of block before, around and after them.</summary>
public sealed class MarkdigTableTests
{
    private static readonly string[] Before = ["", "text\n", "one\ntwo\n", "text\n\n", "# h\n", "- x\n\n", "***\n"];
    private static readonly string[] After = ["", "\n", "\ntext\n", "# h\n", "> q\n", "- i\n", "```\nx\n```\n", "***\n"];
    private static readonly string[] Tables =
    [
        "| a | b |\n|---|---|\n| 1 | 2 |\n", "| a |\n|---|\n| 1 |\n", "|a|b|\n|:-:|--:|\n", "| a | b |\n|---|---|\n| 1 |\n| 1 | 2 |\n", "| a \\| b | c |\n|:--|---|\n| 1 | 2 |\n",
        "| a | b |\n|---|-x-|\n", "| a | b |\nmore\n",
    ];

    public static TheoryData<string, string> Places => new() { { "", "" }, { "> ", "> " }, { "- ", "  " }, { "1. > ", "   > " } };

    [Theory]
    [MemberData(nameof(Places))]
    [Trait("Law", "1")]
    public void Tables_BetweenOtherBlocks_AreThoseOfMarkdig(string first, string others)
    {
        foreach (var text in Before.SelectMany(before => Tables.SelectMany(table => After.Select(after => before + table + after))))
        {
            var page = string.Concat(text.TrimEnd('\n').Split('\n').Select((line, i) => (i == 0 ? first : others) + line + "\n"));
            var expected = BlockTree.OfMarkdig(page, tables: true);
            BlockTree.OfEvents(MarkdownRead.All([page], new MarkdownOptions())).Should().Be(expected, page);
            BlockTree.OfEvents(MarkdownRead.All(page.Select(next => next.ToString()), new MarkdownOptions())).Should().Be(expected, page);
        }
    }
}
