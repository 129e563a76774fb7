using System.Text;
using System.Text.RegularExpressions;
using Streamline.Cli.Markdown;
using Streamline.Cli.Output;

namespace Streamline.Cli.Tests.Markdown;

public sealed partial class MarkdownPrinterTests
{
    private const string Sample = """
        # A title with `code`

        Text with *some* **strong** words, a [link](https://example.com "title") and 2 * 3 = 6.
        A second line.

        Setext
        ------

        - one
          - nested

            a paragraph
        - two

        3. three
        4. four

        > quoted **text**
        > - a list

        | Name | Count |
        |:-----|------:|
        | **é** |     1 |
        | 日本 | 22 |

        | no table

        ```cs Foo.cs
        var a = "b";

        /* c */
        ```

            indented

        ---

        <div>html</div>

        - 
        The end
        """;

    [Fact]
    public void Print_WithoutStyles_WritesMarkdownInOneForm() => Print(Sample, Sample.Length, ansi: null).Should().Be("""
        # A title with `code`

        Text with *some* **strong** words, a [link](https://example.com "title") and 2 * 3 = 6.
        A second line.

        Setext
        ------

        - one
          - nested

            a paragraph
        - two

        3. three
        4. four

        > quoted **text**
        >
        > - a list

        | Name  | Count |
        | :---- | ----: |
        | **é** |     1 |
        | 日本  |    22 |

        | no table

        ```cs Foo.cs
        var a = "b";

        /* c */
        ```

            indented

        ---

        <div>html</div>

        -

        The end

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void Print_WithStyles_ShowsTheSameText() => WithoutStyles(Print(Sample, Sample.Length, new Ansi(isTrueColor: true))).Should().Be("""
        A title with code

        Text with some strong words, a link (https://example.com) and 2 * 3 = 6.
        A second line.

        Setext
        ------

        • one
          • nested

            a paragraph
        • two

        3. three
        4. four

        │ quoted text
        │
        │ • a list

        Name │ Count
        ─────┼──────
        é    │     1
        日本 │    22

        | no table

        ── cs  Foo.cs
        var a = "b";

        /* c */
        ──

            indented

        ────────────────────────────────────────

        <div>html</div>

        •

        The end

        """.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Law", "1")]
    public void Print_CutAnywhere_ShowsTheSame(bool isStyled)
    {
        var ansi = isStyled ? new Ansi(isTrueColor: false) : null;
        var whole = Print(Sample, Sample.Length, ansi);

        foreach (var size in new[] { 1, 2, 3, 5, 7, 16, 64 })
        {
            Print(Sample, size, ansi).Should().Be(whole, $"pieces have {size} characters");
        }
    }

    [Theory]
    [InlineData("a *b* c", "a {i}b{/} c")]
    [InlineData("a **b *c* d** e", "a {b}b {i}c{/}{b} d{/} e")]
    [InlineData("***a***", "{b}{i}a{/}")]
    [InlineData("`a *b*`", "{c}a *b*{/}")]
    [InlineData("`` a`b ``", "{c}a`b{/}")]
    [InlineData("~~a~~ ~b~", "{s}a{/} ~b~")]
    [InlineData("snake_case_name", "snake_case_name")]
    [InlineData("_a_ b", "{i}a{/} b")]
    [InlineData(@"\*a\* \d", @"*a* \d")]
    [InlineData("*never closed", "*never closed")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4")]
    [InlineData("[a](b) [c] [d](", "{u}a{/}{d} (b){/} [c] [d](")]
    [InlineData("![alt](img.png)!", "[image: alt]!")]
    [InlineData("<https://x.y> a < b", "{u}https://x.y{/} a < b")]
    [InlineData("&lt;b&gt; AT&T &", "<b> AT&T &")]
    [InlineData("[https://a.b](https://a.b)", "{u}https://a.b{/}")]
    public void Style_Inlines_AreDrawnWhereverTheTextIsCut(string text, string expected)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var styler = new InlineStyler();
            var styled = new StringBuilder();
            foreach (var piece in text.Chunk(size))
            {
                styled.Append(styler.Append(new string(piece)));
            }

            Named(styled.Append(styler.Complete()).ToString()).Should().Be(expected, $"pieces have {size} characters");
        }
    }

    [Fact]
    public void Style_SpanThatDoesNotClose_DelaysOnlySoMuch()
    {
        var styler = new InlineStyler();
        var shown = styler.Append("*" + new string('a', 300));
        shown.Should().BeEmpty();

        styler.Append(new string('b', 200)).Should().Be("*" + new string('a', 300) + new string('b', 200));
    }

    [Theory]
    [InlineData("```x\e]52;c;a\a y\ncode\n```\n")]
    [InlineData("```x&#27;[2J\ncode\n```\n")]
    [InlineData("# a\e[2J\n")]
    [InlineData("a &#27;[2J b\n")]
    [InlineData("| a\e[2J |\n|---|\n| b |\n")]
    public void Print_TextThatSteersTheTerminal_IsShownInstead(string text)
    {
        Print(text, text.Length, ansi: null).Should().NotContain("\e");
        WithoutStyles(Print(text, text.Length, new Ansi(isTrueColor: true))).Should().NotContain("\e");
    }

    [Theory]
    [InlineData("a | b\n--- | ---\n\nmore\n")]
    [InlineData("a | b\n--- | ---\n1 | 2\n")]
    public void Print_TableWithoutBarsAtTheEdge_IsShownWhole(string text)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var shown = Print(text, size, ansi: null);
            foreach (var word in text.Split([' ', '|', '-', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                shown.Should().Contain(word, $"pieces have {size} characters");
            }
        }
    }

    [Fact]
    [Trait("Law", "8")]
    public void Style_DeepAndLongNesting_IsPlainText()
    {
        var text = string.Concat(Enumerable.Repeat("[", 20_000)) + "a" + string.Concat(Enumerable.Repeat("](b)", 20_000));
        var styler = new InlineStyler();

        (styler.Append(text) + styler.Complete()).Should().StartWith("[[[");
    }

    [Fact]
    public void Print_MarkdownInAFence_KeepsItsOwnFences() =>
        Print("````markdown\n```cs\na\n```\n````\n", 100, ansi: null).Should().Be("``````markdown\n```cs\na\n```\n``````\n");

    [Fact]
    public void Print_LiveCode_DrawsTheGrowingLineAnew()
    {
        var output = new StringWriter();
        var printer = new MarkdownPrinter(output, new Ansi(isTrueColor: true), 40) { Theme = "dark", IsLive = true };
        var markdown = new MarkdownStream();
        foreach (var piece in new[] { "```cs\n", "va", "r a", " = 1;\n", "```\n" })
        {
            foreach (var e in markdown.Append(piece))
            {
                printer.Print(e);
            }
        }

        printer.End();
        var text = output.ToString();
        text.Should().Contain("\r\e[K");
        WithoutStyles(text).Split('\n')[1].Split('\r')[^1].Should().Be("var a = 1;");
    }

    [Fact]
    public void Print_EndInTheMiddle_LeavesNoOpenLine()
    {
        for (var length = 0; length <= Sample.Length; length++)
        {
            var output = new StringWriter();
            var printer = new MarkdownPrinter(output, null, 80);
            foreach (var e in new MarkdownStream().Append(Sample.AsSpan(0, length)))
            {
                printer.Print(e);
            }

            printer.End();
            (output.ToString() is "" or [.., '\n']).Should().BeTrue();
        }
    }

    private static string Print(string text, int size, Ansi? ansi)
    {
        var output = new StringWriter();
        var printer = new MarkdownPrinter(output, ansi, 40) { Theme = "dark" };
        var markdown = new MarkdownStream();
        foreach (var piece in text.Chunk(size))
        {
            foreach (var e in markdown.Append(piece))
            {
                printer.Print(e);
            }
        }

        foreach (var e in markdown.Complete())
        {
            printer.Print(e);
        }

        printer.End();
        return output.ToString();
    }

    private static string WithoutStyles(string text) => Styles().Replace(text, "");

    private static string Named(string text) => new[] { (Ansi.Reset, "{/}"), (Ansi.Bold, "{b}"), (Ansi.Italic, "{i}"), (Ansi.Code, "{c}"), (Ansi.Strike, "{s}"), (Ansi.Underline, "{u}"), (Ansi.Dim, "{d}") }
        .Aggregate(text, (named, style) => named.Replace(style.Item1, style.Item2, StringComparison.Ordinal));

    [GeneratedRegex(@"\e\[[0-9;]*[mK]")]
    private static partial Regex Styles();
}
