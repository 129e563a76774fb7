using System.Globalization;
using Streamline.TestSupport;
using Xunit.Abstractions;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>Answers that are cut at every character, by model and by strategy: what the consumer has in the end is the answer, or a cut is announced as unsure.</summary>
[Trait("Law", "6")]
public sealed class EveryCutTests(ITestOutputHelper output)
{
    private const int MadeTexts = 60;
    private const int MinOverlap = 12;

    /// <summary>The manner that is tried at every character; the others are tried at every seventh, beginning with another one in each text.</summary>
    private const string Everywhere = "overlap 20";
    private const int Step = 7;

    /// <summary>How a model that is asked in words goes on after the text that it has shown, of all that it says.</summary>
    public static TheoryData<string> Manners =>
        ["overlap 12", "overlap 20", "overlap 64", "overlap 300", "from the start", "preface and overlap", "preface line and overlap", "fence and overlap", "last line"];

    [CorpusFact(Recordings.Pydantic)]
    public async Task Prefill_OfRecordedAnswers_IsByteEqualEverywhere() => await PrefillAsync(await Texts.RecordedAsync());

    [Fact]
    public Task Prefill_OfMadeAnswers_IsByteEqualEverywhere() => PrefillAsync(Made());

    [CorpusTheory(Recordings.Pydantic)]
    [MemberData(nameof(Manners))]
    public async Task Stitch_OfRecordedAnswers_IsByteEqualNearlyEverywhere(string manner) => await StitchAsync(await Texts.RecordedAsync(), manner);

    [Theory]
    [MemberData(nameof(Manners))]
    public Task Stitch_OfMadeAnswers_IsByteEqualNearlyEverywhere(string manner) => StitchAsync(Made(), manner);

    private static IReadOnlyList<string> Made() => [.. Enumerable.Range(1, MadeTexts).Select(Texts.Make)];

    private async Task PrefillAsync(IReadOnlyList<string> texts)
    {
        var count = 0;
        foreach (var text in texts)
        {
            foreach (var cut in Texts.Cuts(text))
            {
                // A text of white space alone is nothing to continue; it is begun anew.
                var stream = await CutStream.RunAsync(new SimulatedModel(text, [cut]), retry =>
                {
                    CutStream.Prefill(retry);
                    retry.Continue.Otherwise = MidStreamPolicy.Restart;
                });

                stream.Failure.Should().BeNull();
                if (stream.Text != text)
                {
                    stream.Text.Should().Be(text, $"the cut was at {cut}");
                }

                stream.Seams.All(seam => seam.Strategy == ResumeStrategy.Prefill && seam.Confidence == SeamConfidence.Exact).Should().BeTrue();
                (stream.Seams.Count + stream.Restarts).Should().Be(1);
                count++;
            }
        }

        output.WriteLine($"{texts.Count} answers, {count} cuts, all byte-equal");
        count.Should().BeGreaterThan(1000);
    }

    private async Task StitchAsync(IReadOnlyList<string> texts, string manner)
    {
        var (count, equal, unsure, wrong) = (0, 0, 0, new List<string>());
        for (var i = 0; i < texts.Count; i++)
        {
            var text = texts[i];
            foreach (var cut in Texts.Cuts(text).Where(cut => (manner == Everywhere || cut % Step == i % Step) && Overlap(text[..cut], manner).Length >= MinOverlap))
            {
                var stream = await CutStream.RunAsync(new SimulatedModel(text, [cut], shown => Continue(text, shown, manner)), CutStream.StitchInAnyCase);

                stream.Failure.Should().BeNull();
                count++;
                var isEqual = stream.Text == text;
                equal += isEqual ? 1 : 0;
                var confidence = stream.Seams.Should().ContainSingle().Which.Confidence;
                unsure += confidence == SeamConfidence.Low ? 1 : 0;
                if (!isEqual && confidence != SeamConfidence.Low && Words(stream.Text) != Words(text))
                {
                    wrong.Add($"{cut}: {text[Math.Max(0, cut - 40)..cut]}|{text[cut..Math.Min(text.Length, cut + 40)]} => {stream.Text[Math.Max(0, cut - 40)..Math.Min(stream.Text.Length, cut + 40)]}");
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{manner}: {texts.Count} answers, {count} cuts: {100.0 * equal / count:0.000} % byte-equal, {100.0 * unsure / count:0.000} % announced as unsure"));
        wrong.Should().BeEmpty("no word is missing or repeated without notice");
        ((double)equal / count).Should().BeGreaterThanOrEqualTo(0.99);
    }

    private static string Overlap(string shown, string manner) => manner switch
    {
        "overlap 12" => Last(shown, 12),
        "overlap 20" => Last(shown, 20),
        "overlap 64" => Last(shown, 64),
        "overlap 300" => Last(shown, 300),
        "from the start" => shown,
        "last line" => shown[(shown.TrimEnd().LastIndexOf('\n') + 1)..],
        _ => Last(shown, 24),
    };

    private static string Continue(string text, string shown, string manner) => manner switch
    {
        "preface and overlap" => $"Sure, continuing: {Overlap(shown, manner)}",
        "preface line and overlap" => $"Apologies for the interruption! Here is the rest:\n\n{Overlap(shown, manner)}",
        "fence and overlap" => $"```python\n{Overlap(shown, manner)}",
        _ => Overlap(shown, manner),
    } + text[shown.Length..];

    private static string Last(string text, int length)
    {
        var start = Math.Max(0, text.Length - length);
        return text[(start > 0 && start < text.Length && char.IsLowSurrogate(text[start]) ? start - 1 : start)..];
    }

    private static string Words(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
