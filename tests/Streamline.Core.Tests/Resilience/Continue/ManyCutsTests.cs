using Streamline.TestSupport;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>Continuations that are cut too, also where they still repeat what was shown.</summary>
[Trait("Law", "6")]
public sealed class ManyCutsTests
{
    private const int Seeds = 400;

    [Fact]
    public async Task Prefill_CutAgainAndAgain_IsByteEqual()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var text = "Well: " + Texts.Make(seed);
            var model = new SimulatedModel(text, [random.Next(6, text.Length), random.Next(text.Length), random.Next(20), random.Next(3), 0]) { Piece = random.Next(1, 9) };

            var stream = await CutStream.RunAsync(model, CutStream.Prefill);

            stream.Failure.Should().BeNull();
            stream.Text.Should().Be(text, $"the seed was {seed}");
            stream.Restarts.Should().Be(0);
        }
    }

    [Fact]
    public async Task Stitch_CutAgainAndAgain_MissesAndRepeatsNoWordUnannounced()
    {
        var (equal, unsure) = (0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var text = "Well, this is the beginning: " + Texts.Make(seed);
            var cuts = new[] { random.Next(24, text.Length), random.Next(40), random.Next(400), random.Next(12), random.Next(30) };
            var model = new SimulatedModel(text, cuts, shown => shown[Math.Max(0, shown.Length - 24)..] + text[shown.Length..]) { Piece = random.Next(1, 9) };

            var stream = await CutStream.RunAsync(model, CutStream.StitchInAnyCase);

            stream.Failure.Should().BeNull();
            equal += stream.Text == text ? 1 : 0;
            var isUnsure = stream.Seams.Any(seam => seam.Confidence == SeamConfidence.Low);
            unsure += isUnsure ? 1 : 0;
            if (!isUnsure)
            {
                stream.Text.Should().Be(text, $"the seed was {seed}");
            }
        }

        equal.Should().BeGreaterThan(Seeds * 99 / 100);
        unsure.Should().BeLessThan(Seeds / 4);
    }

    [Fact]
    public async Task Prefill_TextEndsWithHalfOfASurrogatePair_IsContinuedByTheOther()
    {
        const string Text = "A smile: \U0001F600, and more.";
        var high = Text.IndexOf('\uD83D', StringComparison.Ordinal);
        var client = new FakeStreamClient(
            Make.Fails(Make.Interrupted(), Make.Started(), Make.Words(Text[..(high + 1)])),
            (request, _) => FakeStreamClient.Stream([Make.Started(), Make.Words(Text[request.Messages[^1].Text.Length..]), Make.Completed()]));

        var stream = await CutStream.RunAsync(client, CutStream.Prefill);

        stream.Text.Should().Be(Text);
        client.Requests[1].Messages[^1].Text.Should().Be("A smile:", "neither half of a pair nor white space can end what is sent");
    }

    [Fact]
    public async Task Stitch_CutWithinAGraphemeCluster_IsContinuedWithinIt()
    {
        const string Text = "The developer is a woman, \U0001F469\u200D\U0001F4BB, as it happens.";
        foreach (var cut in Texts.Cuts(Text).Where(cut => cut > 14))
        {
            var model = new SimulatedModel(Text, [cut], shown => shown[^14..] + Text[shown.Length..]) { Piece = 1 };

            (await CutStream.RunAsync(model, CutStream.Stitch)).Text.Should().Be(Text, $"the cut was at {cut}");
        }
    }
}
