namespace Streamline.Tests.Markdown;

/// <summary>Tables of GitHub Flavored Markdown, wherever a paragraph becomes one. The expected blocks are those of cmark-gfm.</summary>
[Trait("Law", "1")]
public sealed class MarkdownTableTests
{
    [Theory]
    [InlineData("Here is the table:\n| a | b |\n|---|---|\n| 1 | 2 |\n", "Paragraph:Here is the table: Table:| a | b |⏎| 1 | 2 |")]
    [InlineData("one\ntwo\n| a |\n|:-:|", "Paragraph:one⏎two Table:| a |")]
    [InlineData("t\n| a\n| b\n|---\n| 1", "Paragraph:t⏎| a Table:| b⏎| 1")]
    [InlineData("t\n| a | b |\nu", "Paragraph:t⏎| a | b |⏎u")]
    [InlineData("t\n| a | b |  \n\nu", "Paragraph:t⏎| a | b | Paragraph:u")]
    [InlineData("t\n| a | b |", "Paragraph:t⏎| a | b |")]
    [InlineData("t\n| a | b |\n===", "Heading:t⏎| a | b |")]
    [InlineData("t\n| a | b |\n# h", "Paragraph:t⏎| a | b | Heading:h")]
    [InlineData("t\n| a | b |\n|---|", "Paragraph:t⏎| a | b |⏎|---|")]
    [InlineData("> t\n> | a |\n> |---|\nu", "Quote Paragraph:t Table:| a | Paragraph:u")]
    [InlineData("- t\n  | a |\n  |---|\n- u", "BulletList ListItem Paragraph:t Table:| a | ListItem Paragraph:u")]
    [InlineData("[a]: /u\n| a |\n|---|", "Defined:a Table:| a |")]
    [InlineData("[a\n| b |\n|---|", "Paragraph:[a Table:| b |")]
    [InlineData("[a]\n|---|", "Table:[a]")]
    [InlineData("[a\n| b]: /u\n", "Defined:a⏎| b")]
    public void Table_RightAfterText_IsATable(string text, string expected) => ShouldBe(text, expected);

    [Theory]
    [InlineData("| a |\n---", "Heading:| a |")]
    [InlineData("| a | b |\n- |-\n", "Paragraph:| a | b | BulletList ListItem Paragraph:|-")]
    [InlineData("b\n:--", "Table:b")]
    [InlineData("b\n--:", "Table:b")]
    [InlineData("b\n|--", "Table:b")]
    [InlineData("b\n::-", "Paragraph:b⏎::-")]
    [InlineData("| a | b |\n|::-|-|", "Paragraph:| a | b |⏎|::-|-|")]
    [InlineData("|\n|-|", "Paragraph:|⏎|-|")]
    [InlineData("|\n|", "Paragraph:|⏎|")]
    [InlineData("||\n|-|", "Table:||")]
    [InlineData("|a|b|\n|-|-|\n|\n|1|\n", "Table:|a|b| Paragraph:|⏎|1|")]
    [InlineData("|a|b|\n|-|-|\n||\n", "Table:|a|b|⏎||")]
    [InlineData("t\n|\n|-|", "Paragraph:t⏎|⏎|-|")]
    public void DelimiterRow_BesideOtherMeanings_IsTakenAsCommonMarkOrdersThem(string text, string expected) => ShouldBe(text, expected);

    [Fact]
    public void Header_WithoutALeadingPipeAfterText_IsText() => ShouldBe("t\na | b\n--- | ---", "Paragraph:t⏎a | b⏎--- | ---");

    [Fact]
    public void Tables_Off_AreTextThatIsNotHeldBack()
    {
        var stream = new MarkdownStream(new MarkdownOptions { Tables = false });
        Outline(stream.Append("t\n| a | b |\n|---|---")).Should().Be("Paragraph:t⏎| a | b |⏎|---|---");
    }

    /// <summary>Every text of up to four of these lines, character by character: the events are the same, and at most a row and the line after it wait.</summary>
    [Fact]
    public void Lines_InEveryOrder_GiveTheSameEventsAndWaitForOneLine()
    {
        string[] lines = ["t", "| a |", "|-|", "", "- |-", "> | b |"];
        List<string> texts = [.. lines];
        for (var count = 2; count <= 4; count++)
        {
            texts.AddRange(texts.Where(text => text.Count(next => next == '\n') == count - 2).SelectMany(text => lines.Select(line => text + "\n" + line)).ToArray());
        }

        foreach (var text in texts)
        {
            var stream = new MarkdownStream();
            List<MarkdownEvent> events = [];
            for (var length = 1; length <= text.Length; length++)
            {
                events.AddRange(stream.Append(text.AsSpan(length - 1, 1)));
                var decided = string.Join('\n', text[..length].Split('\n').SkipLast(2));
                TextLength(events).Should().BeGreaterThanOrEqualTo(TextLength(Read([decided])), "of {0} after {1}", text, length);
            }

            events.AddRange(stream.Complete());
            Outline(events).Should().Be(Outline(Read([text])), text);
        }
    }

    [Theory]
    [InlineData("t\n| a | b |\n|---|---", "Paragraph:t")]
    [InlineData("t\n| a | b |\nu", "Paragraph:t⏎| a | b |⏎u")]
    [InlineData("t\n| a | b |\n| c |\n| d", "Paragraph:t⏎| a | b |⏎| c |")]
    public void RowAfterText_WaitsForTheLineAfterIt(string text, string expected) => Outline(new MarkdownStream().Append(text)).Should().Be(expected);

    [Fact]
    [Trait("Law", "8")]
    public void RowAfterText_LongerThanTheLimit_IsAnError()
    {
        var stream = new MarkdownStream(new MarkdownOptions { MaxUndecidedChars = 20 });
        stream.Append("t\n| 0123456789 ");

        stream.Invoking(markdown => markdown.Append("| 0123456789")).Should().Throw<StreamLimitException>().WithMessage("*MaxUndecidedChars*");
    }

    private static void ShouldBe(string text, string expected)
    {
        Outline(Read([text])).Should().Be(expected);
        for (var cut = 1; cut < text.Length; cut++)
        {
            Outline(Read([text[..cut], text[cut..]])).Should().Be(expected, "cut at {0}", cut);
        }
    }

    private static int TextLength(IEnumerable<MarkdownEvent> events) => events.OfType<MarkdownBlockText>().Sum(text => text.Text.Count(next => next != '\n'));

    private static string Outline(IEnumerable<MarkdownEvent> events)
    {
        List<(int Id, MarkdownBlockKind? Kind, string Text)> blocks = [];
        foreach (var markdownEvent in events)
        {
            var block = blocks.FindIndex(known => known.Id == (markdownEvent as MarkdownBlockText)?.Id || known.Id == (markdownEvent as MarkdownBlockChanged)?.Id);
            switch (markdownEvent)
            {
                case MarkdownBlockOpened opened:
                    blocks.Add((opened.Id, opened.Kind, ""));
                    break;
                case MarkdownBlockChanged changed:
                    blocks[block] = blocks[block] with { Kind = changed.Kind };
                    break;
                case MarkdownBlockText text:
                    blocks[block] = blocks[block] with { Text = blocks[block].Text + text.Text };
                    break;
                case MarkdownLinkDefined defined:
                    blocks.Add((-1, null, defined.Label));
                    break;
                default:
                    break;
            }
        }

        return string.Join(' ', blocks.Select(block => $"{block.Kind?.ToString() ?? "Defined"}{(block.Text.Length > 0 ? ":" : "")}{block.Text.Replace("\n", "⏎", StringComparison.Ordinal)}"));
    }

    private static List<MarkdownEvent> Read(IEnumerable<string> pieces)
    {
        var stream = new MarkdownStream();
        List<MarkdownEvent> events = [.. pieces.SelectMany(piece => stream.Append(piece))];
        events.AddRange(stream.Complete());
        return events;
    }
}
