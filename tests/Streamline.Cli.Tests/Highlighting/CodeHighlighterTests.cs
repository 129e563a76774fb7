using Streamline.Cli.Highlighting;

namespace Streamline.Cli.Tests.Highlighting;

public sealed class CodeHighlighterTests
{
    public static TheoryData<string, string> Codes() => new()
    {
        { "cs", "/* a comment\n   over lines */\npublic class A { string s = $\"x{1}\"; }\n" },
        { "python", "def f(a):\n    \"\"\"doc\n    string\"\"\"\n    return a + 1  # done" },
        { "ts", "const a: number = 1;\nexport default `template ${a}\nlines`;\n" },
        { "json", "{\"a\": [1, true, null]}" },
        { "bash", "for f in *; do\n  echo \"$f\" # name\ndone\n" },
        { "rust", "fn main() { println!(\"{}\", 1); }\n" },
        { "sql", "SELECT a FROM b WHERE c = 'd'; -- e\n" },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    [Trait("Law", "1")]
    public void Highlight_CutAnywhere_IsThatOfTheWholeText(string language, string code)
    {
        var whole = Run(language, [code]);
        string.Concat(whole.Select(token => token.Text)).Should().Be(code);
        whole.Select(token => token.Color).Distinct().Should().HaveCountGreaterThan(1);

        for (var cut = 0; cut <= code.Length; cut++)
        {
            Run(language, [code[..cut], code[cut..]]).Should().Equal(whole);
        }

        Run(language, code.Select(c => c.ToString())).Should().Equal(whole);
    }

    [Fact]
    [Trait("Law", "2")]
    public void Highlight_StableTokens_AreThoseOfWholeLines()
    {
        var highlighter = CodeHighlighter.Create("cs", "dark")!;

        highlighter.Append("int a").Stable.Should().BeEmpty();
        var second = highlighter.Append(" = 1;\nint");

        second.RecalledTokens.Should().BeGreaterThan(0);
        string.Concat(second.Stable.Select(token => token.Text)).Should().Be("int a = 1;\n");
        string.Concat(second.Unstable.Select(token => token.Text)).Should().Be("int");
        var third = highlighter.Append("");
        third.Stable.Should().BeEmpty();
        third.RecalledTokens.Should().Be(second.Unstable.Count);
    }

    [Fact]
    public void Highlight_LongLine_IsNotSearchedAgainAndAgain()
    {
        var highlighter = CodeHighlighter.Create("json", "light")!;

        var begin = highlighter.Append(new string('1', 3000));
        var more = highlighter.Append("2");
        var end = highlighter.Append("3\n4");

        begin.Stable.Should().ContainSingle().Which.Color.Should().BeNull();
        begin.Unstable.Should().BeEmpty();
        more.Stable.Should().Equal(new CodeToken("2", null));
        end.Stable.Should().Equal(new CodeToken("3", null), new CodeToken("\n", null));
        end.Unstable.Should().ContainSingle().Which.Color.Should().NotBeNull();
    }

    [Theory]
    [InlineData("cs")]
    [InlineData("C#")]
    [InlineData("csharp")]
    [InlineData("js")]
    [InlineData("javascript")]
    [InlineData("py")]
    [InlineData("sh")]
    [InlineData("yaml")]
    [InlineData("yml")]
    [InlineData("html")]
    [InlineData("cpp")]
    [InlineData("go")]
    [InlineData("java")]
    [InlineData("powershell")]
    public void Create_NameOfAFence_FindsTheLanguage(string language) => CodeHighlighter.Create(language, "dark").Should().NotBeNull();

    [Theory]
    [InlineData("klingon")]
    [InlineData("")]
    public void Create_UnknownLanguage_GivesNone(string language) => CodeHighlighter.Create(language, "dark").Should().BeNull();

    private static List<CodeToken> Run(string language, IEnumerable<string> pieces)
    {
        var highlighter = CodeHighlighter.Create(language, "dark")!;
        List<CodeToken> tokens = [];
        var unstable = 0;
        foreach (var piece in pieces)
        {
            Apply(highlighter.Append(piece));
        }

        Apply(highlighter.Complete());
        unstable.Should().Be(0);
        return tokens;

        void Apply(HighlightUpdate update)
        {
            update.RecalledTokens.Should().Be(unstable);
            tokens.RemoveRange(tokens.Count - unstable, unstable);
            tokens.AddRange(update.Stable);
            tokens.AddRange(update.Unstable);
            unstable = update.Unstable.Count;
        }
    }
}
