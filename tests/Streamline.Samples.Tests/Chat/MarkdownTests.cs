using ChatSample;
using Spectre.Console;

namespace Streamline.Samples.Tests.Chat;

public sealed class MarkdownTests
{
    private const string Page = """
        # Weather

        It will **rain** and
        be `11 °C`.

        1. first
        2. second
           - inner *one*

        > quoted

        | a | b |
        |---|--:|
        | 1 | 22 |

        ```csharp
        var x = 1;
        ```
        """;

    [Fact]
    public void Render_APage_DrawsItsBlocks() => Drawing.Of(Whole(Page, Page.Length).Render()).Should().Be("""
        Weather

        It will rain and be 11 °C.

         1. first
         2. second
             • inner one

          quoted

        ╭───┬────╮
        │ a │  b │
        ├───┼────┤
        │ 1 │ 22 │
        ╰───┴────╯

        ╭─csharp─────╮
        │ var x = 1; │
        ╰────────────╯
        """);

    [Theory]
    [Trait("Law", "1")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Render_HoweverTheTextIsCut_IsTheSame(int length) => Drawing.Of(Whole(Page, length).Render()).Should().Be(Drawing.Of(Whole(Page, Page.Length).Render()));

    [Fact]
    public void Render_WhileASpanIsOpen_ShowsNoSigns()
    {
        var text = new MarkdownText();
        text.Append("It will **rai");

        Drawing.Of(text.Render()).Should().Be("It will rai");
    }

    [Fact]
    public void Append_ControlCharacters_AreRemoved()
    {
        var text = new MarkdownText();
        text.Append("a\e[31mb\a`c\ed`");
        text.Complete();

        Drawing.Of(text.Render()).Should().Be("a[31mbcd");
    }

    [Theory]
    [InlineData("**bold** and *it*", "bold and it")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4")]
    [InlineData("snake_case_name", "snake_case_name")]
    [InlineData("_it_ ~~gone~~", "it gone")]
    [InlineData("a \\*b\\*", "a *b*")]
    [InlineData("`*code*` ``a`b``", "*code* a`b")]
    [InlineData("[the *site*](https://example.com) here", "the site here")]
    [InlineData("[not a link]", "[not a link]")]
    [InlineData("**open", "**open")]
    [InlineData("***both***", "both")]
    [InlineData("a &amp; b", "a & b")]
    public void Render_Inline_ShowsTheTextOfItsSpans(string markdown, string shown) => Drawing.Of(InlineText.Render(markdown, Style.Plain)).Should().Be(shown);

    [Fact]
    public void Render_DeeplyNestedInline_Ends() =>
        Drawing.Of(InlineText.Render(string.Concat(Enumerable.Repeat("[", 5_000)) + "x" + string.Concat(Enumerable.Repeat("](y)", 50)), Style.Plain)).Should().Contain("x");

    private static MarkdownText Whole(string page, int length)
    {
        var text = new MarkdownText();
        foreach (var piece in page.Chunk(length))
        {
            text.Append(new string(piece));
        }

        text.Complete();
        return text;
    }
}
