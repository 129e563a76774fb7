using Streamline.TestSupport;

namespace Streamline.Tests.Sentences;

[Trait("Law", "1")]
public sealed class SentenceSplitterTests
{
    public static TheoryData<string> Cases => [.. SentenceCases.All];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_WholeText_GivesTheSentences(string marked) =>
        TextsOf(Split(Plain(marked), int.MaxValue)).Should().Equal(Expected(marked));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Append_CutAnywhere_GivesTheSameSentences(string marked)
    {
        var text = Plain(marked);
        var whole = Split(text, int.MaxValue);
        Split(text, 1).Should().BeEquivalentTo(whole, options => options.WithStrictOrdering());
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var splitter = new SentenceSplitter();
            IEnumerable<Sentence> sentences = [.. splitter.Append(text.AsSpan(0, cut)), .. splitter.Append(text.AsSpan(cut)), .. splitter.Complete()];
            sentences.Should().BeEquivalentTo(whole, options => options.WithStrictOrdering());
        }
    }

    [Theory]
    [InlineData("Hello there. How", "Hello there.", 2)]
    [InlineData("你好。", "你好。", 0)]
    [InlineData("你好！今", "你好！", 1)]
    [InlineData("Is it? Yes", "Is it?", 2)]
    [InlineData("A \"quote.\" Then", "A \"quote.\"", 2)]
    [InlineData("One\n\nTwo", "One", 2)]
    public void Append_CharacterByCharacter_GivesTheSentenceAtMostTwoCharactersAfterItsEndIsKnown(string text, string sentence, int later)
    {
        var splitter = new SentenceSplitter();
        var read = 0;
        IReadOnlyList<Sentence> sentences = [];
        while (sentences.Count == 0)
        {
            sentences = splitter.Append(text.AsSpan(read++, 1));
        }

        TextsOf(sentences).Should().Equal(sentence);
        (read - sentence.Length).Should().Be(later);
    }

    [Fact]
    public void Append_GivesThePositionsOfSentences()
    {
        const string Text = "  One.  Two!\n\nThree";

        Split(Text, 1).Should().OnlyContain(sentence => Text.Substring((int)sentence.Start, sentence.Text.Length) == sentence.Text).And.HaveCount(3);
    }

    [Fact]
    public void MinChars_JoinsShortSentences_ButNotAcrossABlankLine() =>
        TextsOf(Split("Hi. How are you today? Fine. OK.\n\nBye. See you tomorrow then.", 1, new SentenceOptions { MinChars = 12 }))
            .Should().Equal("Hi. How are you today?", "Fine. OK.", "Bye. See you tomorrow then.");

    [Fact]
    [Trait("Law", "8")]
    public void MaxChars_CutsLongSentencesAtABlank()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 100)) + new string('x', 200);
        var sentences = Split(text, 7, new SentenceOptions { MaxChars = 64 });

        sentences.Should().OnlyContain(sentence => sentence.Text.Length <= 64);
        sentences.Should().BeEquivalentTo(Split(text, int.MaxValue, new SentenceOptions { MaxChars = 64 }), options => options.WithStrictOrdering());
        string.Concat(TextsOf(sentences)).Replace(" ", "", StringComparison.Ordinal).Should().Be(text.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void BreakAtLineEnds_EndsEveryLine() =>
        TextsOf(Split("Roses are red\nviolets are blue", 1, new SentenceOptions { BreakAtLineEnds = true })).Should().Equal("Roses are red", "violets are blue");

    [Fact]
    public void Abbreviations_OfTheApplication_EndNoSentence() =>
        TextsOf(Split("See Univ. Of and Xyz. Of.", 1, new SentenceOptions { Abbreviations = { "Xyz" } })).Should().Equal("See Univ. Of and Xyz. Of.");

    [Fact]
    public void Complete_ThenAppend_Throws()
    {
        var splitter = new SentenceSplitter();
        splitter.Append("Hi").Should().BeEmpty();
        TextsOf(splitter.Complete()).Should().Equal("Hi");
        splitter.Complete().Should().BeEmpty();

        splitter.Invoking(it => it.Append("x")).Should().Throw<InvalidOperationException>();
    }

    [CorpusFact(Recordings.Pydantic)]
    public async Task RecordedTexts_InAnyPieces_AreTheSameSentences()
    {
        var texts = 0;
        foreach (var recording in Recordings.All())
        {
            var events = (await recording.Protocol.ReadAsync(new MemoryStream(recording.Body)).CatchAsync()).Events;
            foreach (var pieces in events.OfType<TextDelta>().GroupBy(delta => delta.Index, delta => delta.Text))
            {
                var text = string.Concat(pieces);
                var splitter = new SentenceSplitter();
                var streamed = pieces.SelectMany(piece => splitter.Append(piece)).ToList();
                streamed.AddRange(splitter.Complete());

                streamed.Should().BeEquivalentTo(Split(text, int.MaxValue), options => options.WithStrictOrdering(), recording.File);
                streamed.All(sentence => text.Substring((int)sentence.Start, sentence.Text.Length) == sentence.Text).Should().BeTrue(recording.File);
                Squeezed(string.Concat(TextsOf(streamed))).Should().Be(Squeezed(text), recording.File);
                texts++;
            }
        }

        texts.Should().BeGreaterThan(100);
    }

    internal static List<Sentence> Split(string text, int size, SentenceOptions? options = null)
    {
        var splitter = new SentenceSplitter(options);
        List<Sentence> sentences = [];
        for (var i = 0; i < text.Length; i += Math.Min(size, text.Length))
        {
            sentences.AddRange(splitter.Append(text.AsSpan(i, Math.Min(size, text.Length - i))));
        }

        sentences.AddRange(splitter.Complete());
        return sentences;
    }

    private static IEnumerable<string> TextsOf(IEnumerable<Sentence> sentences) => sentences.Select(sentence => sentence.Text);

    private static string Plain(string marked) => marked.Replace("¶", "", StringComparison.Ordinal);

    private static string[] Expected(string marked) => marked.Split('¶', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Squeezed(string text) => string.Concat(text.Where(next => !char.IsWhiteSpace(next)));
}
