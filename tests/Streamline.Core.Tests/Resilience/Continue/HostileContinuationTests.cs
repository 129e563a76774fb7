using Microsoft.Extensions.AI;
using Streamline.TestSupport;
using static Streamline.Tests.Make;

namespace Streamline.Tests.Resilience.Continue;

/// <summary>What models do when they are asked to go on, apart from going on.</summary>
[Trait("Law", "6")]
public sealed class HostileContinuationTests
{
    private const string Shown = "The river runs through the old town and meets the sea bel";
    private const string Rest = "ow the harbour.";

    public static TheoryData<string, string> FoundContinuations => new()
    {
        { Shown + Rest, "from the start" },
        { "meets the sea bel" + Rest, "from some words before" },
        { "Sure, continuing: and meets the sea bel" + Rest, "with a preface" },
        { "Sorry about that! I will continue where I left off.\n\nthe old town and meets the sea bel" + Rest, "with a preface line" },
        { "```\nthe old town and meets the sea bel" + Rest, "with a new fence" },
        { "Continuing:\n```text\nthe old town and meets the sea bel" + Rest, "with a preface and a new fence" },
        { "the old  town\nand meets\n\nthe sea bel" + Rest, "with other white space" },
        { " and meets the sea bel" + Rest, "with white space before" },
        { "\"…and meets the sea bel" + Rest, "with a quotation mark" },
    };

    public static TheoryData<string> UnsureContinuations =>
    [
        Rest, // no overlap at all
        "The harbour is where it meets the sea.",
        "I'm sorry, but I don't know what you mean.",
        "",
        "\n\n",
        "You stopped at \"and meets the sea bel\". Going on: and meets the sea bel" + Rest,
        "bel" + Rest,
    ];

    [Theory]
    [MemberData(nameof(FoundContinuations))]
    public async Task Stitch_RepeatsEnough_IsJoinedAtTheCharacter(string continuation, string why)
    {
        foreach (var piece in new[] { 1, 7, 1000 })
        {
            var stream = await CutStream.RunAsync(new SimulatedModel(Shown, [Shown.Length], _ => continuation) { Piece = piece }, CutStream.Stitch);

            stream.Failure.Should().BeNull(why);
            stream.Text.Should().Be(Shown + Rest, why);
            var seam = stream.Seams.Should().ContainSingle().Which;
            (seam.Strategy, seam.Confidence).Should().Be((ResumeStrategy.Stitch, SeamConfidence.High), why);
            (seam.OverlapRemoved + seam.PrefaceRemoved).Should().Be(continuation.Length - Rest.Length, why);
        }
    }

    [Theory]
    [MemberData(nameof(UnsureContinuations))]
    public async Task Stitch_NothingTellsThePlace_IsAnnouncedAsUnsureOrNotShown(string continuation)
    {
        var shown = await CutStream.RunAsync(new SimulatedModel(Shown, [Shown.Length], _ => continuation), CutStream.StitchInAnyCase);
        shown.Seams.Should().ContainSingle().Which.Confidence.Should().Be(SeamConfidence.Low);
        shown.Text.Should().StartWith(Shown);

        var failed = await CutStream.RunAsync(new SimulatedModel(Shown, [Shown.Length], _ => continuation), CutStream.Stitch);
        failed.Seams.Should().BeEmpty();
        failed.Failure.Should().BeOfType<StreamInterruptedException>().Which.PartialResponse!.Text.Should().Be(Shown);

        var model = new SimulatedModel(Shown, [Shown.Length], _ => continuation);
        var restarted = await CutStream.RunAsync(model, retry =>
        {
            CutStream.Stitch(retry);
            retry.Continue.Otherwise = MidStreamPolicy.Restart;
        });
        (restarted.Seams.Count, restarted.Restarts, restarted.Text).Should().Be((0, 1, Shown));
        model.Requests.Should().HaveCount(3);
    }

    [Fact]
    public async Task Stitch_FenceReopenedWithoutOverlap_IsRemovedInsideACodeBlockOnly()
    {
        const string Code = "Here it is:\n```python\nprint(1)\n";

        var inside = await CutStream.RunAsync(new SimulatedModel(Code, [Code.Length], _ => "```python\nprint(2)\n```"), CutStream.StitchInAnyCase);
        var outside = await CutStream.RunAsync(new SimulatedModel(Shown, [Shown.Length], _ => "```python\nprint(2)\n```"), CutStream.StitchInAnyCase);

        inside.Text.Should().Be(Code + "print(2)\n```");
        inside.Seams.Single().PrefaceRemoved.Should().Be(10);
        outside.Text.Should().Be(Shown + "```python\nprint(2)\n```");
        inside.Seams.Concat(outside.Seams).Should().OnlyContain(seam => seam.Confidence == SeamConfidence.Low);
    }

    [Fact]
    public async Task Stitch_SentenceEndsAndNothingIsRepeated_GetsASpace()
    {
        var stream = await CutStream.RunAsync(new SimulatedModel("It rained.", [10], _ => "Then it snowed."), CutStream.StitchInAnyCase);

        stream.Text.Should().Be("It rained. Then it snowed.");
        stream.Seams.Single().InsertedSeparator.Should().Be(" ");
    }

    [Fact]
    public async Task Stitch_PeriodicText_IsUnsure()
    {
        const string Text = "One two three, one two three, one two three, ";

        var stream = await CutStream.RunAsync(new SimulatedModel(Text, [Text.Length], _ => "one two three, one two three, and four."), CutStream.StitchInAnyCase);

        stream.Seams.Single().Confidence.Should().Be(SeamConfidence.Low, "it cannot be told how often it is meant to be said");
    }

    [Fact]
    public async Task Stitch_BeginsWithAToolCall_IsNotShown()
    {
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started(), Words(Shown)),
            Ends(Started(), new ToolCallStarted { Index = 0, CallId = "c", Name = "tool" }, Call("c", 0), new ResponseCompleted { FinishReason = FinishReason.ToolCalls }));

        var stream = await CutStream.RunAsync(client, CutStream.Stitch);

        stream.Failure.Should().BeOfType<StreamInterruptedException>();
        stream.Text.Should().Be(Shown);
    }

    [Fact]
    public async Task Prefill_BeginsWithAToolCall_ClosesTheTextAndHasAnIndexOfItsOwn()
    {
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started("a"), new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words("Let me look.")),
            Ends(Started("b"), new ToolCallStarted { Index = 0, CallId = "c", Name = "tool" }, Call("c", 0), new ResponseCompleted { FinishReason = FinishReason.ToolCalls }));
        var built = new StreamClientBuilder(client).UseTimeProvider(new EagerTimeProvider()).UseRetry(retry =>
        {
            retry.MidStream = MidStreamPolicy.Continue;
            CutStream.Prefill(retry);
        }).Build();

        var events = await built.StreamAsync(Request).CollectAsync();

        events.Select(e => e.GetType()).Should().Equal(
            typeof(ResponseStarted), typeof(ContentStarted), typeof(TextDelta), typeof(RetryScheduled), typeof(StreamResumed),
            typeof(ContentCompleted), typeof(ToolCallStarted), typeof(ToolCallCompleted), typeof(ResponseCompleted));
        events.OfType<ToolCallStarted>().Single().Index.Should().Be(1);
        var response = events.Aggregate(new StreamState(), (state, e) => { state.Apply(e); return state; }).ToChatResponse();
        response.Messages.Should().ContainSingle().Which.Contents.Select(content => content.GetType()).Should().Equal(typeof(TextContent), typeof(FunctionCallContent));
    }

    [Fact]
    public async Task Stitch_ModelReasonsFirst_ReasoningIsShownAfterTheSeamAndTheTextIsOneBlock()
    {
        var client = new FakeStreamClient(
            Fails(Interrupted(), Started("a"), new ContentStarted { Index = 0, Kind = ContentKind.Text }, Words(Shown)),
            Ends(
                Started("b"),
                new ContentStarted { Index = 0, Kind = ContentKind.Reasoning },
                Reasoning("The user wants "), Reasoning("more."),
                new ContentCompleted { Index = 0, Kind = ContentKind.Reasoning, Signature = "signed" },
                new ContentStarted { Index = 1, Kind = ContentKind.Text },
                Words("meets the sea bel", 1), Words(Rest, 1),
                new ContentCompleted { Index = 1, Kind = ContentKind.Text },
                Completed()));
        var state = new StreamState();
        var built = new StreamClientBuilder(client).UseTimeProvider(new EagerTimeProvider()).UseRetry(retry =>
        {
            retry.MidStream = MidStreamPolicy.Continue;
            CutStream.Stitch(retry);
        }).Build();
        await foreach (var streamEvent in built.StreamAsync(Request))
        {
            state.Apply(streamEvent);
        }

        state.Blocks.Select(block => (block.Index, block.Kind, block.Text, block.IsCompleted)).Should().Equal(
            (0, ContentKind.Text, Shown + Rest, true), (1, ContentKind.Reasoning, "The user wants more.", true));
        state.Blocks[1].Signature.Should().BeNull("what it was signed for is not in the answer");
    }

    private static ToolCallCompleted Call(string id, int index) => new() { Index = index, CallId = id, Name = "tool", ArgumentsText = "{}", Arguments = System.Text.Json.JsonDocument.Parse("{}").RootElement };
}
