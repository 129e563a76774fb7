using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Markdown;

[Trait("Law", "1")]
public sealed class MarkdownStreamTests
{
    private const string Page = "# Title\n\nSome **bold** text\nand more.\n\n- one\n  - two\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```cs Foo.cs\nvar x = 1;\n```\n\n[text][label]\n\n[label]: https://example.com \"Title\"\n";

    [Fact]
    public void Append_CutAnywhere_GivesTheSameEvents()
    {
        var whole = Read(Page, int.MaxValue);
        whole.Should().HaveCountGreaterThan(15);
        for (var size = 1; size < Page.Length; size++)
        {
            Read(Page, size).Should().Equal(whole, "in pieces of {0}", size);
        }
    }

    [Theory]
    [InlineData("    a ")]
    [InlineData("    a \t")]
    [InlineData("    a\n  ")]
    [InlineData("\ta ")]
    [InlineData("- \ta \n\n      ")]
    public void Append_TextWithoutAFinalLineFeed_GivesTheSameEvents(string text) => ShouldBeTheSameCutAnywhere(text);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Append_RandomTextsCutAnywhere_GivesTheSameEvents(int seed)
    {
        string[] parts =
        [
            "    ", "  ", " ", "\t", "\n", "\n", "\n\n", "\r\n", "\r", "a", "b c", "- ", "* ", "1. ", "> ", "# ", " #", "```", "~~~", "``", "---", "===", "| a | b |", "|---|---|", "|", "<div>", "<!--", "-->", "<pre>", "</pre>",
            "[l]", ": /u", "\"t\"", "\\", "&amp;", "`x`", "**", "cs F.cs",
        ];
        var random = new Random(seed);
        for (var run = 0; run < 1500; run++)
        {
            ShouldBeTheSameCutAnywhere(string.Concat(random.GetItems(parts, random.Next(2, 14))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [Trait("Law", "8")]
    public void Append_LongMessage_LooksAtEachCharacterAtMostTwice(int size)
    {
        var text = string.Concat(Enumerable.Repeat(Page, 100));
        var stream = new MarkdownStream();
        foreach (var piece in text.Chunk(size))
        {
            stream.Append(piece);
        }

        stream.Complete();
        stream.Examined.Should().BeLessThanOrEqualTo(2L * text.Length);
    }

    [Theory]
    [InlineData("It is **bo", "It is **bo**")]
    [InlineData("A [link](http", "A link")]
    [InlineData("Some `co", "Some `co`")]
    [InlineData("An ![image](x", "An ")]
    public void OpenLeaf_GivesTextThatCanBeDrawn(string text, string safe)
    {
        var stream = new MarkdownStream();
        stream.Append(text);

        stream.OpenLeaf!.GetSafeText().Should().Be(safe);
    }

    [Fact]
    [Trait("Law", "6")]
    public async Task ReadMarkdownAsync_RestartedStream_SaysWhatIsDiscarded()
    {
        var restarted = new StreamRestarted { Attempt = 2, Reason = "test", Discarded = [0] };
        var events = new List<MarkdownEvent>();
        await foreach (var markdownEvent in FakeStreamClient.Stream([Words("# Old"), restarted, Words("# New"), Completed()]).ReadMarkdownAsync())
        {
            events.Add(markdownEvent);
        }

        events.OfType<MarkdownRestarted>().Should().ContainSingle().Which.FirstDiscardedId.Should().Be(0);
        events.OfType<MarkdownBlockOpened>().Select(opened => opened.Id).Should().Equal(0, 1);
    }

    private static void ShouldBeTheSameCutAnywhere(string text)
    {
        var whole = string.Join('\n', Read(text, int.MaxValue));
        for (var size = 1; size < text.Length; size++)
        {
            string.Join('\n', Read(text, size)).Should().Be(whole, "of {0} in pieces of {1}", text, size);
        }

        for (var cut = 1; cut < text.Length; cut++)
        {
            string.Join('\n', Read([text[..cut], text[cut..]])).Should().Be(whole, "of {0} cut at {1}", text, cut);
        }
    }

    private static List<string> Read(string text, int size) =>
        Read(Enumerable.Range(0, (int)((text.Length + (long)size - 1) / size)).Select(i => text.Substring(i * size, Math.Min(size, text.Length - (i * size)))));

    private static List<string> Read(IEnumerable<string> pieces)
    {
        var stream = new MarkdownStream();
        List<MarkdownEvent> events = [];
        foreach (var piece in pieces)
        {
            events.AddRange(stream.Append(piece));
        }

        events.AddRange(stream.Complete());
        List<string> lines = [];
        var last = -1;
        foreach (var markdownEvent in events)
        {
            if (markdownEvent is MarkdownBlockText more && last == more.Id)
            {
                lines[^1] += more.Text;
                continue;
            }

            last = markdownEvent is MarkdownBlockText { Id: var id } ? id : -1;
            lines.Add(markdownEvent switch
            {
                MarkdownBlockOpened opened => $"open {opened.Id} {opened.Kind} in {opened.ParentId} {opened.Level} {opened.Code?.FileName}",
                MarkdownBlockText first => $"text {first.Id} {first.Text}",
                MarkdownBlockChanged changed => $"changed {changed.Id} {changed.Kind} {changed.IsLoose}",
                MarkdownBlockClosed closed => $"closed {closed.Id} {closed.IsComplete}",
                MarkdownLinkDefined defined => $"defined {defined.Label} {defined.Destination} {defined.Title}",
                MarkdownBlockAmended amended => $"amended {amended.Id} {amended.Label}",
                _ => "?",
            });
        }

        return lines;
    }
}
