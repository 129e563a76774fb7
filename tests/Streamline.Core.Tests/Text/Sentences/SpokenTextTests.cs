using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Sentences;

[Trait("Law", "1")]
public sealed class SpokenTextTests
{
    public static TheoryData<string, string> Cases => new()
    {
        { "# Title\n\nSome **bold** and *italic* text.", "Title¶Some bold and italic text.¶" },
        { "Before\n\n```cs\nvar x = 1;\n```\n\nAfter", "Before¶After¶" },
        { "- one\n- two `code`\n\n1. three", "one¶two code¶three¶" },
        { "A [link](https://a.b/c(d)e) and ![image](x.png).", "A link and image.¶" },
        { "See https://example.com/a/b?c=d. Then go.", "See example.com. Then go.¶" },
        { "See <https://example.com/x> or (http://a.org).", "See example.com or (a.org).¶" },
        { "snake_case and 2 * 3 and a*b*c and __x__", "snake_case and 2 * 3 and abc and x¶" },
        { "A &amp; B &lt; C & D", "A & B < C & D¶" },
        { "Escaped \\*stars\\* here", "Escaped *stars* here¶" },
        { "| Name | Age |\n|---|---|\n| Ann | 5 |\n| Bob | 7 |", "Name, Age¶Ann, 5¶Bob, 7¶" },
        { "A fact.[1] Another [^2] one[12].", "A fact. Another one.¶" },
        { "- [ ] open\n- [x] done", "open¶done¶" },
        { "> quoted\n> text", "quoted\ntext¶" },
        { "a ~~gone~~ b ~5", "a gone b ~5¶" },
        { "Text with `*code*` and <b>tags</b> and 1 < 2", "Text with *code* and tags and 1 < 2¶" },
        { "[text][label] done", "text done¶" },
        { "---\n\nhello\n\n<div>\nhtml\n</div>", "hello¶" },
        { "Wow! ![alt](u) ok!", "Wow! alt ok!¶" },
        { "http", "http¶" },
        { "Line one  \nline two", "Line one\nline two¶" },
        { "if (a<b && c>d)", "if (a<b && c>d)¶" },
        { "Map<K, V> is a type", "Map<K, V> is a type¶" },
        { "x <y and z, and 1 <2", "x <y and z, and 1 <2¶" },
        { "mail <a@b.de> or <mailto:c@d.de> now", "mail a@b.de or c@d.de now¶" },
        { "a <b c='>'>d</b > e <!-- f > --> g <?h?> i <!J k> l <![CDATA[>]]> m", "a d e g i l m¶" },
        { "one<br>two<br/>three <brand>four", "one\ntwo\nthree four¶" },
        { "In [2024] it rained, and in [1999].", "In [2024] it rained, and in [1999].¶" },
        { "It costs [5] euros", "It costs [5] euros¶" },
        { "Use a[0] and b[12] here", "Use a[0] and b[12] here¶" },
        { "[x] is unknown", "x is unknown¶" },
        { "- [x](u) is a link\n- [x] done\n\n  [x] again", "x is a link¶done¶x again¶" },
        { "Blue.[1][2] Green [3], red [4][5].", "Blue. Green, red.¶" },
        { "A note [^note] and [^a b]", "A note and ^a b¶" },
        { "f(a[i](x y) and [b](u \"t\") and [c](<d e>)", "f(ai(x y) and b and c¶" },
        { "It rained[1][2][3][4][5][6][7][8][9][10][11]. Yes.", "It rained. Yes.¶" },
        { "It rained.[101][102][103][104][105][106][107] Yes.", "It rained. Yes.¶" },
        { "It rained [^1]. Then [^note], sun!\n[^2]!", "It rained. Then, sun!!¶" },
        { "2 ** 3, a *** b, c __ d and e ~~ f", "2 ** 3, a *** b, c __ d and e ~~ f¶" },
        { "my__var__name and __all__ and ~~~x~~~", "my__var__name and all and x¶" },
        { "**a** *b* ***c*** ~d ~~e~~*", "a b c ~d e¶" },
        { "See www.example.com/path and ftp://x.y/z now", "See www.example.com and x.y now¶" },
        { "how www or ftp find", "how www or ftp find¶" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_CutAnywhere_GivesWhatIsSpoken(string text, string expected)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var spoken = new SpokenText();
            var result = spoken.Append(text.AsSpan(0, cut)) + spoken.Append(text.AsSpan(cut)) + spoken.Complete();
            result.Replace("\n\n", "¶", StringComparison.Ordinal).Should().Be(expected, "cut at {0}", cut);
        }

        var byCharacter = new SpokenText();
        (string.Concat(text.Select(next => byCharacter.Append([next]))) + byCharacter.Complete()).Replace("\n\n", "¶", StringComparison.Ordinal).Should().Be(expected);
    }

    [Fact]
    public async Task ReadSpokenTextAsync_GivesSentencesWithoutCode()
    {
        var events = FakeStreamClient.Stream([Started(), Words("**Hi** th"), Words("ere. Look:\n\n```py\nx = 1. Y\n```\n"), Words("Done. Bye"), Completed()]);

        var sentences = new List<string>();
        await foreach (var sentence in events.ReadSpokenTextAsync().ReadSentencesAsync())
        {
            sentences.Add(sentence.Text);
        }

        sentences.Should().Equal("Hi there.", "Look:", "Done.", "Bye");
    }
}
