namespace Streamline.Tests.Sentences;

/// <summary>Texts of nothing but what the rules look at.</summary>
[Trait("Law", "1")]
public sealed class SentenceFuzzTests
{
    private static readonly string[] Parts =
    [
        ".", "!", "?", "…", "。", "！", "？", "「", "」", "（", "）", "“", "”", "«", "»", "\"", ")", "[", "]", "[1]", "a", "Ab", "B", "Dr", "No", "z.B", "1", "123456789", "12.", ",",
        "と", "字", " ", " ", " ", "\n", "\n", "\n\n", "                ", "\t", "`", "```", "``````````", "~~~~", "#", "##########", "- ", "*", "|", ">", "1. ", "123456789. ", "1234567890) ", "😀", "\r\n",
    ];

    public static TheoryData<string> Known => ["! \n``````````!", "「 ! \n\n", "「 ! \n\n字。」字。", "a!                b", "! \n123456789. x"];

    [Theory]
    [MemberData(nameof(Known))]
    public void Append_CutAnywhere_GivesTheSameSentences(string text) => ShouldBeTheSameCutAnywhere(text, new SentenceOptions());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Append_RandomTextsCutAnywhere_GivesTheSameSentences(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 1500; run++)
        {
            var options = new SentenceOptions { BreakAtLineEnds = random.Next(4) == 0, MinChars = random.Next(3) == 0 ? 6 : 0, MaxChars = random.Next(3) == 0 ? 64 : SentenceOptions.DefaultMaxChars };
            ShouldBeTheSameCutAnywhere(string.Concat(random.GetItems(Parts, random.Next(2, 24))), options);
        }
    }

    private static void ShouldBeTheSameCutAnywhere(string text, SentenceOptions options)
    {
        var whole = Written(SentenceSplitterTests.Split(text, int.MaxValue, options));
        Written(SentenceSplitterTests.Split(text, 1, options)).Should().Be(whole, "of {0} by the character", Escaped(text));
        for (var cut = 1; cut < text.Length; cut++)
        {
            var splitter = new SentenceSplitter(options);
            Written([.. splitter.Append(text.AsSpan(0, cut)), .. splitter.Append(text.AsSpan(cut)), .. splitter.Complete()]).Should().Be(whole, "of {0} cut at {1}", Escaped(text), cut);
        }
    }

    private static string Written(IEnumerable<Sentence> sentences) => Escaped(string.Join('¶', sentences.Select(sentence => $"{sentence.Start}:{sentence.Text}")));

    private static string Escaped(string text) => text.Replace("\n", "⏎", StringComparison.Ordinal).Replace("\r", "␍", StringComparison.Ordinal).Replace("\t", "→", StringComparison.Ordinal);
}
